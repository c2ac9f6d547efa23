package io.github.swag4j.calibration.io.csv;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cuts the rows of a CSV file into parts that begin and end at the borders of records, so that
 * threads can read them independently of each other.
 *
 * <p>Whether a line end ends a record depends on the number of quotes before it, from the first
 * byte of the file on; so the file is looked through in order, eight bytes at a time, for the few
 * bytes that matter. Rows and lines are counted as {@link CsvRecords} counts them. Safe for use by
 * several threads: each {@link #next} goes on where the last one ended.
 *
 * <p>Text that is packed, or in UTF-16, can only be read from its beginning on. The bytes of its
 * parts are kept from when they are cut until they have been read.
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
   * @param from offset of its first byte in the text
   * @param to offset after its last byte
   * @param row number of its first row, from 0, in the file
   * @param rows number of its rows
   * @param line line of the file that it starts on, from 1
   * @param kept its bytes, or null if they are read from the text
   */
  record Part(int index, long from, long to, long row, int rows, long line, ByteBuffer kept) {}

  private final CsvText text;
  private final CsvDialect dialect;
  private final long partBytes;

  /** Of a text that can be read anywhere, else null. */
  private final FileChannel channel;

  /** Of a text that can only be read from its beginning on, else null. */
  private final InputStream in;

  /** What has been read and is not yet in a part, if that is kept; else null. */
  private final PartStreams.Kept kept;

  private final byte[] bytes = new byte[BUFFER];
  private long base;
  private int at;
  private int limit;

  private boolean quoted;
  private boolean afterReturn;
  private long line;

  /** Of the record begun. */
  private long recordStart;

  private long recordLine;
  private int recordQuotes;

  /** Whether it had nothing but separators and blanks so far. */
  private boolean blank = true;

  /** Whether the records last seen were such: no part ends after them. */
  private boolean afterBlank;

  /** Records before the rows that are still to come. */
  private int headers;

  private boolean ended;

  /** Of the part begun; it starts where the first record after the header does. */
  private long partStart = -1;

  private long partLine;
  private long partRow;
  private int partRows;
  private int parts;

  /**
   * Begins to cut.
   *
   * @param partBytes of a part, at least, unless it is the last
   * @param read whether the parts will be read as they are cut
   */
  CsvParts(CsvText text, long partBytes, boolean read) throws IOException {
    this.text = text;
    this.partBytes = partBytes;
    dialect = text.dialect();
    headers = 1 + Math.max(0, dialect.skipped());
    line = dialect.headerLine() - headers + 1;
    recordLine = line;
    boolean plain = text.isPlain();
    channel = plain ? FileChannel.open(text.file(), StandardOpenOption.READ) : null;
    in = plain ? null : text.open();
    kept = plain || !read ? null : new PartStreams.Kept();
    base = plain ? text.start() : 0;
    recordStart = base;
  }

  /** The bytes of a part. */
  InputStream open(Part part) throws IOException {
    if (channel != null) {
      return new PartStreams.OfFile(channel, part.from(), part.to());
    }
    if (part.kept() != null) {
      ByteBuffer range = part.kept();
      return new ByteArrayInputStream(range.array(), range.position(), range.remaining());
    }
    InputStream again = text.open();
    again.skipNBytes(part.from());
    return new PartStreams.FirstOf(again, part.to() - part.from());
  }

  /**
   * The parts once more, for several threads that take them in order.
   *
   * @param list all parts
   */
  Again again(List<Part> list) throws IOException {
    return new Again(channel == null ? text.parts() : this, channel == null ? null : list);
  }

  /** Parts that were counted, to be read. */
  static final class Again implements Closeable {
    private final CsvParts parts;
    private final List<Part> list;
    private final AtomicInteger next = new AtomicInteger();

    private Again(CsvParts parts, List<Part> list) {
      this.parts = parts;
      this.list = list;
    }

    /** The next part, or null if there is none. */
    Part next() throws IOException {
      if (list == null) {
        return parts.next();
      }
      int i = next.getAndIncrement();
      return i < list.size() ? list.get(i) : null;
    }

    @Override
    public void close() throws IOException {
      if (list == null) {
        parts.close();
      }
    }
  }

  /** The next part, or null if there is none. */
  synchronized Part next() throws IOException {
    while (!ended) {
      int from = at;
      at = nextCandidate();
      if (blank) {
        blank = isBlank(from, at);
      }
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
        line += b == '\n' && dialect.linesInQuotes() ? 1 : 0;
        blank &= dialect.isBlank(b);
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
      } else {
        blank &= dialect.isBlank(b);
      }
      at += at < limit ? 1 : 0;
    }
    return null;
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!dialect.isBlank(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  /** The part full before this record, or null. */
  private Part endRecord(long end) {
    boolean empty = end == recordStart || end == recordStart + 2 && recordQuotes == 2;
    Part full = null;
    if (!empty && headers > 0) {
      headers--;
    } else if (!empty) {
      if (partStart < 0) {
        begin();
      } else if (!blank && !afterBlank && recordStart - partStart >= partBytes) {
        full = part(recordStart);
        begin();
      }
      partRows += blank ? 0 : 1;
      afterBlank = blank;
    }
    blank = true;
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
    ByteBuffer own = kept == null ? null : kept.take(partStart, end);
    return new Part(parts++, partStart, end, partRow, partRows, partLine, own);
  }

  private Part last() {
    long end = base + limit;
    blank &= !quoted; // a quote left open is for who reads the part to refuse
    Part full = end > recordStart ? endRecord(end) : null;
    if (full != null) {
      ended = false; // the record that is left is a part of its own
      return full;
    }
    Part part = partStart < 0 ? null : part(end);
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
    limit =
        Math.max(0, channel == null ? in.read(bytes) : channel.read(ByteBuffer.wrap(bytes), base));
    if (kept != null) {
      kept.add(bytes, limit);
    }
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    } else {
      in.close();
    }
  }
}
