package io.github.swag4j.calibration.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are wrong by many standard deviations are the ones that are to be found out. */
class FarTailsTest {

  /** Standard normal targets around 0, predicted with another standard deviation. */
  private static GaussianPredictions predicted(double sd, int rows, long seed) {
    double[] sds = new double[rows];
    Arrays.fill(sds, sd);
    double[] y = new Random(seed).doubles(rows).map(StandardNormal::quantile).toArray();
    return GaussianPredictions.of(new double[rows], sds, y);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.01})
  void aModelTooSureByFarIsRecalibratedToFiniteNumbers(double sd) {
    LevelRecalibration fit = LevelRecalibration.fit(predicted(sd, 400, 1));
    RecalibratedPredictions after = RecalibratedPredictions.of(predicted(sd, 400, 2), fit);
    RegressionScores scores = RegressionScores.of(after);
    assertThat(
            new double[] {
              after.mean(0), after.standardDeviation(0), scores.crps(), scores.intervalScore()
            })
        .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(VarianceCalibration.of(after).ence()).isFinite();
  }

  @Test
  void oneOutlierLeavesAllOtherQuantilesAsTheyWere() {
    GaussianPredictions rows = predicted(1, 400, 3);
    double[] y = new double[400];
    Arrays.setAll(y, rows::target);
    y[17] = 9; // its transform rounds to 1
    double[] one = new double[400];
    Arrays.fill(one, 1);
    LevelRecalibration fit =
        LevelRecalibration.fit(GaussianPredictions.of(new double[400], one, y));
    RecalibratedPredictions after = RecalibratedPredictions.of(rows, fit);
    assertThat(after.mean(0)).isEqualTo(0, within(0.2));
    assertThat(after.standardDeviation(0)).isEqualTo(1, within(0.2));
    assertThat(after.quantile(0, 1)).isInfinite();
  }

  @Test
  void drawsWithoutAFiniteDeviationDoNotHangTheVarianceBins() {
    double[][] draws = {{1.7e308, 0}, {1.7e308, 1}};
    SamplePredictions p = SamplePredictions.of(draws, new double[] {0, 0.5});
    assertThat(VarianceCalibration.of(p).bins()).isNotEmpty();
  }

  /** Values of scipy.stats.kstwo.sf. */
  @ParameterizedTest
  @CsvSource({
    "0.03, 1, 1.0",
    "0.6, 3, 0.14400000000000004",
    "0.86, 10, 5.789601976320005e-09",
    "0.3, 10, 0.27053557479999946",
    "0.2, 100, 0.0005551927327988775",
    "0.15, 100, 0.019839242125643017",
    "0.5, 100, 1.2131434371817858e-23",
    "0.05, 1000, 0.013012074781090332",
    "0.069, 1000, 0.00013874186464023404",
    "0.2, 1000, 1.5528629204250538e-35",
    "0.02, 9000, 0.001472711519753602",
    "0.021, 10000, 0.000291193328769971",
    "0.0211, 20000, 3.632041690273456e-08",
    "0.1, 20000, 1.4723820041654574e-174"
  })
  void smallProbabilitiesOfAKolmogorovDistanceKeepTheirDigits(double d, int n, double p) {
    assertThat(KolmogorovDistance.survival(d, n)).isCloseTo(p, withinPercentage(1e-4));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 140, 141, 5000})
  void transformsFarFromUniformHaveNoProbabilityBelowZeroOrOfRounding(int rows) {
    GaussianPredictions shifted = predicted(1, rows, 4);
    double[] y = new double[rows];
    Arrays.setAll(y, row -> shifted.target(row) + 2);
    double[] one = new double[rows];
    Arrays.fill(one, 1);
    GaussianPredictions p = GaussianPredictions.of(new double[rows], one, y);
    assertThat(ProbabilityIntegralTransform.of(p).ksPValue()).isBetween(0.0, 1e-30);
  }

  @Test
  void everyLevelHasAQuantile() {
    assertThat(StandardNormal.quantile(Double.MIN_VALUE)).isEqualTo(-38.5, within(0.1));
  }
}
