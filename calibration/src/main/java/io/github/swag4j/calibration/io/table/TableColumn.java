package io.github.swag4j.calibration.io.table;

import java.util.List;

/**
 * A column of a table.
 *
 * @param name what it is called
 * @param kind what a row has in it
 * @param parts the names of the values of an {@link Kind#OBJECT}; else empty
 * @param what what it holds, in words, for refusals: "a map"
 */
public record TableColumn(String name, Kind kind, List<String> parts, String what) {

  /** What a row has in a column. */
  public enum Kind {
    /** A single number, text, or true or false. */
    VALUE,
    /** Any number of such values. */
    LIST,
    /** A value for each of some names. */
    OBJECT,
    /** Something else, which is not read. */
    OTHER
  }

  /**
   * Copies the names.
   *
   * @param name what it is called
   * @param kind what a row has in it
   * @param parts the names of the values of an object
   * @param what what it holds, in words
   */
  public TableColumn {
    parts = List.copyOf(parts);
  }
}
