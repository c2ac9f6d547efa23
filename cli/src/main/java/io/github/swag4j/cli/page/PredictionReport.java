package io.github.swag4j.cli.page;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.cli.findings.CalibrationFindings;
import io.github.swag4j.cli.findings.Evidence;
import io.github.swag4j.cli.findings.Finding;
import io.github.swag4j.cli.findings.Finding.Topic;
import io.github.swag4j.cli.findings.Ranking;
import io.github.swag4j.cli.findings.SeveralFindings;
import io.github.swag4j.cli.findings.Words;
import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page about files of predictions. */
public final class PredictionReport {

  private static final int MOST_WARNINGS = 4;

  /** What to see in every diagram. */
  static final String DIAGRAMS =
      "Bars that end on the dashed line are honest. A whisker is the 95 % interval of a bar's height"
          + " (Clopper-Pearson); grey is where it would end in 95 of 100 data sets if the model were"
          + " calibrated. Pale bars have few rows. MCE: the largest gap, and the rows of its bin.";

  private PredictionReport() {}

  /**
   * Writes the page, its figures and its numbers.
   *
   * @param all the files, judged for a page
   * @param notes what was read as what, by file
   */
  public static void write(
      RunDirectory directory,
      List<Judged> all,
      BinningConvention binning,
      Map<Path, ReadingNote> notes)
      throws IOException {
    PageStamp stamp = PageStamp.now();
    List<Evaluation> judged = all.stream().map(Judged::evaluation).toList();
    PredictionTables tables = new PredictionTables(judged, binning);
    List<RowValues> rows = new ArrayList<>();
    judged.forEach(each -> rows.add(each.grounds().rows()));
    Map<String, Ranking> rankings =
        RowValues.areOfTheSameRows(rows) ? RowValues.rankings(rows, binning) : Map.of();
    ReportPage.Builder page = ReportPage.titled(title(judged));
    conclude(page, all, tables, rankings, notes);
    PageNumbers numbers = new PageNumbers(judged, tables, rankings);
    page.section("Numbers").table(numbers.table(), numbers.caption(binning));
    page.section("Reliability").charts(diagrams(directory, judged), DIAGRAMS);
    judged.forEach(
        each ->
            page.details(
                "Bins of " + tables.name(each),
                judged.size() == 1,
                tables.bins(each),
                tables.binsCaption(each)));
    parts(page, directory, all, tables);
    page.section("What was judged").table(tables.data(), tables.dataCaption());
    judged.forEach(
        each -> page.paragraph(tables.name(each) + ": " + notes.get(each.file()).line()));
    page.section("Every metric")
        .table(tables.everyMetric(), tables.everyMetricCaption() + largestGaps(judged, tables))
        .definitions(tables.meanings());
    Map<String, String> settings = stamp.settings();
    settings.put("bins", binning.toString());
    page.section("How it was made").settings(settings).footer(stamp.footer());
    page.build().write(directory.report());
    JsonObject files = new JsonObject();
    judged.forEach(each -> files.add(each.file().toString(), each.metrics()));
    JsonObject metrics = new JsonObject();
    metrics.addProperty("format", 1);
    metrics.add("files", files);
    RunDirectory.writeJson(directory.metrics(), metrics);
  }

  private static List<Captioned> diagrams(RunDirectory directory, List<Evaluation> judged)
      throws IOException {
    List<Captioned> diagrams = new ArrayList<>();
    for (int i = 0; i < judged.size(); i++) {
      Evaluation each = judged.get(i);
      ReliabilityChart chart = ReliabilityChart.of(each.name(), each.diagram());
      chart.write(directory.figure("reliability-" + (i + 1)));
      String path = each.file().toString();
      diagrams.add(new Captioned(chart, path.equals(each.name()) ? "" : path));
    }
    return diagrams;
  }

  /** One paragraph and a few points, of one file or of many. */
  private static void conclude(
      ReportPage.Builder page,
      List<Judged> all,
      PredictionTables tables,
      Map<String, Ranking> rankings,
      Map<Path, ReadingNote> notes) {
    List<Evaluation> judged = all.stream().map(Judged::evaluation).toList();
    List<Finding> findings = new ArrayList<>(warnings(judged, tables, notes));
    findings.addAll(
        judged.size() == 1
            ? CalibrationFindings.of(grouped(all.get(0)), fit(judged.get(0)))
            : SeveralFindings.of(
                judged.stream()
                    .map(each -> each.grounds().judged().named(tables.name(each)))
                    .toList(),
                RowValues.inWords(rankings),
                set -> fit(byName(judged, tables, set.name()))));
    PageWords.conclude(page, what(judged, tables), findings);
  }

