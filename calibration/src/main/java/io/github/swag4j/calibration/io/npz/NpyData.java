package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Elements of an NPY array, read block by block. Memory grows with the bytes that arrive, never
 * with what a header declares.
 */
final class NpyData {
  private static final int BLOCK = 1 << 16;

  private NpyData() {}

  /** Takes the elements of a block: the bytes, how many elements, the index of the first. */
  private interface Block {
    void accept(ByteBuffer buffer, int elements, int first);
  }

  /** Floating-point elements in C order. */
  static double[] doubles(InputStream in, NpyHeader header, Source source) throws IOException {
    double[][] out = {new double[Math.min(count(header, source), BLOCK)]};
    NpyType type = header.type();
    read(
        in,
        header,
        source,
        (buffer, elements, first) -> {
          out[0] = grown(out[0], first + elements, count(header));
          for (int i = 0; i < elements; i++) {
            out[0][first + i] = type.doubleAt(buffer, i * type.size());
          }
        });
    double[] values = out[0];
    if (!isTransposed(header)) {
      return values;
    }
    double[] rows = new double[values.length];
    int[] to = fortranToC(header);
    for (int i = 0; i < values.length; i++) {
      rows[to[i]] = values[i];
    }
    return rows;
  }

  /** All floating-point elements, in whatever order, into an array in C order. */
  static void doubles(InputStream in, NpyHeader header, Source source, double[] into)
      throws IOException {
    NpyType type = header.type();
    if (!isTransposed(header)) {
      read(
          in,
          header,
          source,
          (buffer, elements, first) -> {
            for (int i = 0; i < elements; i++) {
              into[first + i] = type.doubleAt(buffer, i * type.size());
            }
          });
      return;
    }
    int rows = Math.toIntExact(header.shape().get(0));
    int columns = Math.toIntExact(header.shape().get(1));
    read(
        in,
        header,
        source,
        (buffer, elements, first) -> {
          for (int i = 0; i < elements; i++) {
            int row = (first + i) % rows;
            into[row * columns + (first + i) / rows] = type.doubleAt(buffer, i * type.size());
          }
        });
  }

  /** Integer elements of an array with one axis longer than 1 at most. */
  static long[] longs(InputStream in, NpyHeader header, Source source) throws IOException {
    long[][] out = {new long[Math.min(count(header, source), BLOCK)]};
    NpyType type = header.type();
    read(
        in,
        header,
        source,
        (buffer, elements, first) -> {
          if (first + elements > out[0].length) {
            out[0] = Arrays.copyOf(out[0], capacity(out[0].length, first + elements, header));
          }
          for (int i = 0; i < elements; i++) {
            out[0][first + i] = type.longAt(buffer, i * type.size());
          }
        });
    return out[0];
  }

  /** Text elements of an array with one axis longer than 1 at most. */
  static String[] texts(InputStream in, NpyHeader header, Source source) throws IOException {
    String[][] out = {new String[Math.min(count(header, source), BLOCK)]};
    NpyType type = header.type();
    if (type.size() == 0) {
      throw source.refuse("text elements must have at least 1 character, got 0");
    }
    read(
        in,
        header,
        source,
        (buffer, elements, first) -> {
          if (first + elements > out[0].length) {
            out[0] = Arrays.copyOf(out[0], capacity(out[0].length, first + elements, header));
          }
          for (int i = 0; i < elements; i++) {
            out[0][first + i] = type.textAt(buffer, i * type.size());
          }
        });
    return out[0];
  }

  private static void read(InputStream in, NpyHeader header, Source source, Block block)
      throws IOException {
    int size = header.type().size();
    int perBlock = Math.max(1, BLOCK / size);
    byte[] bytes = new byte[Math.min(perBlock, Math.max(1, count(header))) * size];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(header.type().order());
    int count = count(header);
    for (int done = 0; done < count; ) {
      int elements = Math.min(perBlock, count - done);
      int got = in.readNBytes(bytes, 0, elements * size);
      if (got < elements * size) {
        throw source.refuse(
            "the array is cut off: shape "
                + header.display()
                + " needs "
                + header.dataBytes()
                + " bytes of data, got "
                + ((long) done * size + got));
      }
      block.accept(buffer, elements, done);
      done += elements;
    }
    if (in.read() >= 0) {
      throw source.refuse(
          "the array must end after the "
              + header.dataBytes()
              + " bytes that shape "
              + header.display()
              + " needs, but more follow");
    }
  }

  /** The number of elements, refused where no array or no heap can hold them thrice as doubles. */
  private static int count(NpyHeader header, Source source) throws PredictionFileException {
    long count = header.count();
    long heap = Runtime.getRuntime().maxMemory();
    if (count > Integer.MAX_VALUE - 8 || count > heap / 24) {
      throw source.refuse(
          Refusal.of(
              "shape "
                  + header.display()
                  + " must fit in memory ("
                  + heap / (1 << 20)
                  + " MB of heap, 2^31 elements): give more heap, or ",
              PredictionRemedy.STREAM));
    }
    return (int) count;
  }

  private static int count(NpyHeader header) {
    return (int) header.count();
  }

  private static double[] grown(double[] values, int needed, int most) {
    if (needed <= values.length) {
      return values;
    }
    return Arrays.copyOf(values, (int) Math.min(most, Math.max(needed, 2L * values.length)));
  }

  private static int capacity(int length, int needed, NpyHeader header) {
    return (int) Math.min(header.count(), Math.max(needed, 2L * length));
  }

  private static boolean isTransposed(NpyHeader header) {
    return header.fortranOrder() && header.shape().stream().filter(n -> n > 1).count() > 1;
  }

  /** For each element in Fortran order its index in C order. */
  private static int[] fortranToC(NpyHeader header) {
    int axes = header.shape().size();
    int[] strides = new int[axes];
    int stride = 1;
    for (int a = axes - 1; a >= 0; a--) {
      strides[a] = stride;
      stride *= Math.toIntExact(header.shape().get(a));
    }
    int[] to = new int[count(header)];
    int[] index = new int[axes];
    int at = 0;
    for (int i = 0; i < to.length; i++) {
      to[i] = at;
      for (int a = 0; a < axes; a++) {
        index[a]++;
        at += strides[a];
        if (index[a] < header.shape().get(a)) {
          break;
        }
        at -= strides[a] * index[a];
        index[a] = 0;
      }
    }
    return to;
  }
}
