package io.github.swag4j.calibration.io.jsonl;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import io.github.swag4j.base.json.JsonSource.Next;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lines of JSON as rows of CSV: each must have the fields of the first, in any order. */
final class JsonRows {
  private final JsonColumns columns;
  private final String[] cells;

  /** Whether a cell is of a string, which keeps its spaces. */
  private final boolean[] quoted;

  /** Whether this line has the classes in another order than the first. */
  private boolean reordered;

  /** Whether its label is a number, which may be an index of them. */
  private boolean numberedLabel;

  JsonRows(JsonColumns columns) {
    this.columns = columns;
    cells = new String[columns.names().size()];
    quoted = new boolean[cells.length];
  }

  /** The header. */
  String header() {
    StringBuilder line = new StringBuilder();
    for (String name : columns.names()) {
      line.append(line.isEmpty() ? "" : ",");
      quote(name, line);
    }
    return line.append('\n').toString();
  }

  /** The row of a line that is not empty. */
  String row(JsonSource in) {
    read(in);
    return line();
  }

  /** The text of each column of a line that is not empty; nothing where it is null. */
  List<String> texts(JsonSource in) {
    read(in);
    return Arrays.stream(cells).map(text -> text == null ? "" : text).toList();
  }

  private void read(JsonSource in) {
    Arrays.fill(cells, null);
    Arrays.fill(quoted, false);
    reordered = false;
    numberedLabel = false;
    Set<String> seen = new HashSet<>();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.name();
      JsonColumns.Field field = columns.field(name);
      if (field == null && !columns.isIgnored(name)) {
        throw new JsonException(
            "a line must have the fields of the first, got '" + name + "', too");
      }
      seen.add(name);
      if (field == null || field.role() == JsonColumns.Role.NONE) {
        in.skip();
      } else if (field.role() == JsonColumns.Role.VALUE) {
        value(in, name, field.column());
      } else if (field.role() == JsonColumns.Role.NAMES) {
        names(in, name);
      } else {
        numbers(in, name, field.column());
      }
    }
    in.endObject();
    in.end();
    requireAll(seen);
    if (reordered && numberedLabel) {
      throw new JsonException(
          "the classes must be in the order of the first line where a label may be an index of it:"
              + " give labels by name");
    }
  }

  private void requireAll(Set<String> seen) {
    for (Map.Entry<String, JsonColumns.Field> e : columns.fields().entrySet()) {
      boolean needed = e.getValue().role() != JsonColumns.Role.NONE;
      if (needed && !seen.contains(e.getKey())) {
        throw new JsonException(
            "a line must have the fields of the first, got none called '"
                + e.getKey()
                + "' (null stands for what is not known)");
      }
    }
  }

  private void value(JsonSource in, String name, int column) {
    Next kind = in.next();
    switch (kind) {
      case STRING -> {
        cells[column] = in.string();
        quoted[column] = true;
      }
      case NUMBER -> {
        cells[column] = in.digits();
        numberedLabel |= UsualNames.isOneOf(UsualNames.LABELS, name);
      }
      case TRUTH -> cells[column] = Boolean.toString(in.truth());
      case NULL -> in.skip();
      default ->
          throw new JsonException("'" + name + "' must be a single value as before, got " + kind);
    }
  }

  /** The names beside an array, which must be the same on all lines. */
  private void names(JsonSource in, String name) {
    List<String> expected = columns.classes();
    int k = 0;
    in.beginArray();
    while (in.hasNext()) {
      String text = in.string();
      if (k >= expected.size() || !expected.get(k).equals(text)) {
        throw new JsonException(
            "'" + name + "' must be those of the first line in their order, got '" + text + "'");
      }
      k++;
    }
    in.endArray();
    if (k < expected.size()) {
      throw new JsonException(
          "'" + name + "' must be the " + expected.size() + " of the first line, got " + k);
    }
  }

  private void numbers(JsonSource in, String name, int first) {
    int count = columns.classes().size();
    Next kind = in.next();
    int k = 0;
    if (kind == Next.ARRAY) {
      in.beginArray();
      for (; in.hasNext(); k++) {
        if (k == count) {
          throw new JsonException("'" + name + "' must have " + count + " numbers, got more");
        }
        cells[first + k] = number(in, name);
      }
      in.endArray();
    } else if (kind == Next.OBJECT) {
      in.beginObject();
      for (; in.hasNext(); k++) {
        String called = in.name();
        Integer at = columns.classOf(called);
        if (at == null) {
          throw new JsonException(
              "'" + name + "' must have the classes of the first line, got '" + called + "', too");
        }
        reordered |= at != k;
        cells[first + at] = number(in, name);
      }
      in.endObject();
    } else {
      throw new JsonException("'" + name + "' must be an object or array as before, got " + kind);
    }
    if (k < count) {
      throw new JsonException("'" + name + "' must have " + count + " numbers, got " + k);
    }
  }

  private static String number(JsonSource in, String name) {
    if (in.next() != Next.NUMBER) {
      throw new JsonException(
          "'"
              + name
              + "' must hold numbers, got "
              + in.next()
              + (in.next() == Next.ARRAY ? ": write one object a row" : ""));
    }
    return in.digits();
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.length; c++) {
      line.append(c == 0 ? "" : ",");
      if (quoted[c]) {
        quote(cells[c], line);
      } else if (cells[c] != null) {
        line.append(cells[c]);
      } else if (cells.length == 1) {
        throw new JsonException("'" + columns.names().get(0) + "' must be a number, got null");
      }
    }
    return line.append('\n').toString();
  }

  private static void quote(String text, StringBuilder into) {
    into.append('"').append(text.replace("\"", "\"\"")).append('"');
  }
}
