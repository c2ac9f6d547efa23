package io.github.swag4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The lines of a file that begin within a range of its bytes. */
final class LineParts extends InputStream {
  private final FileChannel channel;
  private long position;
  private final long end;
  private boolean lastLine;
  private boolean done;

  LineParts(Path file, long from, long end) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
    this.end = end;
    position = from;
    if (from > 0) {
      position = from - 1;
      skipLine();
    }
    done = position >= end;
    lastLine = false;
  }

  /** Goes behind the next line end. */
  private void skipLine() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(256);
    while (channel.read(bytes.clear(), position) > 0) {
      for (int i = 0; i < bytes.position(); i++) {
        if (bytes.get(i) == '\n') {
          position += i + 1;
          return;
        }
      }
      position += bytes.position();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (done) {
      return -1;
    }
    int wanted = lastLine ? length : (int) Math.min(length, end - position);
    int got = channel.read(ByteBuffer.wrap(into, from, wanted), position);
    if (got < 0) {
      done = true;
      return -1;
    }
    int taken = got;
    if (lastLine) {
      for (int i = 0; i < got && !done; i++) {
        if (into[from + i] == '\n') {
          taken = i + 1;
          done = true;
        }
      }
    }
    position += taken;
    if (!lastLine && position == end) {
      lastLine = into[from + taken - 1] != '\n';
      done = !lastLine;
    }
    return taken;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
