package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One row with nearly all of the weight: 1 - sum of squared shares has no digits left. */
class DominantWeightTest {
  private static final double[] IN = {0, 1, 2};
  private static final double[] ONE_EACH = {1, 1, 1};
  private static final double[] OUT = {0.5, 1.5};

  /** Of the second row's weight u the exact SE^2 is u d^2 / (1 + u)^3 + 1/9 sum of ... */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-8, 1e-12, 1e-15, 1e-16, 1e-17, 1e-30, 1e-100, 1e-300})
  void standardErrorHasItsClosedFormForAnyWeight(double u) {
    DetectionCurve curve = DetectionCurve.of(IN, ONE_EACH, OUT, new double[] {1, u});
    assertThat(curve.aurocStandardError()).isCloseTo(expected(u), within(1e-12));
    assertThat(curve.aurocInterval(0.95).lower()).isLessThan(curve.auroc());
  }

  /**
   * Placements of out rows are 1/3 and 2/3; of in rows 1, s and 0, with the light row's share s.
   * Sums of squares over m = 2 rows of shares 1 - s and s, times 1/(1 - sum of squared shares) =
   * 1/(2 s (1 - s)), are s (1 - s) / 9.
   */
  private static double expected(double u) {
    double s = u / (1 + u);
    double mean = (1 + s) / 3;
    double squares = (1 - mean) * (1 - mean) + (s - mean) * (s - mean) + mean * mean;
    return Math.sqrt(s * (1 - s) / 9 + 1.5 * squares / 9);
  }

  @Test
  void standardErrorOfPairedScoresIsContinuousToo() {
    double[] second = {0.5, 0.7};
    double[] other = {1, 0, 2};
    double before = Double.NaN;
    for (double u : new double[] {1e-13, 1e-16, 1e-17, 1e-30, 1e-200}) {
      AurocComparison comparison =
          AurocComparison.paired(IN, OUT, other, second, ONE_EACH, new double[] {1, u});
      if (!Double.isNaN(before)) {
        assertThat(comparison.standardError()).isCloseTo(before, within(1e-6));
      }
      before = comparison.standardError();
      assertThat(before).isPositive().isFinite();
    }
  }
}
