package io.github.swag4j.calibration.io.jsonl;

import io.github.swag4j.calibration.io.table.TableValues;
import io.github.swag4j.calibration.io.text.FieldQuotes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values as fields of CSV text, one line a row: texts in quotes, numbers with all their digits. */
final class RowText implements TableValues {
  private byte[] bytes = new byte[1 << 12];
  private int length;
  private int lineStart;

  /** Fields of the line begun. */
  private int fields;

  /** Whether one of them holds something. */
  private boolean filled;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
    beginLine();
  }

  private void beginLine() {
    lineStart = length;
    fields = 0;
    filled = false;
  }

  int fields() {
    return fields;
  }

  boolean isFilled() {
    return filled;
  }

  void endLine() {
    room(1);
    bytes[length++] = '\n';
    beginLine();
  }

  /** The line begun, as text. */
  String line() {
    return new String(bytes, lineStart, length - lineStart, StandardCharsets.UTF_8);
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  private void separate() {
    room(1);
    if (fields++ > 0) {
      bytes[length++] = ',';
    }
  }

  private void plain(String ascii) {
    separate();
    int count = ascii.length();
    room(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
    filled = true;
  }

  @Override
  public void number(double value) {
    plain(Double.toString(value));
  }

  @Override
  public void whole(long value) {
    plain(Long.toString(value));
  }

  @Override
  public void digits(String decimal) {
    plain(decimal);
  }

  @Override
  public void truth(boolean value) {
    plain(Boolean.toString(value));
  }

  @Override
  public void nothing() {
    separate();
  }

  @Override
  public void text(String text) {
    separate();
    byte[] quoted = FieldQuotes.quoted(text).getBytes(StandardCharsets.UTF_8);
    room(quoted.length);
    System.arraycopy(quoted, 0, bytes, length, quoted.length);
    length += quoted.length;
    // What a reader of CSV would not take for an empty line.
    filled |= text.chars().anyMatch(c -> c != ' ' && c != '\t' && c != '"' && c != ',');
  }

  /** What takes the elements of an array: texts as they are, others as nothing. */
  static final class Texts implements TableValues {
    private final List<String> texts = new ArrayList<>();

    List<String> texts() {
      return texts;
    }

    @Override
    public void number(double value) {
      texts.add("");
    }

    @Override
    public void whole(long value) {
      texts.add("");
    }

    @Override
    public void digits(String decimal) {
      texts.add("");
    }

    @Override
    public void text(String text) {
      texts.add(text);
    }

    @Override
    public void truth(boolean value) {
      texts.add("");
    }

    @Override
    public void nothing() {
      texts.add("");
    }
  }
}
