package io.github.swag4j.base;

/** What the weights of a mixture must be, whatever is mixed. */
public final class MixtureWeights {

  /** How far weights may sum from 1. */
  public static final double SUM_TOLERANCE = 1e-6;

  private MixtureWeights() {}

  /**
   * Checks weights and divides them by their sum.
   *
   * @param weights one a part, at least 0, sum 1 within {@value #SUM_TOLERANCE}
   * @param parts how many parts there are
   * @param part what one is called, for messages: {@code component}
   * @return the weights over their sum, a new array
   * @throws IllegalArgumentException if they are not as said
   */
  public static double[] shares(double[] weights, int parts, String part) {
    if (weights.length != parts) {
      throw new IllegalArgumentException(
          "weights must be one a " + part + ", got " + weights.length + " for " + parts);
    }
    double sum = 0;
    for (int m = 0; m < parts; m++) {
      if (!(weights[m] >= 0 && weights[m] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weights[" + m + "] must be finite and at least 0, got " + weights[m]);
      }
      sum += weights[m];
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          "weights must sum to 1 within "
              + SUM_TOLERANCE
              + ", got "
              + sum
              + ": divide them by their sum");
    }
    double[] shares = new double[parts];
    for (int m = 0; m < parts; m++) {
      shares[m] = weights[m] / sum;
    }
    return shares;
  }
}
