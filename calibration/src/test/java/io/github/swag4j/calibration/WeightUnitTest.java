package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.CumulativeCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.KernelCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError.Kernel;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.regression.GaussianPredictions;
import io.github.swag4j.calibration.regression.PredictionIntervals;
import io.github.swag4j.calibration.regression.ProbabilityIntegralTransform;
import io.github.swag4j.calibration.regression.QuantileCalibration;
import io.github.swag4j.calibration.regression.RegressionPredictions;
import io.github.swag4j.calibration.regression.RegressionScores;
import io.github.swag4j.calibration.regression.VarianceCalibration;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.scores.ConfusionMatrix;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.scores.RankedProbabilityScore;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Importance weights come in any unit: what they sum to must not change what is measured. */
class WeightUnitTest {
  private static final int ROWS = 120;

  private static final List<ToDoubleFunction<Forecasts>> MEASURES =
      List.of(
          f -> CalibrationError.of(f, BinningConvention.GUO).ece(),
          f -> CalibrationError.of(f, BinningConvention.GUO).mce(),
          f -> CalibrationError.of(f, BinningConvention.EQUAL_MASS).ece(),
          f -> DebiasedCalibrationError.of(BinningConvention.GUO.bin(f)).squaredL2(),
          f -> DebiasedCalibrationError.of(BinningConvention.GUO.bin(f)).l1(),
          f -> KernelCalibrationError.of(f, 0.4).mmce(),
          f -> CumulativeCalibrationError.of(f).ks(),
          f -> CorpCurve.of(f).miscalibration(),
          f -> CorpCurve.of(f).discrimination(),
          f -> SpiegelhalterTest.of(f).pValue(),
          f -> CumulativeTests.kolmogorovSmirnov(f).pValue(),
          f -> CumulativeTests.kuiper(f).pValue());

  private static Forecasts forecasts(double[] weights) {
    Random random = new Random(8);
    double[] f = random.doubles(ROWS).map(u -> Math.rint(u * 40) / 40).toArray();
    boolean[] y = new boolean[ROWS];
    for (int i = 0; i < ROWS; i++) {
      y[i] = random.nextDouble() < f[i] * f[i];
    }
    return Forecasts.of(f, y, weights);
  }

