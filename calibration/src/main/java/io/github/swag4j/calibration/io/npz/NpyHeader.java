package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Header of an NPY array: element type, order and shape (format versions 1.0, 2.0 and 3.0).
 *
 * @param type element type
 * @param fortranOrder whether the first axis varies fastest
 * @param shape sizes of the axes
 * @param bytes length of the header itself: where the data starts
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy's
 *     format</a>
 */
public record NpyHeader(NpyType type, boolean fortranOrder, List<Long> shape, int bytes) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 16;
  private static final int MOST_AXES = 32;

  public static NpyHeader read(InputStream in, Source source) throws IOException {
    byte[] start = read(in, 8, source);
    if (!Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw source.refuse("an NPY array must start with \\x93NUMPY: this is not one");
    }
    int major = start[6];
    if (major < 1 || major > 3 || start[7] != 0) {
      throw source.refuse("the NPY version must be 1.0, 2.0 or 3.0, got " + major + "." + start[7]);
    }
    byte[] sizes = read(in, major == 1 ? 2 : 4, source);
    long length = 0;
    for (int i = sizes.length - 1; i >= 0; i--) {
      length = length << 8 | sizes[i] & 0xFF;
    }
    if (length > LONGEST) {
      throw source.refuse("an NPY header must be at most " + LONGEST + " bytes, got " + length);
    }
    String text =
        new String(
            read(in, (int) length, source),
            major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    return parse(text, 8 + sizes.length + (int) length, source);
  }

  private static byte[] read(InputStream in, int length, Source source) throws IOException {
    try {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length == length) {
        return bytes;
      }
    } catch (EOFException e) {
      throw source.refuse("the array is cut off inside its header", e);
    }
    throw source.refuse("the array is cut off inside its header");
  }

  private static NpyHeader parse(String text, int bytes, Source source)
      throws PredictionFileException {
    PythonLiteral literal = new PythonLiteral(text, source);
    String descriptor = null;
    Boolean fortran = null;
    List<Long> shape = null;
    literal.expect('{');
    while (!literal.accept('}')) {
      String key = literal.string();
      literal.expect(':');
      switch (key) {
        case "descr" -> descriptor = literal.string();
        case "fortran_order" -> fortran = literal.bool();
        case "shape" -> shape = literal.tuple(MOST_AXES);
        default -> throw source.refuse("an NPY header has no key '" + key + "'");
      }
      if (!literal.accept(',')) {
        literal.expect('}');
        break;
      }
    }
    literal.end();
    if (descriptor == null || fortran == null || shape == null) {
      throw source.refuse("an NPY header must have descr, fortran_order and shape, got " + text);
    }
    NpyHeader header =
        new NpyHeader(NpyType.parse(descriptor, source), fortran, List.copyOf(shape), bytes);
    try {
      Math.multiplyExact(header.count(), (long) header.type.size());
    } catch (ArithmeticException e) {
      throw source.refuse("the shape " + header.display() + " is beyond 2^63 bytes", e);
    }
    return header;
  }

  /** Number of elements. */
  long count() {
    long count = 1;
    for (long axis : shape) {
      count = axis == 0 ? 0 : Math.multiplyExact(count, axis);
    }
    return shape.contains(0L) ? 0 : count;
  }

  /** Number of bytes of the data after the header. */
  public long dataBytes() {
    return count() * type.size();
  }

  /** The shape as text: {@code [500, 4]}. */
  public String display() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  /** A version 1.0 header for little-endian data in C order, padded so that data is aligned. */
  public static byte[] write(String descriptor, long... shape) {
    return write(0, descriptor, shape);
  }

  /** The same, at least so many bytes long, a multiple of 64 below 65,536. */
  static byte[] write(int leastBytes, String descriptor, long... shape) {
    List<String> axes = new ArrayList<>();
    for (long axis : shape) {
      axes.add(Long.toString(axis));
    }
    String dictionary =
        "{'descr': '"
            + descriptor
            + "', 'fortran_order': False, 'shape': ("
            + String.join(", ", axes)
            + (shape.length == 1 ? "," : "")
            + "), }";
    int total = Math.max((10 + dictionary.length() + 1 + 63) / 64 * 64, leastBytes);
    String padded = dictionary + " ".repeat(total - 11 - dictionary.length()) + "\n";
    byte[] out = new byte[total];
    System.arraycopy(MAGIC, 0, out, 0, 6);
    out[6] = 1;
    out[8] = (byte) (total - 10);
    out[9] = (byte) ((total - 10) >> 8);
    System.arraycopy(padded.getBytes(StandardCharsets.ISO_8859_1), 0, out, 10, total - 10);
    return out;
  }
}
