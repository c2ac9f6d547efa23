package io.github.swag4j.calibration.provenance;

import org.apache.commons.math3.special.Beta;

/**
 * What the kept rows of a fit and the rows judged have in common.
 *
 * @param hits kept rows that are among those judged
 * @param named those of them that have the same id
 * @param idsTell whether both sets have ids that tell rows apart, so that rows of other ids are
 *     other rows
 * @param repeated shapes that two rows judged or more have and no row in common has, of those that
 *     would be kept
 */
record OverlapEvidence(int hits, int named, boolean idsTell, long repeated) {
  /** How seldom unrelated sets may have so much in common by chance. */
  private static final double CHANCE = 1e-4;

  /** The same where ids agree as well, which is evidence of its own. */
  private static final double CHANCE_OF_NAMED = 1e-2;

  private static final double MATERIAL = 0.1;
  private static final int FEWEST_HITS = 3;
  private static final double DEVIATIONS = 4;

  /** How far a number is from what chance gives before a note is worth its line. */
  private static final double NOTED_DEVIATIONS = 3;

  /** Kept rows that are among those judged, as far as ids do not speak against it. */
  int same() {
    return idsTell ? named : hits;
  }

  /**
   * Whether values lie across the two sets more often than chance puts them there. Let a value come
   * a times in the fit and b times in the rows judged on average, for any a and b (the sets need
   * not be alike), and independently: then once here and at all there, a e^-a (1 - e^-b), is at
   * most twice here, or not here and more than once there, e^-a (a^2 / 2 + 1 - (1 + b) e^-b).
   *
   * @param within shapes that exactly two of the fitting rows have, of those that would be kept
   */
  boolean isMoreThanChance(double within) {
    double inside = Math.ceil(within) + repeated;
    return tail(same(), inside) < CHANCE || tail(named, inside) < CHANCE_OF_NAMED;
  }

  /**
   * Whether the count is one that chance gives as well, by the spread of the difference of two
   * counts of one mean.
   */
  boolean isExplained(double within) {
    double inside = Math.ceil(within) + repeated;
    return same() <= inside + NOTED_DEVIATIONS * Math.sqrt(2 * inside);
  }

  /**
   * Whether more than a tenth of the rows judged, and more than unrelated rows would, are kept
   * rows.
   *
   * @param judged rows judged, times the share of rows that is kept
   * @param within shapes that exactly two of all fitting rows have
   * @param rows all fitting rows
   */
  boolean isMaterial(double judged, long within, long rows) {
    double chance = Math.min(1, 2 * (within + 3 * Math.sqrt(within) + 3) / rows);
    double most =
        judged * Math.max(MATERIAL, chance)
            + DEVIATIONS * Math.sqrt(judged * chance * (1 - chance));
    return same() >= FEWEST_HITS && same() > most;
  }

  /** P(X >= across) of X binomial with across + within tries and probability 1/2. */
  private static double tail(int across, double within) {
    return across == 0 ? 1 : Beta.regularizedBeta(0.5, across, within + 1);
  }
}
