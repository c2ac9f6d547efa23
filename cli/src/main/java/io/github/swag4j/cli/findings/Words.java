package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import java.util.List;
import java.util.Locale;

/** Numbers in sentences: shares as percent, differences of shares as points. */
public final class Words {

  /** Wider intervals are told in whole percent. */
  private static final double WIDE = 0.1;

  /** So many names are listed before the rest are counted. */
  private static final int MOST_NAMES = 4;

  private Words() {}

  /** Such as "85.2 %". */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Such as "83.5 to 86.7 %", in whole percent where it is wide. */
  static String percent(Interval shares) {
    String digits = shares.upper() - shares.lower() > WIDE ? "%.0f" : "%.1f";
    return String.format(
        Locale.ROOT, digits + " to " + digits + " %%", 100 * shares.lower(), 100 * shares.upper());
  }

  /** Such as "7.7 points", without a sign. */
  static String points(double difference) {
    String number = String.format(Locale.ROOT, "%.1f", 100 * Math.abs(difference));
    return number + (number.equals("1.0") ? " point" : " points");
  }

  /** Such as "6.2 to 9.3", of points whose sign the sentence says. */
  static String range(Interval differences) {
    double low = Math.min(Math.abs(differences.lower()), Math.abs(differences.upper()));
    double high = Math.max(Math.abs(differences.lower()), Math.abs(differences.upper()));
    return String.format(Locale.ROOT, "%.1f to %.1f", 100 * low, 100 * high);
  }

  /** Such as "0.0952", without a sign. */
  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 0.001 ? "%.5f" : "%.4f", Math.abs(value));
  }

  /** The same with a minus where it is below 0. */
  static String signed(double value) {
    return (value < 0 ? "−" : "") + number(value);
  }

  /** Such as "1 row" or "10,000 rows". */
  public static String rows(long rows) {
    return String.format(Locale.ROOT, "%,d %s", rows, rows == 1 ? "row" : "rows");
  }

  /** Names in a row, the first ones of many. */
  static String names(List<String> names) {
    int n = names.size();
    if (n > MOST_NAMES) {
      return String.join(", ", names.subList(0, MOST_NAMES - 1))
          + String.format(Locale.ROOT, " and %,d more", n - MOST_NAMES + 1);
    }
    return n < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, n - 1)) + " and " + names.get(n - 1);
  }

  /** A sentence with a capital letter at its beginning. */
  static String sentence(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
