package io.github.swag4j.calibration.io.table;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

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

  /**
   * Bytes of which the file does not say what they are. Taken for text, unless this is overridden.
   *
   * @param value any; to be read at once
   * @throws IllegalArgumentException if they are taken for text and are no UTF-8
   */
  default void bytes(ByteBuffer value) {
    try {
      text(StandardCharsets.UTF_8.newDecoder().decode(value).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text must be UTF-8, got other bytes", e);
    }
  }

  /** Null. */
  void nothing();
}
