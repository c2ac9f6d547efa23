package io.github.swag4j.calibration.regression;

import org.apache.commons.math3.special.Erf;

/** Distribution function and quantiles of N(0, 1) that keep their digits in the tails. */
final class StandardNormal {

  private static final double SQRT_2 = Math.sqrt(2);

  /** Below this, 2 p - 1 has lost digits that the inverse error function would need. */
  private static final double TAIL = 0.01;

  private StandardNormal() {}

  static double density(double z) {
    return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  }

  static double cdf(double z) {
    return 0.5 * Erf.erfc(-z / SQRT_2);
  }

  /** Minus infinity at 0, infinity at 1. */
  static double quantile(double p) {
    if (p > 0.5) {
      return -lowerQuantile(1 - p);
    }
    return lowerQuantile(p);
  }

  private static double lowerQuantile(double p) {
    double z = SQRT_2 * Erf.erfInv(2 * p - 1);
    if (p > 0 && p < TAIL) {
      // Where 2 p - 1 rounds to -1, start from the tail's leading term.
      z = Double.isInfinite(z) ? -Math.sqrt(-2 * Math.log(p)) : z;
      for (int i = 0; i < 6; i++) {
        // Newton on ln Phi, which is nearly a parabola in the tail.
        double phi = cdf(z);
        if (phi == 0) {
          break; // p is the least double or nearly: z is beyond all that has a probability
        }
        double step = (Math.log(phi) - Math.log(p)) * phi / density(z);
        z -= step;
        if (Math.abs(step) < 1e-15 * Math.abs(z)) {
          break;
        }
      }
    }
    return z;
  }
}
