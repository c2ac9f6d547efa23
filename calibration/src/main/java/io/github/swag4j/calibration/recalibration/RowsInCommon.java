package io.github.swag4j.calibration.recalibration;

import org.apache.commons.math3.special.Beta;

/**
 * What the kept rows of a fit and the rows judged have in common.
 *
 * @param hits kept rows that are among those judged
 * @param once kept rows that are among those judged exactly once
 * @param named those of them that have the same id
 * @param twice values that exactly two of the rows judged have, of those that would be kept
 */
record RowsInCommon(int hits, int once, int named, long twice) {
  /** How seldom unrelated sets may have so much in common by chance. */
  private static final double CHANCE = 1e-4;

  /** The same where ids agree as well, which is evidence of its own. */
  private static final double CHANCE_OF_NAMED = 1e-2;

  private static final double MATERIAL = 0.1;
  private static final int FEWEST_HITS = 3;
  private static final double DEVIATIONS = 4;

  /**
   * Whether values that two rows have lie across the two sets more often than chance puts them
   * there. Of rows drawn alike for both sets, a value that two rows have is as likely within a set
   * as across at least: E[across] = sum a b is at most E[within] = sum (a^2 + b^2) / 2 for any
   * rates a and b of the value.
   *
   * @param within values that exactly two of the fitting rows have, of those that would be kept
   */
  boolean isMoreThanChance(double within) {
    double inside = Math.ceil(within) + twice;
    return tail(once, inside) < CHANCE || tail(named, inside) < CHANCE_OF_NAMED;
  }

  /**
   * Whether more than a tenth of the rows judged, and more than unrelated rows would, are kept
   * rows.
   *
   * @param judged rows judged, times the share of rows that is kept
   * @param within values that exactly two of all fitting rows have
   * @param rows all fitting rows
   */
  boolean isMaterial(double judged, long within, long rows) {
    double chance = Math.min(1, 2 * (within + 3 * Math.sqrt(within) + 3) / rows);
    double most =
        judged * Math.max(MATERIAL, chance)
            + DEVIATIONS * Math.sqrt(judged * chance * (1 - chance));
    return hits >= FEWEST_HITS && hits > most;
  }

  /** P(X >= across) of X binomial with across + within tries and probability 1/2. */
  private static double tail(int across, double within) {
    return across == 0 ? 1 : Beta.regularizedBeta(0.5, across, within + 1);
  }
}
