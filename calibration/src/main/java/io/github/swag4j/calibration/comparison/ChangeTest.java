package io.github.swag4j.calibration.comparison;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Test of "the mean does not change along an order", such as time: with c_i = w_i (v_i - mean) in
 * that order and S_k their sums, the statistic is max_k |S_k| / sqrt(sum c_i^2), the farthest that
 * the cumulative sum strays, taken where the order goes on to a new value. Its p-value is that of
 * permuted rows, (1 + as far) / (1 + draws), and holds for any number of rows and any distribution
 * if rows without a change can be exchanged; rows that hang together, as frames of one video do,
 * make it too small.
 *
 * @param what what was looked at
 * @param statistic how far the cumulative sum strays
 * @param place number of rows before the change that the statistic points to, 0 if nothing varies
 * @param before mean of these rows
 * @param after mean of the rows from there on
 * @param pValue share of permutations that stray as far
 * @param rows number of rows
 * @param draws number of permutations
 * @see <a href="https://doi.org/10.1093/biomet/41.1-2.100">Page 1954, Continuous inspection
 *     schemes</a>, for the cumulative sum
 */
public record ChangeTest(
    String what,
    double statistic,
    int place,
    double before,
    double after,
    double pValue,
    long rows,
    int draws) {

  /** Permutations of few rows; of many, as many as look at so many rows in all. */
  private static final int DRAWS = 9999;

  private static final int LEAST_DRAWS = 999;
  private static final long LOOKED_AT = 200_000_000;

  /** Stream of the random numbers that permute. */
  private static final long PERMUTATIONS = 3;

  /** Statistics this close are as far: sums round. */
  private static final double ROUNDING = 1e-10;

  /**
   * The test.
   *
   * @param what what is looked at
   * @param values {@code [rows]} in order, finite, at least 2
   * @param weights {@code [rows]}, at least 0 and not all 0
   * @param goesOn {@code [rows]}, whether the order goes on to a new value after the row; rows
   *     until then are at the same place and their order says nothing
   * @param seed seed of the permutations
   * @return the test
   * @throws IllegalArgumentException if there are fewer than 2 rows or the lengths differ
   */
  public static ChangeTest of(
      String what, double[] values, double[] weights, boolean[] goesOn, long seed) {
    int rows = values.length;
    if (rows < 2 || weights.length != rows || goesOn.length != rows) {
      throw new IllegalArgumentException(
          "a change needs at least 2 rows, each with a weight and a place, got "
              + rows
              + ", "
              + weights.length
              + " and "
              + goesOn.length);
    }
    double mean = mean(values, weights, 0, rows);
    double[] strayed = new double[rows];
    CompensatedSum squares = new CompensatedSum();
    for (int i = 0; i < rows; i++) {
      strayed[i] = weights[i] * (values[i] - mean);
      squares.add(strayed[i] * strayed[i]);
    }
    double spread = Math.sqrt(squares.value());
    if (!(spread > 0)) {
      return new ChangeTest(what, 0, 0, mean, mean, 1, rows, 0);
    }
    int[] ends = IntStream.range(0, rows - 1).filter(i -> goesOn[i]).toArray();
    int place = 0;
    double farthest = 0;
    double sum = 0;
    for (int i = 0, next = 0; i < rows && next < ends.length; i++) {
      sum += strayed[i];
      if (i == ends[next]) {
        next++;
        if (Math.abs(sum) > farthest) {
          farthest = Math.abs(sum);
          place = i + 1;
        }
      }
    }
    // Which row a draw moves where depends on its value, not on where it stood among its equals.
    double[] pool = strayed.clone();
    Arrays.sort(pool);
    int draws = (int) Math.max(LEAST_DRAWS, Math.min(DRAWS, LOOKED_AT / rows));
    double least = farthest - ROUNDING * spread;
    long asFar =
        IntStream.range(0, draws)
            .parallel()
            .filter(
                draw ->
                    farthest(pool, ends, new ReplicateRandom(seed, draw, PERMUTATIONS)) >= least)
            .count();
    return new ChangeTest(
        what,
        farthest / spread,
        place,
        mean(values, weights, 0, place),
        mean(values, weights, place, rows),
        (1.0 + asFar) / (1.0 + draws),
        rows,
        draws);
  }

  /** How far the sums of a permutation stray; rows after the last place are not needed. */
  private static double farthest(double[] pool, int[] ends, ReplicateRandom random) {
    double[] left = pool.clone();
    int rows = left.length;
    double sum = 0;
    double farthest = 0;
    for (int i = 0, next = 0; next < ends.length; i++) {
      int j = i + random.nextInt(rows - i);
      sum += left[j];
      left[j] = left[i];
      if (i == ends[next]) {
        next++;
        farthest = Math.max(farthest, Math.abs(sum));
      }
    }
    return farthest;
  }

  private static double mean(double[] values, double[] weights, int from, int to) {
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    for (int i = from; i < to; i++) {
      sum.add(weights[i] * values[i]);
      total.add(weights[i]);
    }
    return sum.value() / total.value();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %.4f before and %.4f after row %,d of %,d, %s (%,d permutations)",
        what,
        before,
        after,
        place,
        rows,
        PValue.equation(pValue),
        draws);
  }
}
