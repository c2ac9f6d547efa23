package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import io.github.swag4j.calibration.comparison.Bootstrap.Over;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {

  private static final Golden SCIPY = Golden.of("/comparison/golden.json");
  private static final Options QUICK = Options.defaults().withReplicates(400);

  static Metric meanOf(double[] values) {
    return Metric.rowMean("loss", Metric.Direction.LOWER_IS_BETTER, (p, row) -> values[row]);
  }

  @ParameterizedTest
  @CsvSource({"PERCENTILE, percentile", "BASIC, basic", "BCA, BCa"})
  void intervalsOfAMeanAgreeWithScipyWithinMonteCarloError(IntervalMethod method, String name) {
    double[] losses = SCIPY.numbers("losses");
    MetricInterval mine =
        Bootstrap.of(
            meanOf(losses),
            TestPredictions.random(losses.length, 2, 1, 1),
            Options.defaults().withReplicates(40_000).withLevel(0.9).withMethod(method));
    double[] scipy = SCIPY.in("mean").numbers(name);
    // An end's Monte Carlo error is about 0.01 standard errors of the mean here.
    double se = SCIPY.in("mean").number("standard_error");
    assertThat(mine.lower()).isEqualTo(scipy[0], within(0.06 * se));
    assertThat(mine.upper()).isEqualTo(scipy[1], within(0.06 * se));
    assertThat(mine.standardError()).isEqualTo(se, within(0.03 * se));
  }

  @Test
  void theMethodsDifferByMoreThanTheTolerancesAbove() {
    Golden mean = SCIPY.in("mean");
    double se = mean.number("standard_error");
    assertThat(mean.numbers("BCa")[0] - mean.numbers("percentile")[0]).isGreaterThan(0.1 * se);
    assertThat(mean.numbers("percentile")[0] - mean.numbers("basic")[0]).isGreaterThan(0.09 * se);
  }

  @Test
  void bcaOverTwoIndependentFactorsAgreesWithScipy() {
    double[] first = SCIPY.numbers("losses");
    double[] second = Arrays.copyOf(SCIPY.numbers("other"), 9);
    BootstrapDistribution d =
        new BootstrapDistribution("difference", twoFactors(first, second), 40_000);
    Golden scipy = SCIPY.in("two_factors");
    double se = scipy.number("standard_error");
    double[] mine = d.interval(IntervalMethod.BCA, 0.9);
    assertThat(mine[0]).isEqualTo(scipy.numbers("BCa")[0], within(0.06 * se));
    assertThat(mine[1]).isEqualTo(scipy.numbers("BCa")[1], within(0.06 * se));
    assertThat(scipy.numbers("percentile")[0] - scipy.numbers("BCa")[0]).isGreaterThan(0.1 * se);
  }

  /** The p-value of 0 is 1 - level of the interval that just reaches it, of a skewed mean too. */
  @ParameterizedTest
  @EnumSource(IntervalMethod.class)
  void pValuesBelongToTheIntervalThatReachesZero(IntervalMethod method) {
    double[] skewed = new Random(8).doubles(25).map(u -> 0.3 - 0.9 * Math.log(u)).toArray();
    double mean = Arrays.stream(skewed).average().orElseThrow();
    for (double shift : new double[] {0.75 * mean, 1.3 * mean}) {
      double[] values = Arrays.stream(skewed).map(v -> v - shift).toArray();
      BootstrapDistribution d =
          new BootstrapDistribution(
              "mean",
              new RowResamples(meanOf(values), TestPredictions.random(25, 2, 1, 1), 0),
              40_000);
      double p = d.pValueOfZero(method);
      assertThat(p).isBetween(1e-3, 0.9);
      double[] ends = d.interval(method, 1 - p);
      assertThat(Math.min(Math.abs(ends[0]), Math.abs(ends[1])))
          .as(method + " shifted by " + shift)
          .isLessThan(0.02 * d.standardError());
    }
  }

  private static Resamples twoFactors(double[] first, double[] second) {
    return new Resamples() {
      @Override
      public double estimate() {
        return mean(first, i -> 1) - mean(second, i -> 1);
      }

      @Override
      public double replicate(long b) {
        int[] a = new ReplicateRandom(1, b, 0).multiplicities(first.length);
        int[] c = new ReplicateRandom(1, b, 1).multiplicities(second.length);
        return mean(first, i -> a[i]) - mean(second, i -> c[i]);
      }

      @Override
      public double[] withoutRows() {
        return IntStream.range(0, first.length)
            .mapToDouble(j -> mean(first, i -> i == j ? 0 : 1) - mean(second, i -> 1))
            .toArray();
      }

      @Override
      public List<double[]> withoutDraws() {
        return List.of(
            IntStream.range(0, second.length)
                .mapToDouble(j -> mean(first, i -> 1) - mean(second, i -> i == j ? 0 : 1))
                .toArray());
      }
    };
  }

  private static double mean(double[] values, IntUnaryOperator times) {
    double sum = 0;
    double n = 0;
    for (int i = 0; i < values.length; i++) {
      sum += times.applyAsInt(i) * values[i];
      n += times.applyAsInt(i);
    }
    return sum / n;
  }

  @ParameterizedTest
  @EnumSource(IntervalMethod.class)
  void threadsDoNotChangeABit(IntervalMethod method) throws Exception {
    Predictions p = TestPredictions.random(80, 3, 2, 4);
    Options options = QUICK.withMethod(method);
    MetricInterval one = inPool(1, p, options);
    MetricInterval many = inPool(5, p, options);
    assertThat(many).isEqualTo(one);
    assertThat(Bootstrap.of(Metric.brier(), p, options.withSeed(1))).isNotEqualTo(one);
  }

  private static MetricInterval inPool(int threads, Predictions p, Options options)
      throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> Bootstrap.of(Metric.brier(), p, options)).get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void anyFunctionGivesTheIntervalOfThePreparedMetric() {
    Predictions p = TestPredictions.random(60, 3, 2, 8);
    MetricInterval prepared = Bootstrap.of(Metric.ece(15), p, QUICK);
    MetricInterval repeated = Bootstrap.of(Metric.of("ECE", Metric.ece(15)::of), p, QUICK);
    assertThat(repeated.lower()).isEqualTo(prepared.lower(), within(1e-12));
    assertThat(repeated.upper()).isEqualTo(prepared.upper(), within(1e-12));
  }

  @Test
  void verifiedCalibrationTakesAlphaInPercentAndGivesNinetyNinePointNineForPointOne() {
    Predictions p = TestPredictions.random(200, 3, 2, 8);
    BootstrapDistribution d =
        new BootstrapDistribution(
            "NLL", Bootstrap.resamples(Metric.nll(), p, Options.defaults(), 0), 2000);
    double[] ends = d.interval(IntervalMethod.PERCENTILE, 0.9);
    Metric.OnRows metric = Metric.nll().on(p);
    long inside =
        IntStream.range(0, 2000)
            .mapToDouble(
                b -> metric.of(new ReplicateRandom(0, b, 0).multiplicities(CanonicalOrder.of(p))))
            .filter(v -> ends[0] <= v && v <= ends[1])
            .count();
    assertThat(inside).isBetween(1798L, 1802L);
  }

  @ParameterizedTest
  @ValueSource(doubles = {95, 5, 1, 0, -0.1, Double.NaN})
  void aLevelThatIsNoProbabilityIsRefused(double level) {
    assertThatThrownBy(() -> Options.defaults().withLevel(level))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "level must be between 0 and 1, both excluded, got "
                + level
                + ": 95 % is 0.95, an alpha of 0.05 is level 0.95");
  }

  @Test
  void replicatesMustReachBeyondTheEnds() {
    assertThatThrownBy(() -> Options.defaults().withReplicates(39))
        .hasMessage("replicates must be at least 40 for level 0.95, got 39");
    assertThat(Options.defaults().withReplicates(40).replicates()).isEqualTo(40);
  }

  @Test
  void aMetricThatCannotVaryHasAnIntervalOfOnePoint() {
    Predictions right = Predictions.of(new double[][] {{1, 0}, {1, 0}, {1, 0}}, new int[3]);
    for (IntervalMethod method : IntervalMethod.values()) {
      MetricInterval i = Bootstrap.of(Metric.accuracy(), right, QUICK.withMethod(method));
      assertThat(i.lower()).isEqualTo(1);
      assertThat(i.upper()).isEqualTo(1);
      assertThat(i.standardError()).isZero();
    }
  }

  @Property(tries = 60)
  void thePercentileIntervalOfAMeanHoldsTheEstimateAndLiesInTheRange(
      @ForAll @IntRange(min = 12, max = 60) int rows, @ForAll long seed) {
    Predictions p = TestPredictions.random(rows, 3, 2, seed);
    MetricInterval i =
        Bootstrap.of(Metric.brier(), p, QUICK.withMethod(IntervalMethod.PERCENTILE).withSeed(seed));
    assertThat(i.contains(i.estimate())).isTrue();
    assertThat(i.lower()).isBetween(0.0, i.upper());
    assertThat(i.upper()).isLessThanOrEqualTo(2);
    assertThat(i.estimate()).isEqualTo(Metric.brier().of(p));
  }

  @Test
  void ninetyPercentIntervalsHoldTheTruthAboutNinetyTimesInAHundred() {
    int held = 0;
    int sets = 200;
    for (int set = 0; set < sets; set++) {
      Random random = new Random(set);
      double[] losses = random.doubles(40).toArray();
      MetricInterval i =
          Bootstrap.of(meanOf(losses), TestPredictions.random(40, 2, 1, 1), QUICK.withLevel(0.9));
      held += i.contains(0.5) ? 1 : 0;
    }
    // Binomial(200, 0.9) has standard deviation 4.2.
    assertThat(held).isBetween(166, 194);
  }

  @Test
  void theGroupedJackknifeOfManyRowsGivesNearlyTheSameBca() {
    // Above 1,000 rows blocks are left out; the interval must not jump there.
    double[] losses = new Random(3).doubles(1999).map(u -> -Math.log(u)).toArray();
    Resamples rows = new RowResamples(meanOf(losses), TestPredictions.random(1999, 2, 1, 1), 0);
    double mean = Arrays.stream(losses).average().orElseThrow();
    double third = Arrays.stream(losses).map(v -> Math.pow(v - mean, 3)).sum();
    double second = Arrays.stream(losses).map(v -> Math.pow(v - mean, 2)).sum();
    double acceleration = third / (6 * Math.pow(second, 1.5));
    double[] left = rows.withoutRows();
    assertThat(left).hasSize(1000);
    double centre = Arrays.stream(left).average().orElseThrow();
    double cubes = Arrays.stream(left).map(v -> Math.pow(centre - v, 3)).sum();
    double squares = Arrays.stream(left).map(v -> Math.pow(centre - v, 2)).sum();
    assertThat(cubes / (6 * Math.pow(squares, 1.5)))
        .isEqualTo(acceleration, within(0.25 * acceleration));
  }

  @Test
  void undefinedReplicatesAreCountedAndSaid() {
    Predictions p = TestPredictions.random(4, 2, 1, 2);
    Metric needsFirstRow =
        Metric.of("first", q -> q.rows() == 4 && hasRow(q, p.probability(0, 0)) ? 1 : Double.NaN);
    MetricInterval i = Bootstrap.of(needsFirstRow, p, QUICK.withMethod(IntervalMethod.PERCENTILE));
    // (3/4)^4 = 0.32 of the replicates lack the row.
    assertThat(i.undefined()).isBetween(95, 160);
    assertThat(i.toString()).contains("400 replicates (" + i.undefined() + " undefined)");
    assertThatThrownBy(() -> Bootstrap.of(needsFirstRow, p, QUICK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("take the percentile interval");
  }

  private static boolean hasRow(Predictions q, double probability) {
    return IntStream.range(0, q.rows()).anyMatch(row -> q.probability(row, 0) == probability);
  }

  @Test
  void aMetricUndefinedOnMostResamplesIsRefused() {
    Predictions p = TestPredictions.random(30, 2, 1, 2);
    Metric never = Metric.of("m", q -> new HashSet<>(rows(q)).size() == 30 ? 1 : 0 / 0.0);
    assertThatThrownBy(() -> Bootstrap.of(never, p, QUICK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("m must be defined on at least half of the resamples")
        .hasMessageContaining("got 400 of 400 undefined");
  }

  private static List<Double> rows(Predictions q) {
    return IntStream.range(0, q.rows()).mapToObj(row -> q.probability(row, 0)).toList();
  }

  @Test
  void bcaOfAStronglyBiasedMetricIsRefusedWithARemedy() {
    Predictions p = TestPredictions.random(50, 2, 1, 2);
    Metric repeats = Metric.of("repeats", q -> 50 - new HashSet<>(rows(q)).size());
    assertThatThrownBy(() -> Bootstrap.of(repeats, p, QUICK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the BCa interval of repeats needs replicates on both sides of the estimate 0.0, got"
                + " all 400 above: the metric is strongly biased here, take a debiased one or the"
                + " basic interval");
    MetricInterval basic = Bootstrap.of(repeats, p, QUICK.withMethod(IntervalMethod.BASIC));
    assertThat(basic.bias()).isGreaterThan(10);
  }

  @Test
  void oneRowHasNoInterval() {
    assertThatThrownBy(() -> Bootstrap.of(Metric.nll(), TestPredictions.random(1, 2, 1, 1)))
        .hasMessage("an interval needs at least 2 rows, got 1");
  }

  @Test
  void resultIsASentence() {
    Predictions p = TestPredictions.random(1200, 3, 2, 1);
    MetricInterval i = Bootstrap.of(Metric.accuracy(), p, QUICK.withReplicates(2000).withSeed(7));
    assertThat(i.toString())
        .matches(
            "accuracy 0\\.\\d{4}, 95 % interval 0\\.\\d{4} to 0\\.\\d{4} \\(BCa bootstrap of 1,200"
                + " rows, 2,000 replicates, seed 7\\)");
    assertThat(MetricInterval.percent(0.999)).isEqualTo("99.9 %");
    assertThat(MetricInterval.percent(0.9)).isEqualTo("90 %");
  }

  @Test
  void drawsAddTheirShareToTheStandardError() {
    Predictions few = TestPredictions.withSamples(60, 3, 3, 5);
    Options rows = QUICK.withReplicates(1000);
    MetricInterval overRows = Bootstrap.of(Metric.nll(), few, rows);
    MetricInterval both = Bootstrap.of(Metric.nll(), few, rows.withOver(Over.ROWS_AND_DRAWS));
    assertThat(both.estimate()).isEqualTo(overRows.estimate());
    assertThat(both.standardError()).isGreaterThan(1.1 * overRows.standardError());
    assertThat(both.draws()).isEqualTo(3);
    assertThat(both.toString()).contains("60 rows and 3 posterior draws");
  }

  @Test
  void metricsOfExpectedEntropySeeTheDrawsThatWereDrawn() {
    Predictions p = TestPredictions.withSamples(30, 3, 4, 5);
    Metric information =
        Metric.rowMean(
            "MI",
            Metric.Direction.LOWER_IS_BETTER,
            (q, row) -> q.entropy(row) - q.expectedEntropy(row));
    Options options = QUICK.withOver(Over.ROWS_AND_DRAWS).withMethod(IntervalMethod.PERCENTILE);
    MetricInterval i = Bootstrap.of(information, p, options);
    // Drawing samples again repeats some, so their spread and with it the information is less.
    assertThat(i.estimate()).isPositive();
    assertThat(i.bias()).isNegative();
    assertThat(i.lower()).isPositive();
  }

  @Test
  void equalDrawsAddNothing() {
    Predictions one = TestPredictions.random(40, 3, 2, 5);
    double[][] p = IntStream.range(0, 40).mapToObj(one::probabilities).toArray(double[][]::new);
    int[] labels = IntStream.range(0, 40).map(one::label).toArray();
    Predictions same =
        Predictions.builder().samples(new double[][][] {p, p, p, p}).labels(labels).build();
    MetricInterval overRows = Bootstrap.of(Metric.nll(), same, QUICK);
    MetricInterval both = Bootstrap.of(Metric.nll(), same, QUICK.withOver(Over.ROWS_AND_DRAWS));
    assertThat(both.lower()).isEqualTo(overRows.lower(), within(1e-9));
    assertThat(both.upper()).isEqualTo(overRows.upper(), within(1e-9));
  }

  @Test
  void drawsCannotBeResampledWithoutSamplesOrWithAnotherMean() {
    Options options = QUICK.withOver(Over.ROWS_AND_DRAWS);
    assertThatThrownBy(
            () -> Bootstrap.of(Metric.nll(), TestPredictions.random(5, 2, 1, 1), options))
        .hasMessageStartingWith("resampling posterior draws needs at least 2 samples, got 0");
    Predictions other =
        Predictions.builder()
            .probabilities(new double[][] {{0.5, 0.5}, {0.5, 0.5}})
            .samples(new double[][][] {{{0.5, 0.5}, {1, 0}}, {{0.5, 0.5}, {1, 0}}})
            .labels(new int[] {0, 1})
            .build();
    assertThatThrownBy(() -> Bootstrap.of(Metric.nll(), other, options))
        .hasMessageContaining("got 0.5 for row 1, class 0 where the samples' mean is 1.0");
  }

  @Test
  void anIntervalWithoutItsEstimateWarnsWhenPrinted() {
    // As calibrated as rows can be: every resample is worse.
    double[] p = new double[40];
    int[] y = new int[40];
    for (int i = 0; i < 40; i++) {
      p[i] = 0.5;
      y[i] = i % 2;
    }
    Options percentile = QUICK.withMethod(IntervalMethod.PERCENTILE).withLevel(0.5);
    MetricInterval biased = Bootstrap.of(Metric.ece(15), Predictions.binary(p, y), percentile);
    assertThat(biased.estimate()).isZero();
    assertThat(biased.contains(biased.estimate())).isFalse();
    assertThat(biased.toString())
        .startsWith("ECE (guo: 15 equal-width bins) 0.0000, 50 % interval 0.0")
        .endsWith(
            "; warning: the estimate is outside its interval, the metric is biased on resamples");
    assertThat(Bootstrap.of(Metric.brier(), TestPredictions.random(60, 3, 2, 8), percentile))
        .asString()
        .doesNotContain("warning");
  }
}
