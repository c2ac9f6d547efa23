package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals against interval_golden.py: NumPy's resamples and SciPy's quantiles. */
class IntervalGoldenTest {
  private static final Golden GOLDEN = Golden.of("/comparison/interval_golden.json");
  private static final BinningConvention TEN = BinningConvention.GUO.withBins(10);
  private static final Options OPTIONS =
      Options.defaults().withLevel(0.9).withReplicates(4000).withMethod(IntervalMethod.PERCENTILE);

  private final Predictions p =
      Predictions.of(
          GOLDEN.table("probabilities"),
          Arrays.stream(GOLDEN.numbers("labels")).mapToInt(v -> (int) v).toArray());
  private final Binning binning = TEN.bin(TEN.forecasts(p));

  @Test
  void resamplesSpreadAsThoseOfNumPy() {
    List<String> names = List.of("aurc", "augrc", "failure_auroc", "classwise_ece");
    SharedBootstrap bootstrap =
        SharedBootstrap.of(
            List.of(Metric.aurc(), Metric.augrc(), Metric.failureAuroc(), Metric.classwiseEce(TEN)),
            p,
            OPTIONS);
    for (int i = 0; i < names.size(); i++) {
      Golden of = GOLDEN.in(names.get(i));
      MetricInterval got = bootstrap.interval(i, IntervalMethod.PERCENTILE);
      double se = of.number("se");
      assertThat(got.estimate()).as(names.get(i)).isEqualTo(of.number("estimate"), within(1e-7));
      assertThat(got.standardError()).isEqualTo(se, within(0.06 * se));
      assertThat(got.lower()).isEqualTo(of.number("lower"), within(0.12 * se));
      assertThat(got.upper()).isEqualTo(of.number("upper"), within(0.12 * se));
    }
  }

  @Test
  void binsResampledFromTheirSumsSpreadAsRowsDrawnAPoissonNumberOfTimes() {
    Golden of = GOLDEN.in("ece_poisson");
    double se = of.number("se");
    Interval got =
        BinBootstrap.of("ECE", binning, bins -> CalibrationError.of(bins).ece(), OPTIONS);
    assertThat(got.lower()).isEqualTo(of.number("lower"), within(0.15 * se));
    assertThat(got.upper()).isEqualTo(of.number("upper"), within(0.15 * se));
  }

  @Test
  void theLargestAndTheMeanGapHaveTheEndsOfSciPysBetaQuantiles() {
    Interval largest = BinBootstrap.largestGap(binning, 0.9);
    Interval mean = BinBootstrap.meanGap(binning, 0.9);
    assertThat(new double[] {largest.lower(), largest.upper()})
        .containsExactly(GOLDEN.numbers("mce"), within(1e-9));
    assertThat(new double[] {mean.lower(), mean.upper()})
        .containsExactly(GOLDEN.numbers("ace"), within(1e-9));
  }

  @Test
  void mergedSketchesHaveTheIntervalsOfTheWholeBitForBit() {
    CalibrationSketch whole = CalibrationSketch.of(p, TEN);
    CalibrationSketch left = new CalibrationSketch(3, TEN);
    CalibrationSketch right = new CalibrationSketch(3, TEN);
    left.add(p.select(IntStream.range(0, 77).toArray()));
    right.add(p.select(IntStream.range(77, p.rows()).toArray()));
    right.merge(left);
    Interval one = ece(whole.summary().binning());
    assertThat(ece(right.summary().binning())).isEqualTo(one);
    assertThat(right.summary().nllDeviation()).isEqualTo(whole.summary().nllDeviation());
    assertThat(right.summary().brierDeviation()).isEqualTo(whole.summary().brierDeviation());
  }

  private static Interval ece(Binning of) {
    return BinBootstrap.of("ECE", of, bins -> CalibrationError.of(bins).ece(), OPTIONS);
  }

  @Test
  void calibrationIsRejectedAsOftenAsTheLevelSaysAndOfOverconfidentModelsAlways() {
    int rejected = 0;
    for (int set = 0; set < 200; set++) {
      Random random = new Random(set);
      double[] positive = random.doubles(400).toArray();
      int[] labels =
          Arrays.stream(positive).mapToInt(f -> random.nextDouble() < f ? 1 : 0).toArray();
      Predictions calibrated = Predictions.binary(positive, labels);
      Binning bins = TEN.bin(TEN.forecasts(calibrated));
      rejected += BinBootstrap.calibrationPValue(bins, 199, set) <= 0.1 ? 1 : 0;
    }
    // Binomial(200, 0.1) has mean 20 and standard deviation 4.2.
    assertThat(rejected).isBetween(6, 34);
    assertThat(BinBootstrap.calibrationPValue(binning, 999, 1)).isLessThan(0.01);
  }

  @Test
  void weightedBinsAndBcaIntervalsAreRefused() {
    Predictions weighted =
        TestPredictions.builder(30, 3, 2, 1)
            .weights(new Random(1).doubles(30, 1, 2).toArray())
            .build();
    Binning bins = TEN.bin(TEN.forecasts(weighted));
    assertThatThrownBy(() -> ece(bins))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read them into memory");
    assertThatThrownBy(() -> BinBootstrap.calibrationPValue(bins, 99, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("take LabelResamplingTest");
    Options bca = OPTIONS.withMethod(IntervalMethod.BCA);
    assertThatThrownBy(() -> BinBootstrap.of("ECE", binning, b -> 1, bca))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("percentile or a basic one");
  }
}
