package io.github.swag4j.calibration.monitoring;

/**
 * The bets against "a row of confidence p is right with a probability within the tolerance of p".
 *
 * <p>A bet of shift s has, of a row that is right (y = 1) or wrong (y = 0), the factor exp(s y) /
 * (1 - q + q exp(s)), where q = min(1, p + tolerance) for s above 0, which gains when more rows are
 * right than p says, and q = max(0, p - tolerance) for s below 0. Its mean is 1 where the row is
 * right with probability q, and less elsewhere on the side of the hypothesis. It is the likelihood
 * ratio of odds that are exp(s) times those of q.
 */
final class MiscalibrationBets {
  /** Rows of any confidence, and those of each bin of equal width. */
  static final int BINS = 5;

  private static final double[] SHIFTS = {0.1, 0.2, 0.4, 0.8, 1.6};

  /** Shifts below 0, then above. */
  static final int SIDE = SHIFTS.length;

  static final int BETS = 2 * SIDE;
  static final int SCOPES = 1 + BINS;

  private MiscalibrationBets() {}

  static double shift(int bet) {
    return bet < SIDE ? -SHIFTS[bet] : SHIFTS[bet - SIDE];
  }

  /** Whether the bet gains when fewer rows are right than they should be. */
  static boolean isAgainstConfidence(int bet) {
    return bet < SIDE;
  }

  /** ln(1 - q + q exp(s)), what a row costs a bet whatever its label. */
  static double cost(int bet, double confidence, double tolerance) {
    double s = shift(bet);
    double q = s < 0 ? Math.max(0, confidence - tolerance) : Math.min(1, confidence + tolerance);
    return StrictMath.log1p(q * StrictMath.expm1(s));
  }

  /** Bin of a confidence: (b / 5, (b + 1) / 5], 0 in the first. */
  static int bin(double confidence) {
    return Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence * BINS) - 1));
  }

  /**
   * Share of the evidence that a bet of a scope holds: half is on all rows, half on the bins; they
   * sum to 1.
   */
  static double share(int scope) {
    return scope == 0 ? 0.5 / BETS : 0.5 / (BETS * BINS);
  }
}
