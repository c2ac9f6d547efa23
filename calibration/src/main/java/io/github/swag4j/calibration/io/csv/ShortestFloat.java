package io.github.swag4j.calibration.io.csv;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * Numbers in the fewest decimal digits that read back as the same float32; Java's own text of a
 * float has more than it needs now and then.
 */
final class ShortestFloat {
  private static final int MOST_DIGITS = 9;

  /** From here on digits stand without an exponent. */
  private static final double PLAIN = 1e-4;

  private static final double MOST_PLAIN = 1e6;

  private static final double[] TENS = new double[MOST_DIGITS + 5];

  static {
    TENS[0] = 1;
    for (int i = 1; i < TENS.length; i++) {
      TENS[i] = 10 * TENS[i - 1];
    }
  }

  private ShortestFloat() {}

  /**
   * The text of a number.
   *
   * @param value finite; one too small or large for a normal float32 keeps its double's digits
   * @return decimal text
   */
  static String of(double value) {
    float single = (float) value;
    if (single == 0 && value == 0) {
      return "0";
    }
    float size = Math.abs(single);
    if (size < Float.MIN_NORMAL || size > Float.MAX_VALUE) {
      return Double.toString(value);
    }
    if (single == (int) single && size < 1e6f) {
      return Integer.toString((int) single);
    }
    if (size >= PLAIN && size < 1) {
      String plain = fraction(size);
      if (plain != null) {
        return single < 0 ? "-" + plain : plain;
      }
    }
    return general(single);
  }

  /** 0.ddd of as few digits as read back; null if none of the lengths does. */
  private static String fraction(float size) {
    for (int digits = 1; digits < TENS.length; digits++) {
      long rounded = Math.round(size * TENS[digits]);
      if ((float) (rounded / TENS[digits]) == size) {
        String tail = Long.toString(rounded);
        String text = "0." + "0".repeat(Math.max(0, digits - tail.length())) + tail;
        // The quotient was rounded twice, to double and to float: the text decides.
        if (rounded < (long) TENS[digits] && Float.parseFloat(text) == size) {
          return text;
        }
      }
    }
    return null;
  }

  /** Without an exponent, where the number is neither very large nor very small. */
  private static String plain(String text) {
    double size = Math.abs(Double.parseDouble(text));
    return size >= PLAIN && size < MOST_PLAIN ? new BigDecimal(text).toPlainString() : text;
  }

  private static String general(float single) {
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      String text = String.format(Locale.ROOT, "%." + (digits - 1) + "e", single);
      if (Float.parseFloat(text) == single) {
        return plain(text);
      }
    }
    return plain(Float.toString(single));
  }
}
