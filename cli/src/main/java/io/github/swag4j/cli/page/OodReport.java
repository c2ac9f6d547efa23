package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.findings.Finding;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.ReportPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page about telling files of unusual rows from one of ordinary rows. */
public final class OodReport {
  private final Path in;
  private final Predictions inside;
  private final Map<String, Predictions> sets = new LinkedHashMap<>();
  private final Map<String, DetectionSection> sections = new LinkedHashMap<>();

  /** Begins with the ordinary rows. */
  public OodReport(Path in, Predictions inside) {
    this.in = in;
    this.inside = inside;
    sets.put("in: " + in, inside);
  }

  /** Adds a file of unusual rows, and how well each score tells them apart. */
  public void add(Path file, Predictions outside, Map<OodScore, DetectionCurve> by) {
    sets.put("out: " + file, outside);
    sections.put(name(file), section(in, inside, file, outside, by));
  }

  /** How well each score tells a file's rows from the ordinary ones. */
  public static DetectionSection section(
      Path in,
      Predictions inside,
      Path file,
      Predictions outside,
      Map<OodScore, DetectionCurve> by) {
    List<DetectionSection.Entry> entries = new ArrayList<>();
    by.forEach(
        (score, curve) ->
            entries.add(new DetectionSection.Entry("", score, inside, outside, curve)));
    return new DetectionSection(
        in.getFileName().toString(), file.getFileName().toString(), entries);
  }

  /** Writes the page and its figures. */
  public void write(RunDirectory directory) throws IOException {
    ReportPage.Builder page = ReportPage.titled("Telling unusual rows apart");
    List<Finding> findings = sections.values().stream().map(DetectionSection::finding).toList();
    page.lead(findings.get(0).text());
    findings.subList(1, findings.size()).forEach(finding -> page.lead(finding.text()));
    for (Map.Entry<String, DetectionSection> each : sections.entrySet()) {
      each.getValue().write(page, directory, each.getKey());
    }
    page.section("Where the rows come from").table(PageWords.data(sets), "");
    PageStamp stamp = PageStamp.now();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("in-distribution", in.toString());
    settings.putAll(stamp.settings());
    page.section("How it was made").settings(settings).footer(stamp.footer());
    page.build().write(directory.report());
  }

  /** What tells a data set apart: its file's name without an extension. */
  public static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[A-Za-z]+$", "");
  }
}
