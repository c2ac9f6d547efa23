package io.github.swag4j.cli;

import java.io.IOException;
import java.io.Writer;

/**
 * Standard error of {@code --quiet}: whole lines that begin with {@value #WARNING} pass, as they
 * say that a result may not mean what it seems to; progress and notes do not.
 */
final class QuietWriter extends Writer {
  /** How a warning begins. */
  static final String WARNING = "swag4j: warning: ";

  private final Writer to;
  private final StringBuilder line = new StringBuilder();
  private boolean returned;

  QuietWriter(Writer to) {
    this.to = to;
  }

  @Override
  public void write(char[] letters, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      char letter = letters[i];
      if (returned && letter != '\n') {
        line.setLength(0); // a bar, drawn over itself
      }
      returned = letter == '\r';
      line.append(letter);
      if (letter == '\n') {
        pass();
      }
    }
  }

  private void pass() throws IOException {
    if (line.indexOf(WARNING) == 0) {
      to.write(line.toString());
    }
    line.setLength(0);
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
