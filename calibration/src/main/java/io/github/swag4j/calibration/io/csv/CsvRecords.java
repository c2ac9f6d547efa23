package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * Records of a CSV file (RFC 4180, UTF-8), one at a time: fields as slices of bytes, quotes taken
 * off, spaces around quotes and around what is not quoted, too. Memory is one block, or the longest
 * record if that is longer.
 *
 * <p>Empty lines are passed over. Records of nothing but separators and blanks may stand at the
 * end, where spreadsheets leave them, and end the file; one before a row is refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvRecords {
  private static final int BLOCK = 1 << 16;
  private static final int LONGEST_RECORD = 1 << 26;

  private final InputStream in;
  private final Path file;
  private final CsvDialect dialect;
  private final byte separator;

  /** No byte above it ends a field or a record. */
  private final byte highest;

  private byte[] bytes = new byte[BLOCK];
  private int limit;
  private int next;
  private boolean ended;
  private boolean afterReturn;

  private long nextLine;
  private long line;

  /** Of the first record of nothing but separators and blanks; 0 if there was none. */
  private long blankLine;

  /** Whether this record has nothing but separators and blanks. */
  private boolean isBlank;

  private byte[] digits = new byte[32];
  private int fields;
  private int[] starts = new int[16];
  private int[] ends = new int[16];

  /** Records of a whole text, from its first line on. */
  CsvRecords(InputStream in, Path file, CsvDialect dialect) throws IOException {
    this(in, file, dialect.headerLine() - Math.max(0, dialect.skipped()), dialect);
    while (limit < 3 && !ended) {
      fill();
    }
    boolean mark =
        limit >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    next = mark ? 3 : 0;
  }

  /** Records from the middle of a file, where one starts on a line. */
  CsvRecords(InputStream in, Path file, long firstLine, CsvDialect dialect) {
    this.in = in;
    this.file = file;
    this.dialect = dialect;
    separator = dialect.separator();
    highest = (byte) Math.max(separator, '"');
    nextLine = firstLine;
  }

  /** Passes over records that are not of the table. */
  void skip(int records) throws IOException {
    for (int i = 0; i < records; i++) {
      advance();
    }
  }

  /** Goes to the next record that is not an empty line; false at the end. */
  boolean advance() throws IOException {
    while (advanceToAny()) {
      if (!isBlank) {
        if (blankLine > 0) {
          line = blankLine;
          throw refuse(
              "a line without values must stand at the end, got one with rows after it: fill it or"
                  + " take it out");
        }
        return true;
      }
      blankLine = blankLine > 0 ? blankLine : line;
    }
    return false;
  }

  /** Goes to the next record that is not an empty line, be it blank; false at the end. */
  private boolean advanceToAny() throws IOException {
    while (true) {
      if (splitPlain()) {
        return true;
      }
      int end = recordEnd();
      if (next == limit && ended) {
        return false;
      }
      line = nextLine;
      boolean empty = isEmpty(next, end);
      isBlank = !empty && isBlank(next, end);
      split(next, end);
      if (end < limit) {
        afterReturn = bytes[end] == '\r';
        next = end + 1;
        nextLine++;
      } else {
        next = limit;
      }
      if (!empty) {
        return true;
      }
    }
  }

  /** Whether there is nothing, or an empty field in quotes. */
  private boolean isEmpty(int from, int end) {
    return end == from || end == from + 2 && bytes[from] == '"' && bytes[from + 1] == '"';
  }

  /** Whether there is nothing but separators and blanks. */
  private boolean isBlank(int from, int end) {
    int at = from;
    while (at < end && dialect.isBlank(bytes[at])) {
      at++;
    }
    return at == end;
  }

  /** Splits the next record if it is loaded, not empty and without quotes; else does nothing. */
  private boolean splitPlain() {
    final byte[] b = bytes;
    final byte between = separator;
    final byte top = highest;
    int at = next;
    if (afterReturn && at < limit && b[at] == '\n') {
      at++;
    }
    final int from = at;
    int n = 0;
    int start = at;
    for (; at < limit; at++) {
      byte c = b[at];
      if (c > top) {
        continue;
      }
      if (c == between) {
        if (n + 1 == starts.length) {
          moreFields();
        }
        starts[n] = start;
        ends[n++] = at;
        start = at + 1;
      } else if (c == '\n' || c == '\r') {
        if (at == from) {
          return false;
        }
        starts[n] = start;
        ends[n++] = at;
        fields = n;
        isBlank = dialect.isBlank(b[from]) && isBlank(from, at);
        line = nextLine++;
        afterReturn = c == '\r';
        next = at + 1;
        return true;
      } else if (c == '"') {
        return false;
      }
    }
    return false;
  }

  /** Index of the record's line end, or the limit at the end of the file; all of it is loaded. */
  private int recordEnd() throws IOException {
    boolean quoted = false;
    int at = next;
    while (true) {
      if (afterReturn && next < limit) {
        afterReturn = false;
        if (bytes[next] == '\n') {
          next++;
          at++;
        }
      }
      for (; at < limit; at++) {
        byte b = bytes[at];
        if (b <= '"') {
          if (b == '"') {
            quoted = !quoted;
          } else if (!quoted && (b == '\n' || b == '\r')) {
            return at;
          }
        }
      }
      if (ended) {
        if (quoted) {
          line = nextLine;
          throw refuse("a quoted field must end with a quote, got the end of the file");
        }
        return limit;
      }
      at -= next;
      makeRoom();
      fill();
    }
  }

  /** Moves the record begun to the front of the buffer, and doubles it if it is full. */
  private void makeRoom() throws PredictionFileException {
    System.arraycopy(bytes, next, bytes, 0, limit - next);
    limit -= next;
    next = 0;
    if (limit == bytes.length) {
      if (limit >= LONGEST_RECORD) {
        line = nextLine;
        throw refuse(
            "a record must be at most " + LONGEST_RECORD + " bytes: is a quote left open?");
      }
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
  }

  private void fill() throws IOException {
    int got = in.read(bytes, limit, bytes.length - limit);
    if (got < 0) {
      ended = true;
    } else {
      limit += got;
    }
  }

  private void split(int from, int end) throws PredictionFileException {
    fields = 0;
    int at = from;
    while (true) {
      if (fields == starts.length) {
        moreFields();
      }
      int quote = afterSpaces(at, end);
      if (quote < end && bytes[quote] == '"') {
        at = unquote(quote, end);
      } else {
        starts[fields] = at;
        while (at < end && bytes[at] != separator) {
          if (bytes[at] == '"') {
            throw refuse(
                fields,
                "a quote must enclose the whole field, and be doubled inside, got one amid");
          }
          at++;
        }
        ends[fields] = at;
      }
      fields++;
      if (at == end) {
        return;
      }
      at++;
    }
  }

  private int afterSpaces(int from, int end) {
    int at = from;
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t') && bytes[at] != separator) {
      at++;
    }
    return at;
  }

  private void moreFields() {
    starts = Arrays.copyOf(starts, 2 * starts.length);
    ends = Arrays.copyOf(ends, 2 * ends.length);
  }

  /** Takes the quotes off the field at the opening quote; returns the index after it. */
  private int unquote(int opening, int end) throws PredictionFileException {
    int to = opening + 1;
    starts[fields] = to;
    for (int at = opening + 1; at < end; at++) {
      byte b = bytes[at];
      if (b == '\n' && dialect.linesInQuotes()) {
        nextLine++;
      }
      if (b == '"') {
        at++;
        if (at == end || bytes[at] != '"') {
          int after = afterSpaces(at, end);
          if (after < end && bytes[after] != separator) {
            throw refuse(
                fields, "a closing quote must be followed by a separator or the line's end");
          }
          ends[fields] = to;
          return after;
        }
      }
      bytes[to++] = b;
    }
    throw refuse(fields, "a quoted field must end with a quote");
  }

  /** Number of fields of this record. */
  int fields() {
    return fields;
  }

  /** Refuses a record that has not the header's fields. */
  void requireFields(int wanted) throws PredictionFileException {
    if (fields != wanted) {
      throw refuse("a line must have the header's " + wanted + " columns, got " + fields);
    }
  }

  /** Line of the file on which this record starts, from 1. */
  long line() {
    return Math.max(1, line);
  }

  /** Where this record is, in words. */
  String place() {
    return dialect.place(line());
  }

  /** Whether a byte is in a field. */
  boolean has(int field, byte wanted) {
    return FieldText.has(bytes, starts[field], ends[field], wanted);
  }

  /**
   * A field as a name: without spaces around it unless it is quoted, and with accents composed, so
   * that what looks the same is the same.
   */
  String text(int field) throws PredictionFileException {
    String text = verbatim(field);
    return FieldText.isAscii(bytes, starts[field], ends[field])
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** A field as it is written, but for the spaces around what is not quoted. */
  String verbatim(int field) throws PredictionFileException {
    int from = starts[field];
    boolean quoted = from > 0 && bytes[from - 1] == '"';
    try {
      return FieldText.of(bytes, from, ends[field], !quoted);
    } catch (CharacterCodingException e) {
      throw refuse(field, "text must be UTF-8: save the file as UTF-8");
    }
  }

  /** A field as a number; NaN if it is not a finite decimal number with the file's mark. */
  double number(int field) {
    int from = starts[field];
    int to = ends[field];
    if (!dialect.decimalComma()) {
      return Decimal.parse(bytes, from, to);
    }
    if (to - from > digits.length) {
      digits = new byte[2 * (to - from)];
    }
    return FieldText.withPoint(bytes, from, to, digits)
        ? Decimal.parse(digits, 0, to - from)
        : Double.NaN;
  }

  /** Whether numbers have a comma for their decimal mark. */
  boolean hasDecimalComma() {
    return dialect.decimalComma();
  }

  /** A field as an index; -1 if it is not one below 2^31. */
  int index(int field) {
    return FieldText.index(bytes, starts[field], ends[field]);
  }

  /** A refusal at a field of this record, with its remedies as values. */
  PredictionFileException refuse(int field, Refusal problem) {
    return new PredictionFileException(file, place() + ", column " + (field + 1), problem, null);
  }

  /** A refusal at this record. */
  PredictionFileException refuse(String problem) {
    return new PredictionFileException(file, place(), problem);
  }

  /** A refusal at a field of this record. */
  PredictionFileException refuse(int field, String problem) {
    return refuse(field, Refusal.of(problem));
  }
}
