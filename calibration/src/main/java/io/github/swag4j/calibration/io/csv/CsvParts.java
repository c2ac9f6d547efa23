package io.github.swag4j.calibration.io.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Cuts the rows of a CSV file into parts that begin and end at the borders of records, so that
 * threads can read them independently of each other.
 *
 * <p>Whether a line end ends a record depends on the number of quotes before it, from the first
 * byte of the file on; so the file is looked through in order, eight bytes at a time, for the few
 * bytes that matter. Rows and lines are counted as {@link CsvRecords} counts them. Safe for use by
 * several threads: each {@link #next} goes on where the last one ended.
 */
final class CsvParts implements Closeable {
  /** Bytes of a part, at least, unless it is the last. */
  static final int PART_BYTES = 1 << 22;

  private static final int BUFFER = 1 << 18;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long PAST_QUOTE = 0x2323232323232323L;

  /**
   * Some records that follow each other.
   *
   * @param index number of the part, from 0
   * @param from offset of its first byte in the file
   * @param to offset after its last byte
   * @param row number of its first row, from 0, in the file
   * @param rows number of its rows
   * @param line line of the file that it starts on, from 1
   */
  record Part(int index, long from, long to, long row, int rows, long line) {}

  private final FileChannel channel;
  private final long partBytes;
  private final byte[] bytes = new byte[BUFFER];
  private long base;
  private int at;
  private int limit;

  private boolean quoted;
  private boolean afterReturn;
  private long line = 1;

  /** Of the record begun. */
  private long recordStart;

  private long recordLine = 1;
  private int recordQuotes;

  private boolean headerSeen;
  private boolean ended;

  /** Of the part begun; it starts where the first record after the header does. */
  private long partStart = -1;

  private long partLine;
  private long partRow;
  private int partRows;
  private int parts;

  CsvParts(Path file) throws IOException {
    this(file, PART_BYTES);
  }

  CsvParts(Path file, long partBytes) throws IOException {
    this.partBytes = partBytes;
    channel = FileChannel.open(file, StandardOpenOption.READ);
    fill();
    if (limit >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      at = 3;
      recordStart = 3;
    }
  }

  /** The bytes of a part. */
  InputStream open(Part part) {
    return new PartStream(channel, part.from(), part.to());
  }

  /** The next part, or null if there is none. */
  synchronized Part next() throws IOException {
    while (!ended) {
      at = nextCandidate();
      if (at == limit && !fill()) {
        ended = true;
        return last();
      }
      byte b = at < limit ? bytes[at] : 0;
      long here = base + at;
      if (b == '"') {
        quoted = !quoted;
        recordQuotes++;
      } else if (quoted) {
        line += b == '\n' ? 1 : 0;
      } else if (b == '\n' && afterReturn && here == recordStart) {
        recordStart++;
        afterReturn = false;
      } else if (b == '\n' || b == '\r') {
        afterReturn = b == '\r';
        Part full = endRecord(here);
        if (full != null) {
          at++;
          return full;
        }
      }
      at += at < limit ? 1 : 0;
    }
    return null;
  }

  /** The part full before this record, or null. */
  private Part endRecord(long end) {
    boolean empty = end == recordStart || end == recordStart + 2 && recordQuotes == 2;
    Part full = null;
    if (!empty && !headerSeen) {
      headerSeen = true;
    } else if (!empty) {
      if (partStart < 0) {
        begin();
      } else if (recordStart - partStart >= partBytes) {
        full = part(recordStart);
        begin();
      }
      partRows++;
    }
    line++;
    recordLine = line;
    recordStart = end + 1;
    recordQuotes = 0;
    return full;
  }

  private void begin() {
    partStart = recordStart;
    partLine = recordLine;
    partRow += partRows;
    partRows = 0;
  }

  private Part part(long end) {
    return new Part(parts++, partStart, end, partRow, partRows, partLine);
  }

  private Part last() {
    long end = base + limit;
    Part full = end > recordStart ? endRecord(end) : null;
    if (full != null) {
      ended = false; // the record that is left is a part of its own
      return full;
    }
    Part part = partStart < 0 || partRows == 0 ? null : part(end);
    partStart = -1;
    return part;
  }

  /** Index of the next byte that may be a quote or a line end: one of at most 0x22, mostly. */
  private int nextCandidate() {
    int i = at;
    for (; i + 8 <= limit; i += 8) {
      long word = (long) LONGS.get(bytes, i);
      long low = (word - PAST_QUOTE) & ~word & HIGH_BITS;
      if (low != 0) {
        return i + (Long.numberOfTrailingZeros(low) >>> 3);
      }
    }
    while (i < limit && (bytes[i] > '"' || bytes[i] < 0)) {
      i++;
    }
    return i;
  }

  private boolean fill() throws IOException {
    base += limit;
    at = 0;
    limit = Math.max(0, channel.read(ByteBuffer.wrap(bytes), base));
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** A range of a file; several can be read at once. */
  private static final class PartStream extends InputStream {
    private final FileChannel channel;
    private long position;
    private final long to;

    PartStream(FileChannel channel, long from, long to) {
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
