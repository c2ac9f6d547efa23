package io.github.swag4j.calibration.monitoring;

/**
 * The unit interval cut into cells that are equal in width on the scale of log(x / (1 - x)), each
 * of which stands for x at its middle: fine near 0 and near 1, where probabilities of good
 * classifiers are.
 *
 * <p>The cells are the same for every reference and every window. Cut at quantiles of the
 * reference, they would hold its own rows otherwise than a window's, and the two would not be
 * exchangeable.
 */
final class LogitCells {
  private static final double WIDTH = 0.25;

  /** Below it x is under 1e-12, above the opposite 1 - x is. */
  private static final double LEAST = -28;

  /** Number of cells; the first and the last have no end. */
  static final int COUNT = (int) (-2 * LEAST / WIDTH) + 2;

  private LogitCells() {}

  /**
   * The cell of a number.
   *
   * @param x in [0, 1], up to rounding
   */
  static int of(double x) {
    double logit = StrictMath.log(Math.max(0, x) / Math.max(0, 1 - x));
    return (int) Math.max(0, Math.min(COUNT - 1, Math.ceil((logit - LEAST) / WIDTH)));
  }

  /** What each cell stands for, ascending. */
  static double[] middles() {
    double[] middles = new double[COUNT];
    for (int j = 0; j < COUNT; j++) {
      middles[j] = 1 / (1 + StrictMath.exp(-(LEAST + (j - 0.5) * WIDTH)));
    }
    return middles;
  }
}
