package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.io.columns.NameText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The fields of one CSV record (RFC 4180).
 *
 * <p>Not the reader of whole files in calibration.io: that one finds out by the rows below a header
 * how a file is written, and ends at the first record that is not valid. Of served rows there may
 * be none below it yet, and one that is not valid must not end the others.
 */
final class CsvFields {
  private CsvFields() {}

  /**
   * The names of columns, as a header has them.
   *
   * @throws IOException if two are the same, or if they are not separated by commas
   */
  static List<String> header(String record) throws IOException {
    requireLines(record);
    List<String> names;
    try {
      names = of(record).stream().map(CsvFields::name).toList();
    } catch (IllegalArgumentException e) {
      throw new IOException("the header must name the columns: " + e.getMessage(), e);
    }
    if (names.size() == 1 && (record.indexOf(';') >= 0 || record.indexOf('\t') >= 0)) {
      throw new IOException(
          "served rows must have commas between fields, and points in numbers, got "
              + (record.indexOf(';') >= 0 ? "semicolons" : "tabs")
              + " in the header: write commas, or JSON Lines");
    }
    for (String name : names) {
      if (!name.isEmpty() && names.indexOf(name) != names.lastIndexOf(name)) {
        throw new IOException("column names must be unique, got '" + name + "' twice");
      }
    }
    return names;
  }

  /** Refuses files that are no lines of text in UTF-8, by how they begin. */
  private static void requireLines(String record) throws IOException {
    String other =
        record.startsWith("PK\u0003\u0004")
            ? "a ZIP or NPZ archive"
            : record.startsWith("\u001f\uFFFD")
                ? "a gzip file"
                : record.startsWith("\uFFFDNUMPY")
                    ? "a NumPy array"
                    : record.indexOf('\0') >= 0
                        ? "text in UTF-16, or no text"
                        : record.startsWith("[")
                            ? "a JSON array"
                            : record.strip().indexOf('\r') >= 0
                                ? "lines that end with a carriage return alone"
                                : "";
    if (!other.isEmpty()) {
      throw new IOException(
          "served rows must be lines of CSV or one JSON object each, in UTF-8, got " + other);
    }
  }

  /**
   * The record, or the lines of one that is of several for no reason but a quote that is not
   * closed: those after it may be valid.
   *
   * @param size number of fields, 0 where it is not known yet
   */
  static List<TextRecord> whole(TextRecord record, int size) {
    if (size == 0 || record.text().indexOf('\n') < 0 || has(record.text(), size)) {
      return List.of(record);
    }
    String[] lines = record.text().split("\n", -1);
    return IntStream.range(0, lines.length)
        .mapToObj(i -> new TextRecord(lines[i], record.line() + i, false))
        .filter(line -> !line.text().isBlank())
        .toList();
  }

  private static boolean has(String record, int size) {
    try {
      return of(record).size() == size;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A name of a column or class: what looks the same is the same. */
  static String name(String text) {
    return NameText.canonical(NameText.of(text));
  }

  /**
   * Refuses text that was no UTF-8: what was put in the place of its bytes could be another's too.
   *
   * @throws IllegalArgumentException if it was not
   */
  static void requireUtf8(String record) {
    if (record.indexOf('\uFFFD') >= 0) {
      throw new IllegalArgumentException("text must be UTF-8, got bytes that are not");
    }
  }

  /**
   * The fields, without their quotes and the blanks around them.
   *
   * @throws IllegalArgumentException if a quote is out of place, or the text was not UTF-8
   */
  static List<String> of(String record) {
    requireUtf8(record);
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder field = new StringBuilder();
      if (at < record.length() && record.charAt(at) == '"') {
        at = quoted(record, at + 1, field);
        fields.add(field.toString());
      } else {
        int comma = record.indexOf(',', at);
        int end = comma < 0 ? record.length() : comma;
        String text = record.substring(at, end);
        if (text.indexOf('"') >= 0) {
          throw new IllegalArgumentException(
              "a quote must enclose the whole field, and be doubled inside, got one amid");
        }
        fields.add(text.strip());
        at = end;
      }
      if (at >= record.length()) {
        return fields;
      }
      at++; // the comma
    }
  }

  /** Reads to the closing quote; returns the index after it, of a comma or the end. */
  private static int quoted(String record, int from, StringBuilder into) {
    int at = from;
    while (true) {
      int quote = record.indexOf('"', at);
      if (quote < 0) {
        throw new IllegalArgumentException("a quoted field must end with a quote");
      }
      into.append(record, at, quote);
      at = quote + 1;
      if (at == record.length() || record.charAt(at) == ',') {
        return at;
      }
      if (record.charAt(at) != '"') {
        throw new IllegalArgumentException(
            "a closing quote must be followed by a comma or the line's end");
      }
      into.append('"');
      at++;
    }
  }
}
