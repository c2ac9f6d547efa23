package io.github.swag4j.cli.page;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.comparison.ChangeTest;
import io.github.swag4j.reports.MetricsTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Intervals, groups and windows as tables of text, and what they say in words. */
public final class JudgedTables {
  private final String percent;

  /**
   * Tables of a level.
   *
   * @param percent the level in words, such as {@code 95 %}
   */
  public JudgedTables(String percent) {
    this.percent = percent;
  }

  /** One row for each file and metric. */
  public MetricsTable intervals(List<Judged> judged) {
    MetricsTable.Builder table = intervalsHeader(percent);
    for (Judged each : judged) {
      intervals(each.evaluation().file(), each.intervals(), table);
    }
    return table.build();
  }

  static MetricsTable.Builder intervalsHeader(String percent) {
    return MetricsTable.builder("file", "metric", "value", percent + " interval", "by");
  }

  /** Adds the rows of a file. */
  static void intervals(Path file, MetricIntervals intervals, MetricsTable.Builder table) {
    intervals
        .byKey()
        .forEach(
            (key, value) ->
                table.row(
                    List.of(
                        file.toString(),
                        MetricWords.name(key),
                        number(value.value()),
                        range(value),
                        value.method())));
  }

  /** What to say below it. */
  public String intervalsNote(MetricIntervals.Options options) {
    return String.format(
        Locale.ROOT,
        "%s intervals of another test set of this size, %,d resamples (fewer of smooth, equal-mass"
            + " and class-wise ECE), seed %d. Calibration errors are biased upwards:"
            + " the lower end is 0 where a test of calibration does not reject it.",
        percent,
        options.replicates(),
        options.seed());
  }

  /** Accuracy, NLL, Brier score and ECE of each group with their intervals. */
  public MetricsTable groups(GroupIntervals groups) {
    MetricsTable.Builder table =
        MetricsTable.builder(
            groups.column(), "rows", "accuracy", "p", "NLL", "p ", "Brier", "p  ", "ECE");
    for (int g = 0; g < groups.groups().size(); g++) {
      PartIntervals part = groups.groups().get(g);
      table.row(
          List.of(
              part.name(),
              String.format(Locale.ROOT, "%,d", part.rows()),
              cell(part, "accuracy"),
              PValue.text(groups.pOfRest().get("accuracy")[g]),
              cell(part, "nll"),
              PValue.text(groups.pOfRest().get("nll")[g]),
              cell(part, "brier"),
              PValue.text(groups.pOfRest().get("brier")[g]),
              cell(part, "ece")));
    }
    return table.build();
  }

  /** The worst group of each metric, and how to read the table. */
  public List<String> groupsNotes(GroupIntervals groups, Evaluation all) {
    List<String> notes = new ArrayList<>();
    for (String key : GroupIntervals.KEYS) {
      int worst = groups.worst(key);
      if (worst < 0) {
        continue;
      }
      PartIntervals part = groups.groups().get(worst);
      double[] p = groups.pOfRest().get(key);
      notes.add(
          String.format(
              Locale.ROOT,
              "Worst %s: %s, %s of %,d rows, where all have %s%s",
              MetricWords.name(key),
              part.name(),
              cell(part, key),
              part.rows(),
              number(Judged.score(all.scores(), key)),
              p == null || Double.isNaN(p[worst])
                  ? ""
                  : "; against the other rows " + PValue.equation(p[worst])));
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "%s intervals hold for all %d groups at once (Bonferroni), so that of the worst covers"
                + " too; p: the group is like the other rows, after Holm's correction over the"
                + " groups, for each metric by itself.",
            percent,
            groups.groups().size()));
    return notes;
  }

  /** Accuracy, NLL, Brier score, ECE and overconfidence of each window with their intervals. */
  public MetricsTable windows(WindowIntervals windows) {
    MetricsTable.Builder table =
        MetricsTable.builder(
            windows.column(), "rows", "accuracy", "NLL", "Brier", "ECE", "overconfidence");
    for (PartIntervals part : windows.windows()) {
      table.row(
          List.of(
              part.name(),
              String.format(Locale.ROOT, "%,d", part.rows()),
              cell(part, "accuracy"),
              cell(part, "nll"),
              cell(part, "brier"),
              cell(part, "ece"),
              part.intervals()
                  .get("overconfidence")
                  .map(value -> number(value.value()) + " (" + range(value) + ")")
                  .orElse("-")));
    }
    return table.build();
  }

  /** Whether the metrics change, and how to read the table. */
  public List<String> windowsNotes(WindowIntervals windows) {
    List<String> notes = new ArrayList<>();
    List<String> still = new ArrayList<>();
    int draws = Integer.MAX_VALUE;
    for (int i = 0; i < windows.changes().size(); i++) {
      ChangeTest change = windows.changes().get(i);
      double p = windows.adjusted()[i];
      draws = Math.min(draws, change.draws());
      if (!windows.isCertain(i)) {
        still.add(change.what() + " (" + PValue.equation(p) + ")");
      } else {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s changes, most from %s %s on: %.4f before, %.4f after, %s",
                change.what(),
                windows.column(),
                windows.at().get(i),
                change.before(),
                change.after(),
                PValue.equation(p)));
      }
    }
    if (!still.isEmpty()) {
      notes.add("No change is seen of " + String.join(", ", still));
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "%s intervals hold each for itself; p: no change along %s, by the farthest the"
                + " cumulative sum strays against %,d permutations of the rows, after Holm's"
                + " correction over %d metrics. Rows that hang together make p too small.",
            percent,
            windows.column(),
            draws,
            windows.changes().size()));
    return notes;
  }

  private static String cell(PartIntervals part, String key) {
    String number = number(Judged.score(part.scores(), key));
    return part.intervals()
        .get(key)
        .map(value -> number + " (" + range(value) + ")")
        .orElse(number);
  }

  private static String range(MetricIntervals.Value value) {
    return number(value.lower()) + " to " + number(value.upper());
  }

  static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
