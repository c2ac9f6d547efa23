package io.github.swag4j.swa.io;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.base.Printable;
import io.github.swag4j.swa.weights.WeightLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes tensors in the safetensors format, with checksums of the data and of the header among the
 * metadata ({@value #CHECKSUM}, {@value #HEADER_CHECKSUM}). Tensors are streamed, so files may be
 * larger than the memory, and read once, so that the checksum is of what was written even if a
 * model trains meanwhile.
 *
 * <p>The header has the tensors in the order they were added. Their data lie in the order of the
 * size of a value, largest first, so that each can be mapped where it lies.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The safetensors format</a>
 */
public final class SafeTensorsWriter {

  /** Metadata key of the data section's checksum: {@code crc32c:} and eight hexadecimal digits. */
  public static final String CHECKSUM = "checksum";

  /**
   * Metadata key of the checksum of the header, this key aside: what is said of the tensors, and
   * all other metadata.
   */
  public static final String HEADER_CHECKSUM = SafeTensorsHeader.CHECKSUM;

  /** Version of what this library writes, in the metadata of each file. */
  public static final String FORMAT = "1";

  private static final String NO_CHECKSUM = "crc32c:00000000";
  private static final int CHUNK_BYTES = 1 << 16;

  /** Takes a tensor's bytes. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes the next bytes.
     *
     * @param bytes little-endian values, from position to limit; free again on return
     * @throws IOException if they cannot be written
     */
    void write(ByteBuffer bytes) throws IOException;
  }

  /** Gives a tensor's bytes. */
  @FunctionalInterface
  public interface Content {
    /**
     * Gives all bytes of the tensor, row-major.
     *
     * @param sink takes them
     * @throws IOException if reading or writing fails; no file is written then
     */
    void writeTo(Sink sink) throws IOException;
  }

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<StoredTensor, Content> contents = new LinkedHashMap<>();
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  /** A file without tensors. */
  public SafeTensorsWriter() {}

  /**
   * A writer with the metadata every file of this library has.
   *
   * @param kind what the file holds
   * @return the writer
   */
  public static SafeTensorsWriter of(String kind) {
    return new SafeTensorsWriter()
        .metadata("format", FORMAT)
        .metadata("writer", SafeTensors.WRITER)
        .metadata("kind", kind);
  }

  /**
   * A writer with the metadata of files that speak of a layout's tensors.
   *
   * @param kind what the file holds
   * @param layout the tensors it speaks of
   * @return the writer
   */
  public static SafeTensorsWriter of(String kind, WeightLayout layout) {
    return of(kind).metadata("layout", layout.hash());
  }

  /**
   * Adds metadata.
   *
   * @param key the key; {@value #CHECKSUM} and {@value #HEADER_CHECKSUM} are the writer's own
   * @param value the value
   * @return this writer
   * @throws IllegalArgumentException if the key is the writer's own, or key or value has half a
   *     surrogate pair, which UTF-8 cannot say
   */
  public SafeTensorsWriter metadata(String key, String value) {
    if (key.equals(CHECKSUM) || key.equals(HEADER_CHECKSUM)) {
      throw new IllegalArgumentException("metadata key " + key + " is written by the writer");
    }
    requireUnicode("metadata key", key);
    requireUnicode("metadata " + key, value);
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a float32 tensor.
   *
   * @param name unique name
   * @param shape its dimensions
   * @param parts values in row-major order, one part after the other, each from its position to its
   *     limit as they are now
   * @return this writer
   * @throws IllegalArgumentException if the name is taken, a dimension is negative or the parts do
   *     not fill the shape
   */
  public SafeTensorsWriter tensor(String name, List<Long> shape, List<FloatBuffer> parts) {
    StoredTensor tensor = new StoredTensor(name, TensorType.F32, shape);
    List<FloatBuffer> slices = parts.stream().map(FloatBuffer::slice).toList();
    long size = slices.stream().mapToLong(FloatBuffer::capacity).sum();
    if (size != tensor.size()) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " of shape "
              + shape
              + " must have "
              + tensor.size()
              + " values, got "
              + size);
    }
    return tensor(tensor, sink -> write(slices, sink));
  }

  /**
   * Adds a tensor whose bytes are asked for when the file is written.
   *
   * @param tensor what it is
   * @param content gives exactly its bytes
   * @return this writer
   * @throws IllegalArgumentException if the name is taken, or has half a surrogate pair, which
   *     UTF-8 cannot say
   */
  public SafeTensorsWriter tensor(StoredTensor tensor, Content content) {
    if (tensor.name().equals("__metadata__") || tensors.containsKey(tensor.name())) {
      throw new IllegalArgumentException(
          "tensor names must be unique, got " + tensor.name() + " twice");
    }
    requireUnicode("the name of tensor", tensor.name());
    tensors.put(tensor.name(), tensor);
    contents.put(tensor, content);
    return this;
  }

  /** UTF-8 would have a question mark for it, and two names could become one. */
  private static void requireUnicode(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          what
              + " must be valid Unicode to be written, "
              + Printable.line(text)
              + " has half a surrogate pair: rename it");
    }
  }

  /**
   * The order in which tensors are asked for their bytes.
   *
   * @return the tensors added so far, those with the largest values first
   */
  public List<StoredTensor> dataOrder() {
    List<StoredTensor> order = new ArrayList<>(tensors.values());
    order.sort(Comparator.comparingInt(t -> -t.type().bytes()));
    return order;
  }

  /**
   * Writes the file, atomically.
   *
   * @param file where to
   * @throws IOException if writing fails; a file that was there stays as it was
   * @throws IllegalStateException if a content gives more or fewer bytes than its tensor has
   */
  public void write(Path file) throws IOException {
    AtomicFile.writeChannel(
        file,
        channel -> {
          CRC32C crc = new CRC32C();
          writeHeader(channel, NO_CHECKSUM);
          for (StoredTensor tensor : dataOrder()) {
            write(tensor, channel, crc);
          }
          channel.position(0);
          writeHeader(channel, String.format(Locale.ROOT, "crc32c:%08x", crc.getValue()));
        });
  }

  private void write(StoredTensor tensor, FileChannel channel, CRC32C crc) throws IOException {
    long[] written = {0};
    contents
        .get(tensor)
        .writeTo(
            bytes -> {
              written[0] += bytes.remaining();
              crc.update(bytes.duplicate());
              FileBytes.writeFully(channel, bytes);
            });
    if (written[0] != tensor.byteSize()) {
      throw new IllegalStateException(
          "content of " + tensor + " must be " + tensor.byteSize() + " bytes, got " + written[0]);
    }
  }

  private void writeHeader(FileChannel channel, String checksum) throws IOException {
    Map<String, Long> starts = new LinkedHashMap<>();
    long at = 0;
    for (StoredTensor tensor : dataOrder()) {
      starts.put(tensor.name(), at);
      at = Math.addExact(at, tensor.byteSize());
    }
    Map<String, SafeTensorsHeader.Place> places = new LinkedHashMap<>();
    for (StoredTensor tensor : tensors.values()) {
      long from = starts.get(tensor.name());
      places.put(
          tensor.name(), new SafeTensorsHeader.Place(tensor, from, from + tensor.byteSize()));
    }
    Map<String, String> facts = new LinkedHashMap<>(metadata);
    facts.put(CHECKSUM, checksum);
    facts.put(HEADER_CHECKSUM, new SafeTensorsHeader(facts, places).checksum());
    byte[] header = new SafeTensorsHeader(facts, places).toBytes();
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    FileBytes.writeFully(channel, start.putLong(header.length).put(header).flip());
  }

  private static void write(List<FloatBuffer> parts, Sink sink) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int most = CHUNK_BYTES / Float.BYTES;
    for (FloatBuffer part : parts) {
      for (int from = 0; from < part.capacity(); from += most) {
        int length = Math.min(most, part.capacity() - from);
        bytes.clear();
        bytes.asFloatBuffer().put(part.slice(from, length));
        sink.write(bytes.limit(length * Float.BYTES));
      }
    }
  }
}
