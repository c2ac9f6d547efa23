package io.github.swag4j.calibration.comparison;

import org.apache.commons.math3.distribution.HypergeometricDistribution;

/**
 * Fisher's exact test of "two shares are the same": with both margins of the table of hits and
 * misses given, the hits of the first are hypergeometric, and the two-sided p-value is the
 * probability of all tables that are at most as probable as the one seen. It keeps its level for
 * any number of rows.
 *
 * @see <a href="https://doi.org/10.2307/2340521">Fisher 1922</a>
 */
public final class FisherExactTest {

  /** Tables whose probability is this close to that of the one seen are as probable. */
  private static final double ROUNDING = 1e-7;

  private FisherExactTest() {}

  /**
   * The test of two shares.
   *
   * @param firstHits hits of the first, from 0 to its rows
   * @param firstRows rows of the first, at least 1
   * @param secondHits hits of the second, from 0 to its rows
   * @param secondRows rows of the second, at least 1
   * @return the two-sided p-value, in (0, 1]
   * @throws IllegalArgumentException if a number is out of range
   */
  public static double pValue(int firstHits, int firstRows, int secondHits, int secondRows) {
    check("first", firstHits, firstRows);
    check("second", secondHits, secondRows);
    int rows = Math.addExact(firstRows, secondRows);
    int hits = firstHits + secondHits;
    HypergeometricDistribution table = new HypergeometricDistribution(null, rows, hits, firstRows);
    double most = table.logProbability(firstHits) + ROUNDING;
    double p = 0;
    for (int k = table.getSupportLowerBound(); k <= table.getSupportUpperBound(); k++) {
      double log = table.logProbability(k);
      p += log <= most ? Math.exp(log) : 0;
    }
    return Math.min(1, p);
  }

  private static void check(String which, int hits, int rows) {
    if (rows < 1 || hits < 0 || hits > rows) {
      throw new IllegalArgumentException(
          "hits of the "
              + which
              + " must be between 0 and its rows, at least 1, got "
              + hits
              + " of "
              + rows);
    }
  }
}
