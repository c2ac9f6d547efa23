package io.github.swag4j.base;

import java.util.Locale;

/**
 * P-values as they are shown everywhere: four decimals, and {@code < 0.0001} where these would be
 * zeros. Files keep the number itself.
 */
public final class PValue {
  /** The smallest p-value shown as a number. */
  public static final double SMALLEST_SHOWN = 1e-4;

  private PValue() {}

  /**
   * A p-value alone, as in a table.
   *
   * @param p in [0, 1], or NaN where there is none
   * @return such as {@code 0.0312}, {@code < 0.0001}, or a dash for NaN
   * @throws IllegalArgumentException if it is another number
   */
  public static String text(double p) {
    if (Double.isNaN(p)) {
      return "-";
    }
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("a p-value must be in [0, 1], got " + p);
    }
    return p < SMALLEST_SHOWN ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  /**
   * A p-value in a sentence.
   *
   * @param p in [0, 1], or NaN where there is none
   * @return such as {@code p = 0.0312}, {@code p < 0.0001}, {@code p not known}
   * @throws IllegalArgumentException if it is another number
   */
  public static String equation(double p) {
    if (Double.isNaN(p)) {
      return "p not known";
    }
    String text = text(p);
    return text.startsWith("<") ? "p " + text : "p = " + text;
  }
}
