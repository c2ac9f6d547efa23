package io.github.swag4j.calibration.internal;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What weights of rows say: checks, the weight that is one row, and a scale that cannot overflow.
 */
public final class RowWeights {
  // As a power of two: products of two sums of that many weights stay within the range of doubles.
  private static final int LARGEST = 300;

  private RowWeights() {}

  /**
   * Checks weights.
   *
   * @param weights the weights
   * @param rows how many there must be
   * @param name what to call the rows in a message, such as "in-distribution"
   * @throws IllegalArgumentException if their number differs, one is negative or not finite, or
   *     they are all 0
   */
  public static void check(double[] weights, int rows, String name) {
    if (weights.length != rows) {
      throw new IllegalArgumentException(
          name + " weights must be one for each of " + rows + " scores, got " + weights.length);
    }
    boolean some = rows == 0;
    for (int r = 0; r < rows; r++) {
      if (!(weights[r] >= 0 && weights[r] <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            name + " weights[" + r + "] must be finite and at least 0, got " + weights[r]);
      }
      some |= weights[r] > 0;
    }
    if (!some) {
      throw new IllegalArgumentException(name + " weights must not all be 0");
    }
  }

  /**
   * The weight that stands for one row, for numbers that depend on how many rows there are. Weights
   * are repetitions, so it is 1 and there are sum w rows; but weights that sum to less than their
   * effective number (sum w)^2 / sum w^2 cannot be repetitions, and stand for that number. So the
   * unit is min(1, sum w^2 / sum w): 1 for whole weights, c for weights that are all c below 1, and
   * rows whose weight goes to 0 go out of it continuously.
   *
   * @param weights the weights, at least 0 and not all 0; their order does not matter
   * @return the unit, above 0 and at most 1
   */
  public static double unit(double[] weights) {
    double[] sorted = weights.clone();
    Arrays.sort(sorted);
    double largest = sorted[sorted.length - 1];
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum squares = new CompensatedSum();
    for (double weight : sorted) {
      double part = weight / largest; // neither squares nor sums overflow
      sum.add(part);
      squares.add(part * part);
    }
    return Math.min(1, largest * (squares.value() / sum.value()));
  }

  /**
   * The power of two by which weights are to be multiplied so that sums of them, and products of
   * two such sums, stay within the range of doubles. Huge weights stay so large, and tiny ones so
   * small, that whatever depends on the number of rows stays at its limit.
   *
   * @param samples the weights of each sample
   * @return the exponent; 0 where the largest weight lies between 2^-300 and 2^300 or is 0
   */
  public static int exponent(double[]... samples) {
    double largest = 0;
    for (double[] weights : samples) {
      for (double weight : weights) {
        largest = Math.max(largest, weight);
      }
    }
    int exponent = Math.getExponent(largest);
    return largest == 0 ? 0 : Math.max(-LARGEST, Math.min(LARGEST, exponent)) - exponent;
  }

  /**
   * Weights times a power of two. Those above 0 stay above 0.
   *
   * @param weights the weights
   * @param exponent the exponent
   * @return the same array if the exponent is 0, else a new one
   */
  public static double[] scaled(double[] weights, int exponent) {
    if (exponent == 0) {
      return weights;
    }
    double[] scaled = new double[weights.length];
    for (int r = 0; r < scaled.length; r++) {
      double weight = Math.scalb(weights[r], exponent);
      scaled[r] = weights[r] > 0 ? Math.max(Double.MIN_VALUE, weight) : 0;
    }
    return scaled;
  }

  /**
   * The weights of rows, by the power of two of {@link #exponent} where sums of them might leave
   * the range of doubles.
   *
   * @param rows number of rows
   * @param weight row to weight, finite and at least 0
   * @return a new array of as many weights; those given, unless the largest lies beyond 2^-300 or
   *     2^300
   */
  public static double[] inRange(int rows, IntToDoubleFunction weight) {
    double[] weights = new double[rows];
    Arrays.setAll(weights, weight);
    return scaled(weights, exponent(weights));
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
