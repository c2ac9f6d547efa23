package io.github.swag4j.swa.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The JSON at the start of a safetensors file, read strictly: nothing twice, nothing unknown, and
 * the tensors fill the data without a gap or an overlap.
 *
 * @param metadata facts, in the file's order
 * @param places the tensors by name, in the file's order
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Place> places) {
  private static final String METADATA = "__metadata__";

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");

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
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new WeightFormatException(file, "header must be UTF-8");
    }
    JsonReader json = new JsonReader(new StringReader(text));
    json.setStrictness(Strictness.STRICT);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    boolean described = false;
    try {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (name.equals(METADATA)) {
          require(file, !described, METADATA + " must be there once");
          described = true;
          readMetadata(file, json, metadata);
        } else if (places.put(name, place(file, name, json)) != null) {
          throw new WeightFormatException(file, "tensor " + name + " must be there once");
        }
      }
      json.endObject();
      require(file, json.peek() == JsonToken.END_DOCUMENT, "header must be one JSON object");
    } catch (WeightFormatException e) {
      throw e;
    } catch (MalformedJsonException | EOFException e) {
      throw new WeightFormatException(file, "header must be a JSON object: " + gson(e));
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw new WeightFormatException(file, "header is not as the format says: " + gson(e));
    }
    requireFilled(file, places.values(), dataBytes);
    return new SafeTensorsHeader(metadata, places);
  }

  /** Gson's messages without the address of its page of troubles. */
  private static String gson(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static void readMetadata(Path file, JsonReader json, Map<String, String> metadata)
      throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      require(
          file, json.peek() == JsonToken.STRING, "metadata " + key + " must be a string in quotes");
      require(
          file,
          metadata.put(key, json.nextString()) == null,
          "metadata " + key + " is there twice");
    }
    json.endObject();
  }

  private static Place place(Path file, String name, JsonReader json) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      boolean twice;
      if (key.equals("dtype")) {
        twice = type != null;
        type = json.nextString();
      } else if (key.equals("shape")) {
        twice = shape != null;
        shape = numbers(file, name, json, MAX_DIMENSIONS);
      } else if (key.equals("data_offsets")) {
        twice = offsets != null;
        offsets = numbers(file, name, json, 2);
      } else {
        throw new WeightFormatException(file, "tensor " + name + " has an unknown \"" + key + '"');
      }
      require(file, !twice, "tensor " + name + " has \"" + key + "\" twice");
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

  /** Whole numbers in digits: Gson's nextLong takes 1.0 and "1" too. */
  private static List<Long> numbers(Path file, String name, JsonReader json, int most)
      throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      require(
          file, numbers.size() < most, "tensor " + name + " has more than " + most + " numbers");
      boolean number = json.peek() == JsonToken.NUMBER;
      String digits = number ? json.nextString() : "something else";
      if (!WHOLE.matcher(digits).matches()) {
        throw new WeightFormatException(
            file,
            "shape and data_offsets of "
                + name
                + " must be whole numbers below 2^63, got "
                + digits);
      }
      numbers.add(Long.valueOf(digits));
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
