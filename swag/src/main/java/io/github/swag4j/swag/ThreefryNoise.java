package io.github.swag4j.swag;

/**
 * Standard normal numbers as a pure function of (seed, sample, stream, tensor, offset), made for
 * speed: about 4 ns a number on one core, in loops that the compiler turns into SIMD.
 *
 * <p>Threefry-4x32 with 20 rounds is additions, rotations and exclusive ors of 32-bit words only,
 * which every lane of a vector can do. Its key is (seed, sample, tensor), its counter (block,
 * stream). Four words of a block serve four offsets that are {@value #LANE} apart, so that each
 * word's numbers stand side by side in memory.
 *
 * <p>The lowest bit of a word is the sign, the other 31, m, make the tail probability p = (m + 1/2)
 * / 2^32 in (0, 1/2). The quantile is a cubic in one of 32 pieces of each octave of p, fitted once
 * to Wichura's AS 241 in double precision: 5e-7 at most from the quantile, which is half a unit in
 * the last place of float32 in the tails. Multiplications and additions of IEEE float32 in a fixed
 * order, so the bits are the same on every platform. |z| is at most 6.34.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon et al. 2011, Parallel Random
 *     Numbers: As Easy as 1, 2, 3</a>
 */
final class ThreefryNoise {

  /** Offsets that share a word's place in their blocks. */
  static final int LANE = 1024;

  /** Offsets that a run of blocks serves: four lanes. */
  static final int CHUNK = 4 * LANE;

  private static final int PARITY = 0x1BD11BDA;
  private static final int[][] ROTATIONS = {
    {10, 26, 11, 21, 13, 27, 23, 5},
    {6, 20, 17, 11, 25, 10, 18, 20}
  };

  private static final int PIECES = 32;
  private static final float[] CUBICS = cubics();

  private final int[][] words = new int[4][LANE];
  private final int[] key = new int[5];

  /** Scratch space; one owner. */
  ThreefryNoise() {}

  /**
   * Fills an array with the noise of consecutive offsets.
   *
   * @param seed the posterior's seed
   * @param sample which sample
   * @param stream z1 or z2
   * @param tensor place of the tensor in the layout
   * @param offset offset of the first number in the tensor, at least 0
   * @param out where to, from index 0
   * @param count how many
   */
  void fill(
      long seed,
      int sample,
      GaussianNoise.Stream stream,
      int tensor,
      int offset,
      float[] out,
      int count) {
    int done = 0;
    while (done < count) {
      int at = offset + done;
      int inChunk = at % CHUNK;
      int length = Math.min(CHUNK - inChunk, count - done);
      chunk(seed, sample, stream, tensor, at - inChunk, inChunk, length, out, done);
      done += length;
    }
  }

  private void chunk(
      long seed,
      int sample,
      GaussianNoise.Stream stream,
      int tensor,
      int chunkStart,
      int from,
      int length,
      float[] out,
      int outFrom) {
    int to = from + length;
    boolean oneLane = from / LANE == (to - 1) / LANE;
    int firstBlock = oneLane ? from % LANE : 0;
    int blocks = oneLane ? length : LANE;
    setKey((int) seed, (int) (seed >>> 32), sample, tensor);
    threefry(chunkStart / 4 + firstBlock, stream.word, 0, 0, blocks);
    for (int lane = 0; lane < 4; lane++) {
      int laneFrom = Math.max(from, lane * LANE);
      int laneTo = Math.min(to, (lane + 1) * LANE);
      if (laneFrom < laneTo) {
        quantiles(
            words[lane],
            laneFrom - lane * LANE - firstBlock,
            laneTo - laneFrom,
            out,
            outFrom + laneFrom - from);
      }
    }
  }

  private void setKey(int k0, int k1, int k2, int k3) {
    key[0] = k0;
    key[1] = k1;
    key[2] = k2;
    key[3] = k3;
    key[4] = PARITY ^ k0 ^ k1 ^ k2 ^ k3;
  }

