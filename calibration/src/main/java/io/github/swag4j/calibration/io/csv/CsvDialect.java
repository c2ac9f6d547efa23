package io.github.swag4j.calibration.io.csv;

/**
 * How a table's text is to be split: what stands between fields, which mark numbers have, and on
 * which line of the file the text begins.
 *
 * @param separator the byte between fields
 * @param decimalComma whether numbers have a comma where others have a point
 * @param skipped lines in front of the header that say how the file is written ({@code sep=;})
 * @param linesInQuotes whether line ends in quoted fields are ends of the file's lines; they are
 *     not in a table made of JSON
 * @param unit what a record is counted as in messages: a line, or a row of what has no lines
 */
record CsvDialect(
    byte separator, boolean decimalComma, int skipped, boolean linesInQuotes, String unit) {
  private static final String LINE = "line";

  /** Commas between fields, points in numbers (RFC 4180). */
  static final CsvDialect COMMAS = new CsvDialect((byte) ',', false, 0, true, LINE);

  /** Made of JSON Lines: the header is before the first line of the file. */
  static final CsvDialect OF_JSON = new CsvDialect((byte) ',', false, -1, false, LINE);

  /** Made of the rows of a file that is no text. */
  static final CsvDialect OF_ROWS = new CsvDialect((byte) ',', false, -1, false, "row");

  /** Text of lines, each of them a record unless quotes enclose its end. */
  static CsvDialect ofLines(byte separator, boolean decimalComma, int skipped) {
    return new CsvDialect(separator, decimalComma, skipped, true, LINE);
  }

  /** Where a record is, from 1. */
  String place(long record) {
    return unit + " " + record;
  }

  /** The number of the line on which the header begins. */
  long headerLine() {
    return 1L + skipped;
  }

  /** Whether a byte of a record stands for nothing: between fields, or beside what is in one. */
  boolean isBlank(byte b) {
    return b == separator || b == ' ' || b == '\t' || b == '"';
  }
}
