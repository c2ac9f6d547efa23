package io.github.swag4j.calibration.io.npz;

/**
 * The CRC-32 of two pieces together from that of each: appending n bytes multiplies the first by
 * x^(8 n) modulo the polynomial. Bits are reversed, as in ZIP: the highest is the coefficient of
 * x^0.
 */
final class Crc32Combination {
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int ONE = 1 << 31;

  private Crc32Combination() {}

  /**
   * The checksum of a piece followed by another.
   *
   * @param first checksum of the first
   * @param second checksum of the second
   * @param bytes length of the second, at least 0
   * @return the checksum, in [0, 2^32)
   */
  static long of(long first, long second, long bytes) {
    int power = power(bytes);
    return (times(power, (int) first) ^ (int) second) & 0xFFFFFFFFL;
  }

  /** x^(8 n), by squaring. */
  private static int power(long n) {
    int result = ONE;
    int square = ONE >>> 8; // x^8
    for (long left = n; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        result = times(result, square);
      }
      square = times(square, square);
    }
    return result;
  }

  private static int times(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int bit = ONE; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
    }
    return product;
  }
}
