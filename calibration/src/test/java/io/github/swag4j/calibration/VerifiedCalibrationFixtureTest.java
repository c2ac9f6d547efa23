package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that verified_calibration holds itself to in its own tests. */
class VerifiedCalibrationFixtureTest {
  private static final Offset<Double> CLOSE = within(1e-12);

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
  void equalBinsHold(double[] p, int bins, List<Double> uppers) {
    assertUppers(BinningConvention.VERIFIED.withBins(bins), p, uppers);
  }

  @Test
  void pluginErrorHolds() {
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
  void discreteBinaryErrorHolds() {
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

  /**
   * Three kinds of rows; one label of the first and one of the second kind are of the next class.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void threeLabelErrorsHold(int norm) {
    double[][] kinds = {{.6, .3, .1}, {.1, .8, .1}, {.1, 0, .9}};
    int[] repeats = {6, 4, 4};
    double[][] p = new double[14][];
    int[] y = {0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2};
    int row = 0;
    for (int kind = 0; kind < 3; kind++) {
      for (int r = 0; r < repeats[kind]; r++) {
        p[row++] = kinds[kind];
      }
    }
    var predictions = Predictions.of(p, y);
    double marginal =
        4 / 42. * power(.1, norm)
            + 6 / 42. * power(5 / 6. - .6, norm)
            + 8 / 42. * power(.1, norm)
            + 4 / 42. * power(.05, norm)
            + 6 / 42. * power(.3 - 1 / 6., norm);
    double top =
        6 / 14. * power(5 / 6. - .6, norm) + 4 / 14. * power(.05, norm) + 4 / 14. * power(.1, norm);
    for (BinningConvention bins :
        List.of(BinningConvention.GUO.withBins(20), BinningConvention.VERIFIED.withBins(14))) {
      var error = CalibrationError.of(predictions, bins);
      assertThat(error.norm(norm)).isCloseTo(Math.pow(top, 1. / norm), CLOSE);
      var byClass = ClasswiseCalibrationError.of(predictions, bins);
      assertThat(byClass.marginal(norm)).isCloseTo(Math.pow(marginal, 1. / norm), CLOSE);
      var debiased = DebiasedCalibrationError.of(error.binning());
      assertThat(debiased.l2()).isLessThan(error.rmsce());
      assertThat(DebiasedCalibrationError.marginalL2(predictions, bins))
          .isLessThan(byClass.marginal(2));
    }
  }

  private static double power(double gap, int norm) {
    return Math.pow(gap, norm);
  }

  @Test
  void topLabelErrorsOfSixRowsHold() {
    double[] confidence = {.8, .6, .9, 1, .4, .85};
    boolean[] right = {true, true, true, true, false, true};
    var forecasts = Forecasts.of(confidence, right);
    assertThat(CalibrationError.of(forecasts, BinningConvention.GUO.withBins(3)).ece())
        .isCloseTo(4 / 6. * (1 - (.8 + .85 + .9 + 1) / 4), CLOSE);
    var error = CalibrationError.of(forecasts, BinningConvention.VERIFIED.withBins(2));
    for (int norm = 1; norm <= 3; norm++) {
      double expected = .5 * power(2 / 3. - .6, norm) + .5 * power(1 - 2.75 / 3, norm);
      assertThat(error.norm(norm)).isCloseTo(Math.pow(expected, 1. / norm), CLOSE);
    }
    assertThat(DebiasedCalibrationError.of(error.binning()).l2()).isLessThan(error.rmsce());
  }

  /** Bins of equal width, and a bin for each distinct value. */
  @Test
  void equalProbabilityAndDiscreteBinsHold() {
    double[] six = {.3, .5, .2, .3, .5, .7};
    assertUppers(BinningConvention.GUO.withBins(1), six, List.of(1.0));
    assertUppers(BinningConvention.GUO.withBins(2), six, List.of(.5, 1.0));
    var discrete = BinningConvention.VERIFIED.withBins(6).bin(Forecasts.of(six, new boolean[6]));
    var filled = discrete.bins().stream().filter(bin -> !bin.isEmpty()).toList();
    assertThat(filled).extracting(BinTotals::meanConfidence).containsExactly(.2, .3, .5, .7);
    assertThat(filled).extracting(BinTotals::count).containsExactly(1L, 2L, 2L, 1L);
  }

  private static void assertUppers(BinningConvention convention, double[] p, List<Double> uppers) {
    var got =
        convention.bin(Forecasts.of(p, new boolean[p.length])).bins().stream()
            .map(BinTotals::upper)
            .toList();
    assertThat(got).hasSameSizeAs(uppers);
    for (int b = 0; b < uppers.size(); b++) {
      assertThat(got.get(b)).isCloseTo(uppers.get(b), CLOSE);
    }
  }

  /** Area under the accuracy curve, and the accuracy of the most confident tenth. */
  @ParameterizedTest
  @CsvSource({
    "'.3,.9', '0,1', 0.75, 1",
    "'.6,0,.8', '1,0,1', 0.8888888888888888, 1",
    "'.6,0,.8', '0,0,1', 0.6111111111111112, 1"
  })
  void selectiveStatisticsHold(String confidences, String correct, double area, double tenth) {
    double[] flags = numbers(correct);
    boolean[] right = new boolean[flags.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = flags[i] == 1;
    }
    var curve = RiskCoverageCurve.of(numbers(confidences), right);
    assertThat(1 - curve.aurc()).isCloseTo(area, CLOSE);
    assertThat(1 - curve.riskAtCoverage(.1)).isCloseTo(tenth, CLOSE);
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
  void expectedErrorsHold(String convention, int bins, String p, String y, double expected) {
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
  void missingClassHolds() {
    var predictions = Predictions.of(new double[][] {{.9, .1}, {.8, .2}}, new int[] {0, 0});
    assertThat(CalibrationError.of(predictions).ece()).isCloseTo(.15, CLOSE);
  }

  private static double[] numbers(String list) {
    return Stream.of(list.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
  }
}
