package io.github.swag4j.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.parquet.format.PageHeader;

/** The bytes of a column in a row group, in order; several can be read from one file in turn. */
final class ChunkBytes extends InputStream {
  private static final int BUFFER = 1 << 14;

  /** A header with statistics of long texts is some kilobytes. */
  private static final int MOST_HEADER = 1 << 24;

  private final FileChannel channel;
  private final long end;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);

  /** Of the byte after the buffer. */
  private long next;

  ChunkBytes(FileChannel channel, long from, long end) {
    this.channel = channel;
    this.end = end;
    next = from;
  }

  /** How many bytes there are still. */
  long left() {
    return end - next + buffer.remaining();
  }

  PageHeader header() throws IOException {
    return ThriftBytes.header(this, (int) Math.min(MOST_HEADER, left()));
  }

  byte[] take(int count) throws IOException {
    byte[] taken = new byte[count];
    if (readNBytes(taken, 0, count) < count) {
      throw new EOFException("the file ended");
    }
    return taken;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (!buffer.hasRemaining()) {
      int most = (int) Math.min(Math.max(count, BUFFER), end - next);
      if (most <= 0) {
        return -1;
      }
      boolean direct = count >= BUFFER;
      ByteBuffer to =
          direct
              ? ByteBuffer.wrap(into, offset, most)
              : buffer.clear().limit(Math.min(most, BUFFER));
      int got = channel.read(to, next);
      if (!direct) {
        buffer.flip();
      }
      if (got <= 0) {
        return -1;
      }
      next += got;
      if (direct) {
        return got;
      }
    }
    int length = Math.min(count, buffer.remaining());
    buffer.get(into, offset, length);
    return length;
  }
}
