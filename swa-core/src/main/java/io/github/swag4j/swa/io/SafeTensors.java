package io.github.swag4j.swa.io;

import io.github.swag4j.swa.weights.WeightLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Reads a safetensors file: everything its header says is checked against the file before a value
 * is read, and the checksum, where there is one, before {@link #open} returns.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The safetensors format</a>
 */
public final class SafeTensors implements TensorFile {

  /** The metadata's {@code writer} in files of this library. */
  static final String WRITER = "swag4j";

  /** As the reference reader: no header is larger. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, String> metadata;
  private final Map<String, StoredTensor> entries = new LinkedHashMap<>();
  private final Map<String, Long> starts = new LinkedHashMap<>();
  private final SafeTensorsHeader header;
  private final long dataStart;

  private SafeTensors(Path file, FileChannel channel, SafeTensorsHeader header, long dataStart) {
    this.file = file;
    this.channel = channel;
    this.header = header;
    this.metadata = Collections.unmodifiableMap(header.metadata());
    this.dataStart = dataStart;
    header
        .places()
        .forEach(
            (name, place) -> {
              entries.put(name, place.tensor());
              starts.put(name, dataStart + place.from());
            });
  }

  /**
   * Opens and checks a file.
   *
   * @param file the file
   * @return the open file
   * @throws WeightFormatException if the file is not a valid safetensors file or its checksum does
   *     not match
   * @throws IOException if it cannot be read
   */
  public static SafeTensors open(Path file) throws IOException {
    FileChannel channel = channel(file);
    try {
      SafeTensors opened = readHeader(file, channel);
      opened.verifyChecksum();
      return opened;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Opens a file without reading its values: their checksum is not checked.
   *
   * @param file the file
   * @return the open file, to be closed
   * @throws WeightFormatException if its header is not valid
   * @throws IOException if reading fails
   */
  public static SafeTensors openHeader(Path file) throws IOException {
    FileChannel channel = channel(file);
    try {
      return readHeader(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A directory can be opened, and what is said when it is read does not name it. */
  private static FileChannel channel(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new WeightFormatException(file, "must be a safetensors file, got a directory");
    }
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String format() {
    return "safetensors";
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Map<String, StoredTensor> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /** {@inheritDoc} Python's writer sorts tensors by type and name; this library's does not. */
  @Override
  public boolean keepsOrder() {
    return WRITER.equals(metadata.get("writer"));
  }

  @Override
  public void read(StoredTensor tensor, long first, ByteBuffer into) throws IOException {
    int bytes = tensor.type().bytes();
    Objects.checkFromIndexSize(first, into.remaining() / bytes, tensor.size());
    FileBytes.readFully(file, channel, into, starts.get(tensor.name()) + first * bytes);
  }

  /**
   * Reads a metadata value that must be there.
   *
   * @param key the key
   * @return its value
   * @throws WeightFormatException if it is missing
   */
  public String requireMetadata(String key) throws WeightFormatException {
    String value = metadata.get(key);
    if (value == null) {
      throw new WeightFormatException(
          file, "metadata must have \"" + key + "\", got " + metadata.keySet());
    }
    return value;
  }

  /**
   * Checks that the file was written by this library for a layout and holds what is expected.
   *
   * @param kind what it should hold
   * @param layout the layout it should be of
   * @throws WeightFormatException if format, kind or layout differ
   */
  public void requireKind(String kind, WeightLayout layout) throws WeightFormatException {
    requireValue("format", SafeTensorsWriter.FORMAT);
    requireValue("kind", kind);
    requireValue("layout", layout.hash());
  }

  /**
   * Checks that a tensor is there with the expected shape.
   *
   * @param name the tensor
   * @param shape its shape
   * @throws WeightFormatException if it is missing or its shape differs
   */
  public void requireShape(String name, List<Long> shape) throws WeightFormatException {
    StoredTensor entry = entries.get(name);
    if (entry == null || !entry.shape().equals(shape)) {
      throw new WeightFormatException(
          file,
          "tensor "
              + name
              + " must have shape "
              + shape
              + ", got "
              + (entry == null ? "none of that name" : entry.shape())
              + ": the file belongs to another model");
    }
  }

  /**
   * Reads a float32 tensor.
   *
   * @param name its name
   * @return its values, row-major
   * @throws WeightFormatException if it is missing, not float32 or holds 2^31 values or more
   * @throws IOException if reading fails
   */
  public float[] readFloats(String name) throws IOException {
    StoredTensor entry = require(name);
    return readFloats(entry, 0, entry.size());
  }

  /**
   * Reads a float32 tensor whose values must be finite.
   *
   * @param name its name
   * @return its values, row-major
   * @throws WeightFormatException if it is missing, not float32, holds 2^31 values or more, or one
   *     that is NaN or infinite
   * @throws IOException if reading fails
   */
  public float[] readFiniteFloats(String name) throws IOException {
    float[] values = readFloats(name);
    requireFinite(name, values);
    return values;
  }

  /**
   * Reads one slice along the first dimension of a float32 tensor.
   *
   * @param name its name
   * @param row which slice
   * @return the slice's values, row-major, all finite
   * @throws WeightFormatException if the tensor is missing, not float32, has no such slice or one
   *     that is not finite
   * @throws IOException if reading fails
   */
  public float[] readFiniteFloats(String name, long row) throws IOException {
    StoredTensor entry = require(name);
    if (entry.shape().isEmpty() || row < 0 || row >= entry.shape().get(0)) {
      throw new WeightFormatException(
          file, "tensor " + name + " of shape " + entry.shape() + " has no row " + row);
    }
    long size = entry.size() / entry.shape().get(0);
    float[] values = readFloats(entry, row * size, size);
    requireFinite(name + " row " + row, values);
    return values;
  }

  /**
   * Size of the file.
   *
   * @return bytes
   */
  public long byteSize() {
    return header.places().values().stream()
        .mapToLong(SafeTensorsHeader.Place::to)
        .reduce(dataStart, (size, to) -> Math.max(size, dataStart + to));
  }

  /**
   * Maps the values where they lie, without reading them: for files larger than the heap. The
   * mapping outlives this file; see {@link MappedTensors} for how long.
   *
   * @return the values
   * @throws IOException if the operating system does not map them
   */
  public MappedTensors map() throws IOException {
    return new MappedTensors(file, channel, header, dataStart);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void requireValue(String key, String expected) throws WeightFormatException {
    String got = requireMetadata(key);
    if (!got.equals(expected)) {
      throw new WeightFormatException(
          file,
          "metadata "
              + key
              + " must be "
              + expected
              + ", got "
              + got
              + (key.equals("kind") ? ": the file holds something else, name another" : ""));
    }
  }

  private void requireFinite(String name, float[] values) throws WeightFormatException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw WeightFormatException.notFinite(file, name, values[i], i);
      }
    }
  }

  private StoredTensor require(String name) throws WeightFormatException {
    StoredTensor entry = entries.get(name);
    if (entry == null) {
      throw new WeightFormatException(
          file, "tensor " + name + " must be there, the file has " + entries.keySet());
    }
    return entry;
  }

  private float[] readFloats(StoredTensor entry, long first, long count) throws IOException {
    if (entry.type() != TensorType.F32) {
      throw new WeightFormatException(
          file, "tensor " + entry.name() + " must be F32, got " + entry.type());
    }
    if (count > MAX_ARRAY) {
      throw new WeightFormatException(
          file, "tensor " + entry.name() + " must hold fewer than 2^31 values, got " + count);
    }
    float[] values = new float[(int) count];
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; ) {
      int length = Math.min(chunk.capacity() / Float.BYTES, values.length - done);
      chunk.clear().limit(length * Float.BYTES);
      read(entry, first + done, chunk);
      chunk.flip().asFloatBuffer().get(values, done, length);
      done += length;
    }
    return values;
  }

  private void verifyChecksum() throws IOException {
    String expected = metadata.get(SafeTensorsWriter.CHECKSUM);
    if (expected == null || !expected.startsWith("crc32c:")) {
      return;
    }
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    long end = channel.size();
    for (long at = dataStart; at < end; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      FileBytes.readFully(file, channel, chunk, at);
      crc.update(chunk.flip());
    }
    String got = String.format(Locale.ROOT, "crc32c:%08x", crc.getValue());
    if (!got.equals(expected)) {
      throw damaged(file, expected, got);
    }
  }

  static WeightFormatException damaged(Path file, String expected, String got) {
    return new WeightFormatException(
        file, "data must have checksum " + expected + ", got " + got + ": the file is damaged");
  }

  private static SafeTensors readHeader(Path file, FileChannel channel) throws IOException {
    long fileSize = channel.size();
    if (fileSize < 8) {
      throw new WeightFormatException(
          file, "a safetensors file has at least 8 bytes, got " + fileSize);
    }
    ByteBuffer lengthBytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    FileBytes.readFully(file, channel, lengthBytes, 0);
    long length = lengthBytes.getLong(0);
    if (length < 2 || length > Math.min(MAX_HEADER_BYTES, fileSize - 8)) {
      throw new WeightFormatException(
          file,
          "header length at byte 0 must be between 2 and "
              + Math.min(MAX_HEADER_BYTES, fileSize - 8)
              + ", got "
              + Long.toUnsignedString(length)
              + ": not a safetensors file, or a truncated one");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    FileBytes.readFully(file, channel, bytes, 8);
    SafeTensorsHeader header = SafeTensorsHeader.read(file, bytes.flip(), fileSize - 8 - length);
    return new SafeTensors(file, channel, header, 8 + length);
  }
}
