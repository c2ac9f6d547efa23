package io.github.swag4j.base.json;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the values of a {@link JsonObject} as text, names in the order they were added. */
final class JsonText {
  private JsonText() {}

  static String write(Map<String, Object> values) {
    StringBuilder out = new StringBuilder();
    object(values, out);
    return out.toString();
  }

  private static void object(Map<String, Object> values, StringBuilder out) {
    char before = '{';
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      out.append(before);
      quoted(entry.getKey(), out);
      out.append(':');
      value(entry.getValue(), out);
      before = ',';
    }
    out.append(values.isEmpty() ? "{}" : "}");
  }

  private static void value(Object value, StringBuilder out) {
    if (value instanceof JsonObject child) {
      object(child.values(), out);
    } else if (value instanceof List<?> list) {
      char before = '[';
      for (Object item : list) {
        out.append(before);
        value(item, out);
        before = ',';
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String text) {
      quoted(text, out);
    } else {
      out.append(value);
    }
  }

  private static void quoted(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Lone surrogates cannot be encoded as UTF-8, so they would not survive a file.
      if (c < 0x20 || Character.isSurrogate(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        if (c == '"' || c == '\\') {
          out.append('\\');
        }
        out.append(c);
      }
    }
    out.append('"');
  }
}
