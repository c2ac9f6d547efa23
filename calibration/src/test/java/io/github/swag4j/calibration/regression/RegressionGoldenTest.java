package io.github.swag4j.calibration.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.comparison.Golden;
import io.github.swag4j.calibration.regression.QuantileCalibration.Kind;
import io.github.swag4j.calibration.regression.SamplePredictions.CrpsEstimator;
import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Values made with SciPy, NumPy and scikit-learn by src/test/python/regression_golden.py. */
class RegressionGoldenTest {

  private static final Golden ALL = Golden.of("/regression/golden.json");
  private static final Golden GAUSSIAN = ALL.in("gaussian");
  private static final Golden DRAWS = ALL.in("draws");

  private static GaussianPredictions gaussian() {
    return GaussianPredictions.of(
        GAUSSIAN.numbers("mean"), GAUSSIAN.numbers("sd"), GAUSSIAN.numbers("y"));
  }

  private static SamplePredictions draws() {
    return SamplePredictions.of(DRAWS.table("draws"), DRAWS.numbers("y"));
  }

  @Test
  void gaussianScoresOfEachRow() {
    GaussianPredictions p = gaussian();
    for (int row = 0; row < p.rows(); row++) {
      assertThat(p.crps(row)).isEqualTo(GAUSSIAN.numbers("crps")[row], within(1e-9));
      assertThat(p.nll(row)).isEqualTo(GAUSSIAN.numbers("nll")[row], within(1e-12));
      assertThat(p.pit(row)).isEqualTo(GAUSSIAN.numbers("pit")[row], within(1e-14));
    }
  }

  @Test
  void gaussianScoresOfAllRows() {
    RegressionScores s = RegressionScores.of(gaussian());
    assertThat(s.pinball()).isEqualTo(GAUSSIAN.number("pinball"), within(1e-12));
    assertThat(s.intervalScore()).isEqualTo(GAUSSIAN.number("interval_score"), within(1e-11));
    assertThat(s.rmse()).isEqualTo(GAUSSIAN.number("rmse"), within(1e-12));
    assertThat(s.mae()).isEqualTo(GAUSSIAN.number("mae"), within(1e-12));
    assertThat(s.sharpness()).isEqualTo(GAUSSIAN.number("sharpness"), within(1e-12));
    RegressionScores weighted =
        RegressionScores.of(gaussian().withWeights(GAUSSIAN.numbers("weights")));
    assertThat(weighted.crps()).isEqualTo(GAUSSIAN.number("mean_crps_weighted"), within(1e-9));
    assertThat(weighted.nll().orElseThrow())
        .isEqualTo(GAUSSIAN.number("mean_nll_weighted"), within(1e-12));
  }

  @Test
  void coverageAndWidth() {
    PredictionIntervals intervals = PredictionIntervals.of(gaussian(), 0.9);
    assertThat(intervals.picp()).isEqualTo(GAUSSIAN.number("picp90"), within(1e-14));
    assertThat(intervals.mpiw()).isEqualTo(GAUSSIAN.number("mpiw90"), within(1e-12));
    assertThat(intervals.inside()).isEqualTo(Math.round(40 * intervals.picp()));
  }

  @Test
  void varianceCalibrationInFourBins() {
    VarianceCalibration bins = VarianceCalibration.of(gaussian(), 4);
    assertThat(bins.ence()).isEqualTo(GAUSSIAN.number("ence4"), within(1e-12));
    assertThat(bins.uce()).isEqualTo(GAUSSIAN.number("uce4"), within(1e-11));
    assertThat(bins.bins()).extracting(VarianceCalibration.Bin::count).containsOnly(10L);
  }

  @Test
  void transforms() {
    ProbabilityIntegralTransform pit = ProbabilityIntegralTransform.of(gaussian());
    assertThat(pit.ksStatistic()).isEqualTo(GAUSSIAN.number("ks"), within(1e-14));
    assertThat(pit.ksPValue()).isCloseTo(GAUSSIAN.number("ks_p"), Percentage.withPercentage(1e-6));
    assertThat(Arrays.stream(pit.histogram(10)).asDoubleStream().toArray())
        .isEqualTo(GAUSSIAN.numbers("pit_histogram10"));
  }

  @Test
  void quantileCurve() {
    double[] observed = QuantileCalibration.of(gaussian(), Kind.QUANTILE, 21).observed();
    double[] expected = GAUSSIAN.numbers("observed_quantile21");
    GaussianPredictions weighted = gaussian().withWeights(GAUSSIAN.numbers("weights"));
    double[] observedWeighted = QuantileCalibration.of(weighted, Kind.QUANTILE, 21).observed();
    double[] expectedWeighted = GAUSSIAN.numbers("observed_quantile21_weighted");
    for (int i = 0; i < 21; i++) {
      assertThat(observed[i]).isEqualTo(expected[i], within(1e-14));
      assertThat(observedWeighted[i]).isEqualTo(expectedWeighted[i], within(1e-14));
    }
  }

  @Test
  void drawsOfEachRow() {
    SamplePredictions p = draws();
    SamplePredictions fair = p.withCrps(CrpsEstimator.FAIR);
    for (int row = 0; row < p.rows(); row++) {
      assertThat(p.crps(row)).isEqualTo(DRAWS.numbers("crps_standard")[row], within(1e-13));
      assertThat(p.crps(row)).isEqualTo(DRAWS.numbers("crps_integrated")[row], within(1e-13));
      assertThat(fair.crps(row)).isEqualTo(DRAWS.numbers("crps_fair")[row], within(1e-13));
      assertThat(p.pit(row)).isEqualTo(DRAWS.numbers("pit")[row], within(1e-15));
      assertThat(p.mean(row)).isEqualTo(DRAWS.numbers("mean")[row], within(1e-13));
      assertThat(p.standardDeviation(row)).isEqualTo(DRAWS.numbers("sd")[row], within(1e-13));
      for (int i = 0; i < DRAWS.numbers("levels").length; i++) {
        assertThat(p.quantile(row, DRAWS.numbers("levels")[i]))
            .isEqualTo(DRAWS.table("quantiles")[i][row], within(1e-12));
      }
    }
  }

  @Test
  void isotonicLevelsOfPointsThatAreNotMonotone() {
    Golden isotonic = ALL.in("isotonic");
    LevelRecalibration fit =
        LevelRecalibration.fit(isotonic.numbers("expected"), isotonic.numbers("observed"));
    double[] wanted = isotonic.numbers("wanted");
    for (int i = 0; i < wanted.length; i++) {
      assertThat(fit.nominal(wanted[i])).isEqualTo(isotonic.numbers("nominal")[i], within(1e-12));
    }
  }

  @Test
  void normalTailsKeepTheirDigits() {
    Golden normal = ALL.in("normal");
    double[] p = normal.numbers("p");
    for (int i = 0; i < p.length; i++) {
      double expected = normal.numbers("quantile")[i];
      assertThat(StandardNormal.quantile(p[i]))
          .isEqualTo(expected, within(1e-12 * (1 + Math.abs(expected))));
    }
    double[] z = normal.numbers("z");
    for (int i = 0; i < z.length; i++) {
      double expected = normal.numbers("cdf")[i];
      assertThat(StandardNormal.cdf(z[i])).isEqualTo(expected, within(1e-12 * expected));
    }
    assertThat(StandardNormal.quantile(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(StandardNormal.quantile(1)).isEqualTo(Double.POSITIVE_INFINITY);
  }
}
