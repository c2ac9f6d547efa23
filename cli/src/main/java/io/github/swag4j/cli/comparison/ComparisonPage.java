package io.github.swag4j.cli.comparison;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.comparison.Group.Difference;
import io.github.swag4j.cli.page.PageStamp;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import io.github.swag4j.reports.comparison.ShiftChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The page of a comparison, and its tables beside it as CSV, Markdown and LaTeX. */
public final class ComparisonPage {
  private static final double LEVEL = 0.05;

  /** More diagrams than these make no page that anybody looks through. */
  private static final int MOST_DIAGRAMS = 24;

  private final String title;
  private final Comparison compared;
  private final List<Source> sources;
  private final String command;
  private final List<String> remarks;

  /**
   * A page to be.
   *
   * @param title its heading
   * @param compared what it shows
   * @param gathered where that is from
   * @param command what makes the page again
   * @param remarks what is missing and why, a sentence each, before the notes of the gathering
   */
  public ComparisonPage(
      String title, Comparison compared, Gathering gathered, String command, List<String> remarks) {
    this.title = title;
    this.compared = compared;
    this.sources = List.copyOf(gathered.sources());
    this.command = command;
    List<String> all = new ArrayList<>(remarks);
    gathered.notes().forEach(note -> all.add(note + "."));
    this.remarks = List.copyOf(all);
  }

  /** Writes {@code report.html}, {@code metrics.json}, {@code tables/} and {@code figures/}. */
  public void write(RunDirectory directory) throws IOException {
    ComparisonTables tables = new ComparisonTables(compared);
    removeEarlier(directory);
    PageStamp stamp = PageStamp.now();
    ReportPage.Builder page = ReportPage.titled(title).lead(lead());
    remarks.forEach(page::paragraph);
    page.section("Numbers").table(tables.meansInWords(), meansCaption());
    write(directory, "means", tables.means(), tables.meansInWords(), meansCaption());
    if (!compared.differences().isEmpty()) {
      page.section("Beyond chance?").table(tables.differencesInWords(), differencesCaption());
      write(
          directory,
          "differences",
          tables.differences(),
          tables.differencesInWords(),
          differencesCaption());
    }
    if (tables.hasDetections()) {
      page.section("Unlike the training data").table(tables.detectionsInWords(), DETECTION);
      write(directory, "detection", tables.detections(), tables.detectionsInWords(), DETECTION);
    }
    if (tables.hasShifts()) {
      page.section("Images made worse")
          .charts(shiftCharts(directory), "")
          .table(tables.shiftsInWords(), SHIFTS);
      write(directory, "shift", tables.shifts(), tables.shiftsInWords(), SHIFTS);
    }
    diagrams(page, directory);
    provenance(page);
    Map<String, String> settings = stamp.settings();
    settings.put("bins", BinningConvention.GUO.toString());
    settings.put("made again by", command);
    page.section("How it was made").settings(settings).footer(stamp.footer());
    page.build().write(directory.report());
    RunDirectory.writeJson(directory.metrics(), ComparisonJson.of(compared));
  }

  private static final String DETECTION =
      "AUROC: share of pairs of an unusual and an ordinary row in which the unusual one scores"
          + " higher. FPR95: share of ordinary rows called unusual when 95 % of the unusual ones are"
          + " found. ± is the standard error over the seeds.";

  private static final String SHIFTS =
      "Test images as they are (strength 0) and corrupted at five strengths, means over the"
          + " corruptions ± standard error over the seeds. The formulas are our own: numbers are not"
          + " those of CIFAR-10-C.";

  /** Tables and figures of an earlier page, of which this one may have none. */
  private static void removeEarlier(RunDirectory directory) throws IOException {
    Path folder = directory.path().resolve("tables");
    for (String name : List.of("means", "differences", "detection", "shift")) {
      for (String kind : List.of(".csv", ".md", ".tex")) {
        Files.deleteIfExists(folder.resolve(name + kind));
      }
    }
    for (String name : List.of("reliability-", "shift-")) {
      int number = 1;
      while (Files.deleteIfExists(directory.figure(name + number))) {
        number++;
      }
    }
  }

  private static void write(
      RunDirectory directory, String name, MetricsTable numbers, MetricsTable words, String caption)
      throws IOException {
    Path folder = directory.path().resolve("tables");
    Files.createDirectories(folder);
    numbers.writeCsv(folder.resolve(name + ".csv"));
    text(folder.resolve(name + ".md"), words.toMarkdown() + "\n" + caption + "\n");
    text(folder.resolve(name + ".tex"), words.toLatex(caption, "tab:" + name));
  }

