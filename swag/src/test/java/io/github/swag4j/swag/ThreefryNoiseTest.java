package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swag.GaussianNoise.Stream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ThreefryNoiseTest {
  private static final int MANY = 4_000_000;

  /** The known answers published with Random123 (kat_vectors, threefry4x32 20). */
  @Test
  void threefryGivesThePublishedWords() {
    assertThat(ThreefryNoise.block(new int[4], new int[4]))
        .containsExactly(0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8);
    int[] ones = {-1, -1, -1, -1};
    assertThat(ThreefryNoise.block(ones, ones))
        .containsExactly(0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732);
    assertThat(
            ThreefryNoise.block(
                new int[] {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89},
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}))
        .containsExactly(0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84);
  }

  @Test
  void quantilesAreThoseOfAs241ToSixSigma() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000_000; i++) {
      int m = (random.nextInt() >>> 1) >>> (i % 31); // as many in each octave of the tail
      double exact = GaussianNoise.normalQuantile((m + 0.5) * 0x1p-32);
      assertThat((double) ThreefryNoise.quantile(m << 1)).isCloseTo(exact, within(6e-7));
      assertThat(ThreefryNoise.quantile(m << 1 | 1)).isEqualTo(-ThreefryNoise.quantile(m << 1));
    }
    assertThat((double) ThreefryNoise.quantile(0)).isCloseTo(-6.3379, within(1e-4));
    assertThat(ThreefryNoise.quantile(-2)).isCloseTo(0f, within(1e-6f));
  }

  /** Moments to the fourth within five standard errors, and the tails' shares. */
  @Test
  void numbersAreNormal() {
    float[] z = new float[MANY];
    new ThreefryNoise().fill(42, 3, Stream.DIAGONAL, 1, 0, z, MANY);
    double[] sums = new double[5];
    int[] beyond = new int[5];
    for (float v : z) {
      double power = 1;
      for (int p = 1; p <= 4; p++) {
        power *= v;
        sums[p] += power;
      }
      for (int sigma = 1; sigma <= 4; sigma++) {
        beyond[sigma] += Math.abs(v) > sigma ? 1 : 0;
      }
    }
    double error = 1 / Math.sqrt(MANY);
    assertThat(sums[1] / MANY).isCloseTo(0, within(5 * error));
    assertThat(sums[2] / MANY).isCloseTo(1, within(5 * Math.sqrt(2) * error));
    assertThat(sums[3] / MANY).isCloseTo(0, within(5 * Math.sqrt(15) * error));
    assertThat(sums[4] / MANY).isCloseTo(3, within(5 * Math.sqrt(96) * error));
    double[] shares = {1, 0.31731050786, 0.04550026390, 0.00269979606, 6.334248e-5};
    for (int sigma = 1; sigma <= 4; sigma++) {
      double share = shares[sigma];
      double standardError = Math.sqrt(share * (1 - share) / MANY);
      assertThat((double) beyond[sigma] / MANY).isCloseTo(share, within(5 * standardError));
    }
  }

  /** Neighbours, lanes, samples, tensors, seeds and streams have nothing to do with each other. */
  @Test
  void seriesAreNotCorrelated() {
    int n = 400_000;
    float[] base = draw(7, 0, Stream.DIAGONAL, 0, n);
    float[][] others = {
      draw(8, 0, Stream.DIAGONAL, 0, n),
      draw(7L | 1L << 32, 0, Stream.DIAGONAL, 0, n),
      draw(7, 1, Stream.DIAGONAL, 0, n),
      draw(7, 0, Stream.LOW_RANK, 0, n),
      draw(7, 0, Stream.DIAGONAL, 1, n),
      draw(7, 0, Stream.DIAGONAL, -1, n)
    };
    for (float[] other : others) {
      assertThat(correlation(base, other, 0)).isCloseTo(0, within(5 / Math.sqrt(n)));
    }
    for (int lag : new int[] {1, 2, 3, 4, 1023, 1024, 1025, 2048, 4096}) {
      assertThat(correlation(base, base, lag))
          .as("lag " + lag)
          .isCloseTo(0, within(5 / Math.sqrt(n)));
    }
  }

  private static double correlation(float[] a, float[] b, int lag) {
    double sum = 0;
    for (int i = 0; i + lag < a.length; i++) {
      sum += (double) a[i] * b[i + lag];
    }
    return sum / (a.length - lag);
  }

  @Property(tries = 300)
  void anyPartIsTheSameAsThatPartOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 1000) int sample,
      @ForAll @IntRange(max = 9000) int from,
      @ForAll @IntRange(max = 6000) int count) {
    float[] whole = draw(seed, sample, Stream.DIAGONAL, 2, 15_000);
    float[] part = new float[count];
    new ThreefryNoise().fill(seed, sample, Stream.DIAGONAL, 2, from, part, count);
    assertThat(part).isEqualTo(Arrays.copyOfRange(whole, from, from + count));
  }

  private static float[] draw(long seed, int sample, Stream stream, int tensor, int count) {
    float[] z = new float[count];
    new ThreefryNoise().fill(seed, sample, stream, tensor, 0, z, count);
    return z;
  }
}
