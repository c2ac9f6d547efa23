package io.github.swag4j.swag;

/** How many independent draws a stationary chain is worth for the mean of a number. */
final class ChainLength {

  private ChainLength() {}

  /**
   * n / (-1 + 2 sum_t G_t), G_t = r_2t + r_2t+1 sums of neighbouring autocorrelations, as long as
   * they are positive, and none above the one before (Geyer's initial monotone sequence).
   *
   * @param values the chain, at least 1
   * @return from above 0 to n; n where all values are alike
   * @see "Geyer 1992, Practical Markov Chain Monte Carlo, Statistical Science 7, section 3.3"
   */
  static double effective(double[] values) {
    int n = values.length;
    double mean = 0;
    for (double v : values) {
      mean += v / n;
    }
    double variance = covariance(values, mean, 0);
    if (!(variance > 0)) {
      return n;
    }
    double sum = 0;
    double before = Double.POSITIVE_INFINITY;
    for (int lag = 0; lag + 1 < n; lag += 2) {
      double pair = (covariance(values, mean, lag) + covariance(values, mean, lag + 1)) / variance;
      if (!(pair > 0)) {
        break;
      }
      before = Math.min(before, pair);
      sum += before;
    }
    // Chains that swing from side to side are worth more than n; that is not counted on.
    return n / Math.max(1, 2 * sum - 1);
  }

  private static double covariance(double[] values, double mean, int lag) {
    double sum = 0;
    for (int i = 0; i + lag < values.length; i++) {
      sum += (values[i] - mean) * (values[i + lag] - mean);
    }
    return sum / values.length;
  }
}
