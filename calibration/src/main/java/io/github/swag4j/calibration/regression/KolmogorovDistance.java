package io.github.swag4j.calibration.regression;

import org.apache.commons.math3.special.Gamma;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * Distribution of the distance D between the empirical distribution of n uniform values and the
 * uniform one. Tail probabilities are summed as such: one less the distribution function has no
 * digits left below 1e-10, and may come out negative.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177729550">Birnbaum and Tingey 1951, One-sided
 *     confidence contours for probability distribution functions</a>
 * @see <a href="https://doi.org/10.18637/jss.v039.i11">Simard and L'Ecuyer 2011, Computing the
 *     Two-Sided Kolmogorov-Smirnov Distribution</a>
 */
final class KolmogorovDistance {
  /** From n d^2 = 4 on, both sides at once are 1e-11 as likely as one of them. */
  private static final double TAIL = 4;

  private KolmogorovDistance() {}

  /** P(D >= d). */
  static double survival(double d, int n) {
    if (d >= 1) {
      return 0;
    }
    if (d >= 0.5 || n * d * d >= TAIL) {
      return Math.min(1, 2 * oneSided(d, n));
    }
    return Math.min(1, Math.max(0, 1 - new KolmogorovSmirnovTest().cdf(d, n)));
  }

  /** P(D+ >= d): d sum_j C(n, j) (d + j / n)^(j - 1) (1 - d - j / n)^(n - j). */
  private static double oneSided(double d, int n) {
    double all = Gamma.logGamma(n + 1.0);
    double sum = 0;
    for (int j = 0; j <= n; j++) {
      double beyond = 1 - d - (double) j / n;
      if (beyond <= 0) {
        break;
      }
      double choices = all - Gamma.logGamma(j + 1.0) - Gamma.logGamma(n - j + 1.0);
      double log =
          choices + (j - 1) * Math.log(d + (double) j / n) + ((double) n - j) * Math.log(beyond);
      sum += Math.exp(log);
    }
    return d * sum;
  }
}
