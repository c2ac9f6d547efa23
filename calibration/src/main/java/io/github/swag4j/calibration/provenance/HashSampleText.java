package io.github.swag4j.calibration.provenance;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A sample of rows as text: 6 bytes a hash and 4 bytes an id, big-endian, in base64 without
 * padding. Earlier versions wrote 16 and 8 hexadecimal digits, which are still read, and at first
 * no more than 512 hashes.
 */
final class HashSampleText {
  private static final int EARLIER_MOST = 512;
  private static final int HASH_BYTES = 6;
  private static final int HASH_CHARACTERS = 8;
  private static final int HASH_DIGITS = 16;
  private static final int ID_DIGITS = 8;
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private HashSampleText() {}

  static String ofHashes(HashSample sample) {
    ByteBuffer bytes = ByteBuffer.allocate(HASH_BYTES * sample.kept().length);
    for (long kept : sample.kept()) {
      long hash = kept ^ Long.MIN_VALUE;
      bytes.putInt((int) (hash >>> 32)).putShort((short) (hash >>> 16));
    }
    return ENCODER.encodeToString(bytes.array());
  }

  static String ofIds(HashSample sample) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * sample.ids().length);
    for (int id : sample.ids()) {
      bytes.putInt(id);
    }
    return ENCODER.encodeToString(bytes.array());
  }

  /** The sample that the texts hold, of so many single rows. */
  static HashSample parse(String hashes, String ids, long single) {
    int expected = (int) Math.min(HashSample.MOST, single);
    boolean hexadecimal = isHexadecimal(hashes, expected);
    if (!hexadecimal && hashes.length() != HASH_CHARACTERS * expected) {
      throw new IllegalArgumentException(
          "sample must be "
              + expected
              + " hashes of "
              + HASH_CHARACTERS
              + " base64 characters, got "
              + hashes.length()
              + " characters");
    }
    long[] kept = hexadecimal ? hexadecimal(hashes) : base64(hashes);
    for (int i = 1; i < kept.length; i++) {
      if (kept[i] < kept[i - 1]) {
        throw new IllegalArgumentException(
            "sample must ascend, got hash " + i + " below the one before");
      }
    }
    return new HashSample(
        kept, ids(ids, kept.length), hexadecimal ? -1L : HashSample.KEPT_BITS, single);
  }

  private static boolean isHexadecimal(String text, int expected) {
    int length = text.length() / HASH_DIGITS;
    boolean known = length == expected || length == EARLIER_MOST && expected > EARLIER_MOST;
    return known && text.length() == HASH_DIGITS * length && text.matches("[0-9a-f]*");
  }

  private static long[] hexadecimal(String text) {
    long[] kept = new long[text.length() / HASH_DIGITS];
    for (int i = 0; i < kept.length; i++) {
      int at = HASH_DIGITS * i;
      kept[i] = HexFormat.fromHexDigitsToLong(text, at, at + HASH_DIGITS) ^ Long.MIN_VALUE;
    }
    return kept;
  }

  private static long[] base64(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(decoded("sample", text));
    long[] kept = new long[bytes.remaining() / HASH_BYTES];
    for (int i = 0; i < kept.length; i++) {
      long hash = (long) bytes.getInt() << 32 | (bytes.getShort() & 0xffffL) << 16;
      kept[i] = hash ^ Long.MIN_VALUE;
    }
    return kept;
  }

  private static int[] ids(String text, int rows) {
    int[] ids = new int[text.isEmpty() ? 0 : rows];
    if (text.length() == ID_DIGITS * ids.length && text.matches("[0-9a-f]*")) {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = HexFormat.fromHexDigits(text, ID_DIGITS * i, ID_DIGITS * (i + 1));
      }
      return ids;
    }
    byte[] bytes = decoded("ids", text);
    if (bytes.length != Integer.BYTES * ids.length) {
      throw new IllegalArgumentException(
          "ids must be empty or 4 bytes in base64 for each of "
              + rows
              + " hashes, got "
              + bytes.length
              + " bytes");
    }
    ByteBuffer.wrap(bytes).asIntBuffer().get(ids);
    return ids;
  }

  private static byte[] decoded(String what, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " must be base64, got " + e.getMessage(), e);
    }
  }
}
