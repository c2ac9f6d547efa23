package io.github.swag4j.calibration.binning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.SweepCalibrationError;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that other libraries hold themselves to in their own tests. */
class PeerFixtureTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  static Stream<Arguments> torchmetrics() {
    var binary =
        Predictions.binary(new double[] {.25, .25, .55, .75, .75}, new int[] {0, 0, 1, 1, 1});
    var ternary =
        Predictions.of(
            new double[][] {{.25, .20, .55}, {.55, .05, .40}, {.10, .30, .60}, {.90, .05, .05}},
            new int[] {0, 1, 2, 0});
    var saturated = Predictions.binary(new double[] {1, 1, 1, 1, 0}, new int[] {0, 0, 1, 1, 1});
    double gap = 1 - (.55 + .75 + .75) / 3;
    double gap3 = (.55 + .55 + .60) / 3 - 1. / 3;
    return Stream.of(
        Arguments.of(binary, 2, .29, Math.sqrt(.4 * .25 * .25 + .6 * gap * gap), gap),
        Arguments.of(ternary, 3, .2, Math.sqrt(.75 * gap3 * gap3 + .25 * .1 * .1), gap3),
        Arguments.of(saturated, 2, .6, Math.sqrt(.2 * 1 + .8 * .25), 1.0));
  }

  @ParameterizedTest
  @MethodSource("torchmetrics")
  void torchmetricsDoctestsHold(Predictions p, int bins, double l1, double l2, double max) {
    var error = CalibrationError.of(p, BinningConvention.TORCHMETRICS.withBins(bins));
    assertThat(error.ece()).isCloseTo(l1, CLOSE);
    assertThat(error.rmsce()).isCloseTo(l2, CLOSE);
    assertThat(error.mce()).isCloseTo(max, CLOSE);
  }

  /** Probabilities on the edges of 100 bins, and of 99: torchmetrics issue 1907. */
  @ParameterizedTest
  @ValueSource(ints = {99, 100})
  void torchmetricsCornerCaseOfPrecisionHolds(int bins) {
    double[] p = {.9, .9, .9, .9, .9, .8, .8, .01, .33, .34, .99, .61};
    int[] y = {1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0};
    double expected = (5 * .3 + 2 * .3 + .99 + .33 + .66 + .99 + .61) / 12;
    assertThat(expected).isCloseTo(.47333, within(5e-6));
    for (BinningConvention convention :
        List.of(BinningConvention.TORCHMETRICS, BinningConvention.NETCAL, BinningConvention.GUO)) {
      assertThat(CalibrationError.of(Predictions.binary(p, y), convention.withBins(bins)).ece())
          .as(convention.name())
          .isCloseTo(expected, CLOSE);
    }
  }

  @Test
  void torchUncertaintysBrierScoresHold() {
    double[][] p = {{.2, .6, .1, .05, .05}, {.05, .25, .1, .3, .3}};
    int[] y = {3, 4};
    double first = .2 * .2 + .6 * .6 + .1 * .1 + .95 * .95 + .05 * .05;
    double second = .05 * .05 + .25 * .25 + .1 * .1 + .3 * .3 + .7 * .7;
    assertThat(ProperScores.of(Predictions.of(p, y)).brier())
        .isCloseTo((first + second) / 2, CLOSE);
    for (int r = 0; r < 2; r++) {
      assertThat(ProperScores.of(Predictions.of(new double[][] {p[r]}, new int[] {y[r]})).brier())
          .isCloseTo(r == 0 ? first : second, CLOSE);
    }
    // "top_class": the largest probability alone, wrong in the first row; 3 wins the second's tie.
    assertThat(ProperScores.of(Predictions.of(p, y)).topLabelBrier())
        .isCloseTo((.6 * .6 + .3 * .3) / 2, CLOSE);
  }

  @Test
  void torchUncertaintysAdaptiveErrorHolds() {
    double[] p = {.3, .24, .25, .2, .8};
    int[] y = {0, 0, 0, 1, 1};
    var error =
        CalibrationError.of(Predictions.binary(p, y), BinningConvention.EQUAL_COUNT.withBins(2));
    double low = 1 - (.7 + .76 + .75) / 3;
    assertThat(error.ece()).isCloseTo(3. / 5 * low + 2. / 5 * (.8 - .5), CLOSE);
    assertThat(error.rmsce()).isCloseTo(Math.sqrt(3. / 5 * low * low + 2. / 5 * .3 * .3), CLOSE);
    assertThat(error.mce()).isCloseTo(.3, CLOSE);
  }

  @Test
  void sklearnsCalibrationCurveHolds() {
    double[] p = {.1, .2, .3, .4, .65, .7, .8, .9, 1.};
    int[] y = {0, 0, 0, 0, 1, 1, 1, 1, 1};
    var bins =
        ReliabilityDiagram.of(Predictions.binary(p, y), BinningConvention.SKLEARN.withBins(3))
            .bins();
    assertThat(bins).extracting(ReliabilityDiagram.Bin::accuracy).containsExactly(0.0, .5, 1.0);
    double[] means = {.2, .525, .85};
    for (int b = 0; b < 3; b++) {
      assertThat(bins.get(b).meanConfidence()).isCloseTo(means[b], CLOSE);
    }
  }

  @Test
  void sklearnsCalibrationCurvesOfTwoBinsHold() {
    assertCurve(
        BinningConvention.SKLEARN.withBins(2),
        new double[] {0, .1, .2, .8, .9, 1},
        new int[] {0, 0, 0, 1, 1, 1},
        new double[] {0, 1},
        new double[] {.1, .9});
    assertCurve(
        BinningConvention.EQUAL_MASS.withBins(2),
        new double[] {0, .1, .2, .5, .9, 1},
        new int[] {0, 0, 0, 0, 1, 1},
        new double[] {0, 2. / 3},
        new double[] {.1, .8});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.binary(new double[] {-.1}, new int[] {1}))
        .withMessageContaining("must be in [0, 1], got -0.1");
  }

  /** pos_label = 0 of the flipped probabilities is the curve from the other end. */
  @Test
  void sklearnsCalibrationCurveOfTheOtherClassHolds() {
    double[] p = {.1, .2, .3, .4, .65, .7, .8, .9, 1.};
    int[] y = {0, 0, 0, 1, 1, 1, 1, 1, 1};
    var four = BinningConvention.SKLEARN.withBins(4);
    assertThat(ReliabilityDiagram.of(Predictions.binary(p, y), four).bins())
        .extracting(ReliabilityDiagram.Bin::accuracy)
        .containsExactly(0.0, .5, 1.0, 1.0);
    double[] flipped = new double[9];
    Arrays.setAll(flipped, i -> 1 - p[i]);
    Forecasts other = Forecasts.ofClass(Predictions.binary(flipped, y), 1);
    boolean[] zero = new boolean[9];
    for (int i = 0; i < 9; i++) {
      zero[i] = !other.outcome(i);
    }
    assertThat(ReliabilityDiagram.of(other.withOutcomes(zero), four).bins())
        .extracting(ReliabilityDiagram.Bin::accuracy)
        .containsExactly(0.0, 0.0, .5, 1.0);
  }

  private static void assertCurve(
      BinningConvention convention, double[] p, int[] y, double[] shares, double[] means) {
    var bins = ReliabilityDiagram.of(Predictions.binary(p, y), convention).bins();
    assertThat(bins).hasSameSizeAs(shares);
    for (int b = 0; b < shares.length; b++) {
      assertThat(bins.get(b).accuracy()).isCloseTo(shares[b], CLOSE);
      assertThat(bins.get(b).meanConfidence()).isCloseTo(means[b], CLOSE);
    }
  }

  @Test
  void mapiesWalksHold() {
    JsonObject walks = Fixtures.json("oracle_calibration.json").getAsJsonObject("mapie_walks");
    Forecasts off = walk(walks.getAsJsonObject("off"));
    assertThat(CumulativeTests.kolmogorovSmirnov(off).statistic())
        .isCloseTo(5.607741, within(1e-6));
    assertThat(CumulativeTests.kuiperWithoutStart(off).statistic())
        .isCloseTo(5.354395, within(1e-6));
    assertThat(SpiegelhalterTest.of(off).statistic()).isCloseTo(13.906833, within(1e-6));
    assertThat(CumulativeTests.kolmogorovSmirnov(off).pValue()).isLessThan(1e-6);
    Forecasts on = walk(walks.getAsJsonObject("on"));
    assertThat(CumulativeTests.kolmogorovSmirnov(on).pValue()).isCloseTo(.2148, within(1e-6));
    assertThat(CumulativeTests.kuiperWithoutStart(on).pValue()).isCloseTo(.313006, within(1e-6));
    assertThat(SpiegelhalterTest.of(on).pValue()).isCloseTo(2 * .174832, within(2e-6));
  }

  @ParameterizedTest
  @CsvSource({".1, .9, .21, .9, .5"})
  void mapiesDoctestsHold(double a, double b, double c, double d, double e) {
    var forecasts =
        Forecasts.of(new double[] {a, b, c, d, e}, new boolean[] {false, true, false, true, false});
    assertThat(CumulativeTests.kolmogorovSmirnov(forecasts).statistic())
        .isCloseTo(.978, within(5e-4));
    assertThat(CumulativeTests.kuiperWithoutStart(forecasts).statistic())
        .isCloseTo(.857, within(5e-4));
    assertThat(SpiegelhalterTest.of(forecasts).statistic()).isCloseTo(-.757, within(5e-4));
  }

  @Test
  void robustnessMetricsStreamingBinsHold() {
    double[] positive = {.51, .45, .39, .66, .68, .29, .81, .85};
    int[] y = {0, 0, 0, 1, 0, 1, 1, 1};
    double[][] p = new double[8][];
    for (int i = 0; i < 8; i++) {
      p[i] = new double[] {1 - positive[i], positive[i]};
    }
    var bins = BinningConvention.NETCAL.bin(Forecasts.topLabel(Predictions.of(p, y))).bins();
    assertThat(bins)
        .extracting(BinTotals::count)
        .containsExactly(0L, 0L, 0L, 0L, 0L, 2L, 3L, 1L, 2L, 0L);
    assertThat(bins)
        .extracting(BinTotals::hitSum)
        .containsExactly(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 2.0, 0.0);
  }

  @Test
  void robustnessMetricsGeneralErrorsHold() {
    double[][] p = {
      {0.42610548, 0.41748077, 0.15641375},
      {0.44766216, 0.47721294, 0.0751249},
      {0.1862702, 0.15139402, 0.66233578},
      {0.05753544, 0.8561222, 0.08634236},
      {0.18697925, 0.29836466, 0.51465609}
    };
    var predictions = Predictions.of(p, new int[] {0, 1, 2, 1, 2});
    double expected = 0.412713502;
    assertThat(CalibrationError.of(predictions, BinningConvention.GUO.withBins(30)).ece())
        .isCloseTo(expected, within(1e-9));
    assertThat(SweepCalibrationError.equalWidth(predictions).ece())
        .isCloseTo(expected, within(1e-9));
    assertThat(SweepCalibrationError.equalMass(predictions).ece())
        .isCloseTo(expected, within(1e-9));
    double[] positive = {.91, .32, .66, .67, .57, .98, .41, .19};
    int[] y = {1, 0, 1, 1, 0, 1, 0, 0};
    double[][] two = new double[8][];
    for (int i = 0; i < 8; i++) {
      two[i] = new double[] {1 - positive[i], positive[i]};
    }
    assertThat(
            CalibrationError.of(Predictions.of(two, y), BinningConvention.TORCHMETRICS.withBins(30))
                .ece())
        .isCloseTo(.18125, within(1e-9));
  }

  @Test
  void robustnessMetricsTernaryErrorHolds() {
    double[][] p = {{.35, .35, .3}, {.8, .15, .05}};
    assertThat(CalibrationError.of(Predictions.of(p, new int[] {2, 1})).ece())
        .isCloseTo(.575, CLOSE);
  }

  @Test
  void dl4jsReliabilityDiagramHolds() {
    double[] p1 = {0, .1, .15, .2, .3, .35, .41, .5, .55, 1, .9};
    int[] y = {0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1};
    double[][] p = new double[p1.length][];
    for (int i = 0; i < p1.length; i++) {
      p[i] = new double[] {1 - p1[i], p1[i]};
    }
    var bins =
        ReliabilityDiagram.of(
                Forecasts.ofClass(Predictions.of(p, y), 0), BinningConvention.NETCAL.withBins(5))
            .bins();
    double[] means = {.05, Double.NaN, (.59 + .5 + .45) / 3, (.65 + .7) / 2};
    double[] shares = {0, Double.NaN, 1. / 3, 1. / 2};
    for (int b = 0; b < 4; b++) {
      if (Double.isNaN(means[b])) {
        assertThat(bins.get(b).isEmpty()).isTrue();
        continue;
      }
      assertThat(bins.get(b).meanConfidence()).isCloseTo(means[b], CLOSE);
      assertThat(bins.get(b).accuracy()).isCloseTo(shares[b], CLOSE);
    }
    assertThat(bins.get(4).meanConfidence()).isCloseTo((.8 + .85 + .9 + 1) / 4, CLOSE);
    assertThat(bins.get(4).accuracy()).isCloseTo(3. / 4, CLOSE);
  }

  @Test
  void corpPoolsAdjacentViolatorsAndTies() {
    var forecasts =
        Forecasts.of(
            new double[] {.2, .6, .6, .6, .6, .9},
            new boolean[] {false, false, false, false, true, true});
    var curve = CorpCurve.of(forecasts);
    assertThat(curve.at(.6)).isEqualTo(.25);
    assertThat(curve.steps()).extracting(CorpCurve.Step::eventRate).containsExactly(0.0, .25, 1.0);
  }

  private static Forecasts walk(JsonObject walk) {
    double[] score = OracleCalibrationTest.doubles(walk.getAsJsonArray("score"));
    double[] label = OracleCalibrationTest.doubles(walk.getAsJsonArray("label"));
    boolean[] outcomes = new boolean[label.length];
    for (int i = 0; i < label.length; i++) {
      outcomes[i] = label[i] == 1;
    }
    return Forecasts.of(score, outcomes);
  }
}
