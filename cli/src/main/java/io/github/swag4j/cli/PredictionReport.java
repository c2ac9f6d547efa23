package io.github.swag4j.cli;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.BinningConvention;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReliabilityChart;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page about files of predictions. */
final class PredictionReport {

  private PredictionReport() {}

  static void write(
      RunDirectory directory,
      List<Evaluation> judged,
      BinningConvention binning,
      MetricsTable table)
      throws IOException {
    List<Captioned> diagrams = new ArrayList<>();
    JsonObject files = new JsonObject();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("binning", binning.toString());
    for (int i = 0; i < judged.size(); i++) {
      Path file = judged.get(i).file();
      ReliabilityChart chart =
          ReliabilityChart.of(file.getFileName().toString(), judged.get(i).diagram());
      chart.write(directory.figure("reliability-" + (i + 1)));
      diagrams.add(new Captioned(chart, file.toString()));
      files.add(file.toString(), judged.get(i).metrics());
    }
    settings.put("swag4j", Version.program());
    settings.put("java", Version.java());
    ReportPage.titled("Calibration")
        .section("Numbers")
        .table(table, "ECE: " + binning)
        .section("Reliability")
        .charts(diagrams)
        .section("How it was made")
        .settings(settings)
        .footer("swag4j " + Version.program())
        .build()
        .write(directory.report());
    JsonObject metrics = new JsonObject();
    metrics.addProperty("format", 1);
    metrics.add("files", files);
    RunDirectory.writeJson(directory.metrics(), metrics);
  }
}
