package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.features.FeatureBatch;
import io.github.swag4j.calibration.ood.features.KlMatching;
import io.github.swag4j.calibration.ood.features.NearestNeighbours;
import io.github.swag4j.calibration.posterior.SampleMean;
import io.github.swag4j.calibration.posterior.SampleUncertainty;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What other libraries get wrong in detection and selection, one test for each. */
class DetectionDefectsOfPeersTest {

  /** TorchUncertainty's CovAtxRisk looks up a flipped mask and returns NaN here. */
  @Test
  void torchUncertaintyFindsNoCoverageWhenTheMostConfidentRowIsWrong() {
    double[] confidences = new double[100];
    boolean[] correct = new boolean[100];
    for (int i = 0; i < 100; i++) {
      confidences[i] = 1 - i / 200.0;
      correct[i] = i > 0;
    }
    assertThat(RiskCoverageCurve.of(confidences, correct).coverageAtRisk(0.05)).isEqualTo(1);
  }

  /** TorchUncertainty's AURC of a constant score is .486 or .042 with the order of rows. */
  @Test
  void torchUncertaintysAurcDependsOnTheOrderOfTiedRows() {
    double[] constant = new double[8];
    boolean[] wrongFirst = {false, false, true, true, true, true, true, true};
    boolean[] wrongLast = {true, true, true, true, true, true, false, false};
    for (boolean[] correct : new boolean[][] {wrongFirst, wrongLast}) {
      RiskCoverageCurve curve = RiskCoverageCurve.of(constant, correct);
      assertThat(curve.aurc()).isCloseTo(0.25, within(1e-15));
      assertThat(curve.aurcTrapezoid()).isCloseTo(0.25, within(1e-15));
    }
  }

  /** TorchUncertainty plots another AUGRC than it computes. */
  @Test
  void torchUncertaintyPrintsAnotherAugrcThanItComputes() {
    SelectivePrediction s = SelectivePrediction.of(OodFixture.in());
    assertThat(s.toString())
        .contains(String.format(Locale.ROOT, "AURC %.4f", s.aurc()))
        .contains(String.format(Locale.ROOT, "AUGRC %.4f", s.augrc()));
  }

  /** TorchUncertainty's FPRx takes the point closest to the level: 94 % here, with FPR 0. */
  @Test
  void torchUncertaintyTakesTheClosestPointInsteadOfTheFirstThatReachesTheLevel() {
    double[] out = new double[100];
    Arrays.fill(out, 0, 94, 3); // 94 % found at threshold 3, all at threshold 1
    Arrays.fill(out, 94, 100, 1);
    DetectionCurve curve = DetectionCurve.of(new double[] {0, 2, 2, 2}, out);
    assertThat(curve.fpr95()).isEqualTo(0.75);
  }

  /** torchmetrics puts scores outside [0, 1] through a sigmoid, where 40 and 80 are both 1. */
  @Test
  void torchmetricsSaturatesLargeScoresBySigmoid() {
    assertThat((float) (1 / (1 + Math.exp(-40.0)))).isEqualTo((float) (1 / (1 + Math.exp(-80.0))));
    DetectionCurve curve = DetectionCurve.of(new double[] {40, 41, 42}, new double[] {80, 81});
    assertThat(curve.auroc()).isEqualTo(1);
  }

  /**
   * torchmetrics decides batch by batch whether to apply a sigmoid: 0.9 stays, 1.1 becomes 0.75.
   */
  @Test
  void torchmetricsOrdersScoresByTheBatchTheyCameIn() {
    assertThat(DetectionCurve.of(new double[] {0.9}, new double[] {1.1}).auroc()).isEqualTo(1);
  }

