package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Interval;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AurocScoreIntervalTest {

  private static double[] normal(Random random, int rows, double mean) {
    double[] x = new double[rows];
    Arrays.setAll(x, i -> mean + random.nextGaussian());
    return x;
  }

  /** Shift of normal scores, and the AUROC Phi(shift / sqrt 2) that it gives. */
  @ParameterizedTest
  @CsvSource({
    "10, 0, 0.5",
    "10, 1.812388, 0.9",
    "20, 2.659865, 0.97",
    "20, 3.642769, 0.995",
    "50, 2.659865, 0.97"
  })
  void coversAtItsLevelWithFewRowsAndNearOneWhereDeLongDoesNot(
      int rows, double shift, double auroc) {
    Random random = new Random(20);
    int covered = 0;
    int coveredByDeLong = 0;
    for (int i = 0; i < 2_000; i++) {
      DetectionCurve curve =
          DetectionCurve.of(normal(random, rows, 0), normal(random, rows, shift));
      Interval score = curve.aurocScoreInterval(0.95);
      Interval delong = curve.aurocInterval(0.95);
      covered += score.lower() <= auroc && auroc <= score.upper() ? 1 : 0;
      coveredByDeLong += delong.lower() <= auroc && auroc <= delong.upper() ? 1 : 0;
    }
    assertThat(covered / 2_000.0).isBetween(0.935, 0.995);
    assertThat(coveredByDeLong / 2_000.0).isLessThan(auroc > 0.9 ? 0.9 : 0.94);
  }

  @Test
  void scoresThatDoNotOverlapLeaveDoubt() {
    DetectionCurve curve = DetectionCurve.of(new double[] {1, 2, 3}, new double[] {4, 5});
    assertThat(curve.aurocInterval(0.95)).isEqualTo(new Interval(1, 1));
    Interval score = curve.aurocScoreInterval(0.95);
    assertThat(score.upper()).isEqualTo(1);
    assertThat(score.lower()).isBetween(0.2, 0.6);
    DetectionCurve one = DetectionCurve.of(new double[] {1}, new double[] {2});
    assertThat(one.aurocScoreInterval(0.95).lower()).isBetween(0.0, 0.25);
  }

  @Test
  void endsSolveTheEquationOfTheInterval() {
    DetectionCurve curve =
        DetectionCurve.of(new double[] {1, 2, 3, 5}, new double[] {2, 4, 6, 7, 8});
    double z = 1.959963984540054;
    Interval score = curve.aurocScoreInterval(0.95);
    for (double t : new double[] {score.lower(), score.upper()}) {
      double v = t * (1 - t) * (1 + 3.5 * ((1 - t) / (2 - t) + t / (1 + t))) / 20;
      assertThat(Math.abs(curve.auroc() - t)).isCloseTo(z * Math.sqrt(v), within(1e-12));
    }
    assertThat(score.lower()).isLessThan(curve.auroc());
    assertThat(score.upper()).isGreaterThan(curve.auroc());
  }

  @Test
  void reversedScoresHaveTheMirroredInterval() {
    double[] in = {1, 2, 3, 5};
    double[] out = {2, 4, 6, 7, 8};
    Interval score = DetectionCurve.of(in, out).aurocScoreInterval(0.9);
    Interval reversed = DetectionCurve.of(out, in).aurocScoreInterval(0.9);
    assertThat(reversed.lower()).isCloseTo(1 - score.upper(), within(1e-12));
    assertThat(reversed.upper()).isCloseTo(1 - score.lower(), within(1e-12));
  }

  @Test
  void rowsOfWeightZeroDoNotNarrowIt() {
    Interval plain =
        DetectionCurve.of(new double[] {1, 2, 3}, new double[] {2.5, 4}).aurocScoreInterval(0.95);
    Interval weighted =
        DetectionCurve.of(
                new double[] {1, 2, 3, 9},
                new double[] {2, 2, 2, 0},
                new double[] {2.5, 4},
                new double[] {2, 2.0000001})
            .aurocScoreInterval(0.95);
    assertThat(weighted.lower()).isCloseTo(plain.lower(), within(1e-6));
    assertThat(weighted.upper()).isCloseTo(plain.upper(), within(1e-6));
  }

  @Test
  void levelsOutOfRangeAreRefused() {
    DetectionCurve curve = DetectionCurve.of(new double[] {1}, new double[] {2});
    assertThatThrownBy(() -> curve.aurocScoreInterval(1))
        .hasMessage("level must be between 0 and 1, got 1.0");
  }
}
