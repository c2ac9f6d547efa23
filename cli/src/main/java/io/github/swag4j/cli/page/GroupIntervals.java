package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.FisherExactTest;
import io.github.swag4j.calibration.comparison.Holm;
import io.github.swag4j.calibration.comparison.WelchTest;
import io.github.swag4j.cli.findings.RowMetric;
import io.github.swag4j.cli.run.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Metrics group by group, and the worst of the groups.
 *
 * <p>The worst of many groups looks bad by chance alone. So the intervals hold for all groups at
 * once (Bonferroni: each at level 1 - (1 - level) / groups), and that of the worst covers although
 * it was picked after the fact. Each group is also held against all other rows: accuracy by
 * Fisher's exact test (Welch's where rows have weights), NLL and Brier score by Welch's, with
 * Holm's correction over the groups, for each metric by itself.
 *
 * @param column what the rows are grouped by
 * @param level the level of all intervals of a metric together
 * @param groups by name; numbers by their size where all names are numbers
 * @param pOfRest by metric, for each group in order: Holm's p-value of "like the other rows", NaN
 *     where a side has fewer than 2 rows
 */
public record GroupIntervals(
    String column, double level, List<PartIntervals> groups, Map<String, double[]> pOfRest) {

  /** More groups than this are no groups. */
  static final int MOST = 200;

  /** Of resamples beyond an end of an interval there should be as many. */
  private static final int BEYOND = 10;

  private static final int MOST_REPLICATES = 20_000;

  /** Levels that cannot do with so many resamples are refused. */
  private static final int LIMIT = 100_000;

  /** The metrics that are tested, and the one that is not. */
  public static final List<String> KEYS = List.of("accuracy", "nll", "brier", "ece");

  /**
   * By a column.
   *
   * @param values the group of each row
   * @throws UsageException if there are more than 200 groups, or so many that the level needs too
   *     many resamples
   */
  public static GroupIntervals of(
      String column,
      String[] values,
      Predictions p,
      BinningConvention convention,
      MetricIntervals.Options options) {
    Map<String, int[]> rowsOf = rows(values);
    if (rowsOf.size() > MOST) {
      throw new UsageException(
          "--by needs a column of at most "
              + MOST
              + " different values, got "
              + rowsOf.size()
              + " in '"
              + column
              + "'; of a number or a time say --over");
    }
    MetricIntervals.Options perGroup = perGroup(rowsOf.size(), options);
    List<PartIntervals> groups = new ArrayList<>();
    rowsOf.forEach(
        (name, rows) -> groups.add(PartIntervals.of(name, p, rows, convention, perGroup)));
    Map<String, double[]> tests = new LinkedHashMap<>();
    for (RowMetric metric : RowMetric.TABLE) {
      double[] raw =
          rowsOf.values().stream().mapToDouble(rows -> pOfRest(metric, p, rows)).toArray();
      tests.put(metric.key(), corrected(raw));
    }
    return new GroupIntervals(column, options.level(), groups, tests);
  }

  /** The level of each group, with resamples enough for it. */
  private static MetricIntervals.Options perGroup(int groups, MetricIntervals.Options options) {
    double beyond = (1 - options.level()) / groups;
    double fewest = Math.ceil(2 / beyond);
    if (fewest > LIMIT) {
      throw new UsageException(
          String.format(
              Locale.ROOT,
              "--by at --confidence %s of %d groups at once needs more than %,d resamples of each"
                  + " group: ask for less, or for fewer groups",
              options.level(),
              groups,
              LIMIT));
    }
    double wanted = Math.max(options.replicates(), Math.ceil(2 * BEYOND / beyond));
    int replicates = (int) Math.max(fewest, Math.min(MOST_REPLICATES, wanted));
    return new MetricIntervals.Options(replicates, 1 - beyond, options.seed());
  }

  private static Map<String, int[]> rows(String[] values) {
    boolean numbers = Arrays.stream(values).allMatch(GroupIntervals::isNumber);
    Comparator<String> byNumber = Comparator.comparingDouble(Double::parseDouble);
    Map<String, List<Integer>> lists =
        new TreeMap<>(
            numbers
                ? byNumber.thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder());
    for (int row = 0; row < values.length; row++) {
      lists.computeIfAbsent(values[row], name -> new ArrayList<>()).add(row);
    }
    Map<String, int[]> rows = new LinkedHashMap<>();
    lists.forEach((name, of) -> rows.put(name, of.stream().mapToInt(i -> i).toArray()));
    return rows;
  }

  private static boolean isNumber(String text) {
    return text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  }

  /** P-value of a group against the other rows. */
  private static double pOfRest(RowMetric metric, Predictions p, int[] rows) {
    boolean[] inside = new boolean[p.rows()];
    Arrays.stream(rows).forEach(row -> inside[row] = true);
    int[] rest = IntStream.range(0, p.rows()).filter(row -> !inside[row]).toArray();
    double[] a = metric.of(p, rows);
    double[] b = metric.of(p, rest);
    if (metric.equals(RowMetric.ACCURACY) && !p.hasWeights()) {
      return rest.length == 0
          ? Double.NaN
          : FisherExactTest.pValue(
              (int) Arrays.stream(a).sum(), a.length, (int) Arrays.stream(b).sum(), b.length);
    }
    double[] weights = RowMetric.weights(p, rows);
    double[] others = RowMetric.weights(p, rest);
    return weighing(weights) < 2 || weighing(others) < 2
        ? Double.NaN
        : WelchTest.of(a, weights, b, others).pValue();
  }

  private static long weighing(double[] weights) {
    return Arrays.stream(weights).filter(w -> w > 0).count();
  }

  private static double[] corrected(double[] raw) {
    double[] holm = Holm.adjust(Arrays.stream(raw).filter(p -> !Double.isNaN(p)).toArray());
    double[] out = new double[raw.length];
    int next = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = Double.isNaN(raw[i]) ? Double.NaN : holm[next++];
    }
    return out;
  }

  /** Index of the group with the worst metric among those that have an interval, or -1. */
  public int worst(String key) {
    int worst = -1;
    for (int g = 0; g < groups.size(); g++) {
      boolean worse =
          groups.get(g).intervals().get(key).isPresent()
              && (worst < 0 || loss(key, g) > loss(key, worst));
      worst = worse ? g : worst;
    }
    return worst;
  }

  private double loss(String key, int group) {
    double value = groups.get(group).intervals().get(key).orElseThrow().value();
    return key.equals("accuracy") ? -value : value;
  }
}
