package io.github.swag4j.calibration.internal;

import java.util.Arrays;

/**
 * Scores of a sample in ascending order with the weights of their rows, and how much weight lies
 * below or above each of them. Without weights every row counts 1 and nothing but the scores is
 * stored.
 *
 * <p>Equal scores are ordered by weight and sums are compensated: rows in another order give the
 * same bits. Rows of weight 0 are absent. Immutable, except that {@link #values()} is not copied.
 */
public final class WeightedScores {
  /** No rows. */
  public static final WeightedScores NONE = counted(new double[0]);

  // Shares within this of a level count as reaching it: sums of weights are rounded.
  private static final double ROUNDING = 1e-12;

  private final double[] values;
  private final double[] weights; // null: every row counts 1
  private final double[] lowest; // [rows + 1], weight of the i lowest
  private final double[] highest; // [rows + 1], weight of all but the i lowest

  private WeightedScores(double[] values, double[] weights) {
    this.values = values;
    this.weights = weights;
    this.lowest = weights == null ? null : new double[values.length + 1];
    this.highest = weights == null ? null : new double[values.length + 1];
    if (weights != null) {
      accumulate();
    }
  }

  /** Both directions are summed by themselves: a small tail is not the difference of large sums. */
  private void accumulate() {
    int n = values.length;
    CompensatedSum up = new CompensatedSum();
    for (int i = 0; i < n; i++) {
      up.add(weights[i]);
      lowest[i + 1] = Math.max(lowest[i], up.value());
    }
    CompensatedSum down = new CompensatedSum();
    for (int i = n - 1; i > 0; i--) {
      down.add(weights[i]);
      highest[i] = Math.min(lowest[n], Math.max(highest[i + 1], down.value()));
    }
    highest[0] = lowest[n]; // all of the weight is the same number from both ends
  }

  /**
   * Rows that count 1 each.
   *
   * @param sorted the scores in ascending order, without NaN; not copied
   * @return the scores
   */
  public static WeightedScores counted(double[] sorted) {
    return new WeightedScores(sorted, null);
  }

  /**
   * Rows with weights.
   *
   * @param scores the scores, in any order
   * @param weights their weights, at least 0
   * @param name what to call the sample in a message, such as "in-distribution"
   * @return the scores whose weight is above 0
   * @throws IllegalArgumentException if there are no scores, their numbers differ, a score is NaN,
   *     or weights are negative, not finite or all 0
   */
  public static WeightedScores of(double[] scores, double[] weights, String name) {
    RowWeights.check(weights, scores.length, name);
    double[] sorted = SortedScores.of(scores, name + " scores"); // refuses NaN of any weight
    int[] rows = RowWeights.positive(weights);
    if (rows.length < scores.length) {
      sorted = SortedScores.of(ValueOrder.apply(rows, scores), name + " scores");
    }
    WeightedScores unplaced = counted(sorted);
    double[] placed = new double[rows.length];
    int[] taken = new int[rows.length];
    for (int row : rows) {
      int first = unplaced.count(scores[row], false);
      placed[first + taken[first]++] = weights[row];
    }
    for (int first = 0; first < placed.length; first += taken[first]) {
      Arrays.sort(placed, first, first + taken[first]);
    }
    return new WeightedScores(sorted, placed);
  }

  /**
   * The scores.
   *
   * @return {@code [rows]}, ascending, not copied
   */
  public double[] values() {
    return values;
  }

  /**
   * The weights in the order of {@link #values()}.
   *
   * @return {@code [rows]}, a new array
   */
  public double[] weights() {
    double[] copy = new double[values.length];
    Arrays.setAll(copy, i -> weights == null ? 1 : weights[i]);
    return copy;
  }

  /**
   * Whether rows weigh other than 1 each.
   *
   * @return false if rows are counted
   */
  public boolean hasWeights() {
    return weights != null;
  }

  /**
   * Number of rows that have weight.
   *
   * @return the rows
   */
  public int size() {
    return values.length;
  }

  /**
   * Weight of all rows.
   *
   * @return the sum; the number of rows if they are counted
   */
  public double total() {
    return below(values.length);
  }

  /**
   * Weight of the lowest rows.
   *
   * @param rows how many rows
   * @return the sum of their weights
   */
  public double below(int rows) {
    return weights == null ? rows : lowest[rows];
  }

  /**
   * Weight of all rows but the lowest.
   *
   * @param rows how many rows are left out
   * @return the sum of the weights of the others
   */
  public double above(int rows) {
    return weights == null ? values.length - rows : highest[rows];
  }

  /**
   * Weight of a run of rows, summed by itself.
   *
   * @param from the first row
   * @param rows how many rows
   * @return the sum of their weights
   */
  public double run(int from, int rows) {
    if (weights == null || rows == 0) {
      return rows;
    }
    CompensatedSum sum = new CompensatedSum();
    for (int i = from; i < from + rows; i++) {
      sum.add(weights[i]);
    }
    return sum.value();
  }

  /**
   * Number of scores below a threshold, or at most it.
   *
   * @param threshold the threshold
   * @param orEqual whether scores equal to it count too
   * @return how many of the lowest rows they are
   */
  public int count(double threshold, boolean orEqual) {
    int low = 0;
    int high = values.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] < threshold || (orEqual && values[middle] == threshold)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The highest score such that rows from it on have at least a share of the weight. Shares of
   * counts are compared as rounded doubles, shares of weights within 1e-12.
   *
   * @param share above 0 and at most 1
   * @return the score
   */
  public double highestReaching(double share) {
    int low = 0; // all rows reach it
    int high = values.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (above(middle) / total() >= bar(share)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return values[low];
  }

  /**
   * The lowest score such that rows up to it have at least a share of the weight; shares are
   * compared as in {@link #highestReaching}.
   *
   * @param share above 0 and at most 1
   * @return the score
   */
  public double lowestReaching(double share) {
    int low = 0;
    int high = values.length; // all rows reach it
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (below(middle) / total() >= bar(share)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return values[high - 1];
  }

  private double bar(double share) {
    return weights == null ? share : share * (1 - ROUNDING);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightedScores that
        && Arrays.equals(values, that.values)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(weights);
  }
}
