package io.github.swag4j.swa.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Reads a safetensors file: everything its header says is checked against the file before a value
 * is read, and the checksum, where there is one, before {@link #open} returns.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The safetensors format</a>
 */
public final class SafeTensors implements AutoCloseable {

  /** As the reference reader: no header is larger. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final Map<String, Integer> BYTES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("F64", 8),
          Map.entry("I64", 8),
          Map.entry("U64", 8));

  /**
   * What the header says of a tensor.
   *
   * @param name its name
   * @param dtype type of the values, in the format's words (F32, F64, I64, ...)
   * @param shape dimensions
   * @param from first byte, from the start of the data
   * @param to one past the last byte
   */
  public record Entry(String name, String dtype, List<Long> shape, long from, long to) {
    /**
     * Number of values.
     *
     * @return the product of the dimensions
     */
    public long size() {
      return (to - from) / BYTES.get(dtype);
    }
  }

  private final Path file;
  private final FileChannel channel;
  private final Map<String, String> metadata;
  private final Map<String, Entry> entries;
  private final long dataStart;

  private SafeTensors(
      Path file,
      FileChannel channel,
      Map<String, String> metadata,
      Map<String, Entry> entries,
      long dataStart) {
    this.file = file;
    this.channel = channel;
    this.metadata = metadata;
    this.entries = entries;
    this.dataStart = dataStart;
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
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
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
   * The metadata strings.
   *
   * @return an unmodifiable map in the file's order, empty if there are none
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * The tensors there are.
   *
   * @return an unmodifiable map by name, in the file's order
   */
  public Map<String, Entry> entries() {
    return entries;
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
   * Reads a float32 tensor.
   *
   * @param name its name
   * @return its values, row-major
   * @throws WeightFormatException if it is missing, not float32 or holds 2^31 values or more
   * @throws IOException if reading fails
   */
  public float[] readFloats(String name) throws IOException {
    Entry entry = require(name);
    return readFloats(entry, 0, entry.size());
  }

  /**
   * Reads one slice along the first dimension of a float32 tensor.
   *
   * @param name its name
   * @param row which slice
   * @return the slice's values, row-major
   * @throws WeightFormatException if the tensor is missing, not float32 or has no such slice
   * @throws IOException if reading fails
   */
  public float[] readFloats(String name, long row) throws IOException {
    Entry entry = require(name);
    if (entry.shape().isEmpty() || row < 0 || row >= entry.shape().get(0)) {
      throw new WeightFormatException(
          file, "tensor " + name + " of shape " + entry.shape() + " has no row " + row);
    }
    long size = entry.size() / entry.shape().get(0);
    return readFloats(entry, row * size, size);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Entry require(String name) throws WeightFormatException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new WeightFormatException(
          file, "tensor " + name + " must be there, the file has " + entries.keySet());
    }
    return entry;
  }

  private float[] readFloats(Entry entry, long first, long count) throws IOException {
    if (!entry.dtype().equals("F32")) {
      throw new WeightFormatException(
          file, "tensor " + entry.name() + " must be F32, got " + entry.dtype());
    }
    if (count > Integer.MAX_VALUE - 8) {
      throw new WeightFormatException(
          file, "tensor " + entry.name() + " must hold fewer than 2^31 values, got " + count);
    }
    float[] values = new float[(int) count];
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    long at = dataStart + entry.from() + first * Float.BYTES;
    for (int done = 0; done < values.length; ) {
      int length = Math.min(chunk.capacity() / Float.BYTES, values.length - done);
      chunk.clear().limit(length * Float.BYTES);
      readFully(channel, chunk, at);
      chunk.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, done, length);
      done += length;
      at += (long) length * Float.BYTES;
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
      readFully(channel, chunk, at);
      crc.update(chunk.flip());
    }
    String got = String.format("crc32c:%08x", crc.getValue());
    if (!got.equals(expected)) {
      throw new WeightFormatException(
          file, "data must have checksum " + expected + ", got " + got + ": the file is damaged");
    }
  }

  private static SafeTensors readHeader(Path file, FileChannel channel) throws IOException {
    long fileSize = channel.size();
    if (fileSize < 8) {
      throw new WeightFormatException(
          file, "a safetensors file has at least 8 bytes, got " + fileSize);
    }
    ByteBuffer lengthBytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, lengthBytes, 0);
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
    ByteBuffer headerBytes = ByteBuffer.allocate((int) length);
    readFully(channel, headerBytes, 8);
    JsonObject header = parse(file, headerBytes.flip());
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> member : header.entrySet()) {
      try {
        JsonObject object = member.getValue().getAsJsonObject();
        if (member.getKey().equals("__metadata__")) {
          object.entrySet().forEach(e -> metadata.put(e.getKey(), e.getValue().getAsString()));
        } else {
          entries.put(member.getKey(), entry(file, member.getKey(), object));
        }
      } catch (IllegalStateException
          | ClassCastException
          | IndexOutOfBoundsException
          | NullPointerException
          | NumberFormatException
          | UnsupportedOperationException e) {
        throw new WeightFormatException(
            file, "header of " + member.getKey() + " is not as the format says: " + e.getMessage());
      }
    }
    checkOffsets(file, entries, fileSize - 8 - length);
    return new SafeTensors(
        file,
        channel,
        Collections.unmodifiableMap(metadata),
        Collections.unmodifiableMap(entries),
        8 + length);
  }

  private static JsonObject parse(Path file, ByteBuffer bytes) throws WeightFormatException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (CharacterCodingException e) {
      throw new WeightFormatException(file, "header must be UTF-8");
    } catch (JsonParseException | IllegalStateException | StackOverflowError e) {
      throw new WeightFormatException(file, "header must be a JSON object");
    }
  }

  private static Entry entry(Path file, String name, JsonObject object)
      throws WeightFormatException {
    String dtype = object.get("dtype").getAsString();
    Integer bytes = BYTES.get(dtype);
    if (bytes == null) {
      throw new WeightFormatException(file, "tensor " + name + " has unknown dtype " + dtype);
    }
    List<Long> shape = new ArrayList<>();
    long size = bytes;
    for (JsonElement e : object.getAsJsonArray("shape")) {
      long dimension = e.getAsLong();
      if (dimension < 0) {
        throw new WeightFormatException(
            file, "shape of " + name + " must have dimensions of at least 0, got " + dimension);
      }
      shape.add(dimension);
      try {
        size = Math.multiplyExact(size, dimension);
      } catch (ArithmeticException overflow) {
        throw new WeightFormatException(file, "shape of " + name + " is larger than any file");
      }
    }
    long from = object.getAsJsonArray("data_offsets").get(0).getAsLong();
    long to = object.getAsJsonArray("data_offsets").get(1).getAsLong();
    if (to - from != size) {
      throw new WeightFormatException(
          file,
          "tensor "
              + name
              + " of shape "
              + shape
              + " must have "
              + size
              + " bytes, got "
              + from
              + " to "
              + to);
    }
    return new Entry(name, dtype, List.copyOf(shape), from, to);
  }

  private static void checkOffsets(Path file, Map<String, Entry> entries, long dataBytes)
      throws WeightFormatException {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
    long at = 0;
    for (Entry entry : sorted) {
      if (entry.from() != at) {
        throw new WeightFormatException(
            file, "tensor " + entry.name() + " must start at byte " + at + ", got " + entry.from());
      }
      at = entry.to();
    }
    if (at != dataBytes) {
      throw new WeightFormatException(
          file,
          "data must have "
              + at
              + " bytes, got "
              + dataBytes
              + (dataBytes < at ? ": the file is truncated" : ": something follows the tensors"));
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, position);
      if (read < 0) {
        throw new EOFException("file ended at byte " + position);
      }
      position += read;
    }
  }
}
