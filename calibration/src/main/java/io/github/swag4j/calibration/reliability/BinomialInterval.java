package io.github.swag4j.calibration.reliability;

import io.github.swag4j.calibration.Interval;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Two-sided confidence intervals for a proportion of which k of n were seen. Both numbers may be
 * fractional, for weighted rows.
 */
public final class BinomialInterval {
  // The quantile is found by root finding; commons-math's default of 1e-9 is too coarse for us.
  private static final double QUANTILE_ACCURACY = 1e-14;

  private BinomialInterval() {}

  /**
   * Clopper-Pearson: at least the level's coverage, whatever the proportion. Lower end: the (1 -
   * level) / 2 quantile of Beta(k, n - k + 1); upper end: the (1 + level) / 2 quantile of Beta(k +
   * 1, n - k).
   *
   * @param hits k, from 0 to n
   * @param trials n, at least 0
   * @param level such as 0.95
   * @return the interval, unknown if n is 0
   * @throws IllegalArgumentException if a number is out of range
   * @see <a href="https://doi.org/10.1093/biomet/26.4.404">Clopper and Pearson 1934</a>
   */
  public static Interval clopperPearson(double hits, double trials, double level) {
    check(hits, trials, level);
    if (trials == 0) {
      return Interval.UNKNOWN;
    }
    double tail = (1 - level) / 2;
    double lower = hits <= 0 ? 0 : betaQuantile(tail, hits, trials - hits + 1);
    double upper = hits >= trials ? 1 : betaQuantile(1 - tail, hits + 1, trials - hits);
    return new Interval(lower, upper);
  }

  /**
   * Wilson's score interval: the proportions that a normal test of their own variance would not
   * reject; shorter than Clopper-Pearson, with about the level's coverage.
   *
   * @param hits k, from 0 to n
   * @param trials n, at least 0
   * @param level such as 0.95
   * @return the interval, unknown if n is 0
   * @throws IllegalArgumentException if a number is out of range
   * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson 1927</a>
   */
  public static Interval wilson(double hits, double trials, double level) {
    check(hits, trials, level);
    if (trials == 0) {
      return Interval.UNKNOWN;
    }
    double z = new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + level) / 2);
    double p = hits / trials;
    double scale = 1 + z * z / trials;
    double centre = (p + z * z / (2 * trials)) / scale;
    double half = z / scale * Math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials));
    double lower = hits <= 0 ? 0 : Math.max(0, centre - half);
    double upper = hits >= trials ? 1 : Math.min(1, centre + half);
    return new Interval(lower, upper);
  }

  private static double betaQuantile(double p, double alpha, double beta) {
    return new BetaDistribution(null, alpha, beta, QUANTILE_ACCURACY)
        .inverseCumulativeProbability(p);
  }

  private static void check(double hits, double trials, double level) {
    if (!(trials >= 0 && trials < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("trials must be finite and at least 0, got " + trials);
    }
    if (!(hits >= 0 && hits <= trials)) {
      throw new IllegalArgumentException(
          "hits must be between 0 and trials = " + trials + ", got " + hits);
    }
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
  }
}
