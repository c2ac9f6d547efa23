package io.github.swag4j.cli.monitor;

import java.util.ArrayList;
import java.util.List;

/** The fields of one CSV record (RFC 4180). */
final class CsvFields {
  private CsvFields() {}

  /**
   * The fields, without their quotes and the blanks around them.
   *
   * @throws IllegalArgumentException if a quote is out of place
   */
  static List<String> of(String record) {
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
