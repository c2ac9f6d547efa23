package io.github.swag4j.calibration.io.npz;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * An NPZ archive written member by member into a channel, each of any length that is known only
 * when it ends: stored, sizes and checksum put into its header then. Every member's header has room
 * for 64-bit sizes, as NumPy writes it.
 */
final class NpzAppender {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;
  private static final short VERSION = 45;
  private static final short DATE = 0x21; // 1 January 1980
  private static final int ALL = -1;
  private static final long MOST = 0xFFFFFFFFL;
  private static final int LOCAL_BYTES = 30;
  private static final int CRC_AT = 14;
  private static final int EXTRA_BYTES = 20;

  private final FileChannel channel;
  private final List<Member> members = new ArrayList<>();

  private record Member(byte[] name, long at, long bytes, long crc) {}

  NpzAppender(FileChannel channel) {
    this.channel = channel;
  }

  /** A member being written: its NPY header, of a length that is known, comes last. */
  final class Open {
    private final byte[] name;
    private final long at;
    private final int headerBytes;
    private final CRC32 crc = new CRC32();
    private final LittleEndian out;

    private Open(String array, int headerBytes) throws IOException {
      this.name = (array + ".npy").getBytes(StandardCharsets.US_ASCII);
      this.at = channel.position();
      this.headerBytes = headerBytes;
      ByteBuffer local = buffer(LOCAL_BYTES + name.length + EXTRA_BYTES);
      local.putInt(LOCAL).putShort(VERSION).putShort((short) 0).putShort((short) 0);
      local.putShort((short) 0).putShort(DATE).putInt(0).putInt(ALL).putInt(ALL);
      local.putShort((short) name.length).putShort((short) EXTRA_BYTES).put(name);
      local.putShort((short) 1).putShort((short) 16).putLong(0).putLong(0);
      write(local.flip());
      write(ByteBuffer.allocate(headerBytes));
      OutputStream data = Channels.newOutputStream(channel);
      this.out = new LittleEndian(new CheckedOutputStream(data, crc));
    }

    LittleEndian out() {
      return out;
    }

    /** Ends the member with its header. */
    void end(byte[] header) throws IOException {
      if (header.length != headerBytes) {
        throw new IllegalStateException(
            "a header of " + headerBytes + " bytes was announced, got " + header.length);
      }
      out.flush();
      CRC32 first = new CRC32();
      first.update(header);
      long sum = Crc32Combination.of(first.getValue(), crc.getValue(), out.written());
      long bytes = headerBytes + out.written();
      long end = channel.position();
      channel.position(at + CRC_AT);
      write(buffer(4).putInt((int) sum).flip());
      channel.position(at + LOCAL_BYTES + name.length + 4);
      write(buffer(16).putLong(bytes).putLong(bytes).flip());
      write(ByteBuffer.wrap(header));
      channel.position(end);
      members.add(new Member(name, at, bytes, sum));
    }
  }

  /** Begins a member, which must end before the next begins. */
  Open begin(String array, int headerBytes) throws IOException {
    return new Open(array, headerBytes);
  }

  /** Writes the directory of all members. */
  void finish() throws IOException {
    long start = channel.position();
    for (Member m : members) {
      boolean wide = m.bytes() >= MOST || m.at() >= MOST;
      int extra = wide ? 28 : 0;
      ByteBuffer entry = buffer(46 + m.name().length + extra);
      entry.putInt(CENTRAL).putShort(VERSION).putShort(VERSION).putShort((short) 0);
      entry.putShort((short) 0).putShort((short) 0).putShort(DATE).putInt((int) m.crc());
      entry.putInt(wide ? ALL : (int) m.bytes()).putInt(wide ? ALL : (int) m.bytes());
      entry.putShort((short) m.name().length).putShort((short) extra).putShort((short) 0);
      entry.putShort((short) 0).putShort((short) 0).putInt(0).putInt(wide ? ALL : (int) m.at());
      entry.put(m.name());
      if (wide) {
        entry.putShort((short) 1).putShort((short) 24);
        entry.putLong(m.bytes()).putLong(m.bytes()).putLong(m.at());
      }
      write(entry.flip());
    }
    long end = channel.position();
    boolean wide = start >= MOST;
    if (wide) {
      ByteBuffer end64 = buffer(56 + 20);
      end64.putInt(END64).putLong(44).putShort(VERSION).putShort(VERSION).putInt(0).putInt(0);
      end64.putLong(members.size()).putLong(members.size()).putLong(end - start).putLong(start);
      end64.putInt(LOCATOR64).putInt(0).putLong(end).putInt(1);
      write(end64.flip());
    }
    ByteBuffer last = buffer(22);
    last.putInt(END).putShort((short) 0).putShort((short) 0);
    last.putShort((short) members.size()).putShort((short) members.size());
    last.putInt((int) (end - start)).putInt(wide ? ALL : (int) start).putShort((short) 0);
    write(last.flip());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