  private static double[] weights(double unit) {
    return new Random(9).doubles(ROWS, 0.1, 1.5).map(w -> w * unit).toArray();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 1.0 / 120, 3.7, 1e7})
  void calibrationIsMeasuredTheSameInAnyUnit(double unit) {
    Forecasts before = forecasts(weights(1));
    Forecasts after = forecasts(weights(unit));
    for (ToDoubleFunction<Forecasts> measure : MEASURES) {
      assertThat(measure.applyAsDouble(after))
          .isCloseTo(measure.applyAsDouble(before), within(1e-12));
    }
  }

  /** Squares of these weights, or of their sum, are no doubles. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-200, 1e-160, 1e160, 1e200, 1e300})
  void weightsOfAnySizeAreMeasured(double unit) {
    calibrationIsMeasuredTheSameInAnyUnit(unit);
    assertThat(SmoothCalibrationError.of(forecasts(weights(unit))).value()).isBetween(0.0, 1.0);
  }

  /** Sums of the largest weights are no doubles, and parts of the smallest are not either. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1e-310, 1e300, Double.MAX_VALUE})
  void scoresOfRowsOfOneWeightAreThoseOfRows(double weight) {
    double[][] p = {{0.7, 0.3}, {0.2, 0.8}, {0.6, 0.4}};
    int[] labels = {0, 0, 1};
    double[] equal = {weight, weight, weight};
    Predictions rows = Predictions.of(p, labels);
    Predictions weighted =
        Predictions.builder().probabilities(p).labels(labels).weights(equal).build();
    List<ToDoubleFunction<Predictions>> scores =
        List.of(
            q -> ProperScores.of(q).nll(),
            q -> ProperScores.of(q).brier(),
            q -> ProperScores.of(q).spherical(),
            q -> ProperScores.of(q).accuracy(),
            q -> RankedProbabilityScore.of(q).value(),
            q -> ConfusionMatrix.of(q).accuracy(),
            q -> ConfusionMatrix.of(q).balancedAccuracy(),
            q -> ConfusionMatrix.topKAccuracy(q, 1),
            q -> Metric.nll().of(q),
            q -> Metric.ece(15).of(q));
    for (ToDoubleFunction<Predictions> score : scores) {
      assertThat(score.applyAsDouble(weighted)).isCloseTo(score.applyAsDouble(rows), within(1e-12));
    }
    GaussianPredictions gaussians =
        GaussianPredictions.of(
            new double[] {1, 2, 3}, new double[] {0.1, 0.5, 1}, new double[] {1.5, 3, 2});
    List<ToDoubleFunction<RegressionPredictions>> measures =
        List.of(
            g -> RegressionScores.of(g).crps(),
            g -> PredictionIntervals.of(g, 0.9).picp(),
            g -> QuantileCalibration.of(g, QuantileCalibration.Kind.QUANTILE).mace(),
            g -> VarianceCalibration.of(g, 2).uce(),
            g -> ProbabilityIntegralTransform.of(g).variance(),
            g -> ProbabilityIntegralTransform.of(g).ksStatistic());
    for (ToDoubleFunction<RegressionPredictions> measure : measures) {
      assertThat(measure.applyAsDouble(gaussians.withWeights(equal)))
          .isCloseTo(measure.applyAsDouble(gaussians), within(1e-12));
    }
  }

  /** 120 rows in 7 bins do not divide: where the larger bins lie is part of the definition. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 1.0 / 3, 0.1, 1})
  void equalMassBinsOfSmallEqualWeightsAreThoseOfRows(double weight) {
    double[] equal = new double[ROWS];
    Arrays.fill(equal, weight);
    BinningConvention seven = BinningConvention.EQUAL_MASS.withBins(7);
    assertThat(CalibrationError.of(forecasts(equal), seven).ece())
        .isCloseTo(CalibrationError.of(forecasts(null), seven).ece(), within(1e-12));
  }

  /** The density floor of 1e-4 of a row, taken as it is, would be a tenth of weights of sum 1. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 1.0 / 120, 0.5})
  void smoothErrorOfSmallEqualWeightsIsThatOfRows(double unit) {
    double[] equal = new double[ROWS];
    Arrays.fill(equal, unit);
    for (Kernel kernel : Kernel.values()) {
      assertThat(SmoothCalibrationError.at(forecasts(equal), 0.1, kernel))
          .as("%s", kernel)
          .isCloseTo(SmoothCalibrationError.at(forecasts(null), 0.1, kernel), within(1e-12));
      assertThat(SmoothCalibrationError.at(forecasts(weights(unit)), 0.1, kernel))
          .as("%s", kernel)
          .isCloseTo(
              SmoothCalibrationError.at(forecasts(weights(1e-3)), 0.1, kernel), within(1e-12));
    }
  }

  @Test
  void smoothErrorOfWholeWeightsIsThatOfRowsRepeated() {
    double[] f = {0.1, 0.35, 0.6, 0.85, 0.85};
    boolean[] y = {true, false, true, false, true};
    double[] repeatedF = {0.1, 0.1, 0.35, 0.6, 0.6, 0.6, 0.85, 0.85};
    boolean[] repeatedY = {true, true, false, true, true, true, false, true};
    Forecasts whole = Forecasts.of(f, y, new double[] {2, 1, 3, 1, 1});
    for (Kernel kernel : Kernel.values()) {
      assertThat(SmoothCalibrationError.at(whole, 0.2, kernel))
          .as("%s", kernel)
          .isCloseTo(
              SmoothCalibrationError.at(Forecasts.of(repeatedF, repeatedY), 0.2, kernel),
              within(1e-12));
    }
  }
}
