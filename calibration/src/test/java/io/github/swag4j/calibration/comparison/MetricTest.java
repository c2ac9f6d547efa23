package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.ClasswiseErrorOnRows;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MetricTest {

  private static final List<Metric> OFFERED =
      List.of(Metric.accuracy(), Metric.nll(), Metric.brier(), Metric.ece(15));

  @Test
  void offeredMetricsGiveTheValuesOfTheSharedFixture() throws IOException {
    Predictions p = fixture();
    assertThat(Metric.accuracy().of(p)).isEqualTo(0.552, within(1e-12));
    assertThat(Metric.nll().of(p)).isEqualTo(1.128197558095742, within(1e-12));
    assertThat(Metric.brier().of(p)).isEqualTo(0.6083337661687117, within(1e-12));
    assertThat(Metric.ece(10).of(p)).isEqualTo(0.10469183744147818, within(1e-12));
    assertThat(Metric.ece(15).of(p)).isEqualTo(0.11601792618255018, within(1e-12));
    assertThat(Metric.ece(20).of(p)).isEqualTo(0.11644021175210247, within(1e-12));
  }

  @Test
  void confidencesOnAnEdgeBelongToTheLowerBinAndOneToTheLast() {
    Predictions p =
        Predictions.of(new double[][] {{0.6, 0.4}, {1, 0}, {0.55, 0.45}}, new int[] {0, 1, 1});
    // 10 bins: {0.6 right, 0.55 wrong} in (0.5, 0.6], {1 wrong} in (0.9, 1].
    assertThat(Metric.ece(10).of(p)).isEqualTo((Math.abs(0.6 + 0.55 - 1) + 1) / 3, within(1e-15));
  }

  @Test
  void oneColumnIsJudgedByThePositiveClassAndTwoByTheTopLabel() {
    double[] positive = {0.1, 0.2};
    int[] labels = {0, 1};
    Predictions two = Predictions.of(new double[][] {{0.9, 0.1}, {0.8, 0.2}}, labels);
    assertThat(Metric.ece(2).of(Predictions.binary(positive, labels)))
        .isEqualTo(Math.abs(0.1 + 0.2 - 1) / 2, within(1e-15));
    assertThat(Metric.ece(2).of(two)).isEqualTo(Math.abs(0.9 + 0.8 - 1) / 2, within(1e-15));
    assertThat(Metric.ece(10).of(Predictions.binary(positive, labels)))
        .isEqualTo((0.1 + 0.8) / 2, within(1e-15));
  }

  @Property(tries = 100)
  void theSameNameIsTheSameNumberAsTheModulesOwn(
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 20) int bins,
      @ForAll long seed) {
    double[] weights = new Random(seed).doubles(rows, 0.1, 3).toArray();
    Predictions many = TestPredictions.builder(rows, 3, 2, seed).weights(weights).build();
    Predictions two = TestPredictions.random(rows, 2, 2, seed);
    Predictions one =
        Predictions.binary(
            IntStream.range(0, rows).mapToDouble(row -> two.probability(row, 1)).toArray(),
            IntStream.range(0, rows).map(two::label).toArray());
    BinningConvention guo = BinningConvention.GUO.withBins(bins);
    for (Predictions p : List.of(many, two, one)) {
      assertThat(Metric.ece(bins).of(p))
          .isEqualTo(CalibrationError.of(p, guo).ece(), within(1e-12));
      ProperScores scores = ProperScores.of(p);
      assertThat(Metric.nll().of(p)).isEqualTo(scores.nll(), within(1e-13));
      assertThat(Metric.brier().of(p)).isEqualTo(scores.brier(), within(1e-14));
      assertThat(Metric.accuracy().of(p)).isEqualTo(scores.accuracy(), within(1e-14));
    }
  }

  @Property(tries = 100)
  void shufflingRowsChangesNoBitOfAnEstimate(
      @ForAll @IntRange(min = 1, max = 60) int rows, @ForAll long seed) {
    Predictions p =
        TestPredictions.builder(rows, 3, 2, seed)
            .weights(new Random(seed).doubles(rows, 0.1, 3).toArray())
            .build();
    List<Integer> order = Arrays.asList(IntStream.range(0, rows).boxed().toArray(Integer[]::new));
    Collections.shuffle(order, new Random(seed));
    Predictions shuffled =
        TestPredictions.ofRows(p, order.stream().mapToInt(Integer::intValue).toArray());
    for (Metric metric : OFFERED) {
      assertThat(metric.of(shuffled)).isEqualTo(metric.of(p));
    }
  }

  @Property(tries = 100)
  void countingARowTwiceIsRepeatingItAndIsWeightTwo(
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll long seed) {
    Predictions p = TestPredictions.random(rows, 4, 2, seed);
    int[] times = new Random(seed).ints(rows, 0, 4).toArray();
    times[0] = 1;
    Predictions weighted =
        TestPredictions.builder(rows, 4, 2, seed)
            .weights(Arrays.stream(times).asDoubleStream().toArray())
            .build();
    Predictions repeated = Replicate.repeat(p, CanonicalOrder.of(p), times);
    for (Metric metric : OFFERED) {
      double counted = metric.on(p).of(times);
      assertThat(counted).isEqualTo(metric.of(repeated), within(1e-13));
      assertThat(counted).isEqualTo(metric.of(weighted), within(1e-13));
      assertThat(counted).isEqualTo(Metric.of("any", metric::of).on(p).of(times), within(1e-13));
    }
  }

  @Property(tries = 40)
  void metricsOfSortedRowsCountARowTwiceAsIfItWereThereTwice(
      @ForAll @IntRange(min = 2, max = 60) int rows, @ForAll long seed) {
    // Few distinct confidences, so that rows tie with others and with themselves.
    Predictions p = TestPredictions.random(rows, 3, seed % 2 == 0 ? 2 : 0, seed);
    int[] times = new Random(seed).ints(rows, 0, 4).toArray();
    times[0] = 1;
    Predictions repeated = Replicate.repeat(p, CanonicalOrder.of(p), times);
    SelectivePrediction selective = SelectivePrediction.of(repeated);
    BinningConvention guo = BinningConvention.GUO;
    BinningConvention mass = BinningConvention.EQUAL_MASS.withBins(7);
    assertThat(Metric.aurc().on(p).of(times)).isEqualTo(selective.aurc(), within(1e-12));
    assertThat(Metric.augrc().on(p).of(times)).isEqualTo(selective.augrc(), within(1e-12));
    double auroc = Metric.failureAuroc().on(p).of(times);
    if (Double.isNaN(selective.failureAuroc())) {
      assertThat(auroc).isNaN();
    } else {
      assertThat(auroc).isEqualTo(selective.failureAuroc(), within(1e-12));
    }
    assertThat(Metric.classwiseEce(guo).on(p).of(times))
        .isEqualTo(ClasswiseCalibrationError.of(repeated, guo).ece(), within(1e-7));
    assertThat(Metric.ece(mass).on(p).of(times))
        .isEqualTo(CalibrationError.of(repeated, mass).ece(), within(1e-12));
  }

  @Property(tries = 20)
  void theClasswiseErrorOfOtherLabelsIsThatOfRowsLabelledSo(
      @ForAll @IntRange(min = 2, max = 60) int rows, @ForAll long seed) {
    Predictions p = TestPredictions.random(rows, 3, seed % 2 == 0 ? 2 : 0, seed);
    double[] weights = new Random(seed).doubles(rows, 0.1, 3).toArray();
    int[] labels = new Random(seed).ints(rows, 0, 3).toArray();
    double[][] probabilities = new double[rows][];
    Arrays.setAll(probabilities, p::probabilities);
    Predictions before =
        Predictions.builder()
            .probabilities(probabilities)
            .weights(weights)
            .labels(new int[rows])
            .build();
    Predictions after =
        Predictions.builder().probabilities(probabilities).weights(weights).labels(labels).build();
    for (BinningConvention convention : BinningConvention.all()) {
      if (convention.hasFixedBins()) {
        assertThat(
                new ClasswiseErrorOnRows(before, convention, CanonicalOrder.of(before))
                    .ofLabels(labels))
            .as(convention.name())
            .isEqualTo(ClasswiseCalibrationError.of(after, convention).ece(), within(1e-13));
      }
    }
  }

  @Property(tries = 12)
  void theSmoothErrorOfResamplesIsNearThatOfTheRowsRepeatedAndExactOfTheRowsThemselves(
      @ForAll @IntRange(min = 200, max = 400) int rows, @ForAll long seed) {
    Predictions p = TestPredictions.random(rows, 3, 2, seed);
    Metric.OnRows metric = Metric.smoothEce().on(p);
    int[] times = new int[rows];
    Arrays.fill(times, 1);
    double plain = SmoothCalibrationError.of(p).value();
    assertThat(metric.of(times)).isEqualTo(plain, within(1e-12));
    times = new ReplicateRandom(seed, 0, 0).multiplicities(rows);
    Predictions repeated = Replicate.repeat(p, CanonicalOrder.of(p), times);
    double drawn = SmoothCalibrationError.of(repeated).value();
    assertThat(metric.of(times)).isEqualTo(drawn, within(0.1 * Math.abs(drawn - plain) + 4e-3));
  }

  @Test
  void repeatingKeepsWhatIsKnownOfTheRows() {
    Predictions p =
        Predictions.builder()
            .logits(new double[][] {{1, 2, 3}, {0, 0, 5}})
            .labels(new int[] {2, 0})
            .weights(new double[] {1, 2})
            .groups(new String[] {"a", "b"})
            .expectedEntropy(new double[] {0.25, 0.5})
            .classNames(List.of("x", "y", "z"))
            .build();
    Predictions repeated = Replicate.repeat(p, new int[] {0, 1}, new int[] {1, 2});
    assertThat(repeated.rows()).isEqualTo(3);
    assertThat(repeated.logit(2, 2)).isEqualTo(5);
    assertThat(repeated.probabilities(1)).isEqualTo(p.probabilities(1));
    assertThat(repeated.label(1)).isZero();
    assertThat(repeated.weight(2)).isEqualTo(2);
    assertThat(repeated.group(0)).isEqualTo("a");
    assertThat(repeated.expectedEntropy(1)).isEqualTo(0.5);
    assertThat(repeated.classNames()).containsExactly("x", "y", "z");
    Predictions binary = Predictions.binary(new double[] {0.3, 0.7}, new int[] {0, 1});
    assertThat(Replicate.repeat(binary, new int[] {1, 0}, new int[] {0, 1}).isBinary()).isTrue();
  }

  @Test
  void noRowOrNoWeightLeftIsUndefined() {
    Predictions p = TestPredictions.builder(2, 2, 1, 1).weights(new double[] {0, 1}).build();
    for (Metric metric : List.of(Metric.ece(5), Metric.nll(), Metric.of("any", q -> 1))) {
      assertThat(metric.on(p).of(new int[] {2, 0})).isNaN();
      assertThat(metric.on(p).of(new int[] {0, 0})).isNaN();
    }
  }

  @Test
  void aZeroProbabilityOfTheLabelCostsTheFloor() {
    Predictions p = Predictions.of(new double[][] {{1, 0}}, new int[] {1});
    assertThat(Metric.nll().of(p)).isEqualTo(-Math.log(ProperScores.NLL_FLOOR));
  }

  @Test
  void anInfiniteLossIsRefusedWithItsRow() {
    Metric metric =
        Metric.rowMean(
            "my loss",
            Metric.Direction.LOWER_IS_BETTER,
            (p, row) -> row == 1 ? Double.POSITIVE_INFINITY : 0);
    assertThatThrownBy(() -> metric.of(TestPredictions.random(3, 2, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("my loss of row 1 must be finite to be averaged, got Infinity");
  }

  @Test
  void noBinsAreRefused() {
    assertThatThrownBy(() -> Metric.ece(0)).hasMessage("bins must be between 1 and 1000000, got 0");
  }

  @Test
  void eceIsNamedAfterItsConventionAndIsItsNumber() {
    Predictions p = TestPredictions.random(120, 3, 2, 4);
    assertThat(Metric.ece(20).name()).isEqualTo("ECE (guo: 20 equal-width bins)");
    int[] once = new int[120];
    Arrays.fill(once, 1);
    for (BinningConvention convention : BinningConvention.all()) {
      Metric metric = Metric.ece(convention);
      assertThat(metric.name()).isEqualTo("ECE (" + convention + ")");
      double expected = CalibrationError.of(p, convention).ece();
      assertThat(metric.of(p)).isEqualTo(expected, within(1e-14));
      assertThat(metric.on(p).of(once)).isEqualTo(expected, within(1e-14));
    }
  }

  static Predictions fixture() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Predictions.class.getResourceAsStream("logits_id.csv"), StandardCharsets.UTF_8))) {
      List<double[]> rows =
          in.lines()
              .filter(line -> line.matches("[-0-9].*"))
              .map(
                  line ->
                      Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
              .toList();
      double[][] logits = rows.stream().map(row -> Arrays.copyOf(row, 4)).toArray(double[][]::new);
      int[] labels = rows.stream().mapToInt(row -> (int) row[4]).toArray();
      return Predictions.ofLogits(logits, labels);
    }
  }
}
