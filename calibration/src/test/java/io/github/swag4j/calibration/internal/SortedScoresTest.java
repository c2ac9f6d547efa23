package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class SortedScoresTest {
  private static final double[] SPECIAL = {
    Double.NEGATIVE_INFINITY,
    -Double.MAX_VALUE,
    -1,
    -Double.MIN_VALUE,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    1,
    Math.nextUp(1.0),
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY
  };

  @Test
  void largeArraysAreSortedAsSmallOnes() {
    Random random = new Random(3);
    check(random::nextGaussian);
    check(() -> (float) random.nextGaussian());
    check(() -> Math.rint(random.nextGaussian() * 4));
    check(() -> SPECIAL[random.nextInt(SPECIAL.length)]);
    check(() -> -random.nextDouble());
    check(() -> 0.25);
  }

  @Test
  void anyBitsOfNumbersAreSorted() {
    Random random = new Random(4);
    check(
        () -> {
          double v = Double.longBitsToDouble(random.nextLong());
          return Double.isNaN(v) ? 0 : v;
        });
  }

  private static void check(DoubleSupplier supplier) {
    double[] values = new double[10_000];
    Arrays.setAll(values, i -> supplier.getAsDouble());
    double[] before = values.clone();
    double[] expected = Arrays.stream(values).map(v -> v == 0 ? 0.0 : v).sorted().toArray();
    assertThat(SortedScores.of(values, "values")).isEqualTo(expected);
    assertThat(values).isEqualTo(before);
  }

  @Test
  void numbersThatAreNoneAreFoundWhateverTheirBits() {
    for (long bits : new long[] {0x7ff8L << 48, 0xfff8L << 48, 0x7ff0_0000_0000_0001L, -1L}) {
      for (int length : new int[] {1, 3, 10_000}) {
        double[] values = new double[length];
        values[length / 2] = Double.longBitsToDouble(bits);
        assertThatThrownBy(() -> SortedScores.of(values, "values"))
            .hasMessageStartingWith("values[" + length / 2 + "] must be a number, got NaN (1 of");
      }
    }
  }

  @Test
  void parallelSortingIsTheSame() {
    Random random = new Random(5);
    double[] first = random.doubles(40_000).toArray();
    double[] second = random.doubles(30_000).toArray();
    double[][] both = SortedScores.of(first, "first", second, "second");
    assertThat(both[0]).isEqualTo(SortedScores.of(first, "first"));
    assertThat(both[1]).isEqualTo(SortedScores.of(second, "second"));
  }

  @Test
  void covarianceIsExactWhereDoublesCancel() {
    ExactCovariance covariance = new ExactCovariance();
    long base = 1L << 30;
    covariance.add(base, base, 1);
    covariance.add(base + 1, base + 1, 1);
    covariance.add(base + 2, base + 2, 1);
    assertThat(covariance.value()).isEqualTo(1);
  }

  @Test
  void covarianceSumsBeyondSixtyFourBits() {
    ExactCovariance covariance = new ExactCovariance();
    long top = 1L << 31;
    covariance.add(top, top, 1 << 20);
    covariance.add(0, 0, 1 << 20);
    long n = 1L << 21;
    double expected =
        new BigDecimal(
                BigInteger.valueOf(n)
                    .multiply(BigInteger.ONE.shiftLeft(82))
                    .subtract(BigInteger.ONE.shiftLeft(102)))
            .divide(
                new BigDecimal(BigInteger.valueOf(n).multiply(BigInteger.valueOf(n - 1))),
                MathContext.DECIMAL128)
            .doubleValue();
    assertThat(covariance.value()).isEqualTo(expected);
  }

  @Test
  void onePairHasNoCovariance() {
    ExactCovariance covariance = new ExactCovariance();
    covariance.add(1, 2, 1);
    assertThat(covariance.value()).isNaN();
  }
}
