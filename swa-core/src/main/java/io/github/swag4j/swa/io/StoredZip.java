package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The table of contents of a zip archive, zip64 included, whose entries lie in it uncompressed, as
 * {@code torch.save} stores them: then each is a stretch of the file, to be read where it lies, and
 * nothing can be larger than the file.
 */
final class StoredZip {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int DIRECTORY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int DIRECTORY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_DIRECTORY_BYTES = 1 << 26;
  private static final long UNSIGNED = 0xffffffffL;

  /** A stretch of the file. */
  record Entry(String name, int method, long crc, long size, long headerAt) {}

  private final Path file;
  private final FileChannel channel;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private StoredZip(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static StoredZip open(Path file, FileChannel channel) throws IOException {
    StoredZip zip = new StoredZip(file, channel);
    zip.readDirectory();
    return zip;
  }

  Path file() {
    return file;
  }

  FileChannel channel() {
    return channel;
  }

  Set<String> names() {
    return entries.keySet();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Number of bytes of an entry that must be there and not compressed. */
  long size(String name) throws IOException {
    return require(name).size();
  }

  /** Where the bytes of an entry begin. */
  long start(String name) throws IOException {
    Entry entry = require(name);
    ByteBuffer header = read(entry.headerAt(), LOCAL_BYTES);
    if (header.getInt(0) != LOCAL) {
      throw damaged("entry " + name + " has no header at byte " + entry.headerAt());
    }
    int names = header.getShort(26) & 0xffff;
    int extra = header.getShort(28) & 0xffff;
    long start = entry.headerAt() + LOCAL_BYTES + names + extra;
    if (entry.size() > channel.size() - start) {
      throw damaged("entry " + name + " ends behind the file");
    }
    return start;
  }

  /** All bytes of a small entry, its checksum verified. */
  byte[] bytes(String name, int most) throws IOException {
    Entry entry = require(name);
    if (entry.size() > most) {
      throw new WeightFormatException(
          file, "entry " + name + " must have at most " + most + " bytes, got " + entry.size());
    }
    verify(name);
    return read(start(name), (int) entry.size()).array();
  }

  /** Checks the checksum of an entry; 0 is what PyTorch writes when told to compute none. */
  void verify(String name) throws IOException {
    Entry entry = require(name);
    if (entry.crc() == 0) {
      return;
    }
    CRC32 crc = new CRC32();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    long start = start(name);
    for (long at = 0; at < entry.size(); at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), entry.size() - at));
      FileBytes.readFully(file, channel, chunk, start + at);
      crc.update(chunk.flip());
    }
    if (crc.getValue() != entry.crc()) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "entry %s must have checksum %08x, got %08x",
              name,
              entry.crc(),
              crc.getValue()));
    }
  }

  private Entry require(String name) throws WeightFormatException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new WeightFormatException(file, "must have an entry " + name + ", it has none");
    }
    if (entry.method() != 0) {
      throw new WeightFormatException(
          file,
          "entry "
              + name
              + " is compressed, which torch.save never does: unpack the archive and zip it with"
              + " zip -0, or save it again with torch.save");
    }
    return entry;
  }

  private void readDirectory() throws IOException {
    long size = channel.size();
    int tail = (int) Math.min(size, END_BYTES + 0xffff);
    ByteBuffer end = read(size - tail, tail);
    int at = tail - END_BYTES;
    while (at >= 0 && !(end.getInt(at) == END && at + END_BYTES + comment(end, at) == tail)) {
      at--;
    }
    if (at < 0) {
      throw damaged("the zip archive has no end");
    }
    long entryCount = end.getShort(at + 10) & 0xffff;
    long bytes = end.getInt(at + 12) & UNSIGNED;
    long start = end.getInt(at + 16) & UNSIGNED;
    long endAt = size - tail + at;
    if (endAt >= LOCATOR_BYTES) {
      ByteBuffer locator = read(endAt - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR_64) {
        long end64At = locator.getLong(8);
        requireWithin(end64At, 56, size);
        ByteBuffer end64 = read(end64At, 56);
        if (end64.getInt(0) != END_64) {
          throw damaged("the zip archive has no end at byte " + end64At);
        }
        entryCount = end64.getLong(32);
        bytes = end64.getLong(40);
        start = end64.getLong(48);
      }
    }
    requireWithin(start, bytes, size);
    if (bytes > MAX_DIRECTORY_BYTES) {
      throw damaged("the zip archive's directory has " + bytes + " bytes");
    }
    readEntries(read(start, (int) bytes), entryCount);
  }

  private static int comment(ByteBuffer end, int at) {
    return end.getShort(at + 20) & 0xffff;
  }

  private void readEntries(ByteBuffer directory, long count) throws IOException {
    int at = 0;
    for (long n = 0; n < count; n++) {
      if (directory.limit() - at < DIRECTORY_BYTES || directory.getInt(at) != DIRECTORY) {
        throw damaged("the zip archive's directory ends after " + n + " of " + count + " entries");
      }
      int names = directory.getShort(at + 28) & 0xffff;
      int extra = directory.getShort(at + 30) & 0xffff;
      int comment = directory.getShort(at + 32) & 0xffff;
      int next = at + DIRECTORY_BYTES + names + extra + comment;
      if (next > directory.limit()) {
        throw damaged("the zip archive's directory is cut off");
      }
      String name =
          StandardCharsets.UTF_8.decode(directory.slice(at + DIRECTORY_BYTES, names)).toString();
      if ((directory.getShort(at + 8) & 1) != 0) {
        throw new WeightFormatException(file, "entry " + name + " is encrypted: decrypt it first");
      }
      ByteBuffer extras =
          directory.slice(at + DIRECTORY_BYTES + names, extra).order(ByteOrder.LITTLE_ENDIAN);
      Entry entry = entry(name, directory, at, extras);
      if (entries.put(name, entry) != null) {
        throw damaged("entry " + name + " is there twice");
      }
      at = next;
    }
  }

  private Entry entry(String name, ByteBuffer directory, int at, ByteBuffer extras)
      throws IOException {
    long packed = directory.getInt(at + 20) & UNSIGNED;
    long size = directory.getInt(at + 24) & UNSIGNED;
    long header = directory.getInt(at + 42) & UNSIGNED;
    int method = directory.getShort(at + 10) & 0xffff;
    // Numbers that do not fit stand in an extra field of kind 1, in this order.
    while (extras.remaining() >= 4) {
      int kind = extras.getShort() & 0xffff;
      int length = extras.getShort() & 0xffff;
      if (length > extras.remaining()) {
        throw damaged("entry " + name + " has a field that is cut off");
      }
      ByteBuffer field = extras.slice(extras.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      extras.position(extras.position() + length);
      if (kind == 1) {
        size = size == UNSIGNED && field.remaining() >= 8 ? field.getLong() : size;
        packed = packed == UNSIGNED && field.remaining() >= 8 ? field.getLong() : packed;
        header = header == UNSIGNED && field.remaining() >= 8 ? field.getLong() : header;
      }
    }
    requireWithin(header, LOCAL_BYTES, channel.size());
    requireWithin(header, packed, channel.size());
    if (method == 0 && packed != size) {
      throw damaged("entry " + name + " has two sizes, " + packed + " and " + size);
    }
    return new Entry(name, method, directory.getInt(at + 16) & UNSIGNED, size, header);
  }

  private void requireWithin(long start, long bytes, long size) throws WeightFormatException {
    if (start < 0 || bytes < 0 || start > size || bytes > size - start) {
      throw damaged("the zip archive speaks of bytes behind its end");
    }
  }

  private ByteBuffer read(long at, int bytes) throws IOException {
    requireWithin(at, bytes, channel.size());
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    FileBytes.readFully(file, channel, buffer, at);
    return buffer.flip();
  }

  private WeightFormatException damaged(String what) {
    return new WeightFormatException(file, what + ": the file is damaged or truncated");
  }
}
