package io.github.swag4j.cli.page;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.cli.run.Courses;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReliabilityChart;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import io.github.swag4j.reports.ScoreHistogramChart;
import io.github.swag4j.reports.TrainingChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page and the figures of a run. */
public final class RunReport {

  private final RunDirectory run;
  private final RunDescription description;
  private final Results results;
  private final Courses history;

  public RunReport(RunDirectory run, RunDescription description, Results results, Courses history) {
    this.run = run;
    this.description = description;
    this.results = results;
    this.history = history;
  }

  public void write() throws IOException {
    ReportPage.Builder page =
        ReportPage.titled(description.modelName() + " on " + results.testSet()).lead(lead());
    String temperatures = ResultTables.temperatureCaption(results);
    page.section("How good, how honest")
        .table(
            ResultTables.calibration(results),
            String.format(
                    Locale.ROOT,
                    "%,d labelled rows of %s. ECE: %s. NLL in nats. Brier: summed over the classes, from 0"
                        + " to 2. The best numbers are marked.",
                    results.test(results.methods().get(0)).rows(),
                    results.testSet(),
                    BinningConvention.GUO)
                + (temperatures.isEmpty() ? "" : " " + temperatures));
    List<Captioned> diagrams = new ArrayList<>();
    for (Method method : results.methods()) {
      ReliabilityDiagram diagram = ReliabilityDiagram.of(results.test(method));
      diagrams.add(
          figure(
              "reliability-" + method.id(),
              ReliabilityChart.of(method.title(), diagram),
              "Accuracy against confidence. Bars on the dashed line are honest; what is missing"
                  + " below it is over-confidence."));
    }
    page.section("Reliability").charts(diagrams);
    detection(page);
    if (PairedDifferences.exist(results)) {
      page.section("Better than plain SGD?")
          .table(PairedDifferences.table(results), PairedDifferences.EXPLANATION);
    }
    training(page);
    page.section("Data").table(data(), dataCaption());
    PageStamp stamp = PageStamp.now();
    Map<String, String> settings = settings();
    settings.put("page made", stamp.date());
    page.section("How it was made").settings(settings).footer(stamp.footer());
    page.build().write(run.report());
  }

  private String lead() {
    StringBuilder text = new StringBuilder();
    for (Method method : results.methods()) {
      double ece = CalibrationError.of(results.test(method)).ece();
      text.append(text.isEmpty() ? "On average, stated confidence and accuracy differ by " : ", ")
          .append(String.format(Locale.ROOT, "%.1f points for %s", 100 * ece, method.title()));
    }
    return text.append(
            " (expected calibration error, " + BinningConvention.GUO + "; smaller is more honest).")
        .toString();
  }

  private void detection(ReportPage.Builder page) throws IOException {
    for (String ood : results.oodSets()) {
      page.section("Unlike the training data: " + ood)
          .table(
              ResultTables.detection(results, ood),
              "Telling "
                  + ood
                  + " from "
                  + results.testSet()
                  + " by a score of the prediction alone. FPR95: share of ordinary rows called"
                  + " unusual when 95 % of the unusual ones are found. msp: 1 minus the largest"
                  + " probability; entropy: that of the predicted distribution;"
                  + " mutual_information: what the posterior samples disagree on.");
      // Methods side by side, one score a row.
      for (OodScore score : Results.SCORES) {
        List<Captioned> charts = new ArrayList<>();
        for (Method method : results.methods()) {
          charts.add(
              figure(
                  "ood-" + ood + "-" + method.id() + "-" + score.name().replace('_', '-'),
                  ScoreHistogramChart.of(
                      method.title() + ", " + score.name(),
                      score.name(),
                      score.score(results.test(method)),
                      score.score(results.of(method).get(ood))),
                  ""));
        }
        page.charts(charts);
      }
    }
  }

  private void training(ReportPage.Builder page) throws IOException {
    int start = description.config().averaging().swaStart();
    List<Captioned> charts = new ArrayList<>();
    if (!history.swa().isEmpty()) {
      charts.add(
          figure(
              "training-swa",
              TrainingChart.of("SWA and SWAG", history.swa()).averagingAfter(start),
              "The weights after each epoch past the mark are averaged. Validation accuracy is that"
                  + " of the single weights."));
    }
    if (!history.sgd().isEmpty()) {
      charts.add(
          figure(
              "training-sgd",
              TrainingChart.of("SGD", history.sgd()),
              "The same first "
                  + start
                  + " epochs, then a rate that falls to a hundredth of the first: the baseline"
                  + " trains as long as SWA."));
    }
    if (!history.fge().isEmpty()) {
      charts.add(
          figure(
              "training-fge",
              TrainingChart.of("FGE", history.fge()),
              "The same first "
                  + start
                  + " epochs, then a rate that falls and rises; a snapshot is kept where it is"
                  + " lowest, in the middle of each cycle. The rate shown is that at the beginning of"
                  + " an epoch."));
    }
    if (!charts.isEmpty()) {
      page.section("Training").charts(charts);
    }
  }

  private Captioned figure(String name, Chart chart, String caption) throws IOException {
    chart.write(run.figure(name));
    return new Captioned(chart, caption);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    put(settings, RunDirectory.toJson(description.config()).getAsJsonObject());
    // Where the data were is of this machine; what they were is said below.
    settings.keySet().removeAll(List.of("directory", "ood directories", "name", "ood"));
    settings.put(
        "samples",
        results.samples().entrySet().stream()
            .map(e -> e.getKey().title() + " " + e.getValue())
            .collect(Collectors.joining(", ")));
    settings.put("weights", String.format(Locale.ROOT, "%,d", description.weights()));
    description
        .data()
        .forEach(
            (part, data) ->
                settings.put(
                    part + " data",
                    String.format(
                        Locale.ROOT,
                        "%s, %,d rows, sha256 %s",
                        data.name(),
                        data.rows(),
                        data.sha256().substring(0, 12))));
    settings.putAll(description.versions());
    return settings;
  }

  /** What a configuration says, without the parts it is divided into. */
  private static void put(Map<String, String> settings, JsonObject config) {
    config
        .entrySet()
        .forEach(
            e -> {
              if (e.getValue() instanceof JsonObject part) {
                put(settings, part);
              } else {
                settings.put(
                    words(e.getKey()),
                    e.getValue().isJsonNull() ? "default" : text(e.getValue().toString()));
              }
            });
  }

  private MetricsTable data() {
    MetricsTable.Builder table =
        MetricsTable.builder("data", "name")
            .metric(new MetricsTable.Metric("rows", 0, MetricsTable.Better.NEITHER));
    description.data().forEach((part, data) -> table.row(List.of(part, data.name()), data.rows()));
    return table.build();
  }

  private String dataCaption() {
    List<String> names = description.input().classNames();
    String others = results.oodSets().isEmpty() ? "" : " Rows of ood data need not be of these.";
    return "The model knows " + PageWords.classes(names.size(), names) + "." + others;
  }

  private static String text(String json) {
    return json.replaceAll("[\"\\[\\]]", "").replace(",", ", ");
  }

  /** A camel-case name as words. */
  private static String words(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }
}
