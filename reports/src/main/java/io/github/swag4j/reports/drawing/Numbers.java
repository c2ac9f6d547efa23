package io.github.swag4j.reports.drawing;

import io.github.swag4j.base.PValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them: sensible digits, no locale, a dash where there is none. */
public final class Numbers {

  /** What stands for a number that does not exist. */
  public static final String NONE = "–";

  private Numbers() {}

  /** A fixed number of decimals, rounded half up on the decimal expansion people see. */
  public static String fixed(double value, int decimals) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    return minus(rounded.toPlainString(), rounded.signum());
  }

  /** A fixed number of decimals; whole numbers have thousands separated by commas. */
  public static String cell(double value, int decimals) {
    String text = fixed(value, decimals);
    return decimals == 0 ? text.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") : text;
  }

  /** A p-value as it is shown everywhere. */
  public static String pValue(double p) {
    return Double.isNaN(p) ? NONE : PValue.text(p);
  }

  /** Four decimals, the precision at which calibration metrics are usually compared. */
  public static String metric(double value) {
    return fixed(value, 4);
  }

  /** A share of one as a percentage. */
  public static String percent(double share, int decimals) {
    return Double.isNaN(share) ? NONE : fixed(100 * share, decimals) + " %";
  }

  /** A share of one as a percentage with the decimals that it has. */
  public static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  /** At most four significant digits, as short as that can be written. */
  public static String digits(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return fixed(value, 0);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (rounded.signum() != 0 && (exponent < -3 || exponent > 5)) {
      String digits = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
      return minus(digits + "e" + exponent, rounded.signum());
    }
    return minus(rounded.toPlainString(), rounded.signum());
  }

  /** A count with thousands separated by commas. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A label of a tick: just the decimals that the distance between ticks needs. */
  public static String tick(double value, double step) {
    if (value == 0) {
      return "0";
    }
    if (step < 1e-4 || Math.abs(value) >= 1e6) {
      BigDecimal short3 = BigDecimal.valueOf(value).round(new MathContext(3));
      int exponent = short3.precision() - short3.scale() - 1;
      String digits = short3.movePointLeft(exponent).stripTrailingZeros().toPlainString();
      return minus(digits + "e" + exponent, short3.signum());
    }
    return fixed(value, decimals(step));
  }

  /** The decimals that a distance between ticks needs, at most 8. */
  public static int decimals(double step) {
    BigDecimal exact = BigDecimal.valueOf(step).round(new MathContext(10));
    return Math.max(0, Math.min(8, exact.stripTrailingZeros().scale()));
  }

  /** A coordinate of a drawing: two decimals at most, none when it is whole. */
  public static String coordinate(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String minus(String text, int signum) {
    if (signum == 0 && text.startsWith("-")) {
      return text.substring(1);
    }
    return text.replace('-', '−').replace("e−", "e-");
  }
}
