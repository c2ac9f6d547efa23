package io.github.swag4j.swa.io;

import com.google.gson.stream.JsonWriter;
import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes float32 tensors in the safetensors format, with a checksum of the data among the metadata
 * ({@value #CHECKSUM}). Tensors are streamed, so files may pass 2 GB.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The safetensors format</a>
 */
public final class SafeTensorsWriter {

  /** Metadata key of the data section's checksum: {@code crc32c:} and eight hexadecimal digits. */
  public static final String CHECKSUM = "checksum";

  private static final int CHUNK_BYTES = 1 << 16;

  private record Entry(List<Long> shape, List<FloatBuffer> parts, long size) {}

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A file without tensors. */
  public SafeTensorsWriter() {}

  /**
   * Adds metadata.
   *
   * @param key the key; {@value #CHECKSUM} is the writer's own
   * @param value the value
   * @return this writer
   */
  public SafeTensorsWriter metadata(String key, String value) {
    if (key.equals(CHECKSUM)) {
      throw new IllegalArgumentException("metadata key " + CHECKSUM + " is written by the writer");
    }
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param name unique name
   * @param shape its dimensions
   * @param parts values in row-major order, one part after the other
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or the parts do not fill the shape
   */
  public SafeTensorsWriter tensor(String name, List<Long> shape, List<FloatBuffer> parts) {
    long expected = 1;
    for (long dimension : shape) {
      expected = Math.multiplyExact(expected, dimension);
    }
    long size = 0;
    for (FloatBuffer part : parts) {
      size += part.capacity();
    }
    if (size != expected) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " of shape "
              + shape
              + " must have "
              + expected
              + " values, got "
              + size);
    }
    if (name.equals("__metadata__") || entries.containsKey(name)) {
      throw new IllegalArgumentException("tensor names must be unique, got " + name + " twice");
    }
    entries.put(name, new Entry(List.copyOf(shape), List.copyOf(parts), size));
    return this;
  }

  /**
   * Writes the file, atomically.
   *
   * @param file where to
   * @throws IOException if writing fails; a file that was there stays as it was
   */
  public void write(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    forEachChunk(crc::update);
    byte[] header = header(String.format("crc32c:%08x", crc.getValue()));
    AtomicFile.writeChannel(
        file,
        channel -> {
          ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
          start.putLong(header.length).put(header).flip();
          writeFully(channel, start);
          forEachChunk(chunk -> writeFully(channel, chunk));
        });
  }

  private byte[] header(String checksum) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject().name("__metadata__").beginObject();
      for (Map.Entry<String, String> e : metadata.entrySet()) {
        json.name(e.getKey()).value(e.getValue());
      }
      json.name(CHECKSUM).value(checksum).endObject();
      long at = 0;
      for (Map.Entry<String, Entry> e : entries.entrySet()) {
        json.name(e.getKey()).beginObject().name("dtype").value("F32").name("shape").beginArray();
        for (long dimension : e.getValue().shape()) {
          json.value(dimension);
        }
        long end = at + e.getValue().size() * Float.BYTES;
        json.endArray().name("data_offsets").beginArray().value(at).value(end).endArray();
        json.endObject();
        at = end;
      }
      json.endObject();
    }
    // Data starts at a multiple of 8, as the reference writer does, so that it can be mapped.
    int padding = Math.floorMod(-text.toString().getBytes(StandardCharsets.UTF_8).length, 8);
    return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private interface ChunkConsumer {
    void accept(ByteBuffer chunk) throws IOException;
  }

  private void forEachChunk(ChunkConsumer consumer) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] block = new float[CHUNK_BYTES / Float.BYTES];
    for (Entry entry : entries.values()) {
      for (FloatBuffer part : entry.parts()) {
        for (int from = 0; from < part.capacity(); from += block.length) {
          int length = Math.min(block.length, part.capacity() - from);
          part.get(from, block, 0, length);
          bytes.clear();
          bytes.asFloatBuffer().put(block, 0, length);
          bytes.limit(length * Float.BYTES);
          consumer.accept(bytes);
        }
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
