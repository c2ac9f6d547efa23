package io.github.swag4j.cli.page;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.cli.findings.CalibrationFindings;
import io.github.swag4j.cli.findings.Evidence;
import io.github.swag4j.cli.findings.Finding;
import io.github.swag4j.cli.findings.Finding.Topic;
import io.github.swag4j.cli.findings.SeveralFindings;
import io.github.swag4j.cli.findings.Words;
import io.github.swag4j.cli.run.Courses;
import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.ScaleChoice;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import io.github.swag4j.reports.posterior.SampleCountChart;
import io.github.swag4j.reports.posterior.ScaleChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.reports.training.TrainingChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page and the figures of a run. */
public final class RunReport {

  private final RunDirectory run;
  private final RunDescription description;
  private final Results results;
  private final Courses history;
  private final Optional<ScaleCurve> scales;

  /**
   * A page to come.
   *
   * @param run where it goes
   * @param scales how the scale of the posteriors was chosen, if it was
   */
  public RunReport(
      RunDirectory run,
      RunDescription description,
      Results results,
      Courses history,
      Optional<ScaleCurve> scales) {
    this.run = run;
    this.description = description;
    this.results = results;
    this.history = history;
    this.scales = scales;
  }

  public void write() throws IOException {
    MethodGrounds grounds = MethodGrounds.of(results);
    Map<String, DetectionSection> detections = RunDetections.of(results).bySet();
    ReportPage.Builder page =
        ReportPage.titled(description.modelName() + " on " + results.testSet());
    conclude(page, grounds, detections.values());
    String temperatures = ResultTables.temperatureCaption(results);
    page.section("How accurate, how honest")
        .table(
            ResultTables.calibrationOnPage(results, grounds),
            String.format(
                    Locale.ROOT,
                    "%,d labelled rows of %s. ECE: %s. NLL in nats. Brier: summed over the classes,"
                        + " from 0 to 2. %s",
                    results.test(results.methods().get(0)).rows(),
                    results.testSet(),
                    BinningConvention.GUO,
                    PageNumbers.intervals(MetricIntervals.Options.defaults().level()))
                + grounds.marks()
                + (temperatures.isEmpty() ? "" : " " + temperatures));
    List<Captioned> diagrams = new ArrayList<>();
    for (Method method : results.methods()) {
      ReliabilityDiagram diagram = ReliabilityDiagram.of(results.test(method));
      diagrams.add(
          figure("reliability-" + method.id(), ReliabilityChart.of(method.title(), diagram), ""));
    }
    page.section("Reliability: is confidence accuracy?")
        .charts(diagrams, PredictionReport.DIAGRAMS);
    differences(page);
    samples(page);
    for (Map.Entry<String, DetectionSection> each : detections.entrySet()) {
      each.getValue().write(page, run, "ood-" + each.getKey());
    }
    training(page);
    if (scales.isPresent()) {
      scale(page, scales.get());
    }
    page.section("Data").table(data(), dataCaption());
    PageStamp stamp = PageStamp.now();
    Map<String, String> settings = settings();
    settings.put("page made", stamp.date());
    page.section("How it was made").settings(settings).footer(stamp.footer());
    page.build().write(run.report());
  }

  /** What follows from the numbers, of one method or of several, and of the unusual rows. */
  private void conclude(
      ReportPage.Builder page, MethodGrounds grounds, Collection<DetectionSection> detections) {
    List<Evidence> judged = grounds.judged();
    List<Finding> findings =
        new ArrayList<>(
            judged.size() == 1
                ? CalibrationFindings.of(judged.get(0), fit(results.methods().get(0)))
                : SeveralFindings.of(judged, grounds.rankings(), this::fit));
    int last = findings.size() - 1;
    boolean toDo = last >= 0 && findings.get(last).topic() == Topic.NEXT;
    int place = toDo ? last : findings.size();
    for (DetectionSection detection : detections) {
      findings.add(place++, detection.finding());
    }
    String what =
        judged.size() == 1
            ? judged.get(0).name() + " on " + Words.rows(judged.get(0).accuracy().rows()) + "."
            : judged.size()
                + " methods on the same "
                + Words.rows(judged.get(0).accuracy().rows())
                + ".";
    PageWords.conclude(page, what, findings);
  }

  private String fit(Evidence judged) {
    return fit(
        results.methods().stream()
            .filter(method -> method.title().equals(judged.name()))
            .findFirst()
            .orElseThrow());
  }

  /** The command that fits a temperature of a method: on the held-out rows where there are some. */
  private String fit(Method method) {
    boolean heldOut = results.of(method).containsKey(RunImages.VALIDATION);
    String fitted = heldOut ? RunImages.VALIDATION : results.testSet();
    return LauncherName.get()
        + " calibrate --fit "
        + PageWords.quoted(run.predictions(method.id(), fitted).toString())
        + " --apply "
        + (heldOut
            ? PageWords.quoted(run.predictions(method.id(), results.testSet()).toString())
            : "OTHERS")
        + " -o calibrated.npz";
  }

  private void differences(ReportPage.Builder page) throws IOException {
    if (!PairedDifferences.exist(results)) {
      return;
    }
    PairedDifferences differences = PairedDifferences.measured(results);
    page.section("Better than plain SGD?")
        .charts(
            List.of(figure("differences", differences.chart(), "")), PairedDifferences.EXPLANATION)
        .details("The differences as numbers", false, differences.table(), "");
  }

  private void samples(ReportPage.Builder page) throws IOException {
    Optional<SampleCountChart> chart = SampleCurves.chart(results);
    if (chart.isPresent()) {
      page.section("Are the samples enough?")
          .charts(
              List.of(
                  figure(
                      "samples",
                      chart.get(),
                      "The mean of the first samples of each method, in the order in which they are"
                          + " drawn. Where a line is level, more of them do not help.")));
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

  private void scale(ReportPage.Builder page, ScaleCurve curve) throws IOException {
    page.section("How the scale was chosen")
        .charts(
            List.of(
                figure(
                    "scale",
                    ScaleChart.of(ScaleChoice.title(description.config(), curve), curve),
                    "The held-out rows at each scale of the covariance, predicted by samples of the"
                        + " same noise. The scale of the least NLL after temperature is that of all"
                        + " SWAG samples on this page; no test row had a part in it.")));
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
    if (description.chosenScale() != null) {
      settings.put("scale", "auto, " + description.chosenScale());
    }
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
