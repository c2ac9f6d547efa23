package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.text.TextSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The table in a file as records, however the file is packed, encoded and separated. Immutable;
 * safe for use by several threads, each of which opens its own records.
 */
public final class CsvText {
  /** Bytes of a part that is kept in memory because its file cannot be read from amid. */
  private static final int KEPT_PART_BYTES = 1 << 20;

  /** How much larger text is than its packed form, about. */
  private static final int PACKED = 3;

  private final TextSource text;
  private final CsvDialect dialect;

  private CsvText(TextSource text, CsvDialect dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  /** Finds out how a table is written. */
  public static CsvText of(Path file) throws IOException {
    TextSource text = TextSource.of(file);
    return new CsvText(text, CsvDialects.of(text));
  }

  Source source() {
    return new Source(text.file(), "");
  }

  /** UTF-8 text from the header on, or from the line before it. */
  InputStream open() throws IOException {
    return text.open();
  }

  /** Whether any part of the text can be read by itself. */
  boolean isPlain() {
    return text.isPlain();
  }

  /** Where the text begins in its file, if it is plain. */
  int start() {
    return text.start();
  }

  Path file() {
    return text.file();
  }

  CsvDialect dialect() {
    return dialect;
  }

  /** Names of the columns. */
  public List<String> names() throws IOException {
    try (InputStream in = open()) {
      return CsvNames.read(records(in), source());
    }
  }

  /** The records from the header on. */
  CsvRecords records(InputStream in) throws IOException {
    CsvRecords records = new CsvRecords(in, file(), dialect);
    records.skip(dialect.skipped());
    return records;
  }

  /** The records of a part. */
  CsvRecords records(InputStream in, CsvParts.Part part) {
    return new CsvRecords(in, file(), part.line(), dialect);
  }

  /** The parts of this table, to be read as they are cut. */
  CsvParts parts() throws IOException {
    return new CsvParts(this, isPlain() ? CsvParts.PART_BYTES : KEPT_PART_BYTES, true);
  }

  /** The parts of this table, to be counted. */
  CsvParts borders() throws IOException {
    return new CsvParts(this, isPlain() ? CsvParts.PART_BYTES : KEPT_PART_BYTES, false);
  }

  /** How many parts there are, about. */
  long estimatedParts() throws IOException {
    long size = Files.size(file());
    return isPlain() ? size / CsvParts.PART_BYTES : PACKED * size / KEPT_PART_BYTES;
  }
}
