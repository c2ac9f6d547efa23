package io.github.swag4j.calibration.comparison;

import io.github.swag4j.base.SplitMix;

/**
 * The random numbers of one replicate: a function of (seed, replicate, stream) and nothing else, so
 * that a replicate is the same bits on whichever thread it runs. SplitMix64 from a mixed starting
 * point, with Lemire's unbiased way to an index.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea, Flood 2014</a>
 * @see <a href="https://arxiv.org/abs/1805.10941">Lemire 2019</a>
 */
final class ReplicateRandom {

  private final SplitMix bits;

  ReplicateRandom(long seed, long replicate, long stream) {
    long ofStream = SplitMix.mix(SplitMix.mix(seed) + (stream + 1) * SplitMix.GAMMA);
    bits = new SplitMix(SplitMix.mix(ofStream + (replicate + 1) * SplitMix.GAMMA));
  }

  long nextLong() {
    return bits.nextLong();
  }

  /** Uniform over 0, ..., bound - 1, every index with the same probability. */
  int nextInt(int bound) {
    long product = (nextLong() >>> 32) * bound;
    if ((product & 0xffffffffL) < bound) {
      long threshold = (1L << 32) % bound;
      while ((product & 0xffffffffL) < threshold) {
        product = (nextLong() >>> 32) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** How often each of n items is drawn in n draws with replacement. */
  int[] multiplicities(int n) {
    int[] times = new int[n];
    for (int i = 0; i < n; i++) {
      times[nextInt(n)]++;
    }
    return times;
  }

  /** How often each row is drawn, of rows taken in the given order: draw j is of row order[j]. */
  int[] multiplicities(int[] order) {
    int[] drawn = multiplicities(order.length);
    int[] times = new int[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      times[order[i]] = drawn[i];
    }
    return times;
  }

  /** A uniform permutation of 0, ..., n - 1 (Fisher and Yates). */
  int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
