package io.github.swag4j.cli;

import io.github.swag4j.base.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The way of all text to the terminal: what files, file names and messages have of control
 * characters is written out, as Java writes them, so that none of them moves the cursor or changes
 * colours. Line breaks pass; who prints names from files in lines of their own takes {@link
 * Printable#line}.
 */
final class PrintableWriter extends FilterWriter {
  private final boolean returns;
  private boolean raw;

  /** Half a surrogate pair, 0 for none: the other half may come with the next call. */
  private char half;

  /**
   * A writer.
   *
   * @param returns whether carriage returns pass, with which progress is written over
   */
  PrintableWriter(Writer to, boolean returns) {
    super(to);
    this.returns = returns || System.lineSeparator().indexOf('\r') >= 0;
  }

  /** Lets everything pass, or no longer: picocli's help has colours. */
  void raw(boolean passes) {
    raw = passes;
  }

  @Override
  public void write(int letter) throws IOException {
    write(String.valueOf((char) letter), 0, 1);
  }

  @Override
  public void write(char[] letters, int from, int length) throws IOException {
    write(new String(letters, from, length), 0, length);
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    String part = (half == 0 ? "" : half) + text.substring(from, from + length);
    half = 0;
    int last = part.length() - 1;
    if (last >= 0 && Character.isHighSurrogate(part.charAt(last))) {
      half = part.charAt(last);
      part = part.substring(0, last);
    }
    out.write(printable(part));
  }

  private String printable(String text) {
    if (raw || !returns) {
      return raw ? text : Printable.lines(text);
    }
    return Arrays.stream(text.split("\r", -1))
        .map(Printable::lines)
        .collect(Collectors.joining("\r"));
  }

  @Override
  public void flush() throws IOException {
    if (half != 0) {
      out.write(printable(String.valueOf(half)));
      half = 0;
    }
    super.flush();
  }
}
