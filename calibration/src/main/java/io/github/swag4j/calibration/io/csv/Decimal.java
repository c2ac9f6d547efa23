package io.github.swag4j.calibration.io.csv;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Decimal text to the nearest double, from bytes, without allocation in the usual case.
 *
 * <p>Up to 15 digits, of which up to 15 follow the point, are the quotient of two numbers that
 * doubles hold exactly, which IEEE 754 rounds to the nearest. Up to 19 digits with a decimal
 * exponent of at most 60 either way go through the algorithm of Eisel and Lemire: the digits times
 * a 128-bit approximation of the power of ten decides the rounding or knows that it cannot. What is
 * left goes to {@link Double#parseDouble}.
 *
 * @see <a href="https://arxiv.org/abs/2101.11408">Lemire 2021, Number Parsing at a Gigabyte per
 *     Second</a>
 */
final class Decimal {
  private static final int LIMIT = 60;
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };
  private static final long[] HIGH = new long[2 * LIMIT + 1];
  private static final long[] LOW = new long[2 * LIMIT + 1];

  static {
    for (int q = -LIMIT; q <= LIMIT; q++) {
      BigInteger power = power(q);
      HIGH[q + LIMIT] = power.shiftRight(64).longValue();
      LOW[q + LIMIT] = power.longValue();
    }
  }

  private Decimal() {}

  /** The leading 128 bits of 5^q: truncated for q >= 0, rounded up for q < 0. */
  private static BigInteger power(int q) {
    BigInteger five = BigInteger.valueOf(5).pow(Math.abs(q));
    if (q >= 0) {
      return five.shiftLeft(128).shiftRight(five.bitLength());
    }
    BigInteger quotient = BigInteger.ONE.shiftLeft(136 + five.bitLength()).divide(five);
    return quotient.shiftRight(quotient.bitLength() - 128).add(BigInteger.ONE);
  }

  /**
   * The number written in the bytes, spaces around it ignored.
   *
   * @return the nearest double; NaN if the text is not a finite decimal number
   */
  static double parse(byte[] text, int from, int to) {
    double plain = plain(text, from, to);
    return plain >= 0 ? plain : general(text, from, to);
  }

  /** A number of up to 15 digits with or without a point; below 0 if it is something else. */
  private static double plain(byte[] text, int from, int to) {
    int length = to - from;
    if (length < 1 || length > 16) {
      return -1;
    }
    long digits = 0;
    int point = to;
    for (int i = from; i < to; i++) {
      int digit = text[i] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = 10 * digits + digit;
      } else if (text[i] == '.' && point == to) {
        point = i;
      } else {
        return -1;
      }
    }
    if (point == to) {
      return length > 15 ? -1 : digits;
    }
    return length == 1 ? -1 : digits / TENS[to - point - 1];
  }

  private static double general(byte[] text, int from, int to) {
    int at = from;
    int end = to;
    while (at < end && text[at] == ' ') {
      at++;
    }
    while (end > at && text[end - 1] == ' ') {
      end--;
    }
    final int start = at;
    boolean negative = at < end && text[at] == '-';
    if (at < end && (negative || text[at] == '+')) {
      at++;
    }
    long digits = 0;
    int first = at;
    int exponent = 0;
    int significant = 0;
    for (; at < end && isDigit(text[at]); at++) {
      digits = 10 * digits + (text[at] - '0');
      significant += significant > 0 || text[at] != '0' ? 1 : 0;
    }
    int count = at - first;
    if (at < end && text[at] == '.') {
      int point = ++at;
      for (; at < end && isDigit(text[at]); at++) {
        digits = 10 * digits + (text[at] - '0');
        significant += significant > 0 || text[at] != '0' ? 1 : 0;
      }
      count += at - point;
      exponent = point - at;
    }
    if (count == 0) {
      return Double.NaN;
    }
    if (at < end && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      boolean down = at < end && text[at] == '-';
      if (at < end && (down || text[at] == '+')) {
        at++;
      }
      int power = 0;
      int powerStart = at;
      for (; at < end && isDigit(text[at]); at++) {
        power = Math.min(10 * power + (text[at] - '0'), 100_000);
      }
      if (at == powerStart) {
        return Double.NaN;
      }
      exponent += down ? -power : power;
    }
    if (at != end) {
      return Double.NaN;
    }
    double value = Double.NaN;
    if (significant <= 19 && Math.abs(exponent) <= LIMIT) {
      value = nearest(digits, exponent);
    }
    if (Double.isNaN(value)) {
      value = Double.parseDouble(new String(text, start, end - start, StandardCharsets.ISO_8859_1));
      return Double.isInfinite(value) ? Double.NaN : value;
    }
    return negative ? -value : value;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The double nearest to w * 10^q, w unsigned; NaN if 128 bits do not tell. */
  private static double nearest(long w, int q) {
    if (w == 0) {
      return 0;
    }
    int leading = Long.numberOfLeadingZeros(w);
    long scaled = w << leading;
    long high = multiplyHigh(scaled, HIGH[q + LIMIT]);
    long low = scaled * HIGH[q + LIMIT];
    if ((high & 0x1FF) == 0x1FF) {
      long more = multiplyHigh(scaled, LOW[q + LIMIT]);
      low += more;
      if (Long.compareUnsigned(low, more) < 0) {
        high++;
      }
      if (low == -1) {
        return Double.NaN;
      }
    }
    int upper = (int) (high >>> 63);
    long mantissa = high >>> (upper + 9);
    int power = (((152170 + 65536) * q) >> 16) + 63 + upper - leading + 1023;
    boolean tie = (mantissa & 3) == 1 && mantissa << (upper + 9) == high;
    if (tie && Long.compareUnsigned(low, 1) <= 0 && q >= -4 && q <= 23) {
      mantissa &= ~1L;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa == 1L << 53) {
      mantissa = 1L << 52;
      power++;
    }
    return Double.longBitsToDouble((long) power << 52 | mantissa & (1L << 52) - 1);
  }

  private static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