  private static void text(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String meansCaption() {
    String rows =
        compared.groups().stream()
            .map(
                group ->
                    String.format(
                        Locale.ROOT,
                        "%s%,d rows",
                        compared.hasGroups() ? group.title() + ": " : "",
                        group.rows()))
            .collect(Collectors.joining("; "));
    return rows
        + (compared.seeds() > 1
            ? ". Mean over the seeds ± standard error (n − 1)"
            : ". One number each: seeds that could be averaged over there are none")
        + ". ECE: "
        + BinningConvention.GUO
        + ". NLL in nats. Brier: summed over the classes. At T: after temperature scaling, fitted on"
        + " each run's held-out rows.";
  }

  private String differencesCaption() {
    return "Method minus the first of its group, under the same seeds where these are the same, mean"
        + " ± standard error over them. p rows: paired permutation test of the rows' losses, averaged"
        + " over the seeds, which says whether other test rows could turn the difference round; p"
        + " seeds: that of the seeds' numbers, which says it of other trainings"
        + (compared.seeds() > 1
            ? String.format(
                Locale.ROOT,
                " and with %d seeds cannot be below %.3g before the correction",
                compared.seeds(),
                Math.pow(2, 1.0 - compared.seeds()))
            : "")
        + ". Each with Holm's correction over the whole table.";
  }

  /** Which differences in accuracy and NLL are more than chance. */
  private String lead() {
    List<String> rows = new ArrayList<>();
    List<String> seeds = new ArrayList<>();
    for (Difference each : compared.differences()) {
      if (each.column() != Column.ACCURACY && each.column() != Column.NLL) {
        continue;
      }
      String text =
          each.contender().name()
              + (each.isBetter() ? " better than " : " worse than ")
              + each.group().baseline().name()
              + " in "
              + each.column().title()
              + (compared.hasGroups() ? " (" + each.group().title() + ")" : "");
      if (each.pRows() <= LEVEL) {
        rows.add(text);
      }
      if (each.pSeeds() <= LEVEL) {
        seeds.add(text);
      }
    }
    if (compared.differences().isEmpty()) {
      return "Nothing was judged by the same rows, so that nothing is compared.";
    }
    return "In accuracy and NLL these differences would hold beyond chance on other test rows: "
        + (rows.isEmpty() ? "none" : String.join("; ", rows))
        + ". Under other seeds, too: "
        + (seeds.isEmpty()
            ? compared.seeds() > 1
                ? "not shown of any by " + compared.seeds() + " seeds"
                : "not known without several seeds"
            : String.join("; ", seeds))
        + " (5 %, Holm's correction).";
  }

  /** A chart for each group that has shifts. */
  private List<Captioned> shiftCharts(RunDirectory directory) throws IOException {
    List<Captioned> charts = new ArrayList<>();
    for (Group group : compared.groups()) {
      List<ShiftChart.Point> points = group.shifts();
      if (!points.isEmpty()) {
        ShiftChart chart = ShiftChart.of(group.title() + " made worse", points).ofSeeds();
        chart.write(directory.figure("shift-" + (charts.size() + 1)));
        charts.add(new Captioned(chart, ""));
      }
    }
    return charts;
  }

  private void diagrams(ReportPage.Builder page, RunDirectory directory) throws IOException {
    List<Captioned> diagrams = new ArrayList<>();
    int number = 0;
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        String name = compared.hasGroups() ? each.name() + " (" + group.title() + ")" : each.name();
        ReliabilityChart chart = ReliabilityChart.of(name, each.first().diagram());
        chart.write(directory.figure("reliability-" + ++number));
        if (diagrams.size() < MOST_DIAGRAMS) {
          diagrams.add(new Captioned(chart, ""));
        }
      }
    }
    page.section("Reliability: is confidence accuracy?")
        .charts(
            diagrams,
            "Bars that end on the dashed line are honest. Of several seeds the first is drawn."
                + (number > diagrams.size()
                    ? " " + (number - diagrams.size()) + " more are in figures/."
                    : ""));
  }

  private void provenance(ReportPage.Builder page) {
    page.section("What it is from");
    MetricsTable.Builder table =
        MetricsTable.builder("run or file", "seed", "data", "versions", "made again by");
    for (Source each : sources) {
      table.row(
          List.of(
              each.name(),
              each.seed(),
              each.data().entrySet().stream()
                  .map(e -> e.getKey() + ": " + e.getValue())
                  .collect(Collectors.joining("; ")),
              each.versions().entrySet().stream()
                  .map(e -> e.getKey() + " " + e.getValue())
                  .collect(Collectors.joining(", ")),
              each.command()));
    }
    page.details("Runs and files", sources.size() <= 4, table.build(), "");
    settings(page);
  }

  /** Configurations that differ in more than the seed, option by option. */
  private void settings(ReportPage.Builder page) {
    Set<Map<String, String>> different = new LinkedHashSet<>();
    for (Source each : sources) {
      Map<String, String> settings = new LinkedHashMap<>(each.settings());
      settings.remove("seed");
      if (!settings.isEmpty()) {
        different.add(settings);
      }
    }
    int number = 0;
    for (Map<String, String> each : different) {
      number++;
      String of =
          sources.stream()
              .filter(
                  source -> {
                    Map<String, String> settings = new LinkedHashMap<>(source.settings());
                    settings.remove("seed");
                    return settings.equals(each);
                  })
              .map(Source::name)
              .collect(Collectors.joining(", "));
      MetricsTable.Builder table = MetricsTable.builder("option", "value");
      each.forEach((option, value) -> table.row(List.of(option, value)));
      page.details(
          "Configuration" + (different.size() == 1 ? "" : " " + number), false, table.build(), of);
    }
  }
}
