package io.github.swag4j.cli.comparison;

import io.github.swag4j.calibration.comparison.PairedPermutationTest;
import io.github.swag4j.cli.comparison.Contender.Spread;
import io.github.swag4j.reports.comparison.ShiftChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Contenders that were judged by the same rows, and the first of them, which the others are held
 * against.
 *
 * @param title what it is of, such as a data set
 * @param rows rows that judged
 * @param contenders at least one
 */
record Group(String title, int rows, List<Contender> contenders) {
  private static final int SWAPS = 10_000;
  private static final int MOST_LINES = 8;

  /**
   * A contender minus the first of its group, in one metric.
   *
   * @param group the group
   * @param contender the contender
   * @param column the metric
   * @param value the difference of the means
   * @param bySeed the differences under seeds in common; empty where there are none
   * @param pRows of the paired permutation test over the rows, NaN where there is none
   * @param pSeeds of that over the seeds, NaN of fewer than two
   */
  record Difference(
      Group group,
      Contender contender,
      Column column,
      double value,
      double[] bySeed,
      double pRows,
      double pSeeds) {

    Difference adjusted(double rows, double seeds) {
      return new Difference(group, contender, column, value, bySeed, rows, seeds);
    }

    /** Standard error of the mean difference over the seeds. */
    double error() {
      return new Spread(bySeed).error();
    }

    boolean isBetter() {
      return value > 0 == column.isHigherBetter();
    }

    /** Under how many seeds the contender is the better; NaN where seeds do not pair. */
    double betterSeeds() {
      int count = 0;
      for (double each : bySeed) {
        count += each != 0 && each > 0 == column.isHigherBetter() ? 1 : 0;
      }
      return bySeed.length == 0 ? Double.NaN : count;
    }
  }

  Contender baseline() {
    return contenders.get(0);
  }

  /** What differs, p-values as they are. */
  List<Difference> differences() {
    List<Difference> all = new ArrayList<>();
    for (Contender contender : contenders.subList(1, contenders.size())) {
      for (Column column : Column.values()) {
        Set<Integer> seeds = contender.paired(baseline());
        Set<Integer> theirs = baseline().paired(contender);
        Spread a = contender.values(column, seeds);
        Spread b = baseline().values(column, theirs);
        double value = a.mean() - b.mean();
        if (!Double.isNaN(value)) {
          all.add(difference(contender, column, seeds, theirs));
        }
      }
    }
    return all;
  }

  /**
   * Means over the corruptions of contenders by strength and seed; of as many contenders as a chart
   * can tell apart.
   */
  List<ShiftChart.Point> shifts() {
    List<ShiftChart.Point> points = new ArrayList<>();
    contenders.stream()
        .filter(each -> each.strengths().stream().anyMatch(strength -> strength > 0))
        .limit(MOST_LINES)
        .forEach(
            each ->
                each.bySeed()
                    .forEach(
                        (seed, judged) ->
                            each.strengths()
                                .forEach(
                                    strength -> {
                                      Map<Column, Double> at = judged.shifts().get(strength);
                                      points.add(
                                          new ShiftChart.Point(
                                              each.name(),
                                              "seed " + seed,
                                              strength,
                                              at.get(Column.ACCURACY),
                                              at.get(Column.NLL),
                                              at.get(Column.ECE)));
                                    })));
    return points;
  }

  private Difference difference(
      Contender contender, Column column, Set<Integer> seeds, Set<Integer> theirs) {
    double[] a = contender.values(column, seeds).values();
    double[] b = baseline().values(column, theirs).values();
    boolean paired = contender.isPaired(baseline());
    double[] bySeed = new double[paired ? a.length : 0];
    for (int i = 0; i < bySeed.length; i++) {
      bySeed[i] = a[i] - b[i];
    }
    double[] rowsOfA = contender.rows(column, seeds);
    double[] rowsOfB = baseline().rows(column, theirs);
    return new Difference(
        this,
        contender,
        column,
        new Spread(a).mean() - new Spread(b).mean(),
        bySeed,
        rowsOfA == null || rowsOfB == null
            ? Double.NaN
            : PairedPermutationTest.ofLosses(rowsOfA, rowsOfB, SWAPS, 0).pValue(),
        bySeed.length < 2 ? Double.NaN : PairedPermutationTest.ofLosses(a, b, SWAPS, 0).pValue());
  }
}
