package io.github.swag4j.calibration.internal;

/**
 * Variance of a weighted mean over samples of rows, n/(n - 1) sum s_i^2 (v_i - mean)^2 with the
 * shares s_i of weight and n = 1 / sum s_i^2 effective rows.
 *
 * <p>n/(n - 1) is 1 / (1 - sum s_i^2) = 1 / sum s_i (1 - s_i). Where one row has nearly all of the
 * weight, neither 1 - s nor its distance from the mean keeps a digit when formed by subtraction: 1
 * - s is the sum of the other shares, and values are taken from that row's, so that its own term is
 * exactly 0 in their mean.
 */
public final class WeightedMeanVariance {
  private WeightedMeanVariance() {}

  /** Sums run in the order given. NaN if fewer than 2 rows have weight. */
  public static double of(double[] values, double[] weights) {
    int heaviest = 0;
    int present = 0;
    CompensatedSum total = new CompensatedSum();
    for (int r = 0; r < weights.length; r++) {
      heaviest = weights[r] > weights[heaviest] ? r : heaviest;
      present += weights[r] > 0 ? 1 : 0;
      total.add(weights[r]);
    }
    if (present < 2) {
      return Double.NaN;
    }
    double all = total.value();
    CompensatedSum mean = new CompensatedSum(); // of the distances from the heaviest row's value
    CompensatedSum others = new CompensatedSum();
    CompensatedSum rest = new CompensatedSum();
    for (int r = 0; r < weights.length; r++) {
      double share = weights[r] / all;
      mean.add(share * (values[r] - values[heaviest]));
      if (r != heaviest) {
        others.add(share);
        rest.add(share * (1 - share)); // at most half: 1 - share keeps its digits
      }
    }
    rest.add(weights[heaviest] / all * others.value());
    // Both sums shrink with the other rows' share: they are taken relative to it.
    double scale = Math.sqrt(rest.value());
    CompensatedSum squares = new CompensatedSum();
    for (int r = 0; r < weights.length; r++) {
      double distance = values[r] - values[heaviest] - mean.value();
      double term = weights[r] / all * distance / scale;
      squares.add(term * term);
    }
    return squares.value();
  }
}
