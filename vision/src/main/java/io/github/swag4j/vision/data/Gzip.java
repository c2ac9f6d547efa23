package io.github.swag4j.vision.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Strict decompression of gzip (RFC 1952) held in memory.
 *
 * <p>{@link java.util.zip.GZIPInputStream} ignores bytes after the last member; here they are an
 * error, as are a wrong checksum or length. Members one after another give their contents one after
 * another.
 */
final class Gzip {
  private static final int FLAG_HEADER_CHECKSUM = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xe0;
  private static final int TRAILER = 8;
  private static final int FIRST_BUFFER = 1 << 16;

  private final byte[] file;
  private final String place;
  private int position;
  private byte[] out;
  private int length;

  private Gzip(byte[] file, String place) {
    this.file = file;
    this.place = place;
  }

  /** Whether content starts as gzip does. */
  static boolean isGzip(byte[] file) {
    return file.length >= 2 && (file[0] & 0xff) == 0x1f && (file[1] & 0xff) == 0x8b;
  }

  /**
   * Decompresses up to a number of bytes. The buffer grows with what comes out, so a file can make
   * it no larger than twice its real content.
   *
   * @param file all of the file
   * @param limit stop when this many bytes have come out; checks of what follows are then left out
   * @param place the file's name, for messages
   * @return at most {@code limit} bytes
   * @throws IOException if the file is not complete gzip
   */
  static byte[] expand(byte[] file, int limit, String place) throws IOException {
    Gzip gzip = new Gzip(file, place);
    gzip.out = new byte[Math.min(limit, FIRST_BUFFER)];
    do {
      gzip.header();
      if (!gzip.member(limit)) {
        return gzip.out;
      }
    } while (gzip.position < file.length);
    return Arrays.copyOf(gzip.out, gzip.length);
  }

  private void header() throws IOException {
    int start = position;
    if (next("header") != 0x1f || next("header") != 0x8b) {
      throw bad(start, "after the compressed data only another gzip member may follow");
    }
    int method = next("header");
    if (method != 8) {
      throw bad(start + 2, "compression method must be 8 (deflate), got " + method);
    }
    int flags = next("header");
    if ((flags & FLAGS_RESERVED) != 0) {
      throw bad(start + 3, "reserved flags must be 0, got " + flags);
    }
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      skip(next("header") | next("header") << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CHECKSUM) != 0) {
      skip(2);
    }
  }

  /** Whether the member ended before the limit was reached. */
  private boolean member(int limit) throws IOException {
    int start = length;
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(file, position, file.length - position);
      while (!inflater.finished()) {
        if (length == limit) {
          return false;
        }
        if (length == out.length) {
          out = Arrays.copyOf(out, (int) Math.min(limit, 2L * out.length));
        }
        int got = inflater.inflate(out, length, out.length - length);
        length += got;
        if (got == 0 && !inflater.finished()) {
          throw bad(file.length, "compressed data ends early: fetch the file again");
        }
      }
      position += (int) inflater.getBytesRead();
    } catch (DataFormatException e) {
      throw bad(
          position + (int) inflater.getBytesRead(),
          "compressed data is damaged (" + e.getMessage() + "): fetch the file again");
    } finally {
      inflater.end();
    }
    trailer(start);
    return true;
  }

  private void trailer(int start) throws IOException {
    if (file.length - position < TRAILER) {
      throw bad(file.length, "the gzip trailer ends early: fetch the file again");
    }
    ByteBuffer trailer = ByteBuffer.wrap(file, position, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    CRC32 crc = new CRC32();
    crc.update(out, start, length - start);
    if (trailer.getInt() != (int) crc.getValue() || trailer.getInt() != length - start) {
      throw bad(position, "checksum and length must fit the content: fetch the file again");
    }
    position += TRAILER;
  }

  private int next(String what) throws IOException {
    if (position >= file.length) {
      throw bad(file.length, "the gzip " + what + " ends early: fetch the file again");
    }
    return file[position++] & 0xff;
  }

  private void skip(int bytes) throws IOException {
    if (file.length - position < bytes) {
      throw bad(file.length, "the gzip header ends early: fetch the file again");
    }
    position += bytes;
  }

  private void skipText() throws IOException {
    while (next("header") != 0) {
      // up to the closing zero
    }
  }

  private IOException bad(int at, String what) {
    return new IOException(place + ", byte " + at + ": " + what);
  }
}
