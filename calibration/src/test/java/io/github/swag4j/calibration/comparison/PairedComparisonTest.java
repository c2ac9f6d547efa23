package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import io.github.swag4j.calibration.comparison.Bootstrap.Over;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PairedComparisonTest {

  private static final Golden SCIPY = Golden.of("/comparison/golden.json");
  private static final Options QUICK = Options.defaults().withReplicates(400);

  /** The first method's rows have the first losses, the second's the second. */
  private static PairedComparison compare(double[] first, double[] second, Options options) {
    Predictions a = TestPredictions.random(first.length, 2, 1, 1);
    Predictions b = TestPredictions.softened(a, 0.5);
    Metric metric =
        Metric.rowMean(
            "loss",
            Metric.Direction.LOWER_IS_BETTER,
            (p, row) -> p.probability(row, 0) == a.probability(row, 0) ? first[row] : second[row]);
    return PairedComparison.of(metric, "swag", a, "sgd", b, options);
  }

  @ParameterizedTest
  @CsvSource({"PERCENTILE, percentile", "BASIC, basic", "BCA, BCa"})
  void intervalsOfAPairedDifferenceAgreeWithScipyWithinMonteCarloError(
      IntervalMethod method, String name) {
    PairedComparison mine =
        compare(
            SCIPY.numbers("losses"),
            SCIPY.numbers("other"),
            QUICK.withReplicates(40_000).withLevel(0.9).withMethod(method));
    Golden scipy = SCIPY.in("paired_difference");
    double se = scipy.number("standard_error");
    assertThat(mine.lower()).isEqualTo(scipy.numbers(name)[0], within(0.06 * se));
    assertThat(mine.upper()).isEqualTo(scipy.numbers(name)[1], within(0.06 * se));
    assertThat(mine.difference()).isEqualTo(mine.firstValue() - mine.secondValue());
    // Zero is just outside the 90 % interval.
    assertThat(mine.pValue()).isBetween(0.02, 0.105);
  }

  @Test
  void pairingCancelsWhatTheRowsHaveInCommon() {
    double[] hard = new Random(1).doubles(100, 0, 10).toArray();
    double[] harder = Arrays.stream(hard).map(v -> v + 0.1 + v / 1000).toArray();
    PairedComparison paired = compare(hard, harder, QUICK);
    MetricInterval alone =
        Bootstrap.of(BootstrapTest.meanOf(hard), TestPredictions.random(100, 2, 1, 1), QUICK);
    assertThat(alone.standardError()).isGreaterThan(100 * paired.standardError());
    assertThat(paired.upper()).isNegative();
    assertThat(paired.pValue()).isEqualTo(2 / 401.0);
    assertThat(paired.better()).isEqualTo("swag");
  }

  @ParameterizedTest
  @EnumSource(IntervalMethod.class)
  void aMethodDoesNotDifferFromItself(IntervalMethod method) {
    Predictions p = TestPredictions.random(50, 3, 2, 1);
    PairedComparison same =
        PairedComparison.of(Metric.ece(15), "a", p, "b", p, QUICK.withMethod(method));
    assertThat(same.difference()).isZero();
    assertThat(same.lower()).isZero();
    assertThat(same.upper()).isZero();
    assertThat(same.pValue()).isEqualTo(1);
  }

  @Property(tries = 60)
  void thePValueIsBelowAlphaWhereTheIntervalLeavesOutZero(
      @ForAll IntervalMethod method,
      @ForAll @IntRange(min = 0, max = 40) int percent,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    Predictions a = TestPredictions.random(60, 3, 2, seed);
    Predictions b = TestPredictions.softened(a, percent / 100.0);
    PairedComparison c =
        PairedComparison.of(Metric.nll(), "a", a, "b", b, QUICK.withMethod(method));
    boolean without = c.lower() > 0 || c.upper() < 0;
    // One replicate more or less, and the added one, may tip it at the border.
    if (without) {
      assertThat(c.pValue()).isLessThanOrEqualTo(0.05 + 4 / 401.0);
    } else {
      assertThat(c.pValue()).isGreaterThanOrEqualTo(0.05 - 4 / 401.0);
    }
    PairedComparison turned =
        PairedComparison.of(Metric.nll(), "b", b, "a", a, QUICK.withMethod(method));
    assertThat(turned.difference()).isEqualTo(-c.difference());
    assertThat(turned.pValue()).isEqualTo(c.pValue(), within(1e-9));
  }

  @Test
  void theBetterMethodFollowsTheDirectionOfTheMetric() {
    Predictions right = Predictions.of(new double[][] {{0.9, 0.1}, {0.2, 0.8}}, new int[] {0, 1});
    Predictions wrong = Predictions.of(new double[][] {{0.9, 0.1}, {0.8, 0.2}}, new int[] {0, 1});
    Options options = QUICK.withMethod(IntervalMethod.PERCENTILE);
    assertThat(PairedComparison.of(Metric.accuracy(), "r", right, "w", wrong, options).better())
        .isEqualTo("r");
    assertThat(PairedComparison.of(Metric.accuracy(), "w", wrong, "r", right, options).better())
        .isEqualTo("r");
    assertThat(PairedComparison.of(Metric.nll(), "w", wrong, "r", right, options).better())
        .isEqualTo("r");
  }

  @Test
  void drawsAreResampledForTheMethodThatHasThem() {
    Predictions swag = TestPredictions.withSamples(60, 3, 4, 5);
    double[][] first = new double[60][3];
    int[] labels = new int[60];
    for (int row = 0; row < 60; row++) {
      labels[row] = swag.label(row);
      for (int k = 0; k < 3; k++) {
        first[row][k] = swag.sampleProbability(0, row, k);
      }
    }
    Predictions sgd = Predictions.of(first, labels);
    PairedComparison overRows = PairedComparison.of(Metric.nll(), "swag", swag, "sgd", sgd, QUICK);
    PairedComparison both =
        PairedComparison.of(
            Metric.nll(), "swag", swag, "sgd", sgd, QUICK.withOver(Over.ROWS_AND_DRAWS));
    assertThat(both.difference()).isEqualTo(overRows.difference());
    assertThat(both.lower()).isNotEqualTo(overRows.lower());
    assertThat(both.draws()).isEqualTo(4);
    PairedComparison itself =
        PairedComparison.of(
            Metric.nll(), "a", swag, "b", swag, QUICK.withOver(Over.ROWS_AND_DRAWS));
    assertThat(itself.standardError()).isPositive();
    assertThatThrownBy(
            () ->
                PairedComparison.of(
                    Metric.nll(), "a", sgd, "b", sgd, QUICK.withOver(Over.ROWS_AND_DRAWS)))
        .hasMessageStartingWith("resampling posterior draws needs samples of a or b, got none");
  }

  @Test
  void methodsOfOtherRowsAreRefused() {
    Predictions p = TestPredictions.random(4, 2, 1, 1);
    assertThatThrownBy(() -> compareBrier(p, TestPredictions.random(5, 2, 1, 1)))
        .hasMessage("a paired comparison needs the same rows, got 4 of a and 5 of b");
    assertThatThrownBy(() -> compareBrier(p, TestPredictions.random(4, 3, 1, 1)))
        .hasMessage("a and b must have the same classes, got 2 and 3");
    Predictions zeros = TestPredictions.builder(4, 2, 1, 1).labels(new int[4]).build();
    Predictions ones = TestPredictions.builder(4, 2, 1, 1).labels(new int[] {0, 0, 1, 0}).build();
    assertThatThrownBy(() -> compareBrier(zeros, ones))
        .hasMessage(
            "a and b must be predictions of the same rows in the same order, got labels 0 and 1 in"
                + " row 2");
    Predictions named = withIds("r1", "r2", "r3", "r4");
    assertThatThrownBy(() -> compareBrier(named, withIds("r1", "r3", "r2", "r4")))
        .hasMessageEndingWith("got ids r2 and r3 in row 1");
    Predictions weighted =
        TestPredictions.builder(4, 2, 1, 1).weights(new double[] {1, 1, 1, 2}).build();
    assertThatThrownBy(() -> compareBrier(p, weighted))
        .hasMessageEndingWith("got weights 1.0 and 2.0 in row 3");
  }

  private static PairedComparison compareBrier(Predictions a, Predictions b) {
    return PairedComparison.of(Metric.brier(), "a", a, "b", b, QUICK);
  }

  private static Predictions withIds(String... ids) {
    return TestPredictions.builder(4, 2, 1, 1).ids(ids).build();
  }

  @Test
  void resultIsASentence() {
    Predictions a = TestPredictions.random(1500, 3, 2, 1);
    PairedComparison c =
        PairedComparison.of(
            Metric.nll(), "sgd", a, "swag", TestPredictions.softened(a, 0.3), QUICK);
    assertThat(c.toString())
        .matches(
            "NLL: sgd \\d\\.\\d{4}, swag \\d\\.\\d{4}, difference \\+0\\.\\d{4}, 95 % interval"
                + " \\+0\\.\\d{4} to \\+0\\.\\d{4}, p = 0\\.0050 \\(paired BCa bootstrap of 1,500"
                + " rows, 400 replicates, seed 0\\)");
  }
}
