package io.github.swag4j.reports;

/**
 * Counts of scores in bins of equal width: {@code [edge, next edge)}, the last bin closed. Scores
 * beyond the range are counted in the first and last bin.
 */
record ScoreBins(double lower, double upper, long[] counts, long below, long above) {

  static ScoreBins of(double[] scores, int bins, double lower, double upper) {
    long[] counts = new long[bins];
    long below = 0;
    long above = 0;
    for (double score : scores) {
      if (score < lower) {
        below++;
      } else if (score > upper) {
        above++;
      }
      // Clamped before the product: an infinite score times a width would leave the int range.
      double inside = Math.min(Math.max(score, lower), upper);
      int b = (int) Math.floor((inside - lower) / (upper - lower) * bins);
      counts[Math.min(Math.max(b, 0), bins - 1)]++;
    }
    return new ScoreBins(lower, upper, counts, below, above);
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

  double share(int bin) {
    return (double) counts[bin] / rows();
  }

  double edge(int i) {
    return i == counts.length ? upper : lower + (upper - lower) * i / counts.length;
  }
}
