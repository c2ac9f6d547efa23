package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.ood.DetectionCurve.PrecisionRecallPoint;
import io.github.swag4j.calibration.ood.DetectionCurve.RocPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class DetectionCurveTest {

  @Test
  void perfectSeparationIsPerfectEverywhere() {
    DetectionCurve curve = DetectionCurve.of(new double[] {1, 2, 3}, new double[] {4, 5});
    assertThat(curve.auroc()).isEqualTo(1);
    assertThat(curve.aurocStandardError()).isZero();
    assertThat(curve.auprOut()).isEqualTo(1);
    assertThat(curve.auprIn()).isEqualTo(1);
    assertThat(curve.fpr95()).isZero();
    assertThat(curve.fpr95IdPositive()).isZero();
    assertThat(curve.detectionError()).isZero();
  }

  @Test
  void constantScoresKnowNothing() {
    DetectionCurve curve = DetectionCurve.of(new double[] {7, 7, 7}, new double[] {7});
    assertThat(curve.auroc()).isEqualTo(0.5);
    assertThat(curve.auprOut()).isEqualTo(0.25);
    assertThat(curve.auprIn()).isEqualTo(0.75);
    assertThat(curve.fpr95()).isEqualTo(1);
    assertThat(curve.fpr95IdPositive()).isEqualTo(1);
    assertThat(curve.detectionError()).isEqualTo(0.5);
  }

  @Test
  void oneRowHasNoStandardError() {
    DetectionCurve curve = DetectionCurve.of(new double[] {1, 2}, new double[] {1.5});
    assertThat(curve.auroc()).isEqualTo(0.5);
    assertThat(curve.aurocStandardError()).isNaN();
  }

  @Test
  void zerosOfBothSignsTie() {
    assertThat(DetectionCurve.of(new double[] {0.0}, new double[] {-0.0}).auroc()).isEqualTo(0.5);
    assertThat(DetectionCurve.of(new double[] {-0.0}, new double[] {0.0}).fpr95IdPositive())
        .isEqualTo(1);
  }

  @Test
  void infiniteScoresAreCompared() {
    double infinity = Double.POSITIVE_INFINITY;
    DetectionCurve curve =
        DetectionCurve.of(new double[] {-infinity, 0}, new double[] {infinity, infinity});
    assertThat(curve.auroc()).isEqualTo(1);
    assertThat(curve.fpr95()).isZero();
    DetectionCurve tied = DetectionCurve.of(new double[] {infinity}, new double[] {infinity});
    assertThat(tied.auroc()).isEqualTo(0.5);
    assertThat(tied.fpr95IdPositive()).isEqualTo(1);
    assertThat(tied.fpr95()).isEqualTo(1);
  }

  @Test
  void scoresThatAreNoNumbersAreRefused() {
    assertThatThrownBy(
            () -> DetectionCurve.of(new double[] {1, Double.NaN, 2, Double.NaN}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("in-distribution scores[1] must be a number, got NaN (2 of 4 scores are NaN)");
    double[] large = new double[60_000];
    large[59_999] = Double.NaN;
    assertThatThrownBy(() -> DetectionCurve.of(new double[60_000], large))
        .hasMessageStartingWith("out-of-distribution scores[59999] must be a number, got NaN");
    assertThatThrownBy(() -> DetectionCurve.of(large, new double[60_000]))
        .hasMessageStartingWith("in-distribution scores[59999] must be a number, got NaN");
  }

  @Test
  void emptySetsAreRefused() {
    assertThatThrownBy(() -> DetectionCurve.of(new double[] {1}, new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("out-of-distribution scores must not be empty, got 0 scores");
    assertThatThrownBy(() -> DetectionCurve.of(new double[0], new double[] {1}))
        .hasMessage("in-distribution scores must not be empty, got 0 scores");
  }

  @Test
  void levelsOutOfRangeAreRefused() {
    DetectionCurve curve = DetectionCurve.of(new double[] {1}, new double[] {2});
    assertThatThrownBy(() -> curve.fprAtTpr(0)).hasMessageContaining("level must be above 0");
    assertThatThrownBy(() -> curve.aurocInterval(1)).hasMessageContaining("level must be between");
  }

  @Test
  void nineteenOfTwentyReachNinetyFivePercent() {
    double[] out = new double[20];
    Arrays.setAll(out, i -> i);
    DetectionCurve curve = DetectionCurve.of(new double[] {0.5, 1.5}, out);
    assertThat(curve.thresholdAtTpr(0.95)).isEqualTo(1);
    assertThat(curve.fpr95()).isEqualTo(0.5);
    assertThat(curve.fprAtTpr(0.951)).isEqualTo(1);
  }

  @Test
  void curvesRunFromNothingToEverything() {
    DetectionCurve curve = DetectionCurve.of(new double[] {1, 2, 2}, new double[] {2, 3});
    assertThat(curve.roc())
        .containsExactly(
            new RocPoint(Double.POSITIVE_INFINITY, 0, 0),
            new RocPoint(3, 0, 0.5),
            new RocPoint(2, 2.0 / 3, 1),
            new RocPoint(1, 1, 1));
    assertThat(curve.precisionRecallOut())
        .containsExactly(
            new PrecisionRecallPoint(Double.POSITIVE_INFINITY, 0, 1),
            new PrecisionRecallPoint(3, 0.5, 1),
            new PrecisionRecallPoint(2, 1, 0.5),
            new PrecisionRecallPoint(1, 1, 0.4));
    assertThat(curve.precisionRecallIn())
        .containsExactly(
            new PrecisionRecallPoint(Double.NEGATIVE_INFINITY, 0, 1),
            new PrecisionRecallPoint(1, 1.0 / 3, 1),
            new PrecisionRecallPoint(2, 1, 0.75),
            new PrecisionRecallPoint(3, 1, 0.6));
  }

  @Test
  void areaBelowTheRocPointsIsTheAuroc() {
    Random random = new Random(5);
    double[] in = random.doubles(300).map(v -> Math.rint(v * 40)).toArray();
    double[] out = random.doubles(200).map(v -> Math.rint(v * 50)).toArray();
    DetectionCurve curve = DetectionCurve.of(in, out);
    List<RocPoint> points = curve.roc();
    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      RocPoint a = points.get(i - 1);
      RocPoint b = points.get(i);
      area +=
          0.5
              * (a.truePositiveRate() + b.truePositiveRate())
              * (b.falsePositiveRate() - a.falsePositiveRate());
    }
    assertThat(area).isCloseTo(curve.auroc(), within(1e-12));
  }

  @Test
  void printedNumbersSayTheirConvention() {
    assertThat(DetectionCurve.of(new double[] {1, 2}, new double[] {3, 4}))
        .hasToString(
            "AUROC 1.0000 (+- 0.0000 DeLong), AUPR-out 1.0000, FPR95 0.0000 (out-of-distribution"
                + " positive), 2 in, 2 out");
  }

  @Test
  void intervalsOfOneLevelCoverTheTruthAboutThatOften() {
    Random random = new Random(11);
    double truth = new NormalDistribution().cumulativeProbability(1 / Math.sqrt(2));
    int covered = 0;
    for (int t = 0; t < 400; t++) {
      double[] in = random.doubles(80).map(v -> random.nextGaussian()).toArray();
      double[] out = random.doubles(60).map(v -> random.nextGaussian() + 1).toArray();
      Interval interval = DetectionCurve.of(in, out).aurocInterval(0.9);
      covered += interval.lower() <= truth && truth <= interval.upper() ? 1 : 0;
    }
    assertThat(covered).isBetween(335, 380); // 360 expected, standard deviation 6
  }

  @Test
  void intervalsEndAtNoughtAndOne() {
    DetectionCurve good =
        DetectionCurve.of(new double[] {1, 2, 3, 6}, new double[] {5, 7, 8, 9, 10});
    double z = new NormalDistribution().inverseCumulativeProbability(0.975);
    assertThat(good.auroc() + z * good.aurocStandardError()).isGreaterThan(1);
    assertThat(good.aurocInterval(0.95).upper()).isEqualTo(1);
    assertThat(good.aurocInterval(0.95).lower())
        .isCloseTo(good.auroc() - z * good.aurocStandardError(), within(1e-12));
    DetectionCurve bad =
        DetectionCurve.of(new double[] {5, 7, 8, 9, 10}, new double[] {1, 2, 3, 6});
    assertThat(bad.aurocInterval(0.95).lower()).isZero();
    assertThat(bad.aurocInterval(0.95).upper())
        .isCloseTo(1 - good.aurocInterval(0.95).lower(), within(1e-12));
  }

  @Test
  void scoresComparedWithThemselvesDoNotDiffer() {
    double[] in = {1, 2, 3};
    double[] out = {2, 4};
    AurocComparison same = AurocComparison.paired(in, out, in, out);
    assertThat(same.difference()).isZero();
    assertThat(same.standardError()).isZero();
    assertThat(same.pValue()).isEqualTo(1);
    assertThatThrownBy(() -> AurocComparison.paired(in, out, out, in))
        .hasMessageContaining("in-distribution rows must be the same for both scores, got 3 and 2")
        .hasMessageContaining("unpaired");
  }

  @Test
  void variancesOfDifferentRowsAdd() {
    DetectionCurve a = DetectionCurve.of(new double[] {1, 2, 5}, new double[] {3, 4});
    DetectionCurve b = DetectionCurve.of(new double[] {1, 4, 5}, new double[] {3, 6});
    AurocComparison comparison = AurocComparison.unpaired(a, b);
    assertThat(comparison.standardError())
        .isCloseTo(
            Math.sqrt(Math.pow(a.aurocStandardError(), 2) + Math.pow(b.aurocStandardError(), 2)),
            within(1e-15));
    assertThat(comparison.interval(0.95).lower()).isLessThan(comparison.difference());
  }
}
