package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Records of a CSV file (RFC 4180, UTF-8), one at a time: fields as slices of bytes, quotes taken
 * off. Memory is one block, or the longest record if that is longer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
public final class CsvRecords {
  private static final int BLOCK = 1 << 16;
  private static final int LONGEST_RECORD = 1 << 26;

  private final InputStream in;
  private final Path file;
  private byte[] bytes = new byte[BLOCK];
  private int limit;
  private int next;
  private boolean ended;
  private boolean afterReturn;

  private long nextLine = 1;
  private long line;
  private int fields;
  private int[] starts = new int[16];
  private int[] ends = new int[16];

  public CsvRecords(InputStream in, Path file) throws IOException {
    this.in = in;
    this.file = file;
    while (limit < 3 && !ended) {
      fill();
    }
    boolean mark =
        limit >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    next = mark ? 3 : 0;
  }

  /** Records from the middle of a file, where one starts on a line. */
  public CsvRecords(InputStream in, Path file, long firstLine) {
    this.in = in;
    this.file = file;
    nextLine = firstLine;
  }

  /** Goes to the next record that is not an empty line; false at the end. */
  boolean advance() throws IOException {
    while (true) {
      if (splitPlain()) {
        return true;
      }
      int end = recordEnd();
      if (next == limit && ended) {
        return false;
      }
      line = nextLine;
      split(next, end);
      if (end < limit) {
        afterReturn = bytes[end] == '\r';
        next = end + 1;
        nextLine++;
      } else {
        next = limit;
      }
      if (fields > 1 || starts[0] < ends[0]) {
        return true;
      }
    }
  }

  /**
   * Splits the next record in one go if it is the usual one: loaded to its end, without quotes and
   * not empty. Otherwise nothing has happened.
   */
  private boolean splitPlain() {
    final byte[] b = bytes;
    int at = next;
    if (afterReturn && at < limit && b[at] == '\n') {
      at++;
    }
    final int from = at;
    int n = 0;
    int start = at;
    for (; at < limit; at++) {
      byte c = b[at];
      if (c > ',') {
        continue;
      }
      if (c == ',') {
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
      if (at < end && bytes[at] == '"') {
        at = unquote(at, end);
      } else {
        starts[fields] = at;
        while (at < end && bytes[at] != ',') {
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
      if (b == '\n') {
        nextLine++;
      }
      if (b == '"') {
        at++;
        if (at == end || bytes[at] != '"') {
          if (at < end && bytes[at] != ',') {
            throw refuse(fields, "a closing quote must be followed by a comma or the line's end");
          }
          ends[fields] = to;
          return at;
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

  /** Line of the file on which this record starts, from 1. */
  long line() {
    return line;
  }

  /** A field as text. */
  String text(int field) throws PredictionFileException {
    int length = ends[field] - starts[field];
    boolean ascii = true;
    for (int i = starts[field]; i < ends[field]; i++) {
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      return new String(bytes, starts[field], length, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, starts[field], length))
          .toString();
    } catch (CharacterCodingException e) {
      throw refuse(field, "text must be UTF-8: save the file as UTF-8");
    }
  }

  /** A field as a number; NaN if it is not a finite decimal number. */
  double number(int field) {
    return Decimal.parse(bytes, starts[field], ends[field]);
  }

  /** A field as an index; -1 if it is not one below 2^31. */
  int index(int field) {
    int length = ends[field] - starts[field];
    if (length < 1 || length > 10) {
      return -1;
    }
    long value = 0;
    for (int i = starts[field]; i < ends[field]; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  /** A refusal at a field of this record, with its remedies as values. */
  PredictionFileException refuse(int field, Refusal problem) {
    return new PredictionFileException(
        file, "line " + line + ", column " + (field + 1), problem, null);
  }

  /** A refusal at this record. */
  PredictionFileException refuse(String problem) {
    return new PredictionFileException(file, "line " + line, problem);
  }

  /** A refusal at a field of this record. */
  PredictionFileException refuse(int field, String problem) {
    return new PredictionFileException(file, "line " + line + ", column " + (field + 1), problem);
  }
}
