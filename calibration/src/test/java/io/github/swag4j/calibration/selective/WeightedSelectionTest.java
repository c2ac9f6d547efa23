package io.github.swag4j.calibration.selective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.OodGolden;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.ood.WeightedGolden;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedSelectionTest {
  private static final double[] CONFIDENCES = {0.9, 0.8, 0.8, 0.5};
  private static final boolean[] CORRECT = {false, true, false, true};

  static IntStream cases() {
    return IntStream.range(0, WeightedGolden.cases("selective").size());
  }

  /** The first case repeats rows and averages all orders of ties; the rest integrate. */
  @ParameterizedTest
  @MethodSource("cases")
  void areasOfWeightedRowsAreThoseOfSciPyAndScikitLearn(int i) {
    JsonObject golden = WeightedGolden.cases("selective").get(i);
    SelectivePrediction selective =
        SelectivePrediction.of(
            OodGolden.numbers(golden, "confidences"),
            new Gson().fromJson(golden.get("correct"), boolean[].class),
            OodGolden.numbers(golden, "weights"));
    RiskCoverageCurve curve = selective.curve();
    assertThat(curve.hasWeights()).isTrue();
    OodGolden.check(golden, "aurc", curve.aurc());
    if (golden.has("aurc_trapezoid")) {
      OodGolden.check(golden, "aurc_trapezoid", curve.aurcTrapezoid());
    }
    OodGolden.check(golden, "aurc_continuous", curve.aurcContinuous());
    OodGolden.check(golden, "aurc_linear", curve.aurcLinear());
    OodGolden.check(golden, "augrc", curve.augrc());
    OodGolden.check(golden, "failure_auroc", selective.failureAuroc());
    OodGolden.check(golden, "failure_ap", selective.failureAveragePrecision());
    OodGolden.check(golden, "success_ap", selective.successAveragePrecision());
  }

  @Test
  void riskAndCoverageAreSharesOfWeight() {
    SelectivePrediction s = SelectivePrediction.of(CONFIDENCES, CORRECT, new double[] {1, 4, 1, 2});
    assertThat(s.curve().points())
        .containsExactly(
            new RiskAtCoverage(0.9, 1, 1, 1 / 8.0, 1, 1 / 8.0),
            new RiskAtCoverage(0.8, 3, 2, 6 / 8.0, 2 / 6.0, 2 / 8.0),
            new RiskAtCoverage(0.5, 4, 2, 1, 2 / 8.0, 2 / 8.0));
    assertThat(s.curve().errorRate()).isEqualTo(0.25);
    assertThat(s.coverageAtRisk(0.3)).isEqualTo(1);
    assertThat(s.riskAtCoverage(0.5)).isEqualTo(2 / 6.0);
    assertThat(s.curve().randomAurc()).isEqualTo(0.25);
    assertThat(s.toString()).contains("4 rows, weighted");
  }

  @Test
  void thresholdsAreFoundWhereSumsOfWeightsAreRounded() {
    // 0.1 + 0.2 of 1 is not the double 0.3.
    RiskCoverageCurve curve =
        RiskCoverageCurve.of(
            new double[] {4, 3, 2}, new boolean[] {true, false, true}, new double[] {.1, .2, .7});
    assertThat(curve.pointAtCoverage(0.3).accepted()).isEqualTo(2);
    assertThat(curve.coverageAtRisk(0.2)).isEqualTo(1);
  }

  @Test
  void weightsOfOneAndLessAreRowsWithoutWeights() {
    RiskCoverageCurve plain = RiskCoverageCurve.of(CONFIDENCES, CORRECT);
    for (double w : new double[] {1, 0.25, 1e-9}) {
      RiskCoverageCurve same =
          RiskCoverageCurve.of(CONFIDENCES, CORRECT, new double[] {w, w, w, w});
      assertThat(same.hasWeights()).isFalse();
      assertThat(same.aurc()).isEqualTo(plain.aurc());
      assertThat(same.points()).isEqualTo(plain.points());
    }
  }

  @Test
  void weightsThatSumToLessThanTheirEffectiveNumberHaveNoUnit() {
    double[] small = {0.1, 0.02, 0.3, 0.05};
    double unit = (0.01 + 0.0004 + 0.09 + 0.0025) / (0.1 + 0.02 + 0.3 + 0.05);
    double[] atOne = {0.1 / unit, 0.02 / unit, 0.3 / unit, 0.05 / unit};
    RiskCoverageCurve curve = RiskCoverageCurve.of(CONFIDENCES, CORRECT, small);
    RiskCoverageCurve scaled = RiskCoverageCurve.of(CONFIDENCES, CORRECT, atOne);
    assertThat(curve.aurc()).isCloseTo(scaled.aurc(), within(1e-14));
    assertThat(curve.aurcTrapezoid()).isCloseTo(scaled.aurcTrapezoid(), within(1e-14));
    assertThat(curve.excessAurc()).isCloseTo(scaled.excessAurc(), within(1e-14));
  }

  @Test
  void manyRepetitionsTendToTheContinuousArea() {
    double[] huge = {1e9, 3e9, 2e9, 5e9};
    RiskCoverageCurve curve = RiskCoverageCurve.of(CONFIDENCES, CORRECT, huge);
    assertThat(curve.aurc()).isCloseTo(curve.aurcContinuous(), within(1e-8));
    assertThat(curve.oracleAurc()).isCloseTo(curve.oracleAurcClosedForm(), within(1e-8));
  }

  @Test
  void aPerfectWeightedRankingHasNoExcess() {
    RiskCoverageCurve curve =
        RiskCoverageCurve.of(
            new double[] {4, 3, 2, 2},
            new boolean[] {true, true, false, false},
            new double[] {.7, 2.3, .4, 1.9});
    assertThat(curve.excessAurc()).isCloseTo(0, within(1e-15));
    assertThat(curve.augrc()).isCloseTo(curve.oracleAugrc(), within(1e-15));
  }

  @Test
  void allRightAndAllWrongAreTheEndsWithWeightsToo() {
    double[] weights = {0.3, 2.5, 1.1, 0.9};
    SelectivePrediction wrong = SelectivePrediction.of(CONFIDENCES, new boolean[4], weights);
    assertThat(wrong.aurc()).isCloseTo(1, within(1e-15));
    assertThat(wrong.augrc()).isCloseTo(0.5, within(1e-15));
    assertThat(wrong.failureAuroc()).isNaN();
    // The only wrong row has no weight.
    SelectivePrediction right =
        SelectivePrediction.of(
            CONFIDENCES, new boolean[] {true, true, true, false}, new double[] {1, 2, 3, 0});
    assertThat(right.aurc()).isZero();
    assertThat(right.curve().rows()).isEqualTo(3);
    assertThat(right.failureDetection()).isEmpty();
  }

  @Test
  void predictionsBringTheirWeights() {
    double[] positive = {0.9, 0.2, 0.7, 0.4};
    Predictions weighted =
        Predictions.builder()
            .positiveProbabilities(positive)
            .labels(new int[] {1, 1, 1, 0})
            .weights(new double[] {2, 1, 1, 3})
            .build();
    SelectivePrediction s = SelectivePrediction.of(weighted);
    assertThat(s.curve().errorRate()).isEqualTo(1 / 7.0);
    assertThat(s.aurc())
        .isEqualTo(
            SelectivePrediction.of(
                    new double[] {0.9, 0.8, 0.7, 0.6},
                    new boolean[] {true, false, true, true},
                    new double[] {2, 1, 1, 3})
                .aurc());
    assertThat(SelectivePrediction.of(weighted, OodScore.maximumProbability()).augrc())
        .isEqualTo(s.augrc());
  }

  @Test
  void boundsOfWeightedRowsAreRefusedWithTheReason() {
    SelectivePrediction s = SelectivePrediction.of(CONFIDENCES, CORRECT, new double[] {1, 4, 1, 2});
    String reason =
        "the bound of a risk counts rows: the weight of errors among rows of unequal weight is not"
            + " binomial and the bound would not hold, got weights for 4 rows: leave the weights out to"
            + " bound the risk of the rows as they come";
    assertThatThrownBy(() -> s.guarantee(0.5, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
    assertThatThrownBy(() -> s.riskBoundAtCoverage(0.5, 0.1)).hasMessage(reason);
  }

  /** Rows of equal weight are rows: what counts them bounds them. */
  @Test
  void equalWeightsOfAnySizeAreBoundedAsTheRows() {
    SelectivePrediction plain = SelectivePrediction.of(CONFIDENCES, CORRECT);
    for (double w : new double[] {0.5, 1, 2, 1e161}) {
      SelectivePrediction equal =
          SelectivePrediction.of(CONFIDENCES, CORRECT, new double[] {w, w, w, w});
      assertThat(equal.curve().hasWeights()).isFalse();
      assertThat(equal.guarantee(0.9, 0.3)).isEqualTo(plain.guarantee(0.9, 0.3));
      assertThat(equal.riskBoundAtCoverage(0.5, 0.1))
          .isEqualTo(plain.riskBoundAtCoverage(0.5, 0.1));
      assertThat(equal.toString()).doesNotContain("weighted");
    }
  }

  /** Weights are checked on all rows: one part of them may have next to no weight. */
  @Test
  void oneWrongRowMayHaveAlmostNoWeight() {
    for (double w : new double[] {1e-20, 1e-160, 1e-320}) {
      SelectivePrediction s =
          SelectivePrediction.of(
              new double[] {0.9, 0.8}, new boolean[] {true, false}, new double[] {1, w});
      assertThat(s.aurc()).isCloseTo(0, within(1e-19));
      assertThat(s.failureAuroc()).isEqualTo(1);
      assertThat(s.curve().errorRate()).isEqualTo(w);
    }
  }

  @Test
  void hugeAndTinyWeightsAreJudged() {
    double[] whole = {1, 4, 1, 2};
    for (double unit : new double[] {1e-200, 1e-320, 0x1p-600, 1e161, 1e300, 0x1p1020}) {
      double[] weights = Arrays.stream(whole).map(w -> w * unit).toArray();
      SelectivePrediction s = SelectivePrediction.of(CONFIDENCES, CORRECT, weights);
      SelectivePrediction one = SelectivePrediction.of(CONFIDENCES, CORRECT, whole);
      assertThat(s.augrc()).isCloseTo(one.augrc(), within(1e-4));
      assertThat(s.failureAuroc()).isCloseTo(one.failureAuroc(), within(1e-4));
      if (unit > 1) { // as good as repeated without end
        assertThat(s.aurc()).isCloseTo(one.curve().aurcContinuous(), within(1e-14));
      } else {
        double[] tenth = {0.1, 0.4, 0.1, 0.2};
        assertThat(s.aurc())
            .isCloseTo(SelectivePrediction.of(CONFIDENCES, CORRECT, tenth).aurc(), within(1e-3));
      }
    }
  }

  @Test
  void wrongWeightsAreNamed() {
    assertThatThrownBy(() -> RiskCoverageCurve.of(CONFIDENCES, CORRECT, new double[3]))
        .hasMessage("row weights must be one for each of 4 scores, got 3");
    assertThatThrownBy(() -> RiskCoverageCurve.of(CONFIDENCES, CORRECT, new double[] {1, 1, -2, 1}))
        .hasMessage("row weights[2] must be finite and at least 0, got -2.0");
    assertThatThrownBy(() -> RiskCoverageCurve.of(CONFIDENCES, CORRECT, new double[4]))
        .hasMessage("row weights must not all be 0");
  }
}
