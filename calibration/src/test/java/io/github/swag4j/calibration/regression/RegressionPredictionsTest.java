package io.github.swag4j.calibration.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.regression.QuantileCalibration.Kind;
import io.github.swag4j.calibration.regression.SamplePredictions.CrpsEstimator;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionPredictionsTest {

  /** Targets with twice the predicted deviation, around means that are predicted right. */
  private static GaussianPredictions overconfident(int rows, long seed) {
    Random random = new Random(seed);
    double[] mean = new double[rows];
    double[] sd = new double[rows];
    double[] y = new double[rows];
    for (int i = 0; i < rows; i++) {
      mean[i] = random.nextGaussian();
      sd[i] = 0.5 + random.nextDouble();
      y[i] = mean[i] + 2 * sd[i] * random.nextGaussian();
    }
    return GaussianPredictions.of(mean, sd, y);
  }

  @Test
  void recalibrationOfAnOverconfidentModelHoldsOnOtherRows() {
    GaussianPredictions fit = overconfident(2000, 1);
    GaussianPredictions judged = overconfident(2000, 2);
    LevelRecalibration recalibration = LevelRecalibration.fit(fit);
    RecalibratedPredictions after = RecalibratedPredictions.of(judged, recalibration);
    assertThat(QuantileCalibration.of(judged, Kind.QUANTILE).mace()).isGreaterThan(0.07);
    assertThat(QuantileCalibration.of(after, Kind.QUANTILE).mace()).isLessThan(0.02);
    assertThat(PredictionIntervals.of(judged, 0.8).picp()).isLessThan(0.55);
    assertThat(PredictionIntervals.of(after, 0.8).picp()).isEqualTo(0.8, within(0.03));
    assertThat(RegressionScores.of(after).crps()).isLessThan(RegressionScores.of(judged).crps());
    assertThat(RegressionScores.of(after).nll()).isEmpty();
  }

  @Test
  void levelsAreFittedThroughTheTransformsOfTheRows() {
    // Transforms .2 .4 .4 .9 of 4 rows: proportions 1/5, 3/5, 3/5, 4/5, and the ends.
    double[][] draws = new double[10][4];
    for (int s = 0; s < 10; s++) {
      Arrays.fill(draws[s], s);
    }
    SamplePredictions p = SamplePredictions.of(draws, new double[] {1.5, 3.5, 3.5, 8.5});
    LevelRecalibration fit = LevelRecalibration.fit(p);
    assertThat(fit.nominal(0)).isZero();
    assertThat(fit.nominal(0.2)).isEqualTo(0.2, within(1e-15));
    assertThat(fit.nominal(0.4)).isEqualTo(0.3, within(1e-15));
    assertThat(fit.nominal(0.6)).isEqualTo(0.4, within(1e-15));
    assertThat(fit.nominal(0.8)).isEqualTo(0.9, within(1e-15));
    assertThat(fit.nominal(1)).isEqualTo(1);
    assertThat(fit.proportion(0.65)).isEqualTo(0.7, within(1e-15));
    SamplePredictions weighted = p.withWeights(new double[] {1, 2, 0, 1});
    assertThat(LevelRecalibration.fit(weighted).nominal(0.6)).isEqualTo(0.4, within(1e-15));
  }

  @Test
  void rowsWithoutWeightDoNotRecalibrate() {
    GaussianPredictions few = overconfident(10, 11);
    GaussianPredictions many = overconfident(20, 11); // the same ten and ten more
    double[] weights = new double[20];
    Arrays.fill(weights, 0, 10, 1);
    LevelRecalibration without = LevelRecalibration.fit(few);
    LevelRecalibration with = LevelRecalibration.fit(many.withWeights(weights));
    for (double level = 0; level <= 1; level += 1 / 64.0) {
      assertThat(with.nominal(level)).isEqualTo(without.nominal(level), within(1e-15));
    }
  }

  @Test
  void aRowOfWeightTwoRecalibratesAsThatRowTwice() {
    int[] twice = IntStream.range(0, 20).map(i -> i / 2).toArray();
    GaussianPredictions once = overconfident(10, 11);
    double[] two = new double[10];
    Arrays.fill(two, 2);
    LevelRecalibration weighted = LevelRecalibration.fit(once.withWeights(two));
    LevelRecalibration repeated =
        LevelRecalibration.fit(
            GaussianPredictions.of(
                Arrays.stream(twice).mapToDouble(once::mean).toArray(),
                Arrays.stream(twice).mapToDouble(once::standardDeviation).toArray(),
                Arrays.stream(twice).mapToDouble(once::target).toArray()));
    for (double level = 0; level <= 1; level += 1 / 64.0) {
      assertThat(weighted.nominal(level)).isEqualTo(repeated.nominal(level), within(1e-15));
    }
  }

  @Test
  void recalibrationThatChangesNothingChangesNothing() {
    GaussianPredictions p = overconfident(20, 3);
    double[] line = {0, 0.25, 0.5, 1};
    RecalibratedPredictions same =
        RecalibratedPredictions.of(p, LevelRecalibration.fit(line, line));
    for (int row = 0; row < p.rows(); row++) {
      assertThat(same.quantile(row, 0.3)).isEqualTo(p.quantile(row, 0.3), within(1e-12));
      assertThat(same.cdf(row, 0.1)).isEqualTo(p.cdf(row, 0.1), within(1e-12));
      assertThat(same.mean(row)).isEqualTo(p.mean(row), within(1e-9));
      assertThat(same.standardDeviation(row))
          .isEqualTo(p.standardDeviation(row), within(2e-3 * p.standardDeviation(row)));
      assertThat(same.crps(row)).isEqualTo(p.crps(row), within(1e-3 * p.crps(row) + 1e-4));
    }
  }

  @Test
  void calibratedPredictionsHaveUniformTransforms() {
    double[] zero = new double[999];
    double[] one = new double[999];
    Arrays.fill(one, 1);
    double[] y =
        IntStream.range(0, 999)
            .mapToDouble(i -> StandardNormal.quantile((i + 0.5) / 999))
            .toArray();
    GaussianPredictions p = GaussianPredictions.of(zero, one, y);
    ProbabilityIntegralTransform pit = ProbabilityIntegralTransform.of(p);
    assertThat(pit.mean()).isEqualTo(0.5, within(1e-12));
    assertThat(pit.variance()).isEqualTo(1 / 12.0, within(1e-6));
    assertThat(pit.histogram(9)).containsOnly(111L);
    assertThat(pit.ksPValue()).isEqualTo(1, within(1e-9));
    assertThat(QuantileCalibration.of(p, Kind.QUANTILE).miscalibrationArea()).isLessThan(1e-3);
    assertThat(VarianceCalibration.of(p, 5).ence()).isEqualTo(0, within(5e-3));
  }

  @Test
  void theFairCrpsDoesNotFavourManyDrawsAndTheStandardDoes() {
    Random random = new Random(5);
    int rows = 20_000;
    double[] y = random.doubles(rows).map(u -> StandardNormal.quantile(u)).toArray();
    double[][] draws = new double[2][];
    Arrays.setAll(draws, s -> random.doubles(rows).map(StandardNormal::quantile).toArray());
    double[] zero = new double[rows];
    double[] one = new double[rows];
    Arrays.fill(one, 1);
    double exact = RegressionScores.of(GaussianPredictions.of(zero, one, y)).crps();
    SamplePredictions p = SamplePredictions.of(draws, y);
    double standard = RegressionScores.of(p).crps();
    double fair = RegressionScores.of(p.withCrps(CrpsEstimator.FAIR)).crps();
    assertThat(fair).isEqualTo(exact, within(0.02));
    assertThat(standard - exact).isGreaterThan(0.2);
  }

  @Test
  void fewDrawsOfTheRightDistributionCoverLessThanTheLevel() {
    Random random = new Random(6);
    int rows = 10_000;
    int m = 30;
    double[] y = random.doubles(rows).map(StandardNormal::quantile).toArray();
    double[][] draws = new double[m][];
    Arrays.setAll(draws, s -> random.doubles(rows).map(StandardNormal::quantile).toArray());
    SamplePredictions p = SamplePredictions.of(draws, y);
    assertThat(PredictionIntervals.of(p, 0.95).picp())
        .isEqualTo(0.95 * (m - 1) / (m + 1), within(0.015));
    assertThat(ProbabilityIntegralTransform.of(p).variance())
        .isEqualTo((1 + 2.0 / m) / 12, within(0.002));
  }

  @Test
  void momentMatchedGaussiansKeepMeanDeviationAndWeights() {
    SamplePredictions p =
        SamplePredictions.of(new double[][] {{1, 5}, {3, 5.5}}, new double[] {2, 5})
            .withWeights(new double[] {1, 3});
    GaussianPredictions g = p.toGaussian();
    assertThat(g.mean(0)).isEqualTo(2);
    assertThat(g.standardDeviation(0)).isEqualTo(1);
    assertThat(g.weight(1)).isEqualTo(3);
    assertThatThrownBy(
            () -> SamplePredictions.of(new double[][] {{1}, {1}}, new double[] {1}).toGaussian())
        .hasMessage(
            "standard deviations[0] must be finite and above 0, got 0.0 (1 row of 1 not valid)");
  }

  @Test
  void rowsWithTheSameDeviationAreNotParted() {
    double[] sd = {1, 1, 1, 2};
    VarianceCalibration bins =
        VarianceCalibration.of(
            GaussianPredictions.of(new double[4], sd, new double[] {1, 2, 3, 4}), 2);
    assertThat(bins.bins()).extracting(VarianceCalibration.Bin::count).containsExactly(3L, 1L);
    assertThat(bins.bins().get(0).rmse()).isEqualTo(Math.sqrt(14 / 3.0), within(1e-15));
  }

  @Test
  void aBinWithoutPredictedVarianceHasInfiniteNormalisedError() {
    SamplePredictions certain = SamplePredictions.of(new double[][] {{1}}, new double[] {2});
    assertThat(VarianceCalibration.of(certain).ence()).isInfinite();
    SamplePredictions right = SamplePredictions.of(new double[][] {{2}}, new double[] {2});
    assertThat(VarianceCalibration.of(right).ence()).isZero();
  }

  @Test
  void rowsWithoutWeightStillCountAsRows() {
    GaussianPredictions p =
        GaussianPredictions.of(new double[3], new double[] {1, 2, 3}, new double[3])
            .withWeights(new double[] {0, 1, 0});
    assertThat(
            VarianceCalibration.of(p, 3).bins().stream()
                .mapToLong(VarianceCalibration.Bin::count)
                .sum())
        .isEqualTo(3);
  }

  @Test
  void scoresOfOneQuantileAndOneInterval() {
    assertThat(RegressionScores.pinball(2, 0.9, 5)).isEqualTo(2.7, within(1e-15));
    assertThat(RegressionScores.pinball(5, 0.9, 2)).isEqualTo(0.3, within(1e-15));
    assertThat(RegressionScores.intervalScore(1, 3, 0.9, 2)).isEqualTo(2);
    assertThat(RegressionScores.intervalScore(1, 3, 0.9, 4)).isEqualTo(22, within(1e-12));
    assertThat(RegressionScores.intervalScore(1, 3, 0.9, 0)).isEqualTo(22, within(1e-12));
    assertThatThrownBy(() -> RegressionScores.intervalScore(3, 1, 0.9, 0))
        .hasMessage("lower must be at most upper, got 3.0 and 1.0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {95, 0, 1, -0.5, Double.NaN})
  void aLevelThatIsNoProbabilityIsRefused(double level) {
    GaussianPredictions p = overconfident(2, 1);
    assertThatThrownBy(() -> PredictionIntervals.of(p, level))
        .hasMessage(
            "level must be between 0 and 1, both excluded, got " + level + ": 95 % is 0.95");
    assertThatThrownBy(() -> RegressionScores.pinball(0, level, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void badValuesAreRefusedWithTheFirstAndHowMany() {
    double[] ok = {1, 2};
    assertThatThrownBy(() -> GaussianPredictions.of(ok, ok, new double[] {Double.NaN, Double.NaN}))
        .hasMessage("targets[0] must be finite, got NaN (2 rows of 2 not valid)");
    assertThatThrownBy(() -> GaussianPredictions.of(ok, new double[] {1, 0}, ok))
        .hasMessage(
            "standard deviations[1] must be finite and above 0, got 0.0 (1 row of 2 not valid)");
    assertThatThrownBy(() -> GaussianPredictions.of(new double[3], ok, ok))
        .hasMessage("means must have one value for each of the 2 targets, got 3");
    assertThatThrownBy(() -> GaussianPredictions.of(new double[0], new double[0], new double[0]))
        .hasMessage("predictions need at least 1 row, got 0");
    assertThatThrownBy(() -> GaussianPredictions.of(ok, ok, ok).withWeights(new double[] {0, 0}))
        .hasMessage("weights must not all be 0");
    assertThatThrownBy(() -> GaussianPredictions.of(ok, ok, ok).withWeights(new double[] {1, -1}))
        .hasMessage("weights[1] must be finite and at least 0, got -1.0 (1 row of 2 not valid)");
    assertThatThrownBy(
            () -> SamplePredictions.of(new double[][] {{1, 2}, {1, Double.POSITIVE_INFINITY}}, ok))
        .hasMessage("draws[1][1] must be finite, got Infinity (1 row of 2 not valid)");
    assertThatThrownBy(() -> SamplePredictions.of(new double[0][], ok))
        .hasMessage("draws must be at least 1 for each row, got 0");
    assertThatThrownBy(
            () -> SamplePredictions.of(new double[][] {ok}, ok).withCrps(CrpsEstimator.FAIR))
        .hasMessage("the fair CRPS needs at least 2 draws, got 1");
  }

  @Test
  void badLevelsAndBinsAreRefused() {
    GaussianPredictions p = overconfident(2, 1);
    assertThatThrownBy(() -> p.quantile(0, 1.5)).hasMessage("level must be in [0, 1], got 1.5");
    assertThatThrownBy(() -> QuantileCalibration.of(p, Kind.QUANTILE, 1))
        .hasMessage("levels must be at least 2, got 1");
    assertThatThrownBy(() -> VarianceCalibration.of(p, 0))
        .hasMessage("bins must be at least 1, got 0");
    assertThatThrownBy(() -> ProbabilityIntegralTransform.of(p).histogram(0))
        .hasMessage("bins must be at least 1, got 0");
    assertThatThrownBy(() -> LevelRecalibration.fit(new double[1], new double[2]))
        .hasMessage(
            "expected and observed proportions must be equally many, at least 1, got 1 and 2");
    assertThatThrownBy(
            () -> ProbabilityIntegralTransform.of(p.withWeights(new double[] {1, 2})).ksPValue())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("use ksStatistic(), or leave the weights out");
  }

  @Test
  void distanceOfWeightedTransformsIsThatOfRowsRepeated() {
    GaussianPredictions weighted =
        GaussianPredictions.of(new double[4], new double[] {1, 1, 2, 2}, new double[] {-1, 0, 3, 3})
            .withWeights(new double[] {2, 1, 3, 0});
    GaussianPredictions repeated =
        GaussianPredictions.of(
            new double[6], new double[] {1, 1, 1, 2, 2, 2}, new double[] {-1, -1, 0, 3, 3, 3});
    assertThat(ProbabilityIntegralTransform.of(weighted).ksStatistic())
        .isEqualTo(ProbabilityIntegralTransform.of(repeated).ksStatistic(), within(1e-15));
  }

  @Test
  void transformsOnAnEdgeBelongToTheUpperBinAndOneToTheLast() {
    double[][] draws =
        IntStream.range(0, 10).mapToObj(s -> new double[] {s, s, s}).toArray(double[][]::new);
    SamplePredictions p = SamplePredictions.of(draws, new double[] {2.5, -1, 99});
    ProbabilityIntegralTransform pit = ProbabilityIntegralTransform.of(p);
    assertThat(pit.values()).containsExactly(0.3, 0, 1);
    assertThat(pit.histogram(10)).containsExactly(1, 0, 0, 1, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void resultsAreSentences() {
    GaussianPredictions p =
        GaussianPredictions.of(
            new double[] {1, 2, 3}, new double[] {0.1, 0.5, 1}, new double[] {1.5, 3, 2});
    assertThat(RegressionScores.of(p))
        .hasToString(
            "NLL 4.9204, CRPS 0.5908, pinball 0.2980, interval score 3.2076, sharpness 0.6481, RMSE"
                + " 0.8660, MAE 0.8333 (3 rows)");
    assertThat(QuantileCalibration.of(p, Kind.CENTRAL_INTERVAL))
        .hasToString(
            "MACE 0.3733, RMSCE 0.4166, miscalibration area 0.3771 (central intervals, 100 levels, 3"
                + " rows)");
    assertThat(PredictionIntervals.of(p, 0.9).toString())
        .startsWith("PICP 0.3333 of nominal 0.9, MPIW 1.7545, interval score 5.1751");
    assertThat(VarianceCalibration.of(p, 1))
        .hasToString("ENCE 0.3363, UCE 0.3300 (1 bins, 3 rows)");
    assertThat(ProbabilityIntegralTransform.of(p).toString())
        .startsWith("PIT mean 0.7")
        .endsWith("(1/12 = 0.0833 if calibrated; 3 rows)");
  }
}
