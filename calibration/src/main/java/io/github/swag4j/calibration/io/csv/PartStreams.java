package io.github.swag4j.calibration.io.csv;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** The bytes of parts of a text: ranges of a file, or what was kept while the text was read. */
final class PartStreams {
  private static final int FIRST = 1 << 19;

  private PartStreams() {}

  /** Bytes of a text that are in no part yet. */
  static final class Kept {
    private byte[] bytes = new byte[FIRST];
    private long from;
    private int length;

    void add(byte[] more, int count) {
      if (bytes.length - length < count) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
      }
      System.arraycopy(more, 0, bytes, length, count);
      length += count;
    }

    /** A range, with which all before it is given up. */
    ByteBuffer take(long start, long end) {
      byte[] part = Arrays.copyOfRange(bytes, (int) (start - from), (int) (end - from));
      int taken = (int) (end - from);
      System.arraycopy(bytes, taken, bytes, 0, length - taken);
      length -= taken;
      from = end;
      return ByteBuffer.wrap(part);
    }
  }

  /** The first bytes of another stream. */
  static final class FirstOf extends FilterInputStream {
    private long left;

    FirstOf(InputStream in, long count) {
      super(in);
      left = count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (left == 0 && count > 0) {
        return -1;
      }
      int got = super.read(into, from, (int) Math.min(count, left));
      left -= Math.max(got, 0);
      return got;
    }
  }

  /** A range of a file; several can be read at once. */
  static final class OfFile extends InputStream {
    private final FileChannel channel;
    private long position;
    private final long to;

    OfFile(FileChannel channel, long from, long to) {
      this.channel = channel;
      this.position = from;
      this.to = to;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int wanted = (int) Math.min(length, to - position);
      if (wanted <= 0) {
        return length == 0 ? 0 : -1;
      }
      int got = channel.read(ByteBuffer.wrap(into, offset, wanted), position);
      position += Math.max(got, 0);
      return got;
    }
  }
}
