package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExactSumsTest {
  private static final BigDecimal UNIT = new BigDecimal(0x1p-43);

  private static double factor(SplittableRandom random, int size) {
    double mantissa = random.nextBoolean() ? 1 : 1 + random.nextDouble();
    return Math.scalb(mantissa, random.nextInt(-size, size));
  }

  @Property(tries = 300)
  void valueIsTheExactSumRoundedOnceWhateverItsPartsAndOrder(
      @ForAll @IntRange(min = 1, max = 200) int terms,
      @ForAll @IntRange(min = 1, max = 100) int size,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BigDecimal[] expected = {BigDecimal.ZERO, BigDecimal.ZERO};
    ExactSums[] parts = new ExactSums[3];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new ExactSums(2, -43);
    }
    for (int t = 0; t < terms; t++) {
      double factor = factor(random, size);
      long units = random.nextInt(3) == 0 ? 1 : random.nextLong(1L << random.nextInt(1, 54));
      int cell = random.nextInt(2);
      parts[random.nextInt(3)].add(cell, factor, units);
      BigDecimal term = new BigDecimal(factor).multiply(BigDecimal.valueOf(units));
      expected[cell] = expected[cell].add(term.multiply(UNIT));
      if (random.nextInt(20) == 0) {
        parts[random.nextInt(3)].normalise();
      }
    }
    parts[2].merge(parts[0]);
    parts[1].merge(parts[2]);
    assertThat(parts[1].value(0)).isEqualTo(expected[0].doubleValue());
    assertThat(parts[1].value(1)).isEqualTo(expected[1].doubleValue());
    assertThat(parts[1].total()).isEqualTo(expected[0].add(expected[1]).doubleValue());
  }

  @Test
  void tiesAreRoundedToEvenAndAnythingAboveHalfUp() {
    long even = 1L << 53; // the next doubles are 2 apart
    assertThat(sum(even, 1)).isEqualTo(0x1p53);
    assertThat(sum(even + 2, 1)).isEqualTo(0x1p53 + 4);
    ExactSums above = new ExactSums(1, 0);
    above.add(0, 1, even - 1);
    above.add(0, 1, 2);
    above.add(0, 0x1p-100, 1);
    assertThat(above.value(0)).isEqualTo(0x1p53 + 2);
  }

  private static double sum(long a, long b) {
    ExactSums sums = new ExactSums(1, 0);
    sums.add(0, 1, a);
    sums.add(0, 1, b);
    return sums.value(0);
  }

  @Test
  void doublingFortyTimesOverLosesNoBit() {
    ExactSums sums = new ExactSums(1, -43);
    double factor = 0x1.fffffffffffffp100;
    long units = (1L << 53) - 1;
    sums.add(0, factor, units);
    for (int i = 0; i < 40; i++) {
      sums.merge(sums);
    }
    BigDecimal term = new BigDecimal(factor).multiply(BigDecimal.valueOf(units)).multiply(UNIT);
    assertThat(sums.value(0)).isEqualTo(Math.scalb(term.doubleValue(), 40));
  }

  @Test
  void nothingIsZero() {
    ExactSums sums = new ExactSums(2, 0);
    assertThat(sums.value(1)).isZero();
    assertThat(sums.total()).isZero();
    sums.add(0, 0, 5);
    sums.merge(new ExactSums(2, 0));
    assertThat(sums.value(0)).isZero();
  }
}
