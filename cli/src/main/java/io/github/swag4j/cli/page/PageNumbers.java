package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.findings.Ranking;
import io.github.swag4j.reports.MetricsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The first table of a page about files: the numbers that matter first, with their intervals. */
final class PageNumbers {
  private static final String ECE = RowValues.ECE;

  private final List<Evaluation> judged;
  private final PredictionTables names;
  private final Map<String, Ranking> rankings;

  /** Of some files; the rankings are empty where the files are not of the same rows. */
  PageNumbers(List<Evaluation> judged, PredictionTables names, Map<String, Ranking> rankings) {
    this.judged = judged;
    this.names = names;
    this.rankings = rankings;
  }

  MetricsTable table() {
    MetricsTable.Builder table =
        MetricsTable.builder("file")
            .higherIsBetter(RowValues.ACCURACY)
            .lowerIsBetter(RowValues.NLL)
            .lowerIsBetter(ECE)
            .lowerIsBetter(RowValues.BRIER);
    for (int i = 0; i < judged.size(); i++) {
      Evaluation each = judged.get(i);
      MetricIntervals intervals = each.grounds().intervals();
      Evaluation.Scores scores = each.scores();
      table
          .row(names.name(each), scores.accuracy(), scores.nll(), scores.ece(), scores.brier())
          .intervals(
              interval(intervals, "accuracy"),
              interval(intervals, "nll"),
              interval(intervals, "ece"),
              interval(intervals, "brier"))
          .marked(best(i));
    }
    return table.build();
  }

  /** The interval of a metric, unknown where there is none. */
  static Interval interval(MetricIntervals intervals, String key) {
    return intervals
        .get(key)
        .map(value -> new Interval(value.lower(), value.upper()))
        .orElse(Interval.UNKNOWN);
  }

  /** What stands in small type. */
  static String intervals(double level) {
    return "In small type the "
        + PageWords.percent(level)
        + " interval: ± half its width, or its ends where it is not symmetric.";
  }

  /** The metrics that a file is the best by, beyond chance. */
  private List<String> best(int file) {
    List<String> best = new ArrayList<>();
    rankings.forEach(
        (metric, ranking) -> {
          if (ranking.isCertain() && ranking.best() == file) {
            best.add(metric);
          }
        });
    return best;
  }

  String caption(BinningConvention binning) {
    long oneClass = judged.stream().filter(Evaluation::judgesOneClass).count();
    StringBuilder text = new StringBuilder("ECE: ").append(binning);
    if (oneClass > 0) {
      text.append(", positive class").append(oneClass < judged.size() ? " of one column" : "");
    }
    text.append(". NLL in nats. Brier: summed over the classes, from 0 to 2");
    text.append(oneClass == 0 ? "." : "; for one column twice the positive class's.");
    judged.stream()
        .map(each -> each.grounds().intervals())
        .filter(intervals -> !intervals.byKey().isEmpty())
        .findFirst()
        .ifPresent(any -> text.append(' ').append(intervals(any.options().level())));
    text.append(marks());
    for (Evaluation each : judged) {
      String zeros = ResultTables.zeroProbabilities(names.name(each), each.zeros()).strip();
      text.append(zeros.isEmpty() ? "" : " " + zeros + ".");
    }
    return text.toString();
  }

  /** What is marked, or why nothing is. */
  private String marks() {
    if (judged.size() == 1) {
      return "";
    }
    if (rankings.isEmpty()) {
      boolean kept = judged.stream().allMatch(e -> e.grounds().rows() != null && e.rows() > 1);
      return kept
          ? " Nothing is marked as best: the files have other labels, so they are of other rows."
          : " Nothing is marked as best: files that were streamed, have weights, have one row or"
              + " more than two million are not compared on a page.";
    }
    boolean any = rankings.values().stream().anyMatch(Ranking::isCertain);
    return any
        ? " Marked: better than every other file beyond chance (paired by rows, 95 %, Holm's"
            + " correction)."
            + (rankings.containsKey(ECE) ? "" : " ECE is not tested.")
        : " Nothing is marked: no file is better than all others beyond chance (paired by rows,"
            + " 95 %, Holm's correction).";
  }
}
