package io.github.swag4j.swag.djl;

import io.github.swag4j.swa.weights.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Tells weights by their layout and the CRC-32C of their values. */
final class WeightFingerprint {
  private static final int CHUNK = 1 << 14;

  private WeightFingerprint() {}

  static String of(Weights weights) {
    CRC32C crc = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int t = 0; t < weights.layout().tensors().size(); t++) {
      FloatBuffer values = weights.values(t).duplicate();
      while (values.hasRemaining()) {
        int n = Math.min(CHUNK, values.remaining());
        FloatBuffer part = values.slice(values.position(), n);
        values.position(values.position() + n);
        bytes.clear();
        bytes.asFloatBuffer().put(part);
        crc.update(bytes.limit(n * Float.BYTES));
      }
    }
    return weights.layout().hash().substring(0, 16)
        + String.format(Locale.ROOT, "-%08x", crc.getValue());
  }
}
