package io.github.swag4j.swa.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes at a place of a file. */
final class FileBytes {
  private FileBytes() {}

  /** Fills what remains of a buffer; the channel's own position stays. */
  static void readFully(Path file, FileChannel channel, ByteBuffer bytes, long at)
      throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, position);
      if (read < 0) {
        throw new EOFException(
            file + ": ended at byte " + position + " while it was read: it was cut off meanwhile");
      }
      position += read;
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