  /** Threefry-4x32-20 of counters (first + i, c1, c2, c3); one loop a step, each of them SIMD. */
  private void threefry(int first, int c1, int c2, int c3, int count) {
    int[] x0 = words[0];
    int[] x1 = words[1];
    int[] x2 = words[2];
    int[] x3 = words[3];
    int k0 = first + key[0];
    int k1 = c1 + key[1];
    int k2 = c2 + key[2];
    int k3 = c3 + key[3];
    for (int i = 0; i < count; i++) {
      x0[i] = k0 + i;
      x1[i] = k1;
      x2[i] = k2;
      x3[i] = k3;
    }
    for (int round = 0; round < 5; round++) {
      int[] r = ROTATIONS[round & 1];
      mix(x0, x1, r[0], count);
      mix(x2, x3, r[1], count);
      mix(x0, x3, r[2], count);
      mix(x2, x1, r[3], count);
      mix(x0, x1, r[4], count);
      mix(x2, x3, r[5], count);
      mix(x0, x3, r[6], count);
      mix(x2, x1, r[7], count);
      add(x0, key[(round + 1) % 5], count);
      add(x1, key[(round + 2) % 5], count);
      add(x2, key[(round + 3) % 5], count);
      add(x3, key[(round + 4) % 5] + round + 1, count);
    }
  }

  private static void mix(int[] a, int[] b, int rotation, int count) {
    for (int i = 0; i < count; i++) {
      int sum = a[i] + b[i];
      int word = b[i];
      a[i] = sum;
      b[i] = ((word << rotation) | (word >>> (32 - rotation))) ^ sum;
    }
  }

  private static void add(int[] a, int value, int count) {
    for (int i = 0; i < count; i++) {
      a[i] += value;
    }
  }

  /** The four words of one counter, for known answers. */
  static int[] block(int[] key, int[] counter) {
    ThreefryNoise noise = new ThreefryNoise();
    noise.setKey(key[0], key[1], key[2], key[3]);
    noise.threefry(counter[0], counter[1], counter[2], counter[3], 1);
    return new int[] {noise.words[0][0], noise.words[1][0], noise.words[2][0], noise.words[3][0]};
  }

  private static void quantiles(int[] words, int from, int count, float[] out, int outFrom) {
    for (int i = 0; i < count; i++) {
      out[outFrom + i] = quantile(words[from + i]);
    }
  }

  /** The normal number of a word. */
  static float quantile(int word) {
    int m = word >>> 1;
    int octave = Integer.numberOfLeadingZeros(m);
    int normalised = m << octave; // the leading bit is at the top, or all are 0
    int at = (octave - 1) * (4 * PIECES) + ((normalised >>> 24) & 0x7C);
    float t = ((normalised << 6) >>> 8) * 0x1p-24f;
    float z = ((CUBICS[at + 3] * t + CUBICS[at + 2]) * t + CUBICS[at + 1]) * t + CUBICS[at];
    return (word & 1) == 0 ? z : -z;
  }

  /** Coefficients {@code [octave of m][piece][power]} by interpolation at Chebyshev's points. */
  private static float[] cubics() {
    float[] table = new float[32 * PIECES * 4];
    double inner = StrictMath.sin(Math.PI / 8) / 2;
    double outer = StrictMath.cos(Math.PI / 8) / 2;
    double[] t = {0.5 - outer, 0.5 - inner, 0.5 + inner, 0.5 + outer};
    for (int zeros = 1; zeros <= 31; zeros++) {
      double octave = Math.scalb(1.0, 31 - zeros);
      for (int piece = 0; piece < PIECES; piece++) {
        double low = (octave * (1 + piece / (double) PIECES) + 0.5) * 0x1p-32;
        double width = octave / PIECES * 0x1p-32;
        double[] divided = new double[4];
        for (int i = 0; i < 4; i++) {
          divided[i] = GaussianNoise.normalQuantile(low + width * t[i]);
        }
        double[] cubic = interpolate(t, divided);
        for (int power = 0; power < 4; power++) {
          table[((zeros - 1) * PIECES + piece) * 4 + power] = (float) cubic[power];
        }
      }
    }
    table[31 * PIECES * 4] = (float) GaussianNoise.normalQuantile(0x1p-33); // m = 0
    return table;
  }

  /** Newton's divided differences, then powers of t. */
  private static double[] interpolate(double[] t, double[] values) {
    double[] c = values.clone();
    for (int order = 1; order < 4; order++) {
      for (int i = 3; i >= order; i--) {
        c[i] = (c[i] - c[i - 1]) / (t[i] - t[i - order]);
      }
    }
    double[] powers = {c[3], 0, 0, 0};
    for (int i = 2; i >= 0; i--) {
      for (int power = 3; power > 0; power--) {
        powers[power] = powers[power - 1] - powers[power] * t[i];
      }
      powers[0] = c[i] - powers[0] * t[i];
    }
    return powers;
  }
}
