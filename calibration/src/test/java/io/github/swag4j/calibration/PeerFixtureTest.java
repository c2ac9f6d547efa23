package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.SweepCalibrationError;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.reliability.CorpCurve;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers that other libraries hold themselves to in their own tests. */
class PeerFixtureTest {
  private static final Offset<Double> CLOSE = within(1e-12);
  private static final Offset<Double> FOUR_DIGITS = within(5e-5);

  static Stream<Arguments> torchmetrics() {
    var binary =
        Predictions.binary(new double[] {.25, .25, .55, .75, .75}, new int[] {0, 0, 1, 1, 1});
    var ternary =
        Predictions.of(
            new double[][] {{.25, .20, .55}, {.55, .05, .40}, {.10, .30, .60}, {.90, .05, .05}},
            new int[] {0, 1, 2, 0});
    var saturated = Predictions.binary(new double[] {1, 1, 1, 1, 0}, new int[] {0, 0, 1, 1, 1});
    return Stream.of(
        Arguments.of(binary, 2, .2900, .2918, .3167),
        Arguments.of(ternary, 3, .2000, .2082, .2333),
        Arguments.of(saturated, 2, .6, Math.sqrt(.2 * 1 + .8 * .25), 1.0));
  }

  @ParameterizedTest
  @MethodSource("torchmetrics")
  void torchmetricsDoctestsHold(Predictions p, int bins, double l1, double l2, double max) {
    var error = CalibrationError.of(p, BinningConvention.TORCHMETRICS.withBins(bins));
    assertThat(error.ece()).isCloseTo(l1, FOUR_DIGITS);
    assertThat(error.rmsce()).isCloseTo(l2, FOUR_DIGITS);
    assertThat(error.mce()).isCloseTo(max, FOUR_DIGITS);
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

  static Stream<Arguments> verifiedBins() {
    double[] six = {.3, .5, .2, .3, .5, .7};
    return Stream.of(
        Arguments.of(six, 1, List.of(1.0)),
        Arguments.of(six, 2, List.of(.4, 1.0)),
        Arguments.of(six, 3, List.of(.3, .5, 1.0)),
        Arguments.of(new double[] {.3, .5, 1, 1, 1, 1}, 3, List.of(.75, 1.0)),
        Arguments.of(new double[] {.3, .4, .5, .6, .7, .8, .9}, 3, List.of(.55, .75, 1.0)));
  }

  @ParameterizedTest
  @MethodSource("verifiedBins")
  void verifiedCalibrationsEqualBinsHold(double[] p, int bins, List<Double> uppers) {
    var forecasts = Forecasts.of(p, new boolean[p.length]);
    var got =
        BinningConvention.VERIFIED.withBins(bins).bin(forecasts).bins().stream()
            .map(BinTotals::upper)
            .toList();
    assertThat(got).hasSameSizeAs(uppers);
    for (int b = 0; b < uppers.size(); b++) {
      assertThat(got.get(b)).isCloseTo(uppers.get(b), CLOSE);
    }
  }

  @Test
  void verifiedCalibrationsPluginErrorHolds() {
    assertPlugin(new double[] {.3}, new boolean[] {true}, 1, .7);
    assertPlugin(new double[] {.3, .6}, new boolean[] {true, false}, 1, .65);
    assertPlugin(new double[] {.3, .6}, new boolean[] {true, false}, 2, .6519202405);
    var forecasts = Forecasts.of(new double[] {.3, .6, .6}, new boolean[] {true, false, true});
    assertThat(CalibrationError.of(forecasts, BinningConvention.GUO.withBins(2)).ece())
        .isCloseTo(.7 / 3 + .1 * 2 / 3, CLOSE);
  }

  private static void assertPlugin(double[] p, boolean[] y, double norm, double expected) {
    var convention = BinningConvention.VERIFIED.withBins(p.length);
    assertThat(CalibrationError.of(Forecasts.of(p, y), convention).norm(norm))
        .isCloseTo(expected, within(1e-10));
  }

  @Test
  void verifiedCalibrationsDiscreteBinaryErrorHolds() {
    double[] p = {.5, .5, .5, .6, .5, .6, .6, .6, .6};
    int[] y = {0, 1, 0, 1, 0, 1, 1, 1, 0};
    var predictions = Predictions.binary(p, y);
    // Bins of one value each, as the peer lays them for discrete outputs.
    var error = CalibrationError.of(predictions, BinningConvention.GUO.withBins(10));
    for (int norm = 1; norm <= 3; norm++) {
      double expected =
          Math.pow(4. / 9 * Math.pow(.25, norm) + 5. / 9 * Math.pow(.2, norm), 1. / norm);
      assertThat(error.norm(norm)).isCloseTo(expected, CLOSE);
    }
    var debiased = DebiasedCalibrationError.of(error.binning());
    assertThat(debiased.l2()).isLessThan(error.rmsce());
    assertThat(debiased.l1()).isLessThan(error.ece());
    assertThat(debiased.l1(1000, 7)).isLessThan(error.ece());
  }

  @Test
  void verifiedCalibrationsThreeLabelErrorsHold() {
    double[][] kinds = {{.6, .3, .1}, {.1, .8, .1}, {.1, 0, .9}};
    int[] repeats = {6, 4, 4};
    double[][] p = new double[14][];
    int[] y = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2};
    int row = 0;
    for (int kind = 0; kind < 3; kind++) {
      for (int r = 0; r < repeats[kind]; r++) {
        p[row++] = kinds[kind];
      }
    }
    // Rows of the first kind are of class 0 but one, of the second class 1, of the third class 2.
    var predictions = Predictions.of(p, y);
    var convention = BinningConvention.GUO.withBins(20);
    double top = 6. / 14 * (5. / 6 - .6) + 4. / 14 * (1 - .8) + 4. / 14 * .1;
    assertThat(CalibrationError.of(predictions, convention).ece()).isCloseTo(top, CLOSE);
    double class0 = 8. / 14 * .1 + 6. / 14 * (5. / 6 - .6);
    double class1 = 6. / 14 * (.3 - 1. / 6) + 4. / 14 * .2;
    double class2 = 10. / 14 * .1 + 4. / 14 * .1;
    assertThat(ClasswiseCalibrationError.of(predictions, convention).ece())
        .isCloseTo((class0 + class1 + class2) / 3, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({
    "verified, 2, '.6,.7,.8,.9', '0,0,1,1', .4",
    "guo, 2, '.6,.7,.8,.9', '0,0,1,1', .25",
    "verified, 2, '.1,.1,.7', '0,1,1', 0.3666666666666667",
    "verified, 2, '.1,.7,.5,.9', '0,1,0,1', .25",
    "verified, 4, '.1,.7,.5,.9', '0,1,0,1', .25",
    "guo, 1, '.9,.1,.3', '0,0,0', 0.43333333333333335",
    "guo, 1, '.9,.1,.3', '1,1,1', 0.5666666666666667"
  })
  void verifiedCalibrationsExpectedErrorsHold(
      String convention, int bins, String p, String y, double expected) {
    double[] probabilities = numbers(p);
    double[] labels = numbers(y);
    boolean[] outcomes = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      outcomes[i] = labels[i] == 1;
    }
    var error =
        CalibrationError.of(
            Forecasts.of(probabilities, outcomes),
            BinningConvention.named(convention).withBins(bins));
    assertThat(error.ece()).isCloseTo(expected, CLOSE);
  }

  @Test
  void verifiedCalibrationsMissingClassHolds() {
    var predictions = Predictions.of(new double[][] {{.9, .1}, {.8, .2}}, new int[] {0, 0});
    assertThat(CalibrationError.of(predictions).ece()).isCloseTo(.15, CLOSE);
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

  private static double[] numbers(String list) {
    return Stream.of(list.split(",")).mapToDouble(Double::parseDouble).toArray();
  }
}
