package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.WeightedScores;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Newcombe's interval of an AUROC: those t for which the AUROC lies within z standard errors of t,
 * the standard error being that at t itself and not at the AUROC, so that it is not 0 where no
 * scores overlap.
 */
final class AurocScoreInterval {
  private AurocScoreInterval() {}

  static Interval of(double auroc, WeightedScores in, WeightedScores out, double level) {
    double z = new NormalDistribution().inverseCumulativeProbability(0.5 + 0.5 * level);
    double n = effectiveRows(in);
    double m = effectiveRows(out);
    return new Interval(lower(auroc, n, m, z), 1 - lower(1 - auroc, n, m, z));
  }

  /** (sum w)^2 / sum w^2. */
  private static double effectiveRows(WeightedScores scores) {
    CompensatedSum squares = new CompensatedSum();
    for (double weight : scores.weights()) {
      double share = weight / scores.total();
      squares.add(share * share);
    }
    return 1 / squares.value();
  }

  /** By halving; the variance is the same at t and 1 - t. */
  private static double lower(double auroc, double n, double m, double z) {
    double low = 0;
    double high = auroc;
    for (double t = 0.5 * high; t > low && t < high; t = 0.5 * (low + high)) {
      if (auroc - t > z * Math.sqrt(variance(t, n, m))) {
        low = t;
      } else {
        high = t;
      }
    }
    return low;
  }

  /** Hanley and McNeil's of exponential scores, with the mean of n and m for each of them. */
  private static double variance(double t, double n, double m) {
    double more = 0.5 * (n + m) - 1;
    return t * (1 - t) * (1 + more * ((1 - t) / (2 - t) + t / (1 + t))) / (n * m);
  }
}