  /** What is known of a file, by the groups that were asked for rather than by its classes. */
  private static Evidence grouped(Judged each) {
    Evidence judged = each.evaluation().grounds().judged();
    GroupIntervals groups = each.groups();
    if (groups == null) {
      return judged;
    }
    return judged.withGroups("whose " + groups.column() + " is", PartSections.parts(groups));
  }

  /** What looks odd about the files, the first few such sentences. */
  private static List<Finding> warnings(
      List<Evaluation> judged, PredictionTables tables, Map<Path, ReadingNote> notes) {
    List<String> warnings = new ArrayList<>();
    for (Evaluation each : judged) {
      for (String warning : notes.get(each.file()).warnings()) {
        warnings.add(judged.size() == 1 ? warning : tables.name(each) + ": " + warning);
      }
    }
    if (warnings.isEmpty()) {
      return List.of();
    }
    int shown = Math.min(warnings.size(), MOST_WARNINGS);
    String more =
        warnings.size() == shown
            ? ""
            : String.format(Locale.ROOT, " And %,d more.", warnings.size() - shown);
    String text = String.join(" ", warnings.subList(0, shown)) + more;
    return List.of(new Finding(Topic.WARNING, text, ""));
  }

  private static void parts(
      ReportPage.Builder page, RunDirectory directory, List<Judged> judged, PredictionTables tables)
      throws IOException {
    for (int i = 0; i < judged.size(); i++) {
      Judged each = judged.get(i);
      String name = tables.name(each.evaluation());
      if (each.groups() != null) {
        PartSections.groups(page, name, each.groups());
      }
      if (each.windows() != null) {
        PartSections.windows(page, directory, "windows-" + (i + 1), name, each.windows());
      }
    }
  }

  private static Evaluation byName(List<Evaluation> judged, PredictionTables tables, String name) {
    return judged.stream().filter(each -> tables.name(each).equals(name)).findFirst().orElseThrow();
  }

  /** How many rows the bin of each file's MCE has. */
  private static String largestGaps(List<Evaluation> judged, PredictionTables tables) {
    List<String> bins = new ArrayList<>();
    for (Evaluation each : judged) {
      each.diagram().bins().stream()
          .filter(bin -> !bin.isEmpty())
          .max(Comparator.comparingDouble(bin -> Math.abs(bin.overconfidence())))
          .ifPresent(
              bin ->
                  bins.add(
                      Words.rows(bin.count())
                          + (judged.size() == 1 ? "" : " (" + tables.name(each) + ")")));
    }
    return bins.isEmpty() ? "" : " The bin of MCE has " + String.join(", ", bins) + ".";
  }

  /** The command that fits a temperature on a file. */
  private static String fit(Evaluation each) {
    return LauncherName.get()
        + " calibrate --fit "
        + PageWords.quoted(each.file().toString())
        + " --apply OTHERS -o calibrated.csv";
  }

  private static String title(List<Evaluation> judged) {
    return judged.size() == 1
        ? "Calibration of " + judged.get(0).name()
        : "Calibration of " + judged.size() + " files";
  }

  /** What was judged, in one sentence. */
  private static String what(List<Evaluation> judged, PredictionTables tables) {
    Evaluation first = judged.get(0);
    if (judged.size() == 1) {
      String rows = tables.name(first) + ": " + Words.rows(first.rows());
      return first.judgesOneClass()
          ? rows + ", judged by the probability of the " + first.diagram().binning().event() + "."
          : rows + " of " + PageWords.classes(first.classes(), first.classNames()) + ".";
    }
    long fewest = judged.stream().mapToLong(Evaluation::rows).min().orElseThrow();
    long most = judged.stream().mapToLong(Evaluation::rows).max().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%d files of %s.",
        judged.size(),
        fewest == most
            ? Words.rows(most) + " each"
            : String.format(Locale.ROOT, "%,d to %s", fewest, Words.rows(most)));
  }
}
