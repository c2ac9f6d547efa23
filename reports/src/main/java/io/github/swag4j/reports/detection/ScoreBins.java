package io.github.swag4j.reports.detection;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Counts and weights of scores in bins of equal width: {@code [edge, next edge)}, the last bin
 * closed. Scores beyond the range are counted in the first and last bin.
 */
record ScoreBins(
    double lower, double upper, long[] counts, double[] weights, long below, long above) {

  /** Rows that weigh the same. */
  static ScoreBins of(double[] scores, int bins, double lower, double upper) {
    return of(scores, row -> 1, bins, lower, upper);
  }

  /** Rows that weigh as they are said to. */
  static ScoreBins of(
      double[] scores, IntToDoubleFunction weight, int bins, double lower, double upper) {
    long[] counts = new long[bins];
    double[] weights = new double[bins];
    long below = 0;
    long above = 0;
    for (int row = 0; row < scores.length; row++) {
      double score = scores[row];
      if (score < lower) {
        below++;
      } else if (score > upper) {
        above++;
      }
      // Clamped before the product: an infinite score times a width would leave the int range.
      double inside = Math.min(Math.max(score, lower), upper);
      int b = (int) Math.floor((inside - lower) / (upper - lower) * bins);
      int bin = Math.min(Math.max(b, 0), bins - 1);
      counts[bin]++;
      weights[bin] += weight.applyAsDouble(row);
    }
    return new ScoreBins(lower, upper, counts, weights, below, above);
  }

  /** The range asked for, its open ends taken from the finite scores; never of zero width. */
  static double[] range(double lower, double upper, double[]... sets) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] set : sets) {
      for (double score : set) {
        if (Double.isFinite(score)) {
          low = Math.min(low, score);
          high = Math.max(high, score);
        }
      }
    }
    low = Double.isNaN(lower) ? (low > high ? 0 : low) : lower;
    high = Double.isNaN(upper) ? (high < low ? low : high) : upper;
    if (low < high) {
      return new double[] {low, high};
    }
    double margin = Math.max(Math.abs(low) * 0.05, 0.5);
    return Double.isNaN(lower)
        ? new double[] {Math.min(low, high) - margin, high + (Double.isNaN(upper) ? margin : 0)}
        : new double[] {low, low + margin};
  }

  long rows() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Share of the weight, which is the share of rows where all weigh the same. */
  double share(int bin) {
    return weights[bin] / Arrays.stream(weights).sum();
  }

  double edge(int i) {
    return i == counts.length ? upper : lower + (upper - lower) * i / counts.length;
  }
}
