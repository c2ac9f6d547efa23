package io.github.swag4j.calibration.internal;

import java.util.stream.IntStream;

/** Checks of row weights that are given beside scores. */
public final class RowWeights {
  // Products of two sums stay within the range of doubles.
  private static final double LARGEST = 1e150;

  private RowWeights() {}

  /**
   * Checks weights.
   *
   * @param weights the weights
   * @param rows how many there must be
   * @param name what to call the rows in a message, such as "in-distribution"
   * @throws IllegalArgumentException if their number differs, one is negative or not finite, or
   *     they are all 0 or their sum is beyond 1e-150 or 1e150
   */
  public static void check(double[] weights, int rows, String name) {
    if (weights.length != rows) {
      throw new IllegalArgumentException(
          name + " weights must be one for each of " + rows + " scores, got " + weights.length);
    }
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      if (!(weights[r] >= 0 && weights[r] <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            name + " weights[" + r + "] must be finite and at least 0, got " + weights[r]);
      }
      sum += weights[r];
    }
    if (rows > 0 && !(sum >= 1 / LARGEST && sum <= LARGEST)) {
      throw new IllegalArgumentException(
          name + " weights must sum to between 1e-150 and 1e150, got " + sum);
    }
  }

  /**
   * The weight that stands for one row, for numbers that depend on how many rows there are. Weights
   * are repetitions, so it is 1; but weights of mean below 1 would stand for fewer rows than there
   * are, cannot be repetitions, and are brought to mean 1.
   *
   * @param total the sum of the weights
   * @param rows how many rows have weight
   * @return the mean weight, at most 1
   */
  public static double unit(double total, long rows) {
    return Math.min(1, total / rows);
  }

  /**
   * The rows that have weight.
   *
   * @param weights the weights
   * @return indices of those above 0
   */
  public static int[] positive(double[] weights) {
    return IntStream.range(0, weights.length).filter(r -> weights[r] > 0).toArray();
  }

  /**
   * Whether all rows that have weight weigh the same, so that quantities without a unit are those
   * of rows that count 1 each.
   *
   * @param samples the weights of each sample
   * @return true if no two weights above 0 differ
   */
  public static boolean allEqual(double[]... samples) {
    double first = 0;
    for (double[] weights : samples) {
      for (double w : weights) {
        if (w > 0 && first > 0 && w != first) {
          return false;
        }
        first = w > 0 ? w : first;
      }
    }
    return true;
  }
}
