package io.github.swag4j.swa.io;

import com.google.gson.stream.JsonWriter;
import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The JSON at the start of a safetensors file, read strictly: nothing twice, nothing unknown, and
 * the tensors fill the data without a gap or an overlap.
 *
 * @param metadata facts, in the file's order
 * @param places the tensors by name, in the file's order
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Place> places) {
  private static final String METADATA = "__metadata__";

  /** Metadata key of the header's own checksum. */
  static final String CHECKSUM = "header_checksum";

  /** More dimensions than any tensor library allows; Python's reader has no limit. */
  private static final int MAX_DIMENSIONS = 1024;

  /**
   * A tensor and where it lies.
   *
   * @param tensor what it is
   * @param from first byte, from the start of the data
   * @param to one past the last byte
   */
  record Place(StoredTensor tensor, long from, long to) {}

  /**
   * Reads a header.
   *
   * @param file its file, for messages
   * @param bytes the header
   * @param dataBytes how much follows it
   * @throws WeightFormatException if it is not what the format says
   */
  static SafeTensorsHeader read(Path file, ByteBuffer bytes, long dataBytes)
      throws WeightFormatException {
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    try {
      JsonSource json = JsonSource.of(bytes);
      json.beginObject();
      while (json.hasNext()) {
        String name = json.name();
        if (name.equals(METADATA)) {
          readMetadata(json, metadata);
        } else {
          places.put(name, place(file, name, json));
        }
      }
      json.endObject();
      json.end();
    } catch (JsonException e) {
      throw new WeightFormatException(file, "header is not as the format says: " + e.getMessage());
    }
    requireFilled(file, places.values(), dataBytes);
    SafeTensorsHeader header = new SafeTensorsHeader(metadata, places);
    header.requireChecksum(file);
    return header;
  }

  /**
   * CRC-32C of what the header says, however it is spelt: for each key of the metadata in sorted
   * order (without the checksum itself) {@code key NUL value LF}, for each tensor in the file's
   * order {@code name NUL dtype NUL shape NUL from NUL to LF}, the shape as {@code [2, 3]}.
   */
  String checksum() {
    CRC32C crc = new CRC32C();
    new TreeMap<>(metadata)
        .forEach(
            (key, value) -> {
              if (!key.equals(CHECKSUM)) {
                update(crc, key + '\0' + value + '\n');
              }
            });
    for (Place place : places.values()) {
      StoredTensor t = place.tensor();
      update(
          crc,
          String.join(
                  "\0",
                  t.name(),
                  t.type().name(),
                  t.shape().toString(),
                  Long.toString(place.from()),
                  Long.toString(place.to()))
              + '\n');
    }
    return String.format(Locale.ROOT, "crc32c:%08x", crc.getValue());
  }

  private static void update(CRC32C crc, String text) {
    crc.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private void requireChecksum(Path file) throws WeightFormatException {
    String expected = metadata.get(CHECKSUM);
    if (expected != null && !expected.equals(checksum())) {
      throw new WeightFormatException(
          file,
          "header must have checksum "
              + checksum()
              + ", got "
              + expected
              + ": the file is damaged, or another program changed its header and kept the checksum");
    }
  }

  private static void readMetadata(JsonSource json, Map<String, String> metadata) {
    json.beginObject();
    while (json.hasNext()) {
      metadata.put(json.name(), json.string());
    }
    json.endObject();
  }

  private static Place place(Path file, String name, JsonSource json) throws WeightFormatException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      switch (json.name()) {
        case "dtype" -> type = json.string();
        case "shape" -> shape = numbers(json, MAX_DIMENSIONS);
        case "data_offsets" -> offsets = numbers(json, 2);
        default -> throw json.error("only dtype, shape and data_offsets are known");
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new WeightFormatException(
          file, "tensor " + name + " must have dtype, shape and two data_offsets");
    }
    return place(file, name, type, shape, offsets);
  }

  private static Place place(
      Path file, String name, String type, List<Long> shape, List<Long> offsets)
      throws WeightFormatException {
    TensorType known;
    try {
      known = TensorType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, "tensor " + name + " has unknown dtype " + type);
    }
    StoredTensor tensor;
    try {
      tensor = new StoredTensor(name, known, shape);
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, e.getMessage());
    }
    long from = offsets.get(0);
    long to = offsets.get(1);
    if (from < 0 || to < from || to - from != tensor.byteSize()) {
      throw new WeightFormatException(
          file,
          "tensor "
              + name
              + " of shape "
              + shape
              + " must have "
              + tensor.byteSize()
              + " bytes, got "
              + from
              + " to "
              + to);
    }
    return new Place(tensor, from, to);
  }

  private static List<Long> numbers(JsonSource json, int most) {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      if (numbers.size() == most) {
        throw json.error("at most " + most + " numbers expected");
      }
      numbers.add(json.integer());
    }
    json.endArray();
    return numbers;
  }

  private static void requireFilled(Path file, Collection<Place> places, long dataBytes)
      throws WeightFormatException {
    List<Place> sorted = new ArrayList<>(places);
    sorted.sort(Comparator.comparingLong(Place::from).thenComparingLong(Place::to));
    long at = 0;
    for (Place place : sorted) {
      require(
          file,
          place.from() == at,
          "tensor "
              + place.tensor().name()
              + " must start at byte "
              + at
              + ", got "
              + place.from());
      at = place.to();
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

  private static void require(Path file, boolean holds, String rule) throws WeightFormatException {
    if (!holds) {
      throw new WeightFormatException(file, rule);
    }
  }

  /** The header as bytes, padded so that data start at a multiple of 8, as the format wants. */
  byte[] toBytes() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject().name(METADATA).beginObject();
      for (Map.Entry<String, String> e : metadata.entrySet()) {
        json.name(e.getKey()).value(e.getValue());
      }
      json.endObject();
      for (Place place : places.values()) {
        json.name(place.tensor().name()).beginObject();
        json.name("dtype").value(place.tensor().type().name()).name("shape").beginArray();
        for (long dimension : place.tensor().shape()) {
          json.value(dimension);
        }
        json.endArray().name("data_offsets").beginArray().value(place.from()).value(place.to());
        json.endArray().endObject();
      }
      json.endObject();
    }
    int padding = Math.floorMod(-text.toString().getBytes(StandardCharsets.UTF_8).length, 8);
    return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }
}
