package io.github.swag4j.calibration.sketch;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** The layout of a sketch's bytes, docs/file-formats.md: what writer and reader share. */
final class SketchFormat {
  static final byte[] MAGIC = "SWAG4JCS".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final int WEIGHTED = 1;
  static final int EVENT_SHIFT = 1;
  static final int CHECKSUM_BYTES = 4;

  /** Limbs of the sums of weighted rows: 2^(32 q) units with q in this range. */
  static final int FIRST_LIMB = -8;

  static final int END_LIMB = 11;

  /** The most bytes of an array. */
  static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** Bytes of the longest sum, and of the longest count. */
  private static final int MAX_SUM = 2 + 4 * (END_LIMB - FIRST_LIMB);

  private static final int MAX_HEADER = 512;

  private SketchFormat() {}

  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** The most bytes that a sketch of so many cells can have in an array. */
  static long maxBytes(long classes, long bins) {
    return Math.min(MAX_BYTES, MAX_HEADER + MAX_SUM * (bins * 8 + classes * bins * 2));
  }
}
