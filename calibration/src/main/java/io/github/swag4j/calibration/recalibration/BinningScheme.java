package io.github.swag4j.calibration.recalibration;

/** How the bins of {@link HistogramBinning} are cut. */
public enum BinningScheme {
  /** Bins of equal width, (lower, upper], 0 in the first. */
  EQUAL_WIDTH,
  /**
   * Bins of equal weight: each ends with the first distinct probability at which its share is
   * reached, half way to the next; ties are never split, so there may be fewer bins than asked for.
   */
  EQUAL_MASS
}
