package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.recalibration.IsotonicRegression;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where other libraries crash, print infinity or mix definitions up; one test for each. */
class RivalFailuresTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  /** torchmetrics issues 1646 and 1744: the index of confidence 0 was -1. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15})
  void torchmetricsCrashedOnConfidenceZeroAndOursIsInTheFirstBin(int bins) {
    assertThat((int) Math.ceil(0.0 * bins) - 1).as("a bin for (lo, hi] alone").isEqualTo(-1);
    var calibrated = Predictions.binary(new double[] {0, 1, 0, 1}, new int[] {0, 1, 0, 1});
    for (BinningConvention convention : BinningConvention.all()) {
      if (convention.hasFixedBins() && !(convention.equals(BinningConvention.MAPIE) && bins == 1)) {
        var error = CalibrationError.of(calibrated, convention.withBins(bins));
        assertThat(error.ece()).as(convention.name()).isZero();
        assertThat(error.binning().bins().get(0).count())
            .isEqualTo(bins == 1 && !convention.equals(BinningConvention.TORCHMETRICS) ? 4 : 2);
      }
    }
  }

  /** torchmetrics' debiasing is written but no public function reaches it. */
  @Test
  void torchmetricsHidesItsDebiasedErrorAndOursIsPublic() {
    var binary =
        Predictions.binary(new double[] {.25, .25, .55, .75, .75}, new int[] {0, 0, 1, 1, 1});
    var error = CalibrationError.of(binary, BinningConvention.TORCHMETRICS.withBins(2));
    var debiased = io.github.swag4j.calibration.error.DebiasedCalibrationError.of(error.binning());
    assertThat(debiased.l2()).isLessThanOrEqualTo(error.rmsce());
    assertThat(debiased.toString()).contains("torchmetrics: 2 equal-width bins");
  }

  /**
   * TorchUncertainty's binary routine lets errors of the top label and of the positive class share
   * their state, so that whichever comes first decides the other.
   */
  @Test
  void torchUncertaintyMixesTopLabelAndPositiveClassAndOursKeepThemApart() {
    var p = Predictions.binary(new double[] {.1, .2, .3, .9}, new int[] {0, 1, 0, 1});
    var positive = CalibrationError.of(p, BinningConvention.GUO.withBins(1));
    var top = CalibrationError.of(p, BinningConvention.EQUAL_COUNT.withBins(1));
    assertThat(positive.ece()).isCloseTo(Math.abs(1.5 / 4 - 2 / 4.), CLOSE);
    assertThat(top.ece()).isCloseTo(Math.abs((.9 + .8 + .7 + .9) / 4 - 3 / 4.), CLOSE);
    assertThat(positive.toString()).contains("positive class");
    assertThat(top.toString()).doesNotContain("positive class");
    assertThat(SmoothCalibrationError.of(p).value())
        .isEqualTo(SmoothCalibrationError.of(Forecasts.ofClass(p, 1)).value());
  }

  /** smile's LogLoss of a probability of 0 is infinite: one row hides all the others. */
  @Test
  void smilesLogLossIsInfiniteAndOursIsFlooredAndCountsTheRows() {
    double[] p = {.9, .9, 0};
    double smile = 0;
    for (double v : p) {
      smile -= Math.log(v) / p.length;
    }
    assertThat(smile).isInfinite();
    double[][] rows = new double[3][];
    Arrays.setAll(rows, i -> new double[] {1 - p[i], p[i]});
    ProperScores scores = ProperScores.of(Predictions.of(rows, new int[] {1, 1, 1}));
    assertThat(scores.nll()).isCloseTo((300 * Math.log(10) - 2 * Math.log(.9)) / 3, within(1e-10));
    assertThat(scores.zeroProbabilityRows()).isOne();
    assertThat(scores.toString()).contains("1 with p(label) = 0 floored at 1e-300");
  }

  /** swa_gaussian and others add 1e-12 before the logarithm, which makes a sure NLL negative. */
  @Test
  void swaGaussiansFloorMakesTheNllOfSureRowsNegativeAndOursIsZero() {
    assertThat(-Math.log(1 + 1e-12)).isNegative();
    var sure = Predictions.of(new double[][] {{1, 0}, {0, 1}}, new int[] {0, 1});
    assertThat(ProperScores.of(sure).nll()).isZero();
  }

  /** Orders in which the rows of one tie can come. */
  enum Order {
    EVENTS_FIRST,
    EVENTS_LAST,
    MIXED
  }

  /** Spark orders ties by label and leaves what holds at the tie to chance. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void sparksIsotonicRegressionIsUndefinedAtTiesAndOursIsTheirMean(Order order) {
    double[] y =
        switch (order) {
          case EVENTS_FIRST -> new double[] {0, 1, 1, 0, 0, 1};
          case EVENTS_LAST -> new double[] {0, 0, 0, 1, 1, 1};
          case MIXED -> new double[] {0, 0, 1, 0, 1, 1};
        };
    IsotonicRegression fitted = IsotonicRegression.fit(new double[] {.1, .5, .5, .5, .5, .9}, y);
    assertThat(fitted.predict(.5)).isEqualTo(.5);
    assertThat(fitted.thresholds()).containsExactly(.1, .5, .9);
  }

  /** uncertainty-baselines takes 100,000 thresholds of scores; close scores fall between them. */
  @Test
  void uncertaintyBaselinesThresholdsAreAGridAndOursAreTheScores() {
    double[] in = {.5, .5 + 1e-9};
    double[] out = {.5 + 2e-9, .5 + 3e-9};
    assertThat((long) (in[0] * 100_000)).isEqualTo((long) (out[1] * 100_000));
    assertThat(io.github.swag4j.calibration.ood.DetectionCurve.of(in, out).auroc()).isEqualTo(1);
  }
}
