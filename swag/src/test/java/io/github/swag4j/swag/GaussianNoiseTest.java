package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swag.GaussianNoise.Stream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

class GaussianNoiseTest {

  /** The known answers published with Random123 (kat_vectors, philox4x32 10). */
  @Test
  void philoxGivesThePublishedWords() {
    int[] out = new int[4];
    GaussianNoise.philox(0, 0, 0, 0, 0, out);
    assertThat(out).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    GaussianNoise.philox(-1, -1, -1, -1, -1, out);
    assertThat(out).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    GaussianNoise.philox(0x299f31d0_a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, out);
    assertThat(out).containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void quantilesAgreeWithAnIndependentImplementation() {
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    for (double p = 1e-9; p < 1; p = p < 0.01 ? p * 1.7 : p + 0.00731) {
      assertThat(normal.cumulativeProbability(GaussianNoise.normalQuantile(p)))
          .isCloseTo(p, within(1e-12 + 1e-9 * p));
    }
    assertThat(GaussianNoise.normalQuantile(0.975)).isCloseTo(1.959963984540054, within(1e-14));
    assertThat(GaussianNoise.normalQuantile(0.5)).isZero();
  }

  @Test
  void numbersAreNormal() {
    double[] z = new double[20_000];
    GaussianNoise.fill(42, 3, Stream.DIAGONAL, 1, 0, z, z.length);
    double p =
        new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(null, 0, 1), z);
    assertThat(p).isGreaterThan(0.01);
  }

  @Property(tries = 200)
  void anyPartIsTheSameAsThatPartOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 1000) int sample,
      @ForAll @IntRange(max = 60) int from,
      @ForAll @IntRange(max = 40) int count) {
    double[] whole = new double[100];
    GaussianNoise.fill(seed, sample, Stream.DIAGONAL, 2, 0, whole, 100);
    double[] part = new double[count];
    GaussianNoise.fill(seed, sample, Stream.DIAGONAL, 2, from, part, count);
    assertThat(part).isEqualTo(Arrays.copyOfRange(whole, from, from + count));
  }

  @Test
  void everyArgumentCounts() {
    double[] base = draw(1, 2, Stream.DIAGONAL, 3);
    assertThat(draw(2, 2, Stream.DIAGONAL, 3)).isNotEqualTo(base);
    assertThat(draw(1L << 32 | 1, 2, Stream.DIAGONAL, 3)).isNotEqualTo(base);
    assertThat(draw(1, 3, Stream.DIAGONAL, 3)).isNotEqualTo(base);
    assertThat(draw(1, 2, Stream.LOW_RANK, 3)).isNotEqualTo(base);
    assertThat(draw(1, 2, Stream.DIAGONAL, 4)).isNotEqualTo(base);
    assertThat(draw(1, 2, Stream.DIAGONAL, 3)).isEqualTo(base);
  }

  private static double[] draw(long seed, int sample, Stream stream, int tensor) {
    double[] z = new double[4];
    GaussianNoise.fill(seed, sample, stream, tensor, 0, z, 4);
    return z;
  }
}
