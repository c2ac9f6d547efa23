package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinTotals;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Where the accuracy of a bin would lie in 95 of 100 data sets if the model were calibrated:
 * between the 2.5 % and the 97.5 % quantile of a binomial share of as many rows at the bin's mean
 * confidence. Confidences that differ within the bin would make it a little narrower.
 *
 * @see <a href="https://doi.org/10.1175/WAF993.1">Bröcker and Smith 2007, Increasing the
 *     Reliability of Reliability Diagrams</a>
 */
final class BinBand {
  private static final double LEVEL = 0.95;

  /** Counts beyond an int are as good as these. */
  private static final double MOST_TRIALS = 1e9;

  private BinBand() {}

  /** The band of a bin; unknown if it is empty. */
  static Interval of(BinTotals bin) {
    if (bin.isEmpty()) {
      return Interval.UNKNOWN;
    }
    int trials = (int) Math.min(MOST_TRIALS, Math.max(1, Math.rint(bin.effectiveCount())));
    double p = Math.min(1, Math.max(0, bin.meanConfidence()));
    BinomialDistribution hits = new BinomialDistribution(null, trials, p);
    double tail = (1 - LEVEL) / 2;
    return new Interval(
        (double) hits.inverseCumulativeProbability(tail) / trials,
        (double) hits.inverseCumulativeProbability(1 - tail) / trials);
  }
}
