package io.github.swag4j.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Where results go. It remembers the first failure, which {@code PrintWriter} keeps to itself, so
 * that results lost to a full disk are never a success.
 */
final class StandardOutput extends Writer {

  /** Exit code of programs whose reader has gone, as {@code | head} goes: 128 + SIGPIPE. */
  static final int READER_GONE = 141;

  private final Writer to;
  private IOException failure;

  StandardOutput(Writer to) {
    this.to = to;
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void remembering(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      }
      throw e;
    }
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    remembering(() -> to.write(text, from, length));
  }

  @Override
  public void flush() throws IOException {
    remembering(to::flush);
  }

  @Override
  public void close() throws IOException {
    remembering(to::close);
  }

  /** What went wrong first, or null. */
  IOException failure() {
    return failure;
  }

  /**
   * Whether the reader of a pipe has closed it. The system's text is all there is to tell by;
   * another language's is reported as any other failure.
   */
  boolean readerIsGone() {
    return failure != null
        && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }
}
