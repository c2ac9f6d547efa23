package io.github.swag4j.calibration.internal;

import java.util.Locale;

/** Shapes of tables kept row by row in one array, and the rows picked from them. */
public final class RowMajor {

  private RowMajor() {}

  /**
   * Rows of a table.
   *
   * @param length values in all
   * @param classes values of each row
   * @return the rows
   * @throws IllegalArgumentException if the length is no multiple of the number of classes
   */
  public static int rows(int length, int classes) {
    if (classes < 1 || length % classes != 0) {
      throw new IllegalArgumentException(
          "values.length must be a multiple of the number of classes, got "
              + length
              + " values and "
              + classes
              + " classes");
    }
    return length / classes;
  }

  /**
   * Checks that a table fits an array.
   *
   * @param rows number of rows
   * @param classes values of each row
   * @throws IllegalArgumentException if rows times classes is not below 2^31
   */
  public static void checkSize(int rows, int classes) {
    if (rows < 0 || classes < 0 || (long) rows * classes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rows times classes must be below 2^31, got %,d times %,d: stream them into a"
                  + " CalibrationSketch",
              rows,
              classes));
    }
  }

  /**
   * Checks the length of a column or a row.
   *
   * @param what its name, for the message
   * @param got its length
   * @param expected what the length must be
   * @throws IllegalArgumentException if they differ
   */
  public static void checkLength(String what, int got, int expected) {
    if (got != expected) {
      throw new IllegalArgumentException(what + " must have " + expected + " values, got " + got);
    }
  }

  /**
   * The selected rows of a table.
   *
   * @param values {@code [rows * width]}, or null
   * @param selected the rows wanted, in this order
   * @param width values of each row
   * @return {@code [selected.length * width]}; null for null
   */
  public static double[] gather(double[] values, int[] selected, int width) {
    if (values == null) {
      return null;
    }
    double[] out = new double[selected.length * width];
    for (int r = 0; r < selected.length; r++) {
      System.arraycopy(values, selected[r] * width, out, r * width, width);
    }
    return out;
  }
}
