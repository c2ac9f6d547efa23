package io.github.swag4j.calibration.conformal;

import org.apache.commons.math3.special.Beta;

/**
 * p-values of "the expected loss is above alpha" from n independent losses in [0, 1] with mean r,
 * valid for every n:
 *
 * <pre>  min( exp(-n kl(min(r, alpha), alpha)),  e P(Binomial(n, alpha) <= ceil(n r)) )</pre>
 *
 * <p>with kl the relative entropy of two coins; without the factor e where losses are 0 or 1, whose
 * sum is binomial.
 *
 * @see <a href="https://arxiv.org/abs/2110.01052">Angelopoulos et al. 2021, Learn then Test,
 *     proposition 3</a>
 */
final class HoeffdingBentkus {

  /** A mean of whole counts may have been rounded up by its division. */
  private static final double ROUNDING = 1e-9;

  private HoeffdingBentkus() {}

  static double pValue(double risk, long rows, double alpha, boolean zeroOrOne) {
    double hoeffding = Math.exp(-rows * relativeEntropy(Math.min(risk, alpha), alpha));
    double count = Math.ceil(rows * risk - ROUNDING);
    double bentkus = (zeroOrOne ? 1 : Math.E) * binomialTail(count, rows, alpha);
    return Math.min(1, Math.min(hoeffding, bentkus));
  }

  private static double relativeEntropy(double a, double b) {
    double first = a == 0 ? 0 : a * Math.log(a / b);
    double second = a == 1 ? 0 : (1 - a) * Math.log((1 - a) / (1 - b));
    return first + second;
  }

  /** P(Binomial(n, p) <= k). */
  private static double binomialTail(double k, long n, double p) {
    return k >= n ? 1 : Beta.regularizedBeta(1 - p, n - k, k + 1);
  }
}
