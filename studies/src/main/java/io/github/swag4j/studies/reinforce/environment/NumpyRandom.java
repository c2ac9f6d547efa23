package io.github.swag4j.studies.reinforce.environment;

import java.util.ArrayList;
import java.util.List;

/**
 * Uniform numbers of {@code numpy.random.default_rng(seed)}, bit for bit: PCG64 (a linear
 * congruential generator of 128 bits with the output XSL-RR), started by NumPy's SeedSequence. So
 * that episodes start where those of Gymnasium do.
 *
 * @see <a href="https://www.pcg-random.org/paper.html">O'Neill 2014, PCG: A Family of Simple Fast
 *     Space-Efficient Statistically Good Algorithms for Random Number Generation</a>
 */
final class NumpyRandom {
  private static final int POOL = 4;
  private static final int FIRST_HASH = 0x43b0d7e5;
  private static final int HASH_FACTOR = 0x931e8875;
  private static final int OUTPUT_HASH = 0x8b51f9dd;
  private static final int OUTPUT_FACTOR = 0x58f38ded;
  private static final int MIX_LEFT = 0xca01f9dd;
  private static final int MIX_RIGHT = 0x4973f715;

  /** The multiplier of PCG64, high and low half. */
  private static final long FACTOR_HIGH = 0x2360ED051FC65DA4L;

  private static final long FACTOR_LOW = 0x4385DF649FCCF645L;

  private final long incrementHigh;
  private final long incrementLow;
  private long high;
  private long low;

  NumpyRandom(long seed) {
    long[] words = new SeedSequence(seed).longs();
    incrementHigh = words[2] << 1 | words[3] >>> 63;
    incrementLow = words[3] << 1 | 1;
    advance();
    add(words[0], words[1]);
    advance();
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  double uniform() {
    advance();
    long folded = high ^ low;
    return (Long.rotateRight(folded, (int) (high >>> 58)) >>> 11) * 0x1.0p-53;
  }

  /** As {@code Generator.uniform}: from low on, below high. */
  double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  /** state = state factor + increment, of 128 bits. */
  private void advance() {
    long product = unsignedHigh(low, FACTOR_LOW) + high * FACTOR_LOW + low * FACTOR_HIGH;
    low *= FACTOR_LOW;
    high = product;
    add(incrementHigh, incrementLow);
  }

  private void add(long otherHigh, long otherLow) {
    long sum = low + otherLow;
    high += otherHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
    low = sum;
  }

  /** Math.multiplyHigh takes its factors as signed; Java 18 has it unsigned. */
  private static long unsignedHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }

  /** Spreads a seed over words that have nothing to do with each other. */
  private static final class SeedSequence {
    private final int[] pool = new int[POOL];
    private int hash = FIRST_HASH;

    SeedSequence(long seed) {
      List<Integer> entropy = new ArrayList<>();
      for (long rest = seed; rest != 0 || entropy.isEmpty(); rest >>>= 32) {
        entropy.add((int) rest);
      }
      for (int i = 0; i < POOL; i++) {
        pool[i] = hashed(i < entropy.size() ? entropy.get(i) : 0);
      }
      for (int from = 0; from < POOL; from++) {
        for (int to = 0; to < POOL; to++) {
          if (from != to) {
            pool[to] = mixed(pool[to], hashed(pool[from]));
          }
        }
      }
    }

    private int hashed(int word) {
      int value = word ^ hash;
      hash *= HASH_FACTOR;
      value *= hash;
      return value ^ value >>> 16;
    }

    private static int mixed(int left, int right) {
      int value = MIX_LEFT * left - MIX_RIGHT * right;
      return value ^ value >>> 16;
    }

    /** Four words of 64 bits, each of two of 32, the lower first. */
    long[] longs() {
      long[] out = new long[4];
      int outputHash = OUTPUT_HASH;
      for (int i = 0; i < 8; i++) {
        int value = pool[i % POOL] ^ outputHash;
        outputHash *= OUTPUT_FACTOR;
        value *= outputHash;
        value ^= value >>> 16;
        out[i / 2] |= Integer.toUnsignedLong(value) << 32 * (i % 2);
      }
      return out;
    }
  }
}
