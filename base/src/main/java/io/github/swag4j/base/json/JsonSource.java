package io.github.swag4j.base.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One JSON object (RFC 8259), read from front to back by Gson's strict reader, which leaves five
 * things to its caller: names given twice, a byte order mark, numbers beyond the range of double,
 * text and numbers taken for each other, and control characters in strings that are skipped. They
 * are refused here, as is nesting deeper than {@value #MAX_DEPTH}. Whole numbers never pass through
 * double.
 *
 * <p>All methods throw {@link JsonException} if the text is something else; the message names line,
 * column and path.
 */
public final class JsonSource {

  /** How deep objects and arrays may be nested, the outermost counted. */
  public static final int MAX_DEPTH = 32;

  /** What comes next. */
  public enum Next {
    /** An object. */
    OBJECT("an object"),
    /** An array. */
    ARRAY("an array"),
    /** A string. */
    STRING("a string"),
    /** A number. */
    NUMBER("a number"),
    /** True or false. */
    TRUTH("true or false"),
    /** Null. */
    NULL("null"),
    /** The end of an object, an array or the text. */
    END("an end");

    private final String words;

    Next(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");

  /** How Gson ends its messages. */
  private static final Pattern PLACE = Pattern.compile(" at line (\\d+) column (\\d+) path (.*)");

  private final JsonReader reader;
  private final Deque<Set<String>> names = new ArrayDeque<>();

  private JsonSource(String text) {
    if (text.startsWith("\ufeff")) {
      throw new JsonException("JSON line 1, column 1: '{' expected, got a byte order mark");
    }
    reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_DEPTH);
  }

  /**
   * Starts to read.
   *
   * @param text one JSON object
   * @return its source
   */
  public static JsonSource of(String text) {
    return new JsonSource(text);
  }

  /**
   * Starts to read.
   *
   * @param bytes one JSON object in UTF-8
   * @return its source
   * @throws JsonException if the bytes are not UTF-8
   */
  public static JsonSource of(ByteBuffer bytes) {
    try {
      return of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw new JsonException("JSON must be UTF-8, byte " + bytes.position() + " is not");
    }
  }

  /**
   * Refuses what is not one JSON object; any values may be in it.
   *
   * @param text the text
   */
  public static void check(String text) {
    JsonSource source = of(text);
    source.require(Next.OBJECT);
    source.skip();
    source.end();
  }

  /**
   * What comes next.
   *
   * @return its kind
   */
  public Next next() {
    return switch (read(reader::peek)) {
      case BEGIN_OBJECT -> Next.OBJECT;
      case BEGIN_ARRAY -> Next.ARRAY;
      case STRING, NAME -> Next.STRING;
      case NUMBER -> Next.NUMBER;
      case BOOLEAN -> Next.TRUTH;
      case NULL -> Next.NULL;
      case END_OBJECT, END_ARRAY, END_DOCUMENT -> Next.END;
    };
  }

  /** Enters an object. */
  public void beginObject() {
    require(Next.OBJECT);
    read(reader::beginObject);
    names.push(new HashSet<>());
  }

  /** Leaves the object. */
  public void endObject() {
    read(reader::endObject);
    names.pop();
  }

  /** Enters an array. */
  public void beginArray() {
    require(Next.ARRAY);
    read(reader::beginArray);
  }

  /** Leaves the array. */
  public void endArray() {
    read(reader::endArray);
  }

  /**
   * Whether the object or array has more.
   *
   * @return true if so
   */
  public boolean hasNext() {
    return read(reader::hasNext);
  }

  /**
   * The next name of the object.
   *
   * @return the name, which was not there before
   */
  public String name() {
    String name = read(reader::nextName);
    if (!names.element().add(name)) {
      throw error("name \"" + name + "\" given twice");
    }
    return name;
  }

  /**
   * A string.
   *
   * @return the string
   */
  public String string() {
    require(Next.STRING);
    return read(reader::nextString);
  }

  /**
   * True or false.
   *
   * @return the truth value
   */
  public boolean truth() {
    require(Next.TRUTH);
    return read(reader::nextBoolean);
  }

  /**
   * A number.
   *
   * @return a {@link Long} if it is written in digits alone and fits, a finite {@link Double} if
   *     not
   */
  public Number number() {
    require(Next.NUMBER);
    String digits = read(reader::nextString);
    if (WHOLE.matcher(digits).matches() && !digits.equals("-0")) {
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException e) {
        // 2^63 or more.
        return Double.valueOf(digits);
      }
    }
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      throw error("number within the range of double expected, got " + digits);
    }
    return value;
  }

  /**
   * A number as it is written, for who reads numbers by other rules than {@link #number}.
   *
   * @return the digits, with sign, point and exponent as JSON has them; of any range
   */
  public String digits() {
    require(Next.NUMBER);
    return read(reader::nextString);
  }

  /**
   * A whole number in digits, exactly.
   *
   * @return the number
   */
  public long integer() {
    if (number() instanceof Long whole) {
      return whole;
    }
    throw error("whole number in digits, below 2^63, expected");
  }

  /** Passes over a value, which must be as strict as one that is read. */
  public void skip() {
    switch (next()) {
      case OBJECT -> {
        beginObject();
        while (hasNext()) {
          name();
          skip();
        }
        endObject();
      }
      case ARRAY -> {
        beginArray();
        while (hasNext()) {
          skip();
        }
        endArray();
      }
      case STRING -> string();
      case NUMBER -> number();
      case TRUTH -> truth();
      case NULL -> read(reader::nextNull);
      case END -> throw error("value expected");
    }
  }

  /** Refuses text after the object. */
  public void end() {
    if (read(reader::peek) != JsonToken.END_DOCUMENT) {
      throw error("end of text expected");
    }
  }

  private void require(Next expected) {
    Next got = next();
    if (got != expected) {
      throw error(expected + " expected, got " + got);
    }
  }

  /**
   * A refusal of what was read last.
   *
   * @param rule what was expected, what is there
   * @return to be thrown
   */
  public JsonException error(String rule) {
    // Only toString tells the place of the reader.
    return error(rule, reader.toString());
  }

  private static JsonException error(String rule, String gson) {
    Matcher place = PLACE.matcher(gson);
    String at =
        place.find()
            ? " line " + place.group(1) + ", column " + place.group(2) + ", path " + place.group(3)
            : "";
    return new JsonException("JSON" + at + ": " + rule);
  }

  private interface Step<T> {
    T get() throws IOException;
  }

  private interface Move {
    void run() throws IOException;
  }

  private void read(Move move) {
    read(
        () -> {
          move.run();
          return true;
        });
  }

  private <T> T read(Step<T> step) {
    try {
      return step.get();
    } catch (IOException | IllegalStateException e) {
      String message = String.valueOf(e.getMessage());
      String reason = PLACE.matcher(message).replaceAll("").lines().findFirst().orElse("");
      // Gson advises to be lenient.
      throw error(
          reason.contains("setStrictness") ? "not JSON as RFC 8259 defines it" : reason, message);
    }
  }
}
