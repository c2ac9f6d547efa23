package io.github.swag4j.vision.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash by which a data set is known again. */
final class ContentHash {
  private static final int CHUNK = 1 << 14;

  private ContentHash() {}

  static String of(ImageData set, byte[] levels, float[] floats, int[] labels, int from) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
    ImageSize size = set.imageSize();
    int image = size.values();
    digest.update(ints(set.size(), size.height(), size.width()));
    if (size.channels() != 1 || levels == null || labels == null) {
      // What is no set of labelled grey levels; those have had their hash since before there were
      // others.
      digest.update(ints(size.channels(), levels == null ? 1 : 0, labels == null ? 0 : 1));
    }
    if (levels != null) {
      digest.update(levels, from * image, set.size() * image);
    } else {
      update(digest, floats, from * image, set.size() * image);
    }
    if (labels != null) {
      ByteBuffer numbers = ByteBuffer.allocate(4 * set.size());
      numbers.asIntBuffer().put(labels, from, set.size());
      digest.update(numbers.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] ints(int a, int b, int c) {
    return ByteBuffer.allocate(12).putInt(a).putInt(b).putInt(c).array();
  }

  private static void update(MessageDigest digest, float[] values, int first, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK);
    for (int at = 0; at < count; at += CHUNK) {
      int length = Math.min(CHUNK, count - at);
      bytes.clear().asFloatBuffer().put(values, first + at, length);
      digest.update(bytes.array(), 0, 4 * length);
    }
  }
}
