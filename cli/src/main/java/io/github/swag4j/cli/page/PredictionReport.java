package io.github.swag4j.cli.page;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReliabilityChart;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page about files of predictions. */
public final class PredictionReport {

  private PredictionReport() {}

  public static void write(
      RunDirectory directory,
      List<Evaluation> judged,
      BinningConvention binning,
      MetricsTable table)
      throws IOException {
    PageStamp stamp = PageStamp.now();
    PredictionTables tables = new PredictionTables(judged, binning);
    List<Captioned> diagrams = new ArrayList<>();
    JsonObject files = new JsonObject();
    for (int i = 0; i < judged.size(); i++) {
      Evaluation each = judged.get(i);
      ReliabilityChart chart = ReliabilityChart.of(each.name(), each.diagram());
      chart.write(directory.figure("reliability-" + (i + 1)));
      String path = each.file().toString();
      diagrams.add(new Captioned(chart, path.equals(each.name()) ? "" : path));
      files.add(each.file().toString(), each.metrics());
    }
    ReportPage.Builder page = ReportPage.titled(title(judged));
    judged.forEach(each -> page.lead(lead(tables.name(each), each)));
    page.section("Numbers").table(table, tables.numbersCaption());
    page.section("Reliability").charts(diagrams);
    judged.forEach(
        each ->
            page.details(
                "Bins of " + tables.name(each),
                judged.size() == 1,
                tables.bins(each),
                tables.binsCaption(each)));
    page.section("What was judged").table(tables.data(), tables.dataCaption());
    page.section("Every metric")
        .table(tables.everyMetric(), tables.everyMetricCaption())
        .definitions(tables.meanings());
    Map<String, String> settings = stamp.settings();
    settings.put("bins", binning.toString());
    page.section("How it was made").settings(settings).footer(stamp.footer());
    page.build().write(directory.report());
    JsonObject metrics = new JsonObject();
    metrics.addProperty("format", 1);
    metrics.add("files", files);
    RunDirectory.writeJson(directory.metrics(), metrics);
  }

  private static String title(List<Evaluation> judged) {
    return judged.size() == 1
        ? "Calibration of " + judged.get(0).name()
        : "Calibration of " + judged.size() + " files";
  }

  /** A file in one or two sentences. */
  private static String lead(String name, Evaluation each) {
    ReliabilityDiagram diagram = each.diagram();
    double predicted = 100 * diagram.meanConfidence();
    double observed = 100 * diagram.accuracy();
    String rows = name + ": " + PageWords.rows(diagram.rows());
    if (each.judgesOneClass()) {
      return String.format(
          Locale.ROOT,
          "%s, judged by the probability of the %s: %.1f %% on average, where %.1f %% of the rows are"
              + " of it.",
          rows,
          diagram.binning().event(),
          predicted,
          observed);
    }
    return String.format(
        Locale.ROOT,
        "%s of %s. Mean confidence is %.1f %%, and %.1f %% of the rows are right%s.",
        rows,
        PageWords.classes(each.metrics().get("classes").getAsInt(), each.classNames()),
        predicted,
        observed,
        Math.abs(predicted - observed) < 0.05
            ? ""
            : String.format(
                Locale.ROOT,
                ": on the whole %s by %.1f points",
                predicted > observed ? "over-confident" : "under-confident",
                Math.abs(predicted - observed)));
  }
}
