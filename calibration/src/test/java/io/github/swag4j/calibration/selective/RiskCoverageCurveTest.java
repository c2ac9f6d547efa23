package io.github.swag4j.calibration.selective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.OodFixture;
import io.github.swag4j.calibration.ood.OodGolden;
import io.github.swag4j.calibration.ood.OodScore;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RiskCoverageCurveTest {

  @Test
  void sharedFixtureIsMet() {
    JsonObject expected = OodFixture.expected();
    SelectivePrediction selective = SelectivePrediction.of(OodFixture.in());
    RiskCoverageCurve curve = selective.curve();
    OodGolden.check(expected, "aurc_mean_over_prefixes(Geifman)", curve.aurc());
    OodGolden.check(expected, "augrc_closed_form", curve.augrc());
    OodGolden.check(expected, "aurc_optimal_closed_form", curve.oracleAurcClosedForm());
    OodGolden.check(expected, "failure_auroc", selective.failureAuroc());
    JsonArray delong = expected.getAsJsonArray("delong_failure_auroc(auc,se)");
    assertThat(selective.failureDetection().orElseThrow().aurocStandardError())
        .isCloseTo(delong.get(1).getAsDouble(), within(1e-12));
    // verified_calibration's area under the accuracy curve is the rest.
    JsonArray statistics = expected.getAsJsonArray("vc_selective_stats(aurra,acc@10pct)");
    assertThat(1 - selective.aurc()).isCloseTo(statistics.get(0).getAsDouble(), within(1e-12));
    // Its accuracy of the most confident tenth takes one row more than 10 % of 500.
    assertThat(1 - curve.riskAtCoverage(51 / 500.0))
        .isCloseTo(statistics.get(1).getAsDouble(), within(1e-12));
    assertThat(selective.failureAuroc()).isCloseTo(delong.get(0).getAsDouble(), within(1e-12));
  }

  @Test
  void referencesAreThoseOfTheErrorRateAndTheBestOrder() {
    double[] confidences = {.9, .8, .7, .6, .5};
    boolean[] correct = {true, false, true, true, false};
    RiskCoverageCurve curve = RiskCoverageCurve.of(confidences, correct);
    assertThat(curve.randomAurc()).isEqualTo(0.4);
    assertThat(curve.randomAugrc()).isEqualTo(0.2);
    // The best order has its two errors last: risks 0, 0, 0, 1/4, 2/5.
    assertThat(curve.oracleAurc()).isCloseTo((1 / 4.0 + 2 / 5.0) / 5, within(1e-15));
    // Generalised risks 0 up to coverage 3/5, then straight up to 2/5.
    assertThat(curve.oracleAugrc()).isCloseTo(0.4 * 0.4 / 2, within(1e-15));
    RiskCoverageCurve best =
        RiskCoverageCurve.of(confidences, new boolean[] {true, true, true, false, false});
    assertThat(best.aurc()).isCloseTo(curve.oracleAurc(), within(1e-15));
    assertThat(curve.excessAurc())
        .isCloseTo((1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 2 / 5.0) / 5 - best.aurc(), within(1e-15));
    RiskCoverageCurve flat = RiskCoverageCurve.of(new double[5], correct);
    assertThat(flat.aurc()).isCloseTo(curve.randomAurc(), within(1e-15));
    assertThat(flat.augrc()).isCloseTo(curve.randomAugrc(), within(1e-15));
  }

  static IntStream cases() {
    return IntStream.range(0, OodGolden.cases("selective").size());
  }

  /** The areas over ties were averaged over all orders, the rest is scikit-learn's. */
  @ParameterizedTest
  @MethodSource("cases")
  void averagesOverAllOrdersOfTiesAreExact(int i) {
    JsonObject golden = OodGolden.cases("selective").get(i);
    SelectivePrediction selective =
        SelectivePrediction.of(
            OodGolden.numbers(golden, "confidences"),
            new Gson().fromJson(golden.get("correct"), boolean[].class));
    RiskCoverageCurve curve = selective.curve();
    if (golden.has("aurc")) {
      OodGolden.check(golden, "aurc", curve.aurc());
      OodGolden.check(golden, "aurc_trapezoid", curve.aurcTrapezoid());
    }
    OodGolden.check(golden, "aurc_linear", curve.aurcLinear());
    OodGolden.check(golden, "augrc", curve.augrc());
    OodGolden.check(golden, "failure_auroc", selective.failureAuroc());
    OodGolden.check(golden, "failure_ap", selective.failureAveragePrecision());
    OodGolden.check(golden, "success_ap", selective.successAveragePrecision());
  }

  /** TorchUncertainty's fixtures: binary probabilities, confidence max(p, 1 - p). */
  @Test
  void aurcOfTorchUncertaintyIsTheTrapezoid() {
    assertThat(binary(new double[] {.1, .2, .3, .4, .2}, 0, 0, 1, 1, 0).aurcTrapezoid())
        .isCloseTo(0.1125, within(1e-15));
    assertThat(binary(new double[] {.1, .2, .3}, 1, 1, 1).aurcTrapezoid()).isEqualTo(1);
    assertThat(binary(new double[] {.1, .2, .3}, 0, 0, 0).aurcTrapezoid()).isZero();
    assertThat(binary(new double[] {.1}, 0).aurcTrapezoid()).isNaN();
  }

  @Test
  void coverageAndRiskOfTorchUncertaintysFixtures() {
    double[] nine = {.1, .2, .25, .3, .35, .4, .45, .48, .49};
    assertThat(binary(nine, 1, 0, 1, 1, 1, 0, 0, 0, 1).coverageAtRisk(0.55)).isEqualTo(8.0 / 9);
    assertThat(binary(new double[] {.1, .2, .3, .4, .2}, 0, 0, 1, 1, 1).riskAtCoverage(0.5))
        .isEqualTo(1.0 / 3);
    assertThat(
            binary(new double[] {.1, .2, .3, .15, .4, .2}, 0, 0, 1, 0, 1, 1).riskAtCoverage(0.55))
        .isEqualTo(0.25);
  }

  private static RiskCoverageCurve binary(double[] positive, int... labels) {
    return RiskCoverageCurve.of(Predictions.binary(positive, labels));
  }

  /** fd-shifts' fixtures of a constant and of a perfect confidence. */
  @Test
  void areasOfFdShiftsFixtures() {
    double[] constant = new double[100];
    double[] perfect = new double[100];
    boolean[] correct = new boolean[100];
    for (int i = 0; i < 100; i++) {
      constant[i] = 0.7;
      correct[i] = i % 2 == 0;
      perfect[i] = correct[i] ? 1 : 0;
    }
    RiskCoverageCurve flat = RiskCoverageCurve.of(constant, correct);
    assertThat(flat.aurc()).isCloseTo(0.5, within(1e-15));
    assertThat(flat.aurcLinear()).isEqualTo(0.5);
    assertThat(flat.excessAurcClosedForm()).isCloseTo(0.34657359, within(1e-8));
    assertThat(flat.augrc()).isEqualTo(0.25);
    RiskCoverageCurve sharp = RiskCoverageCurve.of(perfect, correct);
    assertThat(sharp.aurcLinear()).isEqualTo(0.125);
    assertThat(sharp.aurcAchievable()).isCloseTo(0.15342641, within(1e-8));
    assertThat(sharp.aurcContinuous()).isCloseTo(0.15342641, within(1e-8));
    assertThat(sharp.augrc()).isEqualTo(0.125);
    assertThat(sharp.excessAurc()).isCloseTo(0, within(1e-15));
    assertThat(
            RiskCoverageCurve.of(new double[] {1, 1, 1, 1}, new boolean[] {false, true, true, true})
                .aurc())
        .isCloseTo(0.25, within(1e-15));
  }

  /** verified_calibration's fixtures of the area under the accuracy curve. */
  @ParameterizedTest
  @CsvSource({
    ".3;.9, 0;1, 0.75",
    ".6;0;.8, 1;0;1, 0.8888888888888888",
    ".6;0;.8, 0;0;1, 0.6111111111111112"
  })
  void accuracyAreasOfVerifiedCalibration(String confidences, String correct, double area) {
    double[] c =
        Arrays.stream(confidences.split(";", -1)).mapToDouble(Double::parseDouble).toArray();
    boolean[] ok = new boolean[c.length];
    for (int i = 0; i < ok.length; i++) {
      ok[i] = correct.split(";", -1)[i].equals("1");
    }
    assertThat(1 - RiskCoverageCurve.of(c, ok).aurc()).isCloseTo(area, within(1e-12));
  }

  @Test
  void allRightAndAllWrongAreTheEnds() {
    RiskCoverageCurve right =
        RiskCoverageCurve.of(new double[] {1, 2, 2}, new boolean[] {true, true, true});
    assertThat(right.aurc()).isZero();
    assertThat(right.augrc()).isZero();
    assertThat(right.coverageAtRisk(0)).isEqualTo(1);
    SelectivePrediction wrong = SelectivePrediction.of(new double[] {1, 2, 2}, new boolean[3]);
    assertThat(wrong.aurc()).isEqualTo(1);
    assertThat(wrong.augrc()).isEqualTo(0.5);
    assertThat(wrong.curve().excessAurc()).isZero();
    assertThat(wrong.curve().excessAurcClosedForm()).isZero();
    assertThat(wrong.coverageAtRisk(0.5)).isZero();
    assertThat(wrong.failureDetection()).isEmpty();
    assertThat(wrong.failureAuroc()).isNaN();
  }

  @Test
  void repeatingRowsWithoutEndGivesTheContinuousArea() {
    double[] confidences = {0.9, 0.8, 0.8, 0.6, 0.6, 0.5};
    boolean[] correct = {false, true, false, true, true, false};
    RiskCoverageCurve once = RiskCoverageCurve.of(confidences, correct);
    int copies = 20_000;
    double[] many = new double[6 * copies];
    boolean[] manyCorrect = new boolean[6 * copies];
    for (int i = 0; i < many.length; i++) {
      many[i] = confidences[i % 6];
      manyCorrect[i] = correct[i % 6];
    }
    RiskCoverageCurve repeated = RiskCoverageCurve.of(many, manyCorrect);
    assertThat(repeated.aurc()).isCloseTo(once.aurcContinuous(), within(1e-4));
    assertThat(repeated.augrc()).isCloseTo(once.augrc(), within(1e-12));
    assertThat(once.aurcAchievable()).isLessThan(once.aurcContinuous());
    assertThat(once.aurcAchievable()).isCloseTo(achievable(), within(1e-12));
  }

  /** Hull of (accepted, errors): (0,0), (5,2)?, (6,3): slopes 2/5 and 1. */
  private static double achievable() {
    // from (0,0) to (5,2): risk 2/5; then t rows of slope 1: (2 + t) / (5 + t) on [0, 1]
    return (5 * 0.4 + 1 + (2 - 5) * Math.log(6.0 / 5)) / 6;
  }

  @Test
  void selectionByAScoreAcceptsLowScoresFirst() {
    Predictions in = OodFixture.in();
    SelectivePrediction byMsp = SelectivePrediction.of(in, OodScore.maximumProbability());
    assertThat(byMsp.augrc()).isCloseTo(SelectivePrediction.of(in).augrc(), within(1e-12));
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> RiskCoverageCurve.of(new double[2], new boolean[3]))
        .hasMessage("confidences and correct must have the same length, got 2 and 3");
    assertThatThrownBy(() -> RiskCoverageCurve.of(new double[0], new boolean[0]))
        .hasMessage("confidences must not be empty, got 0 rows");
    assertThatThrownBy(() -> RiskCoverageCurve.of(new double[] {1, Double.NaN}, new boolean[2]))
        .hasMessage("confidences[1] must be a number, got NaN");
    RiskCoverageCurve one = RiskCoverageCurve.of(new double[] {1}, new boolean[] {true});
    assertThatThrownBy(() -> one.coverageAtRisk(1.5))
        .hasMessageContaining("risk must be in [0, 1]");
    assertThatThrownBy(() -> one.riskAtCoverage(-1)).hasMessageContaining("coverage must be in");
  }
}
