package io.github.swag4j.base.json;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object with named numbers, strings, arrays of either, and objects.
 *
 * <p>Numbers are written as {@link Double#toString(double)}, which reads back to the same bits; NaN
 * and the infinities, which JSON has no numbers for, are written as the strings {@code "NaN"},
 * {@code "Infinity"} and {@code "-Infinity"}. Mutable while it is put together.
 */
public final class JsonObject {
  private static final double MAX_EXACT = 9007199254740992.0;

  private final String path;
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** An empty object. */
  public JsonObject() {
    this("");
  }

  JsonObject(String path) {
    this.path = path;
  }

  /**
   * Reads a text.
   *
   * @param text one JSON object
   * @return the object
   * @throws JsonException if the text is not one JSON object, gives a name twice, holds a null or a
   *     number beyond the range of double, or is nested deeper than {@value JsonSource#MAX_DEPTH};
   *     names line, column and path
   */
  public static JsonObject parse(String text) {
    return parse(JsonSource.of(text), false);
  }

  /**
   * Reads a text of another program, whose values that are null are as good as missing.
   *
   * @param utf8 one JSON object
   * @return the object
   * @throws JsonException as {@link #parse}, and if the bytes are not UTF-8
   */
  public static JsonObject parseOmittingNulls(ByteBuffer utf8) {
    return parse(JsonSource.of(utf8), true);
  }

  private static JsonObject parse(JsonSource source, boolean omitNulls) {
    JsonObject object = object(source, "", omitNulls);
    source.end();
    return object;
  }

  private static JsonObject object(JsonSource source, String path, boolean omitNulls) {
    JsonObject object = new JsonObject(path);
    source.beginObject();
    while (source.hasNext()) {
      String name = source.name();
      if (omitNulls && source.next() == JsonSource.Next.NULL) {
        source.skip();
      } else {
        object.set(name, value(source, object.at(name), omitNulls));
      }
    }
    source.endObject();
    return object;
  }

  private static Object value(JsonSource source, String path, boolean omitNulls) {
    return switch (source.next()) {
      case OBJECT -> object(source, path, omitNulls);
      case ARRAY -> {
        List<Object> values = new ArrayList<>();
        source.beginArray();
        while (source.hasNext()) {
          values.add(value(source, path + "[" + values.size() + "]", omitNulls));
        }
        source.endArray();
        yield values;
      }
      case STRING -> source.string();
      case NUMBER -> source.number();
      case TRUTH -> source.truth();
      case NULL, END ->
          throw source.error(
              "object, array, string, number, true or false expected, got " + source.next());
    };
  }

  /**
   * Adds a string.
   *
   * @param name its name
   * @param value the string
   * @return this object
   */
  public JsonObject put(String name, String value) {
    return set(name, value);
  }

  /**
   * Adds a number.
   *
   * @param name its name
   * @param value the number, which may be NaN or infinite
   * @return this object
   */
  public JsonObject put(String name, double value) {
    return set(name, boxed(value));
  }

  /**
   * Adds a whole number.
   *
   * @param name its name
   * @param value the number
   * @return this object
   */
  public JsonObject put(String name, long value) {
    return set(name, value);
  }

  /**
   * Adds a truth value.
   *
   * @param name its name
   * @param value the truth value
   * @return this object
   */
  public JsonObject put(String name, boolean value) {
    return set(name, value);
  }

  /**
   * Adds an array of numbers.
   *
   * @param name its name
   * @param numbers the numbers
   * @return this object
   */
  public JsonObject put(String name, double[] numbers) {
    return set(name, Arrays.stream(numbers).mapToObj(JsonObject::boxed).toList());
  }

  /**
   * Adds an array of strings.
   *
   * @param name its name
   * @param strings the strings
   * @return this object
   */
  public JsonObject put(String name, List<String> strings) {
    return set(name, List.copyOf(strings));
  }

  /**
   * Adds an object.
   *
   * @param name its name
   * @param object the object
   * @return this object
   */
  public JsonObject put(String name, JsonObject object) {
    return set(name, object);
  }

  JsonObject set(String name, Object value) {
    values.put(name, value);
    return this;
  }

  private static Object boxed(double value) {
    return Double.isFinite(value) ? (Object) value : Double.toString(value);
  }

  /**
   * Whether there is a value of that name.
   *
   * @param name a name
   * @return true if so
   */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * The names, in the order of the text.
   *
   * @return the names
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /**
   * Refuses names that nobody asked for.
   *
   * @param known the names that may be there
   * @throws JsonException if another name is there
   */
  public void requireOnly(String... known) {
    for (String name : values.keySet()) {
      if (!List.of(known).contains(name)) {
        throw new JsonException(
            "JSON " + at(name) + " is not known, expected only " + String.join(", ", known));
      }
    }
  }

  /**
   * A string.
   *
   * @param name its name
   * @return the string
   * @throws JsonException if missing or of another type
   */
  public String string(String name) {
    return typed(name, String.class, "a string");
  }

  /**
   * A truth value.
   *
   * @param name its name
   * @return the truth value
   * @throws JsonException if missing or of another type
   */
  public boolean truth(String name) {
    return typed(name, Boolean.class, "true or false");
  }

  /**
   * A number.
   *
   * @param name its name
   * @return the number, which may be NaN or infinite
   * @throws JsonException if missing or of another type
   */
  public double number(String name) {
    return toDouble(at(name), required(name));
  }

  /**
   * A whole number.
   *
   * @param name its name
   * @param min the least value allowed
   * @param max the greatest value allowed
   * @return the number
   * @throws JsonException if missing, of another type, not whole or out of range
   */
  public long integer(String name, long min, long max) {
    Object value = required(name);
    if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) <= MAX_EXACT) {
      value = real.longValue();
    }
    if (!(value instanceof Long whole) || whole < min || whole > max) {
      throw wrong(at(name), "a whole number between " + min + " and " + max, value);
    }
    return whole;
  }

  /**
   * An array of numbers.
   *
   * @param name its name
   * @return the numbers, which may be NaN or infinite
   * @throws JsonException if missing or of another type
   */
  public double[] numbers(String name) {
    List<?> list = typed(name, List.class, "an array of numbers");
    double[] out = new double[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = toDouble(at(name) + "[" + i + "]", list.get(i));
    }
    return out;
  }

  /**
   * An array of strings.
   *
   * @param name its name
   * @return the strings
   * @throws JsonException if missing or of another type
   */
  public List<String> strings(String name) {
    List<?> list = typed(name, List.class, "an array of strings");
    String[] out = new String[list.size()];
    for (int i = 0; i < out.length; i++) {
      if (!(list.get(i) instanceof String text)) {
        throw wrong(at(name) + "[" + i + "]", "a string", list.get(i));
      }
      out[i] = text;
    }
    return List.of(out);
  }

  /**
   * An object.
   *
   * @param name its name
   * @return the object
   * @throws JsonException if missing or of another type
   */
  public JsonObject object(String name) {
    return typed(name, JsonObject.class, "an object");
  }

  /**
   * An array of objects.
   *
   * @param name its name
   * @return the objects
   * @throws JsonException if missing or of another type
   */
  public List<JsonObject> objects(String name) {
    List<JsonObject> out = new ArrayList<>();
    for (Object item : typed(name, List.class, "an array of objects")) {
      if (!(item instanceof JsonObject object)) {
        throw wrong(at(name) + "[" + out.size() + "]", "an object", item);
      }
      out.add(object);
    }
    return out;
  }

  private static double toDouble(String where, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if ("NaN".equals(value) || "Infinity".equals(value) || "-Infinity".equals(value)) {
      return Double.parseDouble((String) value);
    }
    throw wrong(where, "a number", value);
  }

  private <T> T typed(String name, Class<T> type, String what) {
    Object value = required(name);
    if (!type.isInstance(value)) {
      throw wrong(at(name), what, value);
    }
    return type.cast(value);
  }

  private Object required(String name) {
    Object value = value(name);
    if (value == null) {
      throw new JsonException("JSON " + at(name) + " is missing");
    }
    return value;
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static JsonException wrong(String where, String expected, Object got) {
    String text =
        got instanceof List ? "an array" : got instanceof JsonObject ? "an object" : "" + got;
    return new JsonException("JSON " + where + " must be " + expected + ", got " + text);
  }

  /** The JSON text, on one line. */
  @Override
  public String toString() {
    return JsonText.of(this);
  }

  /** A value by its name, or null: a number, text, truth value, object, or list of these. */
  Object value(String name) {
    return values.get(name);
  }
}
