package io.github.swag4j.calibration.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.regression.QuantileCalibration.Kind;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The numbers that uncertainty-toolbox's own tests pin, and where they are wrong; MAPIE's score.
 */
class UncertaintyToolboxTest {

  private static final GaussianPredictions THREE =
      GaussianPredictions.of(
          new double[] {1, 2, 3}, new double[] {0.1, 0.5, 1}, new double[] {1.5, 3, 2});

  /** Means and targets turned round: what its quantile mode in effect looks at. */
  private static final GaussianPredictions THREE_MIRRORED =
      GaussianPredictions.of(
          new double[] {-1, -2, -3}, new double[] {0.1, 0.5, 1}, new double[] {-1.5, -3, -2});

  @Test
  void scoresOfThreeRows() {
    RegressionScores scores = RegressionScores.of(THREE);
    assertThat(scores.sharpness()).isEqualTo(0.648074069840786, within(1e-12));
    assertThat(scores.nll().orElseThrow()).isEqualTo(4.920361108686675, within(1e-12));
    assertThat(scores.crps()).isEqualTo(0.59080610693, within(1e-10));
    assertThat(scores.pinball()).isEqualTo(0.29801437323836477, within(1e-12));
    assertThat(scores.intervalScore()).isEqualTo(3.20755700861995, within(1e-12));
  }

  @Test
  void centralIntervalsOfThreeRows() {
    QuantileCalibration curve = QuantileCalibration.of(THREE, Kind.CENTRAL_INTERVAL);
    assertThat(curve.rmsce()).isEqualTo(0.4165757476562379, within(1e-12));
    assertThat(curve.mace()).isEqualTo(0.3733333333333335, within(1e-12));
    assertThat(curve.miscalibrationArea()).isEqualTo(0.37710437710437716, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.25, 0", "0.5, 0", "0.75, 0.3333333333333333", "1, 1"})
  void sharesInsideCentralIntervals(double level, double share) {
    QuantileCalibration curve = QuantileCalibration.of(THREE, Kind.CENTRAL_INTERVAL, 5);
    assertThat(curve.observed()[(int) (4 * level)]).isEqualTo(share, within(1e-12));
  }

  @Test
  void uncertaintyToolboxMirrorsQuantilesBecauseItTakesResidualsTheOtherWayRound() {
    // P(y <= q25): 2 of (1, 2, 3) is below its quartile 2.33, the others are far above: 1/3.
    double[] observed = QuantileCalibration.of(THREE, Kind.QUANTILE, 5).observed();
    assertThat(observed).containsExactly(0, 1 / 3.0, 1 / 3.0, 1 / 3.0, 1);
    // It reports 2/3 at .25, .5 and .75: the shares of the mirrored problem.
    double[] mirrored = QuantileCalibration.of(THREE_MIRRORED, Kind.QUANTILE, 5).observed();
    assertThat(mirrored).containsExactly(0, 2 / 3.0, 2 / 3.0, 2 / 3.0, 1);
    // And these are the values its tests pin for "quantile".
    QuantileCalibration pinned = QuantileCalibration.of(THREE_MIRRORED, Kind.QUANTILE);
    assertThat(pinned.rmsce()).isEqualTo(0.30362567774902066, within(1e-12));
    assertThat(pinned.mace()).isEqualTo(0.23757575757575758, within(1e-12));
    assertThat(pinned.miscalibrationArea()).isEqualTo(0.23916245791245785, within(1e-12));
  }

  @Test
  void quantileCurvesOfAShiftedModelLieOnTheRightSideOfTheDiagonal() {
    // Predictions 1 sd too high: more than p of the values fall below the p-quantile.
    double[] mean = new double[200];
    double[] sd = new double[200];
    double[] y = new double[200];
    for (int i = 0; i < 200; i++) {
      sd[i] = 2;
      mean[i] = 5;
      y[i] = 5 - 2 + 2 * StandardNormal.quantile((i + 0.5) / 200);
    }
    QuantileCalibration curve =
        QuantileCalibration.of(GaussianPredictions.of(mean, sd, y), Kind.QUANTILE, 5);
    assertThat(curve.observed()[1])
        .isEqualTo(StandardNormal.cdf(-0.6744897501960817 + 1), within(0.005));
    assertThat(curve.observed()[2]).isEqualTo(StandardNormal.cdf(1), within(0.005));
  }

  @ParameterizedTest
  @CsvSource({
    "0.01, 0.76736521, 0.83682606, 0.67365213",
    "0.25, 0.93255102, 1.66275512, 2.32551025",
    "0.50, 1, 2, 3",
    "0.75, 1.06744898, 2.33724488, 3.67448975",
    "0.99, 1.23263479, 3.16317394, 5.32634787"
  })
  void quantilesOfThreeRows(double level, double first, double second, double third) {
    assertThat(THREE.quantile(0, level)).isEqualTo(first, within(1e-8));
    assertThat(THREE.quantile(1, level)).isEqualTo(second, within(1e-8));
    assertThat(THREE.quantile(2, level)).isEqualTo(third, within(1e-8));
  }

  @Test
  void isotonicRecalibrationOfAHundredRows() {
    GaussianPredictions hundred =
        GaussianPredictions.of(
            IntStream.range(0, 100).mapToDouble(i -> i / 100.0).toArray(),
            IntStream.rangeClosed(1, 100).mapToDouble(i -> i / 20.0).toArray(),
            IntStream.range(0, 100).mapToDouble(i -> i / 100.0 + 0.5).toArray());
    QuantileCalibration before = QuantileCalibration.of(hundred, Kind.CENTRAL_INTERVAL);
    assertThat(before.mace()).isEqualTo(0.24206060606060598, within(1e-12));
    assertThat(before.rmsce()).isEqualTo(0.28741418862839013, within(1e-12));
    assertThat(before.miscalibrationArea()).isEqualTo(0.24426139657444004, within(1e-12));
    LevelRecalibration recalibration = LevelRecalibration.fit(before);
    QuantileCalibration after =
        QuantileCalibration.of(hundred, Kind.CENTRAL_INTERVAL, 100, recalibration);
    assertThat(after.mace()).isEqualTo(0.003035353535353514, within(1e-12));
    assertThat(after.rmsce()).isEqualTo(0.003981861230030349, within(1e-12));
    assertThat(after.miscalibrationArea()).isEqualTo(0.0029569160997732057, within(1e-12));
    double[] asked = Arrays.stream(before.observed()).map(recalibration::nominal).toArray();
    assertThat(asked).isSorted();
  }

  /** MAPIE's test of the mean Winkler score: four central 90 % intervals and a target of 10. */
  @Test
  void winklerScoreOfMapieHolds() {
    double z = StandardNormal.quantile(0.95);
    double[] middle = {10, 20, 10, -2.5}; // 5 to 15, 15 to 25, 8 to 12, -5 to 0
    double[] half = {5, 5, 2, 2.5};
    double[] sd = Arrays.stream(half).map(h -> h / z).toArray();
    PredictionIntervals intervals =
        PredictionIntervals.of(
            GaussianPredictions.of(middle, sd, new double[] {10, 10, 10, 10}), 0.9);
    assertThat(intervals.intervalScore()).isEqualTo(82.25, within(1e-12));
    assertThat(intervals.mpiw()).isEqualTo(7.25, within(1e-12));
    assertThat(intervals.picp()).isEqualTo(0.5);
  }
}
