package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.text.TextSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out how a table is written. Fields are separated by commas, semicolons or tabs: as a first
 * line {@code sep=;} says, else as the header shows. Where it has several of these, the one by
 * which the header and the first rows have the same number of fields, if there is only one such.
 * Numbers have a decimal comma if the first number with either mark has one; a number with the
 * other mark is none, so nothing is read wrongly by a file that mixes them.
 */
final class CsvDialects {
  private static final byte[] SEPARATORS = {',', ';', '\t'};
  private static final int HEAD_BYTES = 1 << 16;
  private static final int ROWS_COMPARED = 20;
  private static final int ROWS_LOOKED_AT = 10_000;
  private static final String POINT = "[-+]?\\d*\\.\\d+([eE][-+]?\\d+)?%?";
  private static final String COMMA = "[-+]?\\d*,\\d+([eE][-+]?\\d+)?%?";

  private final TextSource text;
  private final Source source;

  private CsvDialects(TextSource text) {
    this.text = text;
    source = new Source(text.file(), "");
  }

  static CsvDialect of(TextSource text) throws IOException {
    return new CsvDialects(text).find();
  }

  private CsvDialect find() throws IOException {
    String head;
    try (InputStream in = text.open()) {
      head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
    }
    String first = firstLine(head);
    Byte said = said(first);
    if (said != null) {
      return withDecimals(CsvDialect.ofLines(said, false, 1));
    }
    List<Byte> found = separators(first);
    if (found.size() > 1) {
      found = consistent(found);
    }
    if (found.size() > 1) {
      throw source
          .at("line 1")
          .refuse(
              "fields must be separated by commas, semicolons or tabs, got more than one of them:"
                  + " put names in quotes that have such in them, or write a first line sep=; (or"
                  + " sep=,) above the header");
    }
    byte separator = found.isEmpty() ? (byte) ',' : found.get(0);
    return withDecimals(CsvDialect.ofLines(separator, false, 0));
  }

  private static String firstLine(String head) {
    boolean quoted = false;
    for (int i = 0; i < head.length(); i++) {
      char c = head.charAt(i);
      quoted ^= c == '"';
      if (!quoted && (c == '\n' || c == '\r')) {
        return head.substring(0, i);
      }
    }
    return head;
  }

  /** What a first line {@code sep=;} says, or null if it is none. */
  private Byte said(String line) throws PredictionFileException {
    String plain = line.strip();
    if (plain.startsWith("\"") && plain.endsWith("\"") && plain.length() > 1) {
      plain = plain.substring(1, plain.length() - 1);
    }
    if (plain.length() < 4 || !plain.regionMatches(true, 0, "sep=", 0, 4)) {
      return line.strip().equalsIgnoreCase("sep=") && line.endsWith("\t") ? (byte) '\t' : null;
    }
    String separator = plain.substring(4);
    for (byte each : SEPARATORS) {
      if (separator.equals("" + (char) each)) {
        return each;
      }
    }
    if (separator.isEmpty() && line.endsWith("\t")) {
      return (byte) '\t';
    }
    throw source
        .at("line 1")
        .refuse(
            "'sep=' must be followed by the comma, semicolon or tab that separates fields, got '"
                + separator
                + "'");
  }

  /** Those that the header has outside quotes. */
  private static List<Byte> separators(String line) {
    List<Byte> found = new ArrayList<>();
    for (byte separator : SEPARATORS) {
      boolean quoted = false;
      for (int i = 0; i < line.length(); i++) {
        quoted ^= line.charAt(i) == '"';
        if (!quoted && line.charAt(i) == separator) {
          found.add(separator);
          break;
        }
      }
    }
    return found;
  }

  /** Those of some by which the first rows have as many fields as the header; all if none has. */
  private List<Byte> consistent(List<Byte> candidates) throws IOException {
    List<Byte> fitting = new ArrayList<>();
    for (byte separator : candidates) {
      if (fits(CsvDialect.ofLines(separator, false, 0))) {
        fitting.add(separator);
      }
    }
    if (fitting.isEmpty()) {
      // No reading of the rows is right: the comma's refusal is the one to be understood.
      return candidates.contains((byte) ',') ? List.of((byte) ',') : candidates;
    }
    return fitting;
  }

  private boolean fits(CsvDialect dialect) throws IOException {
    try (InputStream in = text.open()) {
      CsvRecords records = new CsvRecords(in, text.file(), dialect);
      int fields = records.advance() ? records.fields() : 0;
      boolean fits = true;
      for (int r = 0; r < ROWS_COMPARED && fits && records.advance(); r++) {
        fits = records.fields() == fields;
      }
      return fits;
    } catch (PredictionFileException e) {
      return false;
    }
  }

  /** The dialect with the mark of the first numbers that have one. */
  private CsvDialect withDecimals(CsvDialect dialect) throws IOException {
    Path file = text.file();
    try (InputStream in = text.open()) {
      CsvRecords records = new CsvRecords(in, file, dialect);
      records.skip(dialect.skipped());
      records.advance();
      int points = 0;
      int commas = 0;
      for (int r = 0; r < ROWS_LOOKED_AT && points == commas && records.advance(); r++) {
        for (int f = 0; f < records.fields(); f++) {
          points += records.has(f, (byte) '.') && records.text(f).matches(POINT) ? 1 : 0;
          commas += records.has(f, (byte) ',') && records.text(f).matches(COMMA) ? 1 : 0;
        }
      }
      return CsvDialect.ofLines(dialect.separator(), commas > points, dialect.skipped());
    } catch (PredictionFileException e) {
      return dialect; // who reads the row will say what is wrong with it
    }
  }
}
