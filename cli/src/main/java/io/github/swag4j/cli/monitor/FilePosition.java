package io.github.swag4j.cli.monitor;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How far a file has been read, and what it began with, by which another file of the same name is
 * told from it.
 *
 * @param offset of the first byte of the next record
 * @param line line that it is on, from 1
 * @param head the file's first bytes, as many as were read, at most {@value #HEAD}
 */
record FilePosition(long offset, long line, byte[] head) {
  /** Bytes that tell files apart: headers are alike, some rows after them are not. */
  static final int HEAD = 4096;

  static final FilePosition START = new FilePosition(0, 1, new byte[0]);

  void write(DataOutput out) throws IOException {
    out.writeLong(offset);
    out.writeLong(line);
    out.writeInt(head.length);
    out.write(head);
  }

  static FilePosition read(DataInput in) throws IOException {
    long offset = in.readLong();
    long line = in.readLong();
    int length = in.readInt();
    if (length < 0 || length > HEAD) {
      throw new IOException("a position holds at most " + HEAD + " bytes, got " + length);
    }
    byte[] head = new byte[length];
    in.readFully(head);
    return new FilePosition(offset, line, head);
  }
}
