package io.github.swag4j.cli.monitor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts bytes into records as they come: a record ends with its line, unless inside a field that
 * began with a quote; JSON has no line ends inside strings. What is left without its line end waits
 * for the rest.
 */
final class RecordSplitter {
  /** A record of more bytes has a quote left open, and ends with its first line. */
  private static final int LONGEST = 1 << 20;

  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
  private boolean quoted;
  private boolean closed;
  private boolean json;
  private byte before;
  private long line;
  private long restLine;
  private boolean first;

  /**
   * A splitter.
   *
   * @param line line of the file that the first byte is on
   * @param first whether the next record is the first of the file
   */
  RecordSplitter(long line, boolean first) {
    this.line = line;
    this.first = first;
    restLine = line;
  }

  /** Adds the records that these bytes complete; empty lines are passed over. */
  void add(byte[] bytes, int length, List<TextRecord> into) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if (rest.size() == 0) {
        json = b == '{';
        before = ',';
      }
      // A quote amid a field opens none: the row is not valid, those after it may be.
      if (b == '"' && !json) {
        boolean opens = !quoted && (before == ',' || closed && before == '"');
        closed = quoted;
        quoted = opens;
      }
      before = b;
      if (b == '\n') {
        line++;
        if (!quoted) {
          take(into);
          continue;
        }
      }
      rest.write(b);
      if (rest.size() > LONGEST) {
        breakUp(into);
      }
    }
  }

  /** The first line of a record that is too long is a record; so are all others of it. */
  private void breakUp(List<TextRecord> into) {
    String text = rest.toString(StandardCharsets.UTF_8);
    rest.reset();
    quoted = false;
    long at = restLine;
    for (String each : text.split("\n", -1)) {
      add(each, at++, into);
    }
    restLine = line;
  }

  /** Ends the record that waits, if there is one. */
  void end(List<TextRecord> into) {
    quoted = false;
    take(into);
  }

  private void take(List<TextRecord> into) {
    String text = rest.toString(StandardCharsets.UTF_8);
    rest.reset();
    text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    if (first && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    add(text, restLine, into);
    restLine = line;
  }

  private void add(String text, long at, List<TextRecord> into) {
    if (!text.isBlank()) {
      into.add(new TextRecord(text, at, first));
      first = false;
    }
  }

  /** Bytes of the record that waits. */
  int waiting() {
    return rest.size();
  }

  /** Line that the record that waits, or the next one, starts on. */
  long nextLine() {
    return restLine;
  }
}
