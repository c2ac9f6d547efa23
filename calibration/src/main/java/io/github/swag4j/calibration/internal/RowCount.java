package io.github.swag4j.calibration.internal;

import java.util.Locale;

/** Numbers of rows as they are printed beside every result. */
public final class RowCount {
  private RowCount() {}

  /**
   * A number of rows in words.
   *
   * @param rows the number
   * @return such as "1 row" or "10,000 rows"
   */
  public static String words(long rows) {
    return String.format(Locale.ROOT, "%,d %s", rows, rows == 1 ? "row" : "rows");
  }
}
