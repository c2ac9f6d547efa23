package io.github.swag4j.calibration.internal;

import io.github.swag4j.base.SplitMix;

/**
 * Random numbers that are a function of (seed, stream, index) rather than of a state: the same bits
 * in any order, batch size or thread. SplitMix64's finaliser over the three, applied in turn.
 */
public final class SeededUniform {
  private SeededUniform() {}

  /**
   * 64 random bits.
   *
   * @param seed the seed
   * @param stream what the numbers are for
   * @param index which of them
   * @return the bits
   */
  public static long bits(long seed, int stream, long index) {
    return mix(mix(mix(seed) ^ stream) ^ index);
  }

  /**
   * A uniform number.
   *
   * @param seed the seed
   * @param stream what the numbers are for
   * @param index which of them
   * @return a multiple of 2^-53 in [0, 1)
   */
  public static double uniform(long seed, int stream, long index) {
    return (bits(seed, stream, index) >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    return SplitMix.mix(value + SplitMix.GAMMA);
  }
}
