package io.github.swag4j.calibration.io.table;

/** What takes the values of a column in a row, one call for each of them. */
public interface TableValues {

  /**
   * A floating-point number; float32 as the float64 of the same value.
   *
   * @param value any, be it no number
   */
  void number(double value);

  /**
   * A whole number.
   *
   * @param value any
   */
  void whole(long value);

  /**
   * A number that neither of these holds.
   *
   * @param decimal its digits
   */
  void digits(String decimal);

  /**
   * A text, a date or a time.
   *
   * @param text any
   */
  void text(String text);

  /**
   * True or false.
   *
   * @param value which
   */
  void truth(boolean value);

  /** Null. */
  void nothing();
}
