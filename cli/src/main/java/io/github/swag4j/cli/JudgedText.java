package io.github.swag4j.cli;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.page.Evaluation;
import io.github.swag4j.cli.page.Judged;
import io.github.swag4j.cli.page.JudgedTables;
import io.github.swag4j.cli.page.ResultTables;
import io.github.swag4j.cli.page.TopLabelNumbers;
import io.github.swag4j.reports.MetricsTable;
import java.io.PrintWriter;
import java.util.List;

/** What {@code evaluate} prints of the files it has judged. */
final class JudgedText {
  private final PrintWriter out;
  private final boolean markdown;
  private final IntervalOptions intervals;

  JudgedText(PrintWriter out, boolean markdown, IntervalOptions intervals) {
    this.out = out;
    this.markdown = markdown;
    this.intervals = intervals;
  }

  /** What is printed of files with the class predicted and its confidence alone. */
  void printTopLabels(List<TopLabelNumbers> judged, BinningConvention binning) {
    if (judged.isEmpty()) {
      return;
    }
    show(TopLabelNumbers.table(judged));
    out.println("ECE, MCE, ACE of the class predicted: " + binning);
    if (judged.get(0).intervals() != null) {
      out.println();
      show(TopLabelNumbers.intervals(judged, intervals.percent()));
      out.println(new JudgedTables(intervals.percent()).intervalsNote(intervals.options()));
    }
    TopLabelNumbers.notes(judged).forEach(out::println);
  }

  void print(List<Judged> judged, BinningConvention binning) {
    if (judged.isEmpty()) {
      return;
    }
    List<Evaluation> read = judged.stream().map(Judged::evaluation).toList();
    show(table(read));
    out.println("ECE: " + binning);
    read.forEach(
        each -> out.print(ResultTables.zeroProbabilities(each.file().toString(), each.zeros())));
    JudgedTables tables = new JudgedTables(intervals.percent());
    if (judged.stream().anyMatch(each -> each.intervals() != null)) {
      out.println();
      show(tables.intervals(judged));
      out.println(tables.intervalsNote(intervals.options()));
      judged.forEach(this::sayWhyThereAreNone);
    }
    judged.forEach(each -> printParts(each, tables));
  }

  /** Intervals that were asked for and cannot be made are not left out without a word. */
  private void sayWhyThereAreNone(Judged each) {
    if (each.intervals() != null && each.intervals().byKey().isEmpty()) {
      out.println(
          each.evaluation().file()
              + ": no intervals: "
              + (each.intervals().rows() < 2
                  ? "one row has none"
                  : "streamed rows with weights have none"));
    }
  }

  private void printParts(Judged each, JudgedTables tables) {
    if (each.groups() != null) {
      out.println();
      out.println(each.evaluation().file() + " by " + each.groups().column());
      show(tables.groups(each.groups()));
      tables.groupsNotes(each.groups(), each.evaluation()).forEach(out::println);
    }
    if (each.windows() != null) {
      out.println();
      out.println(each.evaluation().file() + " over " + each.windows().column());
      show(tables.windows(each.windows()));
      tables.windowsNotes(each.windows()).forEach(out::println);
    }
  }

  private void show(MetricsTable table) {
    out.println((markdown ? table.toMarkdown() : table.toText()).stripTrailing());
  }

  private static MetricsTable table(List<Evaluation> judged) {
    MetricsTable.Builder table =
        ResultTables.numbersAfter(
            MetricsTable.builder("file")
                .comparedWithinFirstLabel() // other files may be of other data
                .metric(new MetricsTable.Metric("n", 0, MetricsTable.Better.NEITHER))
                .metric(new MetricsTable.Metric("classes", 0, MetricsTable.Better.NEITHER)));
    for (Evaluation each : judged) {
      Evaluation.Scores scores = each.scores();
      table.row(
          each.file().toString(),
          each.rows(),
          each.classes(),
          scores.accuracy(),
          scores.nll(),
          scores.brier(),
          scores.ece());
    }
    return table.build();
  }
}
