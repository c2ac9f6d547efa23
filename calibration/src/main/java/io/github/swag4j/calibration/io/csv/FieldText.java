package io.github.swag4j.calibration.io.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What the bytes of a field say. */
final class FieldText {
  private FieldText() {}

  static boolean isAscii(byte[] bytes, int from, int to) {
    boolean ascii = true;
    for (int i = from; i < to; i++) {
      ascii &= bytes[i] >= 0;
    }
    return ascii;
  }

  static boolean has(byte[] bytes, int from, int to, byte wanted) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return true;
      }
    }
    return false;
  }

  /**
   * The text, with or without spaces and tabs around it.
   *
   * @throws CharacterCodingException if it is not UTF-8
   */
  static String of(byte[] bytes, int start, int end, boolean strip)
      throws CharacterCodingException {
    int from = start;
    int to = end;
    while (strip && from < to && isSpace(bytes[from])) {
      from++;
    }
    while (strip && from < to && isSpace(bytes[to - 1])) {
      to--;
    }
    if (isAscii(bytes, from, to)) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes, from, to - from))
        .toString();
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  /**
   * Writes a number that has a decimal comma with a point.
   *
   * @return false if it has a point already
   */
  static boolean withPoint(byte[] bytes, int from, int to, byte[] into) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '.') {
        return false;
      }
      into[i - from] = bytes[i] == ',' ? (byte) '.' : bytes[i];
    }
    return true;
  }

  /** The index in digits; -1 if it is not one below 2^31. */
  static int index(byte[] bytes, int from, int to) {
    if (to - from < 1 || to - from > 10) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }
}
