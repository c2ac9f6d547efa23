package io.github.swag4j.calibration.io.npz;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers to little-endian bytes, buffered. */
final class LittleEndian {
  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long written;

  LittleEndian(OutputStream out) {
    this.out = out;
  }

  void put(byte[] bytes) throws IOException {
    flush();
    out.write(bytes);
    written += bytes.length;
  }

  void putInt(int value) throws IOException {
    room(4).putInt(value);
  }

  void putFloat(float value) throws IOException {
    room(4).putFloat(value);
  }

  void putLong(long value) throws IOException {
    room(8).putLong(value);
  }

  void putDouble(double value) throws IOException {
    room(8).putDouble(value);
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  void flush() throws IOException {
    out.write(buffer.array(), 0, buffer.position());
    written += buffer.position();
    buffer.clear();
  }

  long written() {
    return written;
  }
}
