package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PairedPermutationTestTest {

  private static final Golden SCIPY = Golden.of("/comparison/golden.json");

  @Test
  void allSwapsOfFewRowsGiveScipysPValue() {
    double[] a = Arrays.copyOf(SCIPY.numbers("losses"), 12);
    double[] b = Arrays.copyOf(SCIPY.numbers("other"), 12);
    PairedPermutationTest test = PairedPermutationTest.ofLosses(a, b, 5000, 1);
    assertThat(test.exact()).isTrue();
    assertThat(test.swaps()).isEqualTo(4096);
    Golden scipy = SCIPY.in("permutation_exact");
    assertThat(test.difference()).isEqualTo(scipy.number("difference"), within(1e-12));
    assertThat(test.pValue()).isEqualTo(scipy.number("p"), within(1e-12));
  }

  @Test
  void equalMeansHaveThePValueOneThoughDecimalsRound() {
    // Differences of 0.1 with a zero mean: in doubles the sum is 1e-17 or so, or not.
    double[] first = new double[12];
    double[] second = new double[12];
    for (int i = 0; i < 12; i++) {
      first[i] = (i % 3 + 1) / 10.0;
      second[i] = i % 2 == 0 ? first[i] + 0.1 : first[i] - 0.1;
    }
    assertThat(PairedPermutationTest.ofLosses(first, second, 5000, 1).pValue()).isEqualTo(1);
    double[] a = {.1, .2, .3, .1, .2, .3};
    double[] b = {0, 0, .6, 0, 0, .6};
    assertThat(PairedPermutationTest.ofLosses(a, b, 100, 1).pValue()).isEqualTo(1);
  }

  @Test
  void smallDifferencesOfLargeLossesAreStillTold() {
    double[] first = new double[10];
    double[] second = new double[10];
    for (int i = 0; i < 10; i++) {
      first[i] = 1e6 + i;
      second[i] = first[i] + 1e-6;
    }
    assertThat(PairedPermutationTest.ofLosses(first, second, 2000, 1).pValue())
        .isEqualTo(2 / 1024.0);
  }

  @Test
  void tiedDifferencesAreAsExtremeAsTheObserved() {
    PairedPermutationTest test =
        PairedPermutationTest.ofLosses(SCIPY.numbers("ties_a"), SCIPY.numbers("ties_b"), 2000, 1);
    assertThat(test.pValue()).isEqualTo(SCIPY.in("permutation_ties").number("p"), within(1e-12));
    // Six rows differ, five one way: the exact McNemar test, 2 (1 + 6) / 2^6.
    assertThat(test.pValue()).isEqualTo(14 / 64.0);
  }

  @Test
  void randomSwapsOfManyRowsGiveScipysPValueWithinMonteCarloError() {
    PairedPermutationTest test =
        PairedPermutationTest.ofLosses(SCIPY.numbers("losses"), SCIPY.numbers("other"), 50_000, 1);
    assertThat(test.exact()).isFalse();
    assertThat(test.pValue()).isEqualTo(SCIPY.in("permutation_random").number("p"), within(0.006));
  }

  @Property(tries = 50)
  void theOrderOfTheRowsDoesNotMatter(@ForAll long seed) {
    Random random = new Random(seed);
    double[] a = random.doubles(40).toArray();
    double[] b = random.doubles(40).toArray();
    List<Integer> order = Arrays.asList(IntStream.range(0, 40).boxed().toArray(Integer[]::new));
    Collections.shuffle(order, random);
    double[] c = order.stream().mapToDouble(i -> a[i]).toArray();
    double[] d = order.stream().mapToDouble(i -> b[i]).toArray();
    assertThat(PairedPermutationTest.ofLosses(c, d, 100, 3))
        .isEqualTo(PairedPermutationTest.ofLosses(a, b, 100, 3));
  }

  @Property(tries = 30)
  void whichMethodIsNamedFirstDoesNotMatter(@ForAll long seed) {
    Predictions a = TestPredictions.random(60, 3, 2, seed);
    Predictions b = TestPredictions.softened(TestPredictions.random(60, 3, 2, ~seed), 0.2);
    b = relabelled(b, a);
    for (Metric metric : new Metric[] {Metric.ece(15), Metric.nll()}) {
      PairedPermutationTest test = PairedPermutationTest.of(metric, a, b, 100, 1);
      PairedPermutationTest turned = PairedPermutationTest.of(metric, b, a, 100, 1);
      assertThat(turned.pValue()).isEqualTo(test.pValue());
      assertThat(turned.difference()).isEqualTo(-test.difference());
    }
    Random random = new Random(seed);
    // In few steps, so that differences tie, of either sign.
    double[] first = random.ints(40, 0, 4).mapToDouble(i -> i / 8.0).toArray();
    double[] second = random.ints(40, 0, 4).mapToDouble(i -> i / 8.0).toArray();
    assertThat(PairedPermutationTest.ofLosses(second, first, 100, 1).pValue())
        .isEqualTo(PairedPermutationTest.ofLosses(first, second, 100, 1).pValue());
    double[] third = random.doubles(40).toArray();
    assertThat(PairedPermutationTest.ofLosses(third, first, 100, 1).pValue())
        .isEqualTo(PairedPermutationTest.ofLosses(first, third, 100, 1).pValue());
  }

  /** The probabilities of one with the labels of the other. */
  private static Predictions relabelled(Predictions p, Predictions labelled) {
    int[] rows = IntStream.range(0, p.rows()).toArray();
    return Predictions.of(
        IntStream.of(rows).mapToObj(p::probabilities).toArray(double[][]::new),
        IntStream.of(rows).map(labelled::label).toArray());
  }

  @Property(tries = 50)
  void theMetricOfSwappedRowsIsTheMeanOfSwappedLosses(
      @ForAll @IntRange(min = 1, max = 10) int rows, @ForAll long seed) {
    Predictions a = TestPredictions.random(rows, 3, 2, seed);
    Predictions b = TestPredictions.softened(a, 0.4);
    double[] first = new double[rows];
    double[] second = new double[rows];
    for (int row = 0; row < rows; row++) {
      first[row] = -Math.log(a.probability(row, a.label(row)));
      second[row] = -Math.log(b.probability(row, b.label(row)));
    }
    PairedPermutationTest losses = PairedPermutationTest.ofLosses(first, second, 2000, 1);
    PairedPermutationTest metric = PairedPermutationTest.of(Metric.nll(), a, b, 2000, 1);
    assertThat(metric.exact()).isTrue();
    assertThat(metric.difference()).isEqualTo(losses.difference(), within(1e-12));
    assertThat(metric.pValue()).isEqualTo(losses.pValue(), within(1e-12));
  }

  @Test
  void pValuesOfExchangeableMethodsAreUniform() {
    int below = 0;
    for (int set = 0; set < 400; set++) {
      Random random = new Random(set);
      double[] a = random.doubles(15).toArray();
      double[] b = random.doubles(15).toArray();
      below += PairedPermutationTest.ofLosses(a, b, 199, set).pValue() <= 0.1 ? 1 : 0;
    }
    // Binomial(400, 0.1): mean 40, standard deviation 6.
    assertThat(below).isBetween(20, 60);
  }

  @Test
  void randomSwapsNeverClaimLessThanTheyHaveSeen() {
    double[] a = new double[40];
    Arrays.fill(a, 1);
    assertThat(PairedPermutationTest.ofLosses(a, new double[40], 99, 1).pValue()).isEqualTo(0.01);
  }

  @Test
  void methodsThatAreTheSameHavePValueOne() {
    Predictions p = TestPredictions.random(50, 3, 2, 1);
    assertThat(PairedPermutationTest.of(Metric.ece(15), p, p, 50, 1).pValue()).isEqualTo(1);
  }

  @Test
  void resultIsASentence() {
    Predictions a = TestPredictions.random(50, 3, 2, 1);
    Predictions b = TestPredictions.softened(a, 0.3);
    assertThat(PairedPermutationTest.of(Metric.ece(15), a, b, 999, 1).toString())
        .matches(
            "difference of ECE \\(guo: 15 equal-width bins\\) [-+]0\\.\\d{4}, p = 0\\.\\d{4} \\(paired permutation test of 50"
                + " rows, 999 random swaps\\)");
  }

  @Test
  void lossesThatAreNotPairedOrNotFiniteAreRefused() {
    assertThatThrownBy(() -> PairedPermutationTest.ofLosses(new double[2], new double[3], 10, 1))
        .hasMessage("paired losses must be of the same rows, at least 1, got 2 and 3");
    assertThatThrownBy(
            () ->
                PairedPermutationTest.ofLosses(new double[] {0, Double.NaN}, new double[2], 10, 1))
        .hasMessage("losses[1] must be finite, got NaN and 0.0");
    assertThatThrownBy(() -> PairedPermutationTest.ofLosses(new double[2], new double[2], 0, 1))
        .hasMessage("swaps must be at least 1, got 0");
  }
}
