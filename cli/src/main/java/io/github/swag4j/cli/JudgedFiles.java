package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.cli.page.Evaluation;
import io.github.swag4j.cli.page.GroupIntervals;
import io.github.swag4j.cli.page.Judged;
import io.github.swag4j.cli.page.MetricIntervals;
import io.github.swag4j.cli.page.PartIntervals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The files that {@code evaluate} writes: its table, and its rows. */
final class JudgedFiles {
  private final List<Judged> judged;
  private final boolean intervals;
  private final String by;
  private final String over;

  /**
   * Files of what was judged.
   *
   * @param intervals whether metrics have intervals
   * @param by the column of groups, or null
   * @param over the column of windows, or null
   */
  JudgedFiles(List<Judged> judged, boolean intervals, String by, String over) {
    this.judged = judged;
    this.intervals = intervals || by != null || over != null;
    this.by = by;
    this.over = over;
  }

  /** Writes one line for each file and, below it, for each of its groups or windows. */
  void writeTable(Path csv) throws IOException {
    List<String> header = new ArrayList<>(List.of("file"));
    header.addAll(by == null ? List.of() : List.of(by));
    header.addAll(over == null ? List.of() : List.of(over + "_from", over + "_to"));
    header.addAll(List.of("n", "classes"));
    for (String key : GroupIntervals.KEYS) {
      header.add(key);
      header.addAll(intervals ? List.of(key + "_lower", key + "_upper") : List.of());
    }
    if (by != null) {
      header.addAll(List.of("accuracy_p_of_rest", "nll_p_of_rest", "brier_p_of_rest"));
    }
    List<List<String>> lines = new ArrayList<>();
    judged.forEach(each -> lines.addAll(lines(each)));
    RowsFile.write(csv, header, lines.size(), lines::get);
  }

  private List<List<String>> lines(Judged each) {
    List<List<String>> lines = new ArrayList<>();
    Evaluation all = each.evaluation();
    String[] nothing = new String[(by == null ? 0 : 1) + (over == null ? 0 : 2)];
    Arrays.fill(nothing, "");
    lines.add(
        line(each, List.of(nothing), all.rows(), all.scores(), each.intervals(), new double[3]));
    if (by != null) {
      for (int g = 0; g < each.groups().groups().size(); g++) {
        PartIntervals part = each.groups().groups().get(g);
        int at = g;
        double[] p = each.groups().pOfRest().values().stream().mapToDouble(v -> v[at]).toArray();
        lines.add(
            line(each, List.of(part.name()), part.rows(), part.scores(), part.intervals(), p));
      }
    }
    if (over != null) {
      for (int w = 0; w < each.windows().windows().size(); w++) {
        PartIntervals part = each.windows().windows().get(w);
        List<String> place = List.of(each.windows().first().get(w), each.windows().last().get(w));
        lines.add(line(each, place, part.rows(), part.scores(), part.intervals(), new double[0]));
      }
    }
    return lines;
  }

  private List<String> line(
      Judged of,
      List<String> place,
      long rows,
      Evaluation.Scores scores,
      MetricIntervals known,
      double[] p) {
    List<String> line = new ArrayList<>(List.of(of.evaluation().file().toString()));
    line.addAll(place);
    line.add(Long.toString(rows));
    line.add(Integer.toString(of.evaluation().classes()));
    for (String key : GroupIntervals.KEYS) {
      line.add(RowsFile.number(Judged.score(scores, key)));
      if (intervals) {
        Optional<MetricIntervals.Value> value = known == null ? Optional.empty() : known.get(key);
        line.add(RowsFile.number(value.map(MetricIntervals.Value::lower).orElse(Double.NaN)));
        line.add(RowsFile.number(value.map(MetricIntervals.Value::upper).orElse(Double.NaN)));
      }
    }
    if (by != null) {
      boolean all = place.get(0).isEmpty();
      Arrays.stream(p).forEach(each -> line.add(all ? "" : RowsFile.number(each)));
    }
    return line;
  }

  /** Writes what is known of each row. */
  static void writeRows(Path file, Predictions p) throws IOException {
    RowsFile.writeRows(
        file,
        p,
        List.of(
            RowsFile.column("confidence", Kind.DOUBLE),
            RowsFile.column("entropy", Kind.DOUBLE),
            RowsFile.column("margin", Kind.DOUBLE),
            RowsFile.column("correct", Kind.TRUTH)),
        (row, out) -> {
          out.number(p.confidence(row));
          out.number(p.entropy(row));
          out.number(margin(p, row));
          out.truth(p.isCorrect(row));
        });
  }

  /** The largest probability less the second largest. */
  private static double margin(Predictions p, int row) {
    int top = p.predictedClass(row);
    double second = 0;
    for (int k = 0; k < p.classes(); k++) {
      second = k == top ? second : Math.max(second, p.probability(row, k));
    }
    return p.probability(row, top) - second;
  }
}
