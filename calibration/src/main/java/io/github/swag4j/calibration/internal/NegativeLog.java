package io.github.swag4j.calibration.internal;

/**
 * -ln p with plain additions, multiplications and one division: the same bits on every machine,
 * under every compiler, and one at a time or many at once; {@link Math#log} promises none of it.
 * Relative error below 1e-15, and 0 for p = 1.
 *
 * <p>p = 2^k z with z in [sqrt(1/2), sqrt 2), s = (z - 1) / (z + 1), and ln z = 2 artanh s = 2 (s +
 * s^3/3 + s^5/5 + ...); s^2 is at most 0.0295, so that the term of s^23 is below 1e-18.
 *
 * <p>Many at once go through short loops, each with one array written: what the compiler turns into
 * SIMD instructions. An instance holds the arrays between loops, and is for one thread.
 */
public final class NegativeLog {
  private static final long ONE = Double.doubleToRawLongBits(1);
  private static final long TO_EXPONENT = ONE - 0x3FE6A09E00000000L; // just below sqrt(1/2)
  private static final double BIAS = 0x1p52 + 1023;
  private static final long INTEGER = Double.doubleToRawLongBits(0x1p52);
  private static final double LN2 = StrictMath.log(2);
  private static final double THIRD = 1.0 / 3;

  private final long[] bits;
  private final long[] exponents;
  private final double[] shifted;
  private final double[] ratios;
  private final double[] squares;
  private final double[] series;

  /**
   * Arrays for many logarithms at once.
   *
   * @param most how many there are at most
   */
  public NegativeLog(int most) {
    bits = new long[most];
    exponents = new long[most];
    shifted = new double[most];
    ratios = new double[most];
    squares = new double[most];
    series = new double[most];
  }

  /**
   * -ln p.
   *
   * @param p a normal positive number
   * @return -ln p in nats
   */
  public static double of(double p) {
    long bits = Double.doubleToRawLongBits(p);
    long exponent = (bits + TO_EXPONENT) >>> 52;
    double s = ratio(Double.longBitsToDouble(bits - (exponent << 52) + ONE));
    double square = s * s;
    double t = last(square);
    t = next(t, square, 1.0 / 13, 1.0 / 11);
    t = next(t, square, 1.0 / 9, 1.0 / 7);
    t = next(t, square, 0.2, THIRD);
    return sum(Double.longBitsToDouble(exponent + INTEGER), s, square, t);
  }

  /**
   * -ln p of each.
   *
   * @param n how many
   * @param p normal positive numbers
   * @param logs receives -ln p in nats; may be {@code p}
   */
  public void of(int n, double[] p, double[] logs) {
    bits(n, p, bits);
    exponents(n, bits, exponents);
    significands(n, bits, exponents);
    toDoubles(n, bits, series);
    ratios(n, series, ratios);
    squares(n, ratios, squares);
    last(n, squares, series);
    next(n, squares, 1.0 / 13, 1.0 / 11, series);
    next(n, squares, 1.0 / 9, 1.0 / 7, series);
    next(n, squares, 0.2, THIRD, series);
    toIntegers(n, exponents);
    toDoubles(n, exponents, shifted);
    sums(n, shifted, ratios, squares, series, logs);
  }

  private static double ratio(double z) {
    return (z - 1) / (z + 1);
  }

  private static double last(double square) {
    return (1.0 / 15 + square * (1.0 / 17)) + square * square * (1.0 / 19 + square * (1.0 / 21));
  }

  private static double next(double t, double square, double a, double b) {
    return (t * square + a) * square + b;
  }

  /** The exponent, biased by 1023, comes as the double 2^52 + exponent. */
  private static double sum(double exponent, double s, double square, double t) {
    return (BIAS - exponent) * LN2 - 2 * (s + s * (square * t));
  }

  private static void bits(int n, double[] from, long[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = Double.doubleToRawLongBits(from[i]);
    }
  }

  private static void toDoubles(int n, long[] from, double[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = Double.longBitsToDouble(from[i]);
    }
  }

  private static void exponents(int n, long[] bits, long[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = (bits[i] + TO_EXPONENT) >>> 52;
    }
  }

  private static void significands(int n, long[] bits, long[] exponents) {
    for (int i = 0; i < n; i++) {
      bits[i] = bits[i] - (exponents[i] << 52) + ONE;
    }
  }

  private static void toIntegers(int n, long[] exponents) {
    for (int i = 0; i < n; i++) {
      exponents[i] += INTEGER;
    }
  }

  private static void ratios(int n, double[] z, double[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = ratio(z[i]);
    }
  }

  private static void squares(int n, double[] s, double[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = s[i] * s[i];
    }
  }

  private static void last(int n, double[] square, double[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = last(square[i]);
    }
  }

  private static void next(int n, double[] square, double a, double b, double[] t) {
    for (int i = 0; i < n; i++) {
      t[i] = next(t[i], square[i], a, b);
    }
  }

  private static void sums(
      int n, double[] exponent, double[] s, double[] square, double[] t, double[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = sum(exponent[i], s[i], square[i], t[i]);
    }
  }
}
