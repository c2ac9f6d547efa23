package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gathers values of transposed and otherwise strided tensors, row-major, from a mapped file: each
 * value may lie in another page, so reads of pieces would read each page many times.
 */
final class StridedReader {

  /** A part of the file that one mapping covers, and the last value that begins in it. */
  private static final int SHIFT = 30;

  private final Path file;
  private final FileChannel channel;
  private final Map<Integer, ByteBuffer> parts = new ConcurrentHashMap<>();

  StridedReader(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Reads values of a view.
   *
   * @param view the tensor
   * @param start where its value [0, 0, ...] lies in the file
   * @param first the first value to read
   * @param into filled to its limit
   */
  void read(TensorView view, long start, long first, ByteBuffer into) throws IOException {
    int dimensions = view.shape().size();
    long[] shape = new long[dimensions];
    long[] strides = new long[dimensions];
    long[] index = new long[dimensions];
    int bytes = view.type().bytes();
    long rest = first;
    long at = start;
    for (int d = dimensions - 1; d >= 0; d--) {
      shape[d] = view.shape().get(d);
      strides[d] = view.strides().get(d) * bytes;
      index[d] = rest % shape[d];
      rest /= shape[d];
      at += index[d] * strides[d];
    }
    into.order(ByteOrder.LITTLE_ENDIAN);
    while (into.hasRemaining()) {
      copy(at, bytes, into);
      int d = dimensions - 1;
      while (d >= 0 && ++index[d] == shape[d]) {
        at -= (shape[d] - 1) * strides[d];
        index[d--] = 0;
      }
      if (d >= 0) {
        at += strides[d];
      }
    }
  }

  private void copy(long at, int bytes, ByteBuffer into) throws IOException {
    ByteBuffer part = part((int) (at >>> SHIFT));
    int offset = (int) (at & (1 << SHIFT) - 1);
    switch (bytes) {
      case 1 -> into.put(part.get(offset));
      case 2 -> into.putShort(part.getShort(offset));
      case 4 -> into.putInt(part.getInt(offset));
      default -> into.putLong(part.getLong(offset));
    }
  }

  private ByteBuffer part(int number) throws IOException {
    ByteBuffer part = parts.get(number);
    if (part == null) {
      long from = (long) number << SHIFT;
      long length = Math.min((1L << SHIFT) + Long.BYTES, channel.size() - from);
      if (length <= 0) {
        throw new WeightFormatException(file, "was cut off while it was read");
      }
      part =
          channel.map(FileChannel.MapMode.READ_ONLY, from, length).order(ByteOrder.LITTLE_ENDIAN);
      parts.put(number, part);
    }
    return part;
  }
}
