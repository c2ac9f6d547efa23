package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import java.util.List;

/**
 * Some rows taken together, such as those of a bin: what was stated of them, and what was observed.
 *
 * @param name what they have in common
 * @param rows how many they are
 * @param effectiveRows rows of equal weight that say as much
 * @param stated mean of the stated probabilities
 * @param observed share of the rows in which what was stated came
 */
public record Part(String name, long rows, double effectiveRows, double stated, double observed) {

  /** The rows of a bin that is not empty. */
  public static Part of(String name, BinTotals bin) {
    return new Part(name, bin.count(), bin.effectiveCount(), bin.meanConfidence(), bin.accuracy());
  }

  /** The rows of all bins. */
  public static Part of(String name, List<BinTotals> bins) {
    long rows = 0;
    double weight = 0;
    double squares = 0;
    double stated = 0;
    double hits = 0;
    for (BinTotals bin : bins) {
      rows += bin.count();
      weight += bin.weight();
      squares += bin.squaredWeight();
      stated += bin.confidenceSum();
      hits += bin.hitSum();
    }
    return new Part(name, rows, weight * weight / squares, stated / weight, hits / weight);
  }

  /**
   * The interval of the observed share: Clopper and Pearson's, which is never too narrow, of shares
   * that differ from row to row either; unknown of no rows.
   */
  public Interval observed(double level) {
    if (!(effectiveRows > 0)) {
      return Interval.UNKNOWN;
    }
    double hits = Math.min(effectiveRows, Math.max(0, observed * effectiveRows));
    double whole = Math.rint(hits);
    // Without weights these are whole numbers, which the product may miss by rounding.
    double counted = Math.abs(hits - whole) < 1e-6 ? whole : hits;
    return BinomialInterval.clopperPearson(counted, effectiveRows, level);
  }

  /** The interval of what was stated beyond what was observed; above 0 is over-confidence. */
  public Interval excess(double level) {
    Interval of = observed(level);
    return new Interval(stated - of.upper(), stated - of.lower());
  }

  /** What was stated beyond what was observed. */
  public double excess() {
    return stated - observed;
  }
}
