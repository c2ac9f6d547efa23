package io.github.swag4j.base.json;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A {@link JsonObject} as text on one line. */
final class JsonText {
  private static final Pattern SURROGATE = Pattern.compile("[\\ud800-\\udfff]");

  private JsonText() {}

  static String of(JsonObject object) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      write(object, writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Lone surrogates cannot be encoded as UTF-8, so they would not survive a file.
    return SURROGATE
        .matcher(text.toString())
        .replaceAll(c -> String.format(Locale.ROOT, "\\\\u%04x", (int) c.group().charAt(0)));
  }

  private static void write(Object value, JsonWriter writer) throws IOException {
    if (value instanceof JsonObject object) {
      writer.beginObject();
      for (String name : object.names()) {
        writer.name(name);
        write(object.value(name), writer);
      }
      writer.endObject();
    } else if (value instanceof List<?> list) {
      writer.beginArray();
      for (Object item : list) {
        write(item, writer);
      }
      writer.endArray();
    } else if (value instanceof Number number) {
      writer.value(number);
    } else if (value instanceof Boolean truth) {
      writer.value(truth);
    } else {
      writer.value((String) value);
    }
  }
}
