package io.github.swag4j.swag.djl;

/**
 * The noise variance v that makes targets most likely under N(m, e + v), v at least 0.
 *
 * <p>Of equal e it is the mean of (y - m)^2 - e. In general the derivative of the log-likelihood is
 * sum (d^2 - (e + v)) / (e + v)^2 / 2, with d = y - m; it is below 0 above the largest d^2. Between
 * 0 and that it can have more than one root, so the likelihood is looked at on a grid first, and
 * then by golden sections.
 */
final class NoiseEstimate {
  private static final int GRID = 200;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double SMALLEST = 1e-12;

  private NoiseEstimate() {}

  /**
   * Estimates.
   *
   * @param mean {@code [rows]} predicted
   * @param epistemic {@code [rows]}, at least 0
   * @param targets {@code [rows]}
   * @return the variance
   * @throws IllegalArgumentException if every target is predicted exactly, so that no noise is seen
   */
  static double variance(double[] mean, double[] epistemic, double[] targets) {
    double most = 0;
    for (int r = 0; r < targets.length; r++) {
      most = Math.max(most, (targets[r] - mean[r]) * (targets[r] - mean[r]));
    }
    if (!(most > 0)) {
      throw new IllegalArgumentException(
          "noise cannot be estimated where every validation target is predicted exactly: give rows"
              + " that the network was not trained on");
    }
    double low = most * SMALLEST;
    double step = Math.log(1 / SMALLEST) / GRID;
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i <= GRID; i++) {
      double nll = nll(low * Math.exp(i * step), mean, epistemic, targets);
      if (nll < least) {
        least = nll;
        best = i;
      }
    }
    double a = Math.log(low) + (best - 1) * step;
    double b = Math.log(low) + (best + 1) * step;
    while (b - a > 1e-9) {
      double left = b - GOLDEN * (b - a);
      double right = a + GOLDEN * (b - a);
      boolean down =
          nll(Math.exp(left), mean, epistemic, targets)
              <= nll(Math.exp(right), mean, epistemic, targets);
      if (down) {
        b = right;
      } else {
        a = left;
      }
    }
    double found = Math.exp((a + b) / 2);
    boolean positive = true;
    for (double e : epistemic) {
      positive &= e > 0;
    }
    return positive && nll(0, mean, epistemic, targets) <= nll(found, mean, epistemic, targets)
        ? 0
        : found;
  }

  /** Twice the NLL without its constant. */
  private static double nll(double v, double[] mean, double[] epistemic, double[] targets) {
    double sum = 0;
    for (int r = 0; r < targets.length; r++) {
      double total = epistemic[r] + v;
      double miss = targets[r] - mean[r];
      sum += Math.log(total) + miss * miss / total;
    }
    return sum;
  }
}
