package io.github.swag4j.calibration.io.text;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What gzip (RFC 1952) packed, piece by piece. Members one after another give their contents one
 * after another; a checksum or length that is wrong, a member cut off, or bytes after the last that
 * are no zeros, are refused, which {@link java.util.zip.GZIPInputStream} does not do.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipStream extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int FLAG_HEADER_CHECKSUM = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] bytes = new byte[BUFFER];
  private int at;
  private int limit;
  private long length;
  private boolean ended;

  GzipStream(InputStream in) throws IOException {
    this.in = in;
    header(required());
    inflater.setInput(bytes, at, limit - at);
    at = limit;
  }

  /** Reads a header of which the first byte is known. */
  private void header(int first) throws IOException {
    if (first != 0x1F || required() != 0x8B) {
      throw new IOException("after the packed data there are bytes that are no gzip data");
    }
    int method = required();
    int flags = required();
    if (method != 8 || (flags & 0xE0) != 0) {
      throw new IOException("its header has method " + method + " and flags " + flags);
    }
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      int low = required();
      skip(low | required() << 8);
    }
    for (int flag : new int[] {FLAG_NAME, FLAG_COMMENT}) {
      while ((flags & flag) != 0 && required() != 0) {
        // up to the closing zero
      }
    }
    skip((flags & FLAG_HEADER_CHECKSUM) != 0 ? 2 : 0);
    inflater.reset();
    checksum.reset();
    length = 0;
  }

  /** The next byte, or -1. */
  private int next() throws IOException {
    if (at == limit) {
      at = 0;
      limit = Math.max(0, in.read(bytes));
    }
    return limit == 0 ? -1 : bytes[at++] & 0xFF;
  }

  private int required() throws IOException {
    int b = next();
    if (b < 0) {
      throw new EOFException("its end is missing");
    }
    return b;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      required();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (!ended) {
      try {
        int got = inflater.inflate(into, from, count);
        if (got > 0) {
          checksum.update(into, from, got);
          length += got;
          return got;
        }
      } catch (DataFormatException e) {
        throw new IOException("its data is damaged (" + e.getMessage() + ")", e);
      }
      if (inflater.finished()) {
        at = limit - inflater.getRemaining();
        trailer();
      } else if (inflater.needsDictionary()) {
        throw new IOException("its data needs a dictionary");
      } else {
        at = 0;
        limit = Math.max(0, in.read(bytes));
        if (limit == 0) {
          throw new EOFException("its end is missing");
        }
        inflater.setInput(bytes, 0, limit);
        at = limit;
      }
    }
    return -1;
  }

  /** Checks the member that has ended, and begins the next if there is one. */
  private void trailer() throws IOException {
    if (word() != checksum.getValue() || word() != (length & 0xFFFFFFFFL)) {
      throw new IOException("its checksum is wrong");
    }
    int first = next();
    if (first > 0) {
      header(first);
      inflater.setInput(bytes, at, limit - at);
      at = limit;
      return;
    }
    while (first == 0) {
      first = next(); // tapes and some copies fill up with zeros
    }
    if (first > 0) {
      throw new IOException("after the packed data there are bytes that are no gzip data");
    }
    ended = true;
  }

  private long word() throws IOException {
    long word = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      word |= (long) required() << shift;
    }
    return word;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
