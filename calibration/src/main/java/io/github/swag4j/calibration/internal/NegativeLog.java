package io.github.swag4j.calibration.internal;

/**
 * -ln p from a table and a short polynomial, with plain multiplications and additions only: the
 * same bits on every machine and under every compiler, which {@link Math#log} does not promise, and
 * about twice as fast. Absolute error below 1e-15 for p in (0, 1], and 0 for p = 1.
 *
 * <p>p = 2^k z with z in [sqrt(1/2), sqrt 2); c is near the middle of z's interval, r = z/c - 1 is
 * small, and ln p = k ln 2 + ln c + ln(1 + r).
 */
public final class NegativeLog {
  private static final int INTERVAL_BITS = 7;
  private static final int SHIFT = 52 - INTERVAL_BITS;
  private static final long OFFSET = 0x3FE6A09E00000000L; // just below sqrt(1/2)
  private static final double[] INVERSE = new double[1 << INTERVAL_BITS];
  private static final double[] LOG = new double[1 << INTERVAL_BITS];
  private static final double LN2 = StrictMath.log(2);

  static {
    for (int i = 0; i < INVERSE.length; i++) {
      long first = OFFSET + ((long) i << SHIFT);
      double low = Double.longBitsToDouble(first);
      double high = Double.longBitsToDouble(first + (1L << SHIFT));
      boolean holdsOne = low <= 1 && 1 < high;
      INVERSE[i] = holdsOne ? 1 : (float) (2 / (low + high));
      LOG[i] = -StrictMath.log(INVERSE[i]);
    }
  }

  private NegativeLog() {}

  /**
   * -ln p.
   *
   * @param p a normal positive number
   * @return -ln p in nats
   */
  public static double of(double p) {
    long bits = Double.doubleToRawLongBits(p);
    long above = bits - OFFSET;
    int i = (int) (above >>> SHIFT) & (1 << INTERVAL_BITS) - 1;
    long k = above >> 52;
    double r = Double.longBitsToDouble(bits - (k << 52)) * INVERSE[i] - 1;
    double square = r * r;
    double low = r - 0.5 * square;
    double middle = 1.0 / 3 - 0.25 * r + (0.2 - r * (1.0 / 6)) * square;
    double high = 1.0 / 7 - 0.125 * r;
    double tail = square * r * (middle + high * (square * square));
    return -(k * LN2 + LOG[i] + (low + tail));
  }
}
