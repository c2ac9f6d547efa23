package io.github.swag4j.calibration.io.csv;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/**
 * Decimal text to the nearest double, from bytes, without allocation in the usual case.
 *
 * <p>Up to 15 digits, of which up to 15 follow the point, are the quotient of two numbers that
 * doubles hold exactly, which IEEE 754 rounds to the nearest: most files have nothing else, and are
 * read without loading a parser. What is left goes to fastdoubleparser's algorithm of Eisel and
 * Lemire.
 *
 * @see <a href="https://arxiv.org/abs/2101.11408">Lemire 2021, Number Parsing at a Gigabyte per
 *     Second</a>
 */
final class Decimal {
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private Decimal() {}

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
    if (!isDecimal(text, at, end)) {
      return Double.NaN;
    }
    try {
      double value = JavaDoubleParser.parseDouble(text, at, end - at);
      return Double.isInfinite(value) ? Double.NaN : value;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Whether a number of Java's syntax is none of 1d, 0x1p3 and NaN; names cost no exception. */
  private static boolean isDecimal(byte[] text, int from, int to) {
    if (from == to || !(isDigit(text[to - 1]) || text[to - 1] == '.')) {
      return false;
    }
    boolean signed = text[from] == '-' || text[from] == '+';
    int first = signed ? from + 1 : from;
    boolean hexadecimal = first + 1 < to && (text[first + 1] | 0x20) == 'x';
    return first < to && (isDigit(text[first]) || text[first] == '.') && !hexadecimal;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
