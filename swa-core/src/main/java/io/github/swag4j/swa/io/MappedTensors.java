package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The values of a safetensors file where they lie: mapped, read by the operating system when they
 * are looked at, kept in its cache and not on the heap. Made by {@link SafeTensors#map}; stays
 * valid when that is closed.
 *
 * <p>There is nothing to close: memory is mapped until no view of it can be reached any more. Until
 * then the file must not be changed in place nor become shorter. Files that this library writes are
 * replaced as a whole, under which earlier mappings keep the old values; Windows refuses to replace
 * a file that is mapped.
 *
 * <p>A mapping has at most 2^31 - 1 bytes. The file is cut between tensors, and a tensor that is
 * larger between the slices of its first dimension. Immutable; safe for use by several threads.
 */
public final class MappedTensors {
  private static final int MOST = Integer.MAX_VALUE;
  private static final int PIECE = 1 << 30;

  private final Path file;
  private final Map<String, Long> starts;
  private final String checksum;
  private final NavigableMap<Long, ByteBuffer> mappings = new TreeMap<>();

  MappedTensors(Path file, FileChannel channel, SafeTensorsHeader header, long dataStart)
      throws IOException {
    this.file = file;
    this.checksum = header.metadata().get(SafeTensorsWriter.CHECKSUM);
    this.starts = new TreeMap<>();
    List<SafeTensorsHeader.Place> places = new ArrayList<>(header.places().values());
    places.forEach(place -> starts.put(place.tensor().name(), dataStart + place.from()));
    places.sort((a, b) -> Long.compare(a.from(), b.from()));
    long from = dataStart;
    long end = dataStart;
    for (SafeTensorsHeader.Place place : places) {
      long stretch = stretch(place.tensor());
      long last = dataStart + place.to();
      while (end < last) {
        long next = Math.min(last, end + stretch);
        if (next - from > MOST) {
          map(channel, from, end);
          from = end;
        }
        end = next;
      }
    }
    map(channel, from, end);
  }

  /** Bytes that should lie in one mapping. */
  private static long stretch(StoredTensor tensor) {
    long bytes = tensor.byteSize();
    if (bytes <= MOST) {
      return bytes;
    }
    // Not empty, so no dimension is 0.
    long slice = tensor.shape().isEmpty() ? bytes : bytes / tensor.shape().get(0);
    return slice <= MOST ? slice : PIECE;
  }

  private void map(FileChannel channel, long from, long to) throws IOException {
    if (to > from) {
      mappings.put(
          from,
          channel
              .map(FileChannel.MapMode.READ_ONLY, from, to - from)
              .order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  /**
   * Values of a tensor of real numbers.
   *
   * @param tensor one of the file's
   * @param first the first value
   * @param count how many
   * @return a read-only view from position 0 to count; a copy on the heap where there can be no
   *     view: of another type than float32, and of more than 2^31 - 1 bytes
   * @throws IllegalArgumentException if the tensor's type is not a real one
   * @throws IndexOutOfBoundsException if the tensor has no such values
   */
  public FloatBuffer floats(StoredTensor tensor, long first, int count) {
    Objects.checkFromIndexSize(first, count, tensor.size());
    int bytes = tensor.type().bytes();
    long from = starts.get(tensor.name()) + first * bytes;
    if (count == 0) {
      return FloatBuffer.allocate(0).asReadOnlyBuffer();
    }
    if (tensor.type() == TensorType.F32) {
      Map.Entry<Long, ByteBuffer> mapping = mappings.floorEntry(from);
      long at = from - mapping.getKey();
      if (at + (long) count * Float.BYTES <= mapping.getValue().limit()) {
        return slice(mapping.getValue(), (int) at, count * Float.BYTES).asFloatBuffer();
      }
    }
    float[] values = new float[count];
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int length = Math.min(chunk.capacity() / bytes, count - done);
      copy(from + (long) done * bytes, chunk.clear().limit(length * bytes));
      TensorCodec.widen(tensor.type(), chunk.flip(), values, done, length);
      done += length;
    }
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /**
   * The bits of values of a tensor of two bytes a value.
   *
   * @param tensor one of the file's
   * @param first the first value
   * @param count how many
   * @return a read-only view from position 0 to count; a copy on the heap where there can be no
   *     view: of more than 2^31 - 1 bytes
   * @throws IllegalArgumentException if the tensor's values are of another size
   * @throws IndexOutOfBoundsException if the tensor has no such values
   */
  public ShortBuffer shorts(StoredTensor tensor, long first, int count) {
    if (tensor.type().bytes() != Short.BYTES) {
      throw new IllegalArgumentException(
          "tensor " + tensor.name() + " must have 2 bytes a value, got " + tensor.type());
    }
    Objects.checkFromIndexSize(first, count, tensor.size());
    if (count == 0) {
      return ShortBuffer.allocate(0).asReadOnlyBuffer();
    }
    long from = starts.get(tensor.name()) + first * Short.BYTES;
    Map.Entry<Long, ByteBuffer> mapping = mappings.floorEntry(from);
    long at = from - mapping.getKey();
    if (at + (long) count * Short.BYTES <= mapping.getValue().limit()) {
      return slice(mapping.getValue(), (int) at, count * Short.BYTES).asShortBuffer();
    }
    short[] values = new short[count];
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int length = Math.min(chunk.capacity() / Short.BYTES, count - done);
      copy(from + (long) done * Short.BYTES, chunk.clear().limit(length * Short.BYTES));
      chunk.flip().asShortBuffer().get(values, done, length);
      done += length;
    }
    return ShortBuffer.wrap(values).asReadOnlyBuffer();
  }

  private void copy(long from, ByteBuffer into) {
    long at = from;
    while (into.hasRemaining()) {
      Map.Entry<Long, ByteBuffer> mapping = mappings.floorEntry(at);
      int offset = (int) (at - mapping.getKey());
      int length = Math.min(into.remaining(), mapping.getValue().limit() - offset);
      into.put(slice(mapping.getValue(), offset, length));
      at += length;
    }
  }

  private static ByteBuffer slice(ByteBuffer mapping, int from, int length) {
    // A slice of a buffer has the order big-endian, whatever that of the buffer is.
    return mapping.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the whole file once and compares its data with their checksum, if it has one.
   *
   * @throws WeightFormatException if they differ
   */
  public void verifyChecksum() throws WeightFormatException {
    if (checksum == null || !checksum.startsWith("crc32c:")) {
      return;
    }
    CRC32C crc = new CRC32C();
    for (ByteBuffer mapping : mappings.values()) {
      crc.update(mapping.duplicate());
    }
    String got = String.format(Locale.ROOT, "crc32c:%08x", crc.getValue());
    if (!got.equals(checksum)) {
      throw SafeTensors.damaged(file, checksum, got);
    }
  }
}
