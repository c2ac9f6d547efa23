package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Element type of an NPY array: kind, bytes per element and byte order.
 *
 * @param kind {@code f} float, {@code i} integer, {@code u} unsigned integer, {@code b} boolean,
 *     {@code U} text of 4-byte code points, {@code S} text of bytes
 * @param size bytes per element
 * @param order byte order
 */
public record NpyType(char kind, int size, ByteOrder order) {
  private static final int LONGEST_TEXT = 1 << 20;

  /** Parses a descriptor such as {@code <f4}. */
  static NpyType parse(String descriptor, Source source) throws PredictionFileException {
    String rule =
        "the element type must be float16, float32, float64, an integer, boolean or text, got '"
            + descriptor
            + "'"
            + (descriptor.contains("O")
                ? ": pickled objects are never read, save plain arrays"
                : "");
    if (descriptor.length() < 3 || descriptor.length() > 9) {
      throw source.refuse(rule);
    }
    char order = descriptor.charAt(0);
    char kind = descriptor.charAt(1);
    if ("<>|=".indexOf(order) < 0 || !descriptor.substring(2).chars().allMatch(c -> isDigit(c))) {
      throw source.refuse(rule);
    }
    int number = Integer.parseInt(descriptor.substring(2));
    int size = kind == 'U' ? Math.min(number, LONGEST_TEXT + 1) * 4 : number;
    boolean known =
        switch (kind) {
          case 'f' -> size == 2 || size == 4 || size == 8;
          case 'i', 'u' -> size == 1 || size == 2 || size == 4 || size == 8;
          case 'b' -> size == 1;
          case 'U', 'S' -> size <= 4 * LONGEST_TEXT;
          default -> false;
        };
    if (!known) {
      throw source.refuse(rule);
    }
    ByteOrder byteOrder =
        order == '>'
            ? ByteOrder.BIG_ENDIAN
            : order == '=' ? ByteOrder.nativeOrder() : ByteOrder.LITTLE_ENDIAN;
    return new NpyType(kind, size, byteOrder);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  public boolean isFloat() {
    return kind == 'f';
  }

  public boolean isInteger() {
    return kind == 'i' || kind == 'u' || kind == 'b';
  }

  /** Whether the elements are true or false. */
  public boolean isTruth() {
    return kind == 'b';
  }

  boolean isText() {
    return kind == 'U' || kind == 'S';
  }

  /** NumPy's name, for messages. */
  public String display() {
    return switch (kind) {
      case 'f' -> "float" + 8 * size;
      case 'i' -> "int" + 8 * size;
      case 'u' -> "uint" + 8 * size;
      case 'b' -> "bool";
      case 'U' -> "text of " + size / 4 + " characters";
      default -> "text of " + size + " bytes";
    };
  }

  /** The number at the byte offset; the buffer has this type's order. */
  double doubleAt(ByteBuffer buffer, int offset) {
    if (kind != 'f') {
      return longAt(buffer, offset);
    }
    return switch (size) {
      case 2 -> half(buffer.getShort(offset));
      case 4 -> buffer.getFloat(offset);
      default -> buffer.getDouble(offset);
    };
  }

  /** The integer element at the byte offset; uint64 beyond 2^63 comes out negative. */
  long longAt(ByteBuffer buffer, int offset) {
    boolean unsigned = kind != 'i';
    return switch (size) {
      case 1 -> unsigned ? buffer.get(offset) & 0xFFL : buffer.get(offset);
      case 2 -> unsigned ? buffer.getShort(offset) & 0xFFFFL : buffer.getShort(offset);
      case 4 -> unsigned ? buffer.getInt(offset) & 0xFFFFFFFFL : buffer.getInt(offset);
      default -> buffer.getLong(offset);
    };
  }

  /** The text element at the byte offset, without its padding of zeros. */
  String textAt(ByteBuffer buffer, int offset) {
    if (kind == 'S') {
      int end = size;
      while (end > 0 && buffer.get(offset + end - 1) == 0) {
        end--;
      }
      byte[] bytes = new byte[end];
      buffer.get(offset, bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
    int end = size / 4;
    while (end > 0 && buffer.getInt(offset + 4 * (end - 1)) == 0) {
      end--;
    }
    StringBuilder text = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      int point = buffer.getInt(offset + 4 * i);
      text.appendCodePoint(Character.isValidCodePoint(point) ? point : 0xFFFD);
    }
    return text.toString();
  }

  /** IEEE 754 binary16 to double, exactly. */
  static double half(short bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24;
    } else if (exponent == 31) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude = Math.scalb(1024.0 + fraction, exponent - 25);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
