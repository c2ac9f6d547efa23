package io.github.swag4j.cli.monitor;

import io.github.swag4j.base.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What a restart must know: how far the files were read and written, and the monitor itself. One
 * file, whole or not at all, with a checksum.
 *
 * @param fingerprint of the reference
 * @param labelsExpected whether labels were to come, by which the alarm's rate was shared
 * @param rows how far the rows were read
 * @param header their header, null if there was none
 * @param labels how far the late labels were read
 * @param labelsHeader their header, null if there was none
 * @param written bytes of the file of windows
 * @param monitor the monitor
 */
record MonitorState(
    long fingerprint,
    boolean labelsExpected,
    FilePosition rows,
    String header,
    FilePosition labels,
    String labelsHeader,
    long written,
    byte[] monitor) {
  private static final byte[] MAGIC = "swag4j monitor 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SUM = 8;

  void write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeLong(fingerprint);
    out.writeBoolean(labelsExpected);
    rows.write(out);
    text(out, header);
    labels.write(out);
    text(out, labelsHeader);
    out.writeLong(written);
    out.writeInt(monitor.length);
    out.write(monitor);
    out.writeLong(sum(bytes.toByteArray(), bytes.size()));
    AtomicFile.write(file, to -> bytes.writeTo(to));
  }

  /**
   * Reads a state.
   *
   * @throws IOException if the file is not one, is damaged or of another reference
   */
  static MonitorState read(Path file, long fingerprint) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = bytes.length - SUM;
    boolean ours =
        length > MAGIC.length && Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC);
    if (!ours || sum(bytes, length) != ByteBuffer.wrap(bytes).getLong(length)) {
      throw new IOException(
          file
              + ": must be a state of this program's monitor"
              + (ours ? ", but it is damaged" : "")
              + ": name another file with --state, or remove it to start anew");
    }
    DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, MAGIC.length, length - MAGIC.length));
    MonitorState state =
        new MonitorState(
            in.readLong(),
            in.readBoolean(),
            FilePosition.read(in),
            text(in),
            FilePosition.read(in),
            text(in),
            in.readLong(),
            in.readNBytes(in.readInt()));
    if (state.fingerprint() != fingerprint) {
      throw new IOException(
          file
              + ": is the state of a monitor with another reference: its windows are not comparable"
              + " with this one's; name another file with --state, or remove it to start anew");
    }
    return state;
  }

  private static long sum(byte[] bytes, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    return sum.getValue();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(text == null ? -1 : bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