  /**
   * torchmetrics lets NaN pass through nan_to_num where confidences are binned; here it is refused.
   */
  @Test
  void torchmetricsSwallowsScoresThatAreNoNumbers() {
    assertThatThrownBy(() -> DetectionCurve.of(new double[] {Double.NaN}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got NaN");
  }

  /** pytorch-ood and uncertainty-baselines compute 0 log 0 as NaN. */
  @Test
  void pytorchOodsEntropyOfACertainRowIsNotANumber() {
    Predictions certain = Predictions.of(new double[][] {{0, 1, 0}}, new int[] {1});
    assertThat(OodScore.entropy().score(certain)).containsExactly(0);
    assertThat(OodScore.generalisedEntropy().score(certain)).containsExactly(0);
    assertThat(KlMatching.fit(certain).score(certain)).containsExactly(0);
  }

  /** probly and DL4J step through tied scores row by row: 1 or 0 with the order of rows. */
  @Test
  void problyAndDl4jLetTheOrderOfTiedRowsDecideTheAuroc() {
    double[] tied = {0.3, 0.3, 0.3};
    assertThat(DetectionCurve.of(tied, tied).auroc()).isEqualTo(0.5);
    assertThat(DetectionCurve.of(tied, tied).roc()).hasSize(2);
  }

  /** DL4J's thresholded ROC assumes scores in [0, 1]. */
  @Test
  void dl4jsThresholdsCoverOnlyTheUnitInterval() {
    assertThat(DetectionCurve.of(new double[] {-9, 4}, new double[] {5, 1e9}).auroc()).isEqualTo(1);
  }

  /** OpenOOD's k-nearest neighbours divides by the norm before adding its guard: 0/0. */
  @Test
  void openOodsNeighboursOfARowOfZerosAreNotNumbers() {
    FeatureBatch train = FeatureBatch.of(new double[][] {{1, 0}, {0, 2}});
    double[] scores =
        NearestNeighbours.fit(train, 1).score(FeatureBatch.of(new double[][] {{0, 0}}));
    assertThat(scores).containsExactly(1);
  }

  /** OpenOOD changed which class FPR95 calls positive; both are here under their own names. */
  @Test
  void openOodsFprNeedsToSayWhichClassIsPositive() {
    double[] in = new double[100];
    double[] out = new double[100];
    Arrays.setAll(in, i -> i);
    Arrays.setAll(out, i -> i < 10 ? -1 : 200);
    DetectionCurve curve = DetectionCurve.of(in, out);
    assertThat(curve.fpr95()).isEqualTo(1);
    assertThat(curve.fpr95IdPositive()).isEqualTo(0.1);
    assertThat(curve.toString()).contains("(out-of-distribution positive)");
  }

  /** The straight lines of pytorch-ood and OpenOOD are not average precision. */
  @Test
  void pytorchOodCallsTheTrapezoidAveragePrecision() {
    DetectionCurve curve = DetectionCurve.of(new double[] {3, 1, 0}, new double[] {2, 1});
    assertThat(curve.auprOut()).isCloseTo(0.5 * (1.0 / 2) + 0.5 * (2.0 / 4), within(1e-15));
    assertThat(curve.auprOutTrapezoid()).isNotEqualTo(curve.auprOut());
  }

  /** fd-shifts' e-AURC compares plateaus with an oracle of another kind and can be negative. */
  @Test
  void fdShiftsExcessOfAPerfectRankingIsNegative() {
    RiskCoverageCurve perfect =
        RiskCoverageCurve.of(new double[] {1, 1, 0, 0}, new boolean[] {true, true, false, false});
    assertThat(perfect.aurcLinear() - perfect.oracleAurcClosedForm()).isNegative();
    assertThat(perfect.excessAurc()).isCloseTo(0, within(1e-15));
  }

  /** TorchUncertainty and OpenOOD average logits without saying so. */
  @Test
  void torchUncertaintyAndOpenOodAverageLogitsSilently() {
    Predictions p =
        Predictions.builder().samples(new double[][][] {{{0.9, 0.1}}, {{0.2, 0.8}}}).build();
    SampleUncertainty probabilities = SampleUncertainty.of(p, SampleMean.PROBABILITIES);
    SampleUncertainty logits = SampleUncertainty.of(p, SampleMean.LOGITS);
    assertThat(probabilities.predictions().probability(0, 0)).isCloseTo(0.55, within(1e-15));
    assertThat(logits.predictions().probability(0, 0)).isCloseTo(0.6, within(1e-12));
    assertThat(probabilities.toString()).contains("mean of probabilities");
    assertThat(logits.toString()).contains("mean of logits");
  }
}
