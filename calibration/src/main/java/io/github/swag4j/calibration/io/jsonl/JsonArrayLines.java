package io.github.swag4j.calibration.io.jsonl;

import java.io.IOException;
import java.io.InputStream;

/**
 * An array of JSON objects, {@code [{...}, {...}]}, as one object a line, as it streams by; what
 * does not begin as an array stays as it is. Strings are not looked into, so that what is no JSON
 * is refused by who reads the lines.
 */
final class JsonArrayLines extends InputStream {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final byte[] bytes = new byte[BUFFER];
  private int at;
  private int limit;

  private enum State {
    START,
    /** Not an array: as it is. */
    LINES,
    /** Between the array's objects. */
    BETWEEN,
    OBJECT,
    AFTER
  }

  private State state = State.START;

  /** Empty lines before the first that is not, which are lines of the file. */
  private long skipped;

  /** What comes after them, until it is passed on. */
  private int first = -1;

  private int depth;
  private boolean quoted;
  private boolean escaped;

  /** Whether an object has ended since the last comma. */
  private boolean complete;

  /** Whether there was a comma. */
  private boolean some;

  JsonArrayLines(InputStream in) {
    this.in = in;
  }

  private int next() throws IOException {
    if (at == limit) {
      limit = Math.max(0, in.read(bytes, 0, bytes.length));
      at = 0;
    }
    return at == limit ? -1 : bytes[at++] & 0xFF;
  }

  @Override
  public int read() throws IOException {
    while (true) {
      if (state == State.LINES) {
        return ofLines();
      }
      int b = next();
      switch (state) {
        case START -> {
          if (b == '[') {
            state = State.BETWEEN;
          } else if (b == '\n') {
            skipped++;
          } else if (!isBlank(b)) {
            state = State.LINES;
            first = b;
          }
        }
        case OBJECT -> {
          return ofObject(b);
        }
        case BETWEEN -> {
          int out = between(b);
          if (out >= 0) {
            return out;
          }
        }
        default -> {
          if (b < 0) {
            return -1;
          }
          if (!isBlank(b)) {
            throw new JsonArrayException(
                "after the array there must be nothing, got more: write one object a row");
          }
        }
      }
    }
  }

  /** A byte of what is not an array, the empty lines before it first. */
  private int ofLines() throws IOException {
    if (skipped > 0) {
      skipped--;
      return '\n';
    }
    if (first >= 0) {
      int b = first;
      first = -1;
      return b;
    }
    return next();
  }

  /** A byte between objects; the one to pass on, or -1. */
  private int between(int b) throws IOException {
    if (b == '{' && !complete) {
      state = State.OBJECT;
      depth = 1;
      return b;
    }
    if (b == ']' && some && !complete) {
      throw new JsonArrayException("the array must end with an object, got a comma before its end");
    }
    if (b == ']') {
      state = State.AFTER;
    } else if (b == ',' && complete) {
      complete = false;
      some = true;
      return '\n';
    } else if (b < 0) {
      throw new JsonArrayException("the array must end with ], got the end of the file");
    } else if (!isBlank(b)) {
      throw new JsonArrayException(
          "the array must hold objects, one a row, got '" + (char) b + "' between them");
    }
    return -1;
  }

  /** A byte of an object, on one line. */
  private int ofObject(int b) throws IOException {
    if (b < 0) {
      throw new JsonArrayException("the array must end with ], got the end of the file");
    }
    if (quoted) {
      quoted = escaped || b != '"';
      escaped = !escaped && b == '\\';
      return b; // a line end in a string is no JSON, and is refused as such
    }
    quoted = b == '"';
    depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
    if (depth == 0) {
      state = State.BETWEEN;
      complete = true;
    }
    return b == '\n' || b == '\r' ? ' ' : b;
  }

  private static boolean isBlank(int b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    int n = 0;
    for (; n < count; n++) {
      int b = read();
      if (b < 0) {
        break;
      }
      into[from + n] = (byte) b;
    }
    return n == 0 && count > 0 ? -1 : n;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** That an array is not one of objects. */
  static final class JsonArrayException extends IOException {
    private static final long serialVersionUID = 1L;

    JsonArrayException(String message) {
      super(message);
    }
  }
}
