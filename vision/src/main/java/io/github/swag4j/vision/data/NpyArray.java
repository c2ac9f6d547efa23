package io.github.swag4j.vision.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array as NumPy stores it ({@code .npy}, versions 1 to 3): magic, version, length and text of
 * the header, values.
 *
 * @param place file and member, for messages
 * @param type letter and bytes of the type, {@code u1} for one
 * @param shape its sides
 * @param values the values, in the byte order of the file
 */
record NpyArray(String place, String type, long[] shape, ByteBuffer values) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern TYPE =
      Pattern.compile("'descr':\\s*'([<>|=])([a-zA-Z])([1-9]\\d?)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d,\\s]*)\\)");

  /** Reads an array; every byte must belong to it. */
  static NpyArray of(byte[] content, String place) throws IOException {
    if (content.length < 10
        || !Arrays.equals(Arrays.copyOf(content, MAGIC.length), MAGIC)
        || content[6] < 1
        || content[6] > 3) {
      throw new IOException(place + ", byte 0: must be an array of NumPy, it starts as none");
    }
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int start = content[6] == 1 ? 10 : 12;
    long length = content[6] == 1 ? bytes.getShort(8) & 0xffff : bytes.getInt(8) & 0xffffffffL;
    if (start + length > content.length) {
      throw new IOException(place + ", byte 8: the header is truncated: save the array again");
    }
    String header = new String(content, start, (int) length, StandardCharsets.ISO_8859_1);
    Matcher type = TYPE.matcher(header);
    Matcher order = ORDER.matcher(header);
    Matcher sides = SHAPE.matcher(header);
    if (!type.find() || !order.find() || !sides.find()) {
      throw new IOException(
          place + ": must be an array of numbers, got " + header.strip() + ": save it as one");
    }
    long[] shape = shape(sides.group(1), place);
    if (order.group(1).equals("True") && shape.length > 1) {
      throw new IOException(
          place + ": must be in C order: save numpy.ascontiguousarray of it, got Fortran order");
    }
    int size = Integer.parseInt(type.group(3));
    double values = 1;
    for (long side : shape) {
      values *= side;
    }
    long at = start + length;
    if (values * size != content.length - at) {
      throw new IOException(
          place
              + ", byte "
              + at
              + ": the shape "
              + Arrays.toString(shape)
              + " needs "
              + (long) (values * size)
              + " bytes, got "
              + (content.length - at)
              + ": the file is damaged, save the array again");
    }
    ByteOrder bytesOrder =
        type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyArray(
        place,
        type.group(2) + type.group(3),
        shape,
        ByteBuffer.wrap(content, (int) at, content.length - (int) at).slice().order(bytesOrder));
  }

  private static long[] shape(String text, String place) throws IOException {
    try {
      return Arrays.stream(text.split(",", -1))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw new IOException(place + ": the shape must be of whole numbers, got " + text, e);
    }
  }

  /** Number of values. */
  int count() {
    return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** The values as they are, of an array of unsigned bytes. */
  byte[] bytes() {
    byte[] out = new byte[count()];
    values.duplicate().get(out);
    return out;
  }

  boolean isBytes() {
    return type.equals("u1");
  }

  boolean isFloats() {
    return type.equals("f4") || type.equals("f8");
  }

  /** The values of an array of floats of four or eight bytes, rounded to the nearest. */
  float[] floats() {
    float[] out = new float[count()];
    for (int i = 0; i < out.length; i++) {
      out[i] = type.equals("f4") ? values.getFloat(4 * i) : (float) values.getDouble(8 * i);
    }
    return out;
  }

  /**
   * Class indices.
   *
   * @throws IOException if the type is no whole number, or a value is none of 0 to 65,535
   */
  int[] labels() throws IOException {
    boolean column = shape.length == 2 && shape[1] == 1;
    if (shape.length != 1 && !column) {
      throw new IOException(
          place + ": labels must have the shape [rows], got " + Arrays.toString(shape));
    }
    int[] out = new int[count()];
    for (int i = 0; i < out.length; i++) {
      long label =
          switch (type) {
            case "u1" -> values.get(i) & 0xff;
            case "i1" -> values.get(i);
            case "u2" -> values.getShort(2 * i) & 0xffff;
            case "i2" -> values.getShort(2 * i);
            case "u4" -> values.getInt(4 * i) & 0xffffffffL;
            case "i4" -> values.getInt(4 * i);
            case "u8", "i8" -> values.getLong(8 * i);
            default ->
                throw new IOException(
                    place + ": labels must be whole numbers, got the type " + type);
          };
      if (label < 0 || label > 65_535) {
        throw new IOException(
            place + ", label " + i + ": must be a class index from 0 on, got " + label);
      }
      out[i] = (int) label;
    }
    return out;
  }
}
