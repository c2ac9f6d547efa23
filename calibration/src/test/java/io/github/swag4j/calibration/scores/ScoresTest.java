package io.github.swag4j.calibration.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {

  @Test
  void twoClassBrierIsTwiceScikitLearnsHoweverItIsGiven() {
    // sklearn.metrics.brier_score_loss([1, 0, 1, 0], [.9, .2, .6, .4]) of 1.9.0; with
    // scale_by_half=False it is 0.185.
    double scikitLearn = 0.0925;
    int[] labels = {1, 0, 1, 0};
    ProperScores one =
        ProperScores.of(Predictions.binary(new double[] {0.9, 0.2, 0.6, 0.4}, labels));
    ProperScores two =
        ProperScores.of(
            Predictions.of(
                new double[][] {{0.1, 0.9}, {0.8, 0.2}, {0.4, 0.6}, {0.6, 0.4}}, labels));
    for (ProperScores scores : List.of(one, two)) {
      assertThat(scores.brier()).isCloseTo(2 * scikitLearn, within(1e-15));
      assertThat(scores.topLabelBrier()).isCloseTo(scikitLearn, within(1e-15));
    }
  }

  @Test
  void aMissByOneClassCostsLessThanAMissByThree() {
    double[][] p = {{1, 0, 0, 0}};
    assertThat(RankedProbabilityScore.of(Predictions.of(p, new int[] {1})).value()).isEqualTo(1);
    var far = RankedProbabilityScore.of(Predictions.of(p, new int[] {3}));
    assertThat(far.value()).isEqualTo(3);
    assertThat(far.normalised()).isEqualTo(1);
    assertThat(far).hasToString("RPS 3.0000 (4 ordered classes, 1 row)");
  }

  @Test
  void withTwoClassesTheRankedScoreIsTheBrierScoreOfOne() {
    var predictions = Predictions.binary(new double[] {.3, .9, .6}, new int[] {0, 1, 0});
    assertThat(RankedProbabilityScore.of(predictions).value())
        .isCloseTo(ProperScores.of(predictions).brier() / 2, within(1e-15));
  }

  @Test
  void theLabelsOwnDistributionIsTheBestForecastOnAverage() {
    double[] truth = {.5, .3, .2};
    double[][] others = {{.6, .2, .2}, {1. / 3, 1. / 3, 1. / 3}, {.3, .5, .2}, {.9, .05, .05}};
    double[] best = expected(truth, truth);
    for (double[] other : others) {
      double[] got = expected(other, truth);
      for (int score = 0; score < best.length; score++) {
        assertThat(got[score]).isGreaterThan(best[score]);
      }
    }
  }

  @Test
  void theMatrixCountsLabelsDownAndPredictionsAcross() {
    double[][] p = {{.8, .2}, {.4, .6}, {.7, .3}, {.1, .9}};
    var predictions =
        Predictions.builder()
            .probabilities(p)
            .labels(new int[] {0, 0, 1, 1})
            .weights(new double[] {1, 1, 1, 5})
            .classNames(List.of("cat", "dog"))
            .build();
    var matrix = ConfusionMatrix.of(predictions);
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.weight(1, 1)).isEqualTo(5);
    assertThat(matrix.accuracy()).isEqualTo(6 / 8.0);
    assertThat(matrix.recall(1)).isCloseTo(5 / 6.0, within(1e-15));
    assertThat(matrix.precision(0)).isEqualTo(.5);
    assertThat(matrix.balancedAccuracy()).isCloseTo((.5 + 5 / 6.0) / 2, within(1e-15));
    assertThat(matrix.toString().lines())
        .containsExactly("     cat dog", " cat   1   1", " dog   1   1");
  }

  @Test
  void equallyProbableClassesRankByIndex() {
    var tied = Predictions.of(new double[][] {{.25, .25, .25, .25}}, new int[] {2});
    assertThat(ConfusionMatrix.topKAccuracy(tied, 2)).isZero();
    assertThat(ConfusionMatrix.topKAccuracy(tied, 3)).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.topKAccuracy(tied, 5))
        .withMessage("k must be between 1 and the number of classes, 4, got 5");
  }

  /** Mean NLL, Brier, negated spherical and ranked score of a forecast when labels follow truth. */
  private static double[] expected(double[] forecast, double[] truth) {
    double[][] p = {forecast, forecast, forecast};
    var predictions =
        Predictions.builder().probabilities(p).labels(new int[] {0, 1, 2}).weights(truth).build();
    var scores = ProperScores.of(predictions);
    return new double[] {
      scores.nll(),
      scores.brier(),
      -scores.spherical(),
      RankedProbabilityScore.of(predictions).value()
    };
  }
}
