package io.github.swag4j.calibration.hypothesis;

import org.apache.commons.math3.special.Erf;

/**
 * Distributions of standard Brownian motion on [0, 1]: what the cumulative difference of calibrated
 * forecasts tends to. Small tail probabilities are summed as such, not as one less the rest.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177729589">Feller 1951, The Asymptotic Distribution
 *     of the Range of Sums of Independent Random Variables</a>
 * @see <a href="https://arxiv.org/abs/2202.00100">Tygert 2022, Calibration of P-values</a>
 */
final class BrownianMotion {
  private static final double SERIES_SWITCH = 1.2;
  private static final int TERMS = 60;

  private BrownianMotion() {}

  /** P(max |B| > x): 4 sum_k (-1)^k Q((2k + 1) x), Q the upper tail of the normal. */
  static double maximumSurvival(double x) {
    if (!(x > 0)) {
      return 1;
    }
    if (x < SERIES_SWITCH) {
      double below = 0;
      for (int k = 0; k < TERMS; k++) {
        double h = (k + 0.5) * Math.PI;
        below += (k % 2 == 0 ? 2 : -2) / h * Math.exp(-h * h / (2 * x * x));
      }
      return clamp(1 - below);
    }
    double above = 0;
    for (int k = 0; k < TERMS; k++) {
      above += (k % 2 == 0 ? 4 : -4) * upperTail((2 * k + 1) * x);
    }
    return clamp(above);
  }

  /** P(max B - min B > x): 8 sum_k (-1)^(k - 1) k Q(k x), k from 1. */
  static double rangeSurvival(double x) {
    if (!(x > 0)) {
      return 1;
    }
    if (x < SERIES_SWITCH) {
      double below = 0;
      for (int k = 0; k < TERMS; k++) {
        double h = (k + 0.5) * Math.PI;
        below += (8 / (x * x) + 2 / (h * h)) * Math.exp(-2 * h * h / (x * x));
      }
      return clamp(1 - below);
    }
    double above = 0;
    for (int k = 1; k <= TERMS; k++) {
      above += (k % 2 == 1 ? 8 : -8) * k * upperTail(k * x);
    }
    return clamp(above);
  }

  private static double upperTail(double z) {
    return Erf.erfc(z / Math.sqrt(2)) / 2;
  }

  private static double clamp(double p) {
    return Math.min(1, Math.max(0, p));
  }
}
