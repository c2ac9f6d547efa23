package io.github.swag4j.calibration.selective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.github.swag4j.calibration.ood.OodGolden;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectiveGuaranteeTest {

  @Test
  void boundsAreClopperAndPearsons() {
    for (JsonElement row : OodGolden.part("bounds").getAsJsonArray()) {
      double[] v = new Gson().fromJson(row, double[].class);
      assertThat(SelectiveGuarantee.upperBound((long) v[0], (long) v[1], v[2]))
          .isCloseTo(v[3], within(1e-9));
    }
    assertThat(SelectiveGuarantee.upperBound(5, 5, 0.1)).isEqualTo(1);
  }

  /**
   * Confidence c uniform on [1/2, 1], wrong with probability 1 - c: the risk above t is (1-t)/2.
   */
  @Test
  void guaranteeFailsNoMoreOftenThanDelta() {
    Random random = new Random(12);
    int broken = 0;
    int useful = 0;
    for (int t = 0; t < 300; t++) {
      int n = 500;
      double[] c = new double[n];
      boolean[] correct = new boolean[n];
      for (int i = 0; i < n; i++) {
        c[i] = 0.5 + 0.5 * random.nextDouble();
        correct[i] = random.nextDouble() < c[i];
      }
      SelectiveGuarantee g = SelectivePrediction.of(c, correct).guarantee(0.2, 0.1);
      if (g.acceptsAny()) {
        useful++;
        assertThat(g.bound()).isLessThanOrEqualTo(0.2);
        assertThat(g.risk()).isLessThanOrEqualTo(g.bound());
        broken += (1 - g.threshold()) / 2 > 0.2 ? 1 : 0;
      }
    }
    assertThat(useful).isGreaterThan(250);
    assertThat(broken).isLessThanOrEqualTo(30);
  }

  @Test
  void hopelessRowsAcceptNothing() {
    SelectiveGuarantee g =
        SelectivePrediction.of(new double[] {0.9, 0.8, 0.7}, new boolean[] {true, true, true})
            .guarantee(0.01, 0.05);
    assertThat(g.acceptsAny()).isFalse();
    assertThat(g.threshold()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(g.toString()).contains("cannot be guaranteed at any coverage");
  }

  @Test
  void lessThanTheLeastBoundCannotBeGuaranteed() {
    double[] confidences = new double[40];
    boolean[] correct = new boolean[40];
    for (int i = 0; i < 40; i++) {
      confidences[i] = i;
      correct[i] = i >= 10;
    }
    SelectivePrediction selective = SelectivePrediction.of(confidences, correct);
    double least = SelectiveGuarantee.leastBound(selective.curve(), 0.1);
    // 30 right rows are surest, 6 halvings: 1 - (0.1 / 6)^(1/30).
    assertThat(least).isEqualTo(1 - Math.pow(0.1 / 6, 1 / 30.0), within(1e-12));
    assertThat(selective.guarantee(least - 1e-9, 0.1).acceptsAny()).isFalse();
  }

  @Test
  void manyRightRowsAreAllAccepted() {
    double[] c = new double[1000];
    boolean[] correct = new boolean[1000];
    for (int i = 0; i < 1000; i++) {
      c[i] = i;
      correct[i] = true;
    }
    SelectiveGuarantee g = SelectivePrediction.of(c, correct).guarantee(0.02, 0.05);
    assertThat(g.coverage()).isEqualTo(1);
    assertThat(g.threshold()).isZero();
    // Up to ten thresholds of a thousand are tried by halving: each has a tenth of delta.
    assertThat(g.bound()).isEqualTo(SelectiveGuarantee.upperBound(0, 1000, 0.05 / 10));
    SelectiveGuarantee two =
        SelectivePrediction.of(new double[] {1, 0}, new boolean[] {true, true})
            .guarantee(0.99, 0.05);
    assertThat(two.bound()).isEqualTo(SelectiveGuarantee.upperBound(0, 2, 0.05 / 2));
  }

  @Test
  void boundAtAChosenCoverageIsThatOfItsCounts() {
    boolean[] correct = new boolean[10];
    double[] c = new double[10];
    for (int i = 0; i < 10; i++) {
      c[i] = -i;
      correct[i] = i != 4;
    }
    assertThat(SelectivePrediction.of(c, correct).riskBoundAtCoverage(0.5, 0.05))
        .isEqualTo(SelectiveGuarantee.upperBound(1, 5, 0.05));
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> SelectiveGuarantee.upperBound(3, 2, 0.1))
        .hasMessageContaining("errors must be between 0 and trials");
    assertThatThrownBy(() -> SelectiveGuarantee.upperBound(1, 2, 0))
        .hasMessage("delta must be between 0 and 1, got 0.0");
    RiskCoverageCurve one = RiskCoverageCurve.of(new double[] {1}, new boolean[] {true});
    assertThatThrownBy(() -> SelectiveGuarantee.of(one, 1, 0.1))
        .hasMessage("target risk must be between 0 and 1, got 1.0");
  }

  @Test
  void boundsForTinyDeltasAreNotRoundedThroughOneMinusDelta() {
    // scipy 1.17: stats.beta.isf(delta, errors + 1, trials - errors)
    assertThat(SelectiveGuarantee.upperBound(5, 100, 1e-15))
        .isCloseTo(0.3975697110526062, within(1e-12));
    assertThat(SelectiveGuarantee.upperBound(5, 100, 1e-30))
        .isCloseTo(0.5896012391925416, within(1e-12));
    assertThat(SelectiveGuarantee.upperBound(1, 203, 2.599895189498406e-12))
        .isCloseTo(0.1381827797060086, within(1e-12));
    assertThat(SelectiveGuarantee.upperBound(10, 1_086_007, 1.1674753579424211e-11))
        .isCloseTo(4.535928542159637e-05, within(1e-13));
  }

  @Test
  void noRowPassesTheThresholdOfNoGuarantee() {
    double[] confidences = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 1};
    SelectiveGuarantee none =
        SelectiveGuarantee.of(
            RiskCoverageCurve.of(confidences, new boolean[] {false, false, true}), 0.1, 0.1);
    assertThat(none.acceptsAny()).isFalse();
    for (double confidence : confidences) {
      assertThat(confidence >= none.threshold()).isFalse();
    }
  }
}
