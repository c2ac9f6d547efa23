package io.github.swag4j.calibration.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationErrorKindsTest {
  private static final Predictions PREDICTIONS = Fixtures.inDistribution();

  @Test
  void redrawnDebiasingTendsToItsClosedForm() {
    var debiased = DebiasedCalibrationError.of(PREDICTIONS);
    assertThat(debiased.l1(20_000, 1)).isCloseTo(debiased.l1(), within(3e-4));
    assertThat(debiased.l1(100, 1)).isEqualTo(debiased.l1(100, 1));
    assertThat(debiased.l1(100, 1)).isNotEqualTo(debiased.l1(100, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> debiased.l1(0, 1))
        .withMessage("resamples must be at least 1, got 0");
  }

  @Test
  void debiasingRemovesMostOfTheErrorOfCalibratedForecasts() {
    double plain = 0;
    double l2 = 0;
    double squared = 0;
    for (int seed = 0; seed < 1000; seed++) {
      SplitMix random = new SplitMix(seed);
      double[] p = new double[200];
      boolean[] y = new boolean[200];
      for (int i = 0; i < 200; i++) {
        p[i] = random.uniform();
        y[i] = random.uniform() < p[i];
      }
      var error = CalibrationError.of(Forecasts.of(p, y), BinningConvention.VERIFIED);
      var debiased = DebiasedCalibrationError.of(error.binning());
      plain += error.rmsce() / 1000;
      l2 += debiased.l2() / 1000;
      squared += debiased.squaredL2() / 1000;
    }
    assertThat(plain).isGreaterThan(.08);
    assertThat(l2).isLessThan(plain / 2);
    assertThat(squared).isCloseTo(0, within(5e-4));
  }

  @Test
  void theSweepStopsBeforeTheFirstFall() {
    var sweep = SweepCalibrationError.equalMass(PREDICTIONS);
    assertThat(isRising(sweep.bins())).isTrue();
    assertThat(isRising(sweep.bins() + 1)).isFalse();
    assertThat(sweep.ece())
        .isEqualTo(
            CalibrationError.of(PREDICTIONS, BinningConvention.EQUAL_MASS.withBins(sweep.bins()))
                .ece());
    assertThat(sweep).asString().startsWith("sweep ECE 0.1").contains("(equal-mass: ");
  }

  @Test
  void theSweepOfMonotoneRowsTakesABinForEachRow() {
    var forecasts =
        Forecasts.of(new double[] {.1, .4, .6, .9}, new boolean[] {false, false, true, true});
    assertThat(SweepCalibrationError.of(forecasts, BinningConvention.EQUAL_MASS).bins())
        .isEqualTo(4);
  }

  @Test
  void smoothErrorIsItsOwnWidthToATenBitBisection() {
    var smooth = SmoothCalibrationError.of(PREDICTIONS);
    assertThat(smooth.width()).isCloseTo(smooth.value(), within(1.5e-3));
    assertThat(smooth)
        .hasToString("smECE 0.1048 (reflected Gaussian kernel, width 0.1055, 500 rows)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SmoothCalibrationError.at(Forecasts.topLabel(PREDICTIONS), 0))
        .withMessage("sigma must be between 0.001 and 1, got 0.0");
  }

  @Test
  void smoothErrorOfASmallWidthOfCalibratedPointMassesIsSmall() {
    double[] p = new double[1000];
    boolean[] y = new boolean[1000];
    for (int i = 0; i < 1000; i++) {
      p[i] = i < 500 ? .2 : .8;
      y[i] = i % 5 == 0 ^ i >= 500;
    }
    assertThat(SmoothCalibrationError.of(Forecasts.of(p, y)).value()).isLessThan(2e-3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2, 3.5})
  void theErrorGivenThePredictedClassHasEveryNorm(double norm) {
    var error = LabelConditionalCalibrationError.of(PREDICTIONS);
    double sum = 0;
    for (CalibrationError byClass : error.classes().values()) {
      for (BinTotals bin : byClass.binning().bins()) {
        sum += bin.isEmpty() ? 0 : bin.count() * Math.pow(bin.gap(), norm) / 500;
      }
    }
    assertThat(error.norm(norm)).isCloseTo(Math.pow(sum, 1 / norm), within(1e-12));
    assertThat(error.norm(norm)).isBetween(error.ece(), 1.0);
    // Classes apart have at least the gaps of classes together.
    assertThat(error.norm(norm))
        .isGreaterThanOrEqualTo(CalibrationError.of(PREDICTIONS).norm(norm) - 1e-12);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> error.norm(0.5))
        .withMessage("the norm must be finite and at least 1, got 0.5");
  }

  @Test
  void kernelErrorIsTheSumOverAllPairs() {
    double[] p = {.1, .4, .4, .75, 1};
    boolean[] y = {false, true, false, true, false};
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        sum +=
            ((y[i] ? 1 : 0) - p[i])
                * ((y[j] ? 1 : 0) - p[j])
                * Math.exp(-Math.abs(p[i] - p[j]) / .2);
      }
    }
    assertThat(KernelCalibrationError.of(Forecasts.of(p, y), .2).mmce())
        .isCloseTo(Math.sqrt(sum) / 5, within(1e-14));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KernelCalibrationError.of(Forecasts.of(p, y), 0))
        .withMessage("width must be finite and above 0, got 0.0");
  }

  @Test
  void everyErrorPrintsWhatItRestsOn() {
    assertThat(ClasswiseCalibrationError.of(PREDICTIONS))
        .hasToString("class-wise ECE 0.0774 (guo: 15 equal-width bins, 4 classes, 500 rows)");
    assertThat(DebiasedCalibrationError.of(PREDICTIONS))
        .hasToString(
            "debiased L2 calibration error 0.1143 (verified: 15 equal-mass bins, 500 rows)");
    assertThat(LabelConditionalCalibrationError.of(PREDICTIONS))
        .asString()
        .endsWith("(guo: 15 equal-width bins, 4 predicted classes)");
    assertThat(KernelCalibrationError.of(PREDICTIONS))
        .hasToString("MMCE 0.0889 (Laplace kernel, width 0.4, 500 rows)");
    assertThat(CumulativeCalibrationError.of(PREDICTIONS))
        .asString()
        .startsWith("KS calibration error 0.10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClasswiseCalibrationError.of(PREDICTIONS).marginal(.5))
        .withMessage("the norm must be finite and at least 1, got 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationError.of(PREDICTIONS).norm(0))
        .withMessage("the norm's power must be above 0, got 0.0");
  }

  private static boolean isRising(int bins) {
    double last = -1;
    for (var bin :
        CalibrationError.of(PREDICTIONS, BinningConvention.EQUAL_MASS.withBins(bins))
            .binning()
            .bins()) {
      if (bin.accuracy() < last) {
        return false;
      }
      last = bin.accuracy();
    }
    return true;
  }
}
