package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Golden values: scipy.stats.fisher_exact and ttest_ind(equal_var=False). */
class TwoSampleTestsTest {
  private static final double[] ONES = {1, 1, 1, 1, 1};

  @Test
  void fishersTestOfTheTeaIsThatOfTheBook() {
    // Four of four cups right each: 2 tables of 70 are as extreme.
    assertThat(FisherExactTest.pValue(4, 4, 0, 4)).isCloseTo(2 / 70.0, within(1e-14));
    assertThat(FisherExactTest.pValue(3, 4, 1, 4)).isCloseTo(34 / 70.0, within(1e-14));
  }

  @Test
  void equalSharesGiveOne() {
    assertThat(FisherExactTest.pValue(5, 10, 10, 20)).isCloseTo(1, within(1e-12));
    assertThat(FisherExactTest.pValue(0, 3, 0, 8)).isEqualTo(1, within(1e-12));
  }

  @Test
  void fishersTestDoesNotMindWhichIsFirstAndMillionsOfRows() {
    assertThat(FisherExactTest.pValue(7, 30, 40, 90))
        .isCloseTo(FisherExactTest.pValue(40, 90, 7, 30), within(1e-12));
    assertThat(FisherExactTest.pValue(7, 30, 40, 90)).isCloseTo(0.05196882961583006, within(1e-12));
    double p = FisherExactTest.pValue(500_000, 1_000_000, 501_500, 1_000_000);
    // The normal approximation of two shares, p = 0.0339.
    assertThat(p).isCloseTo(0.034, within(0.001));
    assertThatThrownBy(() -> FisherExactTest.pValue(3, 2, 1, 2)).hasMessageContaining("got 3 of 2");
  }

  @Test
  void welchsTestIsThatOfScipy() {
    double[] a = {1.0, 2.5, 3.1, 4.2, 5.9};
    double[] b = {2.0, 2.1, 2.2, 2.3, 2.4};
    WelchTest test = WelchTest.of(a, ONES, b, ONES);
    assertThat(test.difference()).isCloseTo(1.14, within(1e-12));
    assertThat(test.difference() / test.standardError())
        .isCloseTo(1.380829511867802, within(1e-12));
    assertThat(test.degreesOfFreedom()).isCloseTo(4.0591158966892475, within(1e-12));
    assertThat(test.pValue()).isCloseTo(0.23848969762894573, within(1e-12));
    WelchTest turned = WelchTest.of(b, ONES, a, ONES);
    assertThat(turned.pValue()).isEqualTo(test.pValue());
    assertThat(turned.difference()).isEqualTo(-test.difference());
  }

  @Test
  void equalWeightsAreNoWeightsAndConstantsDoNotDiffer() {
    double[] a = {1.0, 2.5, 3.1, 4.2, 5.9};
    double[] b = {2.0, 2.1, 2.2, 2.3, 2.4};
    double[] sevens = {7, 7, 7, 7, 7};
    assertThat(WelchTest.of(a, sevens, b, ONES).pValue())
        .isCloseTo(WelchTest.of(a, ONES, b, ONES).pValue(), within(1e-14));
    assertThat(WelchTest.of(ONES, ONES, ONES, ONES).pValue()).isEqualTo(1);
    assertThat(WelchTest.of(ONES, ONES, sevens, ONES).pValue()).isZero();
    assertThatThrownBy(
            () -> WelchTest.of(new double[] {1}, new double[] {1}, new double[] {1, 2}, ONES))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStepIsFoundWhereItIs() {
    double[] values = new double[200];
    Random random = new Random(1);
    Arrays.setAll(values, i -> random.nextGaussian() + (i < 120 ? 0 : 1.5));
    ChangeTest test = change(values);
    assertThat(test.pValue()).isEqualTo(1e-4);
    assertThat(test.place()).isBetween(112, 128);
    assertThat(test.after() - test.before()).isCloseTo(1.5, within(0.4));
    assertThat(test.toString()).contains("p = 0.0001", "9,999 permutations");
  }

  @Test
  void withoutAChangeAllPValuesAreAsProbable() {
    Random random = new Random(2);
    int below = 0;
    for (int set = 0; set < 200; set++) {
      double[] values = new double[40];
      Arrays.setAll(values, i -> Math.exp(2 * random.nextGaussian()));
      double[] weights = new double[40];
      Arrays.fill(weights, 1);
      boolean[] goesOn = new boolean[40];
      Arrays.fill(goesOn, true);
      below += ChangeTest.of("v", values, weights, goesOn, set).pValue() <= 0.1 ? 1 : 0;
    }
    assertThat(below).isBetween(8, 34); // 20 expected, 4 standard deviations of 4.2 below
  }

  @Test
  void rowsOfOnePlaceMayComeInAnyOrder() {
    double[] values = {1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1};
    double[] other = {0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0}; // exchanged within pairs
    boolean[] pairs = new boolean[12];
    for (int i = 1; i < 12; i += 2) {
      pairs[i] = true;
    }
    double[] weights = new double[12];
    Arrays.fill(weights, 1);
    ChangeTest one = ChangeTest.of("v", values, weights, pairs, 0);
    ChangeTest same = ChangeTest.of("v", other, weights, pairs, 0);
    assertThat(same.statistic()).isEqualTo(one.statistic());
    assertThat(same.pValue()).isEqualTo(one.pValue());
  }

  @Test
  void whatNeverVariesNeverChanges() {
    ChangeTest test = change(new double[] {2, 2, 2, 2});
    assertThat(test.pValue()).isEqualTo(1);
    assertThat(test.place()).isZero();
  }

  private static ChangeTest change(double[] values) {
    double[] weights = new double[values.length];
    Arrays.fill(weights, 1);
    boolean[] goesOn = new boolean[values.length];
    Arrays.fill(goesOn, true);
    return ChangeTest.of("v", values, weights, goesOn, 0);
  }
}
