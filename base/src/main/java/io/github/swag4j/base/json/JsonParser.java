package io.github.swag4j.base.json;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recursive-descent parser of RFC 8259 text whose top value is an object. Names given twice, text
 * after the end, numbers beyond the double range and nesting deeper than {@value #MAX_DEPTH} are
 * refused.
 */
final class JsonParser {
  static final int MAX_DEPTH = 32;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final String text;
  private int at;
  private int depth;

  JsonParser(String text) {
    this.text = text;
  }

  JsonObject parse() {
    skipSpace();
    JsonObject object = object("");
    skipSpace();
    if (at < text.length()) {
      throw error("end of text expected, got '" + text.charAt(at) + "'");
    }
    return object;
  }

  private JsonObject object(String path) {
    enter('{');
    JsonObject object = new JsonObject(path);
    skipSpace();
    if (!take('}')) {
      do {
        skipSpace();
        int start = at;
        String name = string();
        if (object.has(name)) {
          at = start;
          throw error("name \"" + name + "\" given twice");
        }
        skipSpace();
        expect(':');
        object.set(name, value(path.isEmpty() ? name : path + "." + name));
        skipSpace();
      } while (take(','));
      expect('}');
    }
    depth--;
    return object;
  }

  private List<Object> array(String path) {
    enter('[');
    List<Object> values = new ArrayList<>();
    skipSpace();
    if (!take(']')) {
      do {
        values.add(value(path + "[" + values.size() + "]"));
        skipSpace();
      } while (take(','));
      expect(']');
    }
    depth--;
    return values;
  }

  private Object value(String path) {
    skipSpace();
    if (at == text.length()) {
      throw error("value expected, got end of text");
    }
    char c = text.charAt(at);
    if (c == '{') {
      return object(path);
    }
    if (c == '[') {
      return array(path);
    }
    if (c == '"') {
      return string();
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
      return number();
    }
    for (Boolean known : new Boolean[] {true, false}) {
      if (text.startsWith(known.toString(), at)) {
        at += known.toString().length();
        return known;
      }
    }
    throw error("object, array, string, number, true or false expected, got '" + c + "'");
  }

  private Double number() {
    Matcher matcher = NUMBER.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw error("number expected");
    }
    double value = Double.parseDouble(matcher.group());
    if (Double.isInfinite(value)) {
      throw error("number within the range of double expected, got " + matcher.group());
    }
    at = matcher.end();
    return value;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < 0x20) {
        throw error("control characters in strings must be escaped");
      }
      at++;
      out.append(c == '\\' ? escape() : c);
    }
    throw error("'\"' expected, got end of text");
  }

  private char escape() {
    char c = at < text.length() ? text.charAt(at) : ' ';
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      at++;
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c == 'u' && at + 5 <= text.length()) {
      String hex = text.substring(at + 1, at + 5);
      if (hex.matches("[0-9a-fA-F]{4}")) {
        at += 5;
        return (char) Integer.parseInt(hex, 16);
      }
    }
    throw error("escape expected after '\\'");
  }

  private void enter(char open) {
    expect(open);
    if (++depth > MAX_DEPTH) {
      throw error("nesting must not be deeper than " + MAX_DEPTH);
    }
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      String got = at < text.length() ? "'" + text.charAt(at) + "'" : "end of text";
      throw error("'" + c + "' expected, got " + got);
    }
  }

  private JsonException error(String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new JsonException("JSON line " + line + ", column " + column + ": " + what);
  }
}
