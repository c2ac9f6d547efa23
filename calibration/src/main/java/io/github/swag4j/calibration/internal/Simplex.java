package io.github.swag4j.calibration.internal;

/**
 * What counts as a probability and as a distribution over classes (a point of the probability
 * simplex): the tolerances that values in memory, files and streams share.
 */
public final class Simplex {
  /** How far beyond [0, 1] a probability may lie by rounding; such values are clamped. */
  public static final double RANGE_TOLERANCE = 1e-6;

  /** How far a row's sum may be from 1, as its decimals read; see {@link #sumsToOne}. */
  public static final double SUM_TOLERANCE = 1e-4;

  /**
   * How far a row's sum may be from 1, as it is computed. Decimals that sum to 0.9999 sum to some
   * bits less once they are float64, and to up to 2^-24 less once they are float32.
   */
  public static final double SUM_LIMIT = SUM_TOLERANCE + 1e-7;

  private Simplex() {}

  /**
   * Whether a number counts as a probability: in [0, 1] within {@value #RANGE_TOLERANCE}.
   *
   * @param value the number
   * @return true if so; false for NaN
   */
  public static boolean isProbability(double value) {
    return value >= -RANGE_TOLERANCE && value <= 1 + RANGE_TOLERANCE;
  }

  /**
   * Whether a row's sum counts as 1: |sum - 1| &lt;= {@value #SUM_TOLERANCE} + 1e-7. The 1e-7 is
   * for decimals whose sum is 0.9999 or 1.0001 to the reader and is past it by the rounding of each
   * to float32 or float64.
   *
   * @param sum the sum of a row's probabilities
   * @return true if so; false for NaN
   */
  public static boolean sumsToOne(double sum) {
    return Math.abs(sum - 1) <= SUM_LIMIT;
  }

  /**
   * Entropy of a distribution in nats: -sum_k p_k ln p_k, with 0 ln 0 = 0.
   *
   * @param p rows of distributions, row-major
   * @param from index of the first class of the row
   * @param classes number of classes
   * @return the entropy, at least 0
   */
  public static double entropy(double[] p, int from, int classes) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      double v = p[from + k];
      if (v > 0) {
        sum -= v * Math.log(v);
      }
    }
    return Math.max(sum, 0);
  }
}
