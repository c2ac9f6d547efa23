package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The curve against scikit-learn, SciPy and the fixtures of other libraries. */
class DetectionCurveOracleTest {
  private static final Map<String, OodScore> SCORES =
      Map.of(
          "msp", OodScore.maximumProbability(),
          "entropy", OodScore.entropy(),
          "energy", OodScore.energy(),
          "maxlogit", OodScore.maximumLogit());

  @ParameterizedTest
  @ValueSource(strings = {"msp", "entropy", "energy", "maxlogit"})
  void everyNumberOfTheSharedFixtureIsMet(String name) {
    OodScore score = SCORES.get(name);
    JsonObject expected = OodFixture.expected().getAsJsonObject("ood").getAsJsonObject(name);
    DetectionCurve curve =
        DetectionCurve.of(score.score(OodFixture.in()), score.score(OodFixture.out()));
    OodGolden.check(expected, "auroc", curve.auroc());
    OodGolden.check(expected, "ap_out", curve.auprOut());
    OodGolden.check(expected, "ap_in", curve.auprIn());
    OodGolden.check(expected, "aupr_out_trapz", curve.auprOutTrapezoid());
    OodGolden.check(expected, "aupr_in_trapz", curve.auprInTrapezoid());
    OodGolden.check(expected, "fpr95_ood_positive", curve.fpr95());
    OodGolden.check(expected, "fpr95_id_positive", curve.fpr95IdPositive());
    OodGolden.check(expected, "detection_error_min", curve.detectionError());
  }

  @Test
  void standardErrorIsDeLongs() {
    OodScore score = OodScore.maximumProbability();
    DetectionCurve curve =
        DetectionCurve.of(score.score(OodFixture.in()), score.score(OodFixture.out()));
    JsonArray expected = OodFixture.expected().getAsJsonArray("delong_ood_msp(auc,se)");
    assertThat(curve.auroc()).isCloseTo(expected.get(0).getAsDouble(), within(1e-12));
    assertThat(curve.aurocStandardError()).isCloseTo(expected.get(1).getAsDouble(), within(1e-12));
  }

  static IntStream detectionCases() {
    return IntStream.range(0, OodGolden.cases("detection").size());
  }

  @ParameterizedTest
  @MethodSource("detectionCases")
  void scikitLearnAgreesOnScoresWithTies(int i) {
    JsonObject expected = OodGolden.cases("detection").get(i);
    DetectionCurve curve =
        DetectionCurve.of(OodGolden.numbers(expected, "in"), OodGolden.numbers(expected, "out"));
    OodGolden.check(expected, "auroc", curve.auroc());
    OodGolden.check(expected, "auroc_se", curve.aurocStandardError());
    OodGolden.check(expected, "ap_out", curve.auprOut());
    OodGolden.check(expected, "ap_in", curve.auprIn());
    OodGolden.check(expected, "trapezoid_out", curve.auprOutTrapezoid());
    OodGolden.check(expected, "trapezoid_in", curve.auprInTrapezoid());
    OodGolden.check(expected, "fpr95", curve.fpr95());
    OodGolden.check(expected, "fpr95_id_positive", curve.fpr95IdPositive());
    OodGolden.check(expected, "detection_error", curve.detectionError());
  }

  @Test
  void pairedTestsAreDeLongs() {
    for (JsonObject expected : OodGolden.cases("paired")) {
      AurocComparison comparison =
          AurocComparison.paired(
              OodGolden.numbers(expected, "first_in"),
              OodGolden.numbers(expected, "first_out"),
              OodGolden.numbers(expected, "second_in"),
              OodGolden.numbers(expected, "second_out"));
      OodGolden.check(expected, "first_auroc", comparison.firstAuroc());
      OodGolden.check(expected, "second_auroc", comparison.secondAuroc());
      OodGolden.check(expected, "se", comparison.standardError());
      assertThat(comparison.z()).isCloseTo(expected.get("z").getAsDouble(), within(1e-10));
      assertThat(comparison.pValue()).isCloseTo(expected.get("p").getAsDouble(), within(1e-10));
    }
  }

  /** DL4J's ROC test, thirty rows from NumPy's seed 12345. */
  @Test
  void thirtyPointsOfDl4jHaveItsAreas() {
    JsonObject rows = OodGolden.part("dl4j").getAsJsonObject();
    double[] scores = OodGolden.numbers(rows, "scores");
    int[] labels = OodGolden.integers(rows, "labels");
    DetectionCurve curve = DetectionCurve.of(of(scores, labels, 0), of(scores, labels, 1));
    assertThat(curve.auroc()).isCloseTo(0.459330143541, within(1e-12));
    assertThat(curve.auprOutTrapezoid()).isCloseTo(0.398963619227, within(1e-12));
  }

  /** TorchUncertainty's FPR95 tests; their positives are our out-of-distribution rows. */
  @Test
  void fprFixturesOfTorchUncertaintyHold() {
    double[] negatives = new double[100];
    Arrays.fill(negatives, 0, 50, 0.95);
    Arrays.fill(negatives, 50, 100, 0.85);
    assertThat(DetectionCurve.of(negatives, filled(100, 0.9)).fpr95()).isEqualTo(0.5);
    assertThat(DetectionCurve.of(filled(1, 0.99), filled(99, 1)).fpr95()).isZero();
    assertThat(DetectionCurve.of(filled(1, 1), filled(99, 0.99)).fpr95()).isEqualTo(1);
  }

  /** robustness_metrics' tests of AP, AUROC and FPR95. */
  @Test
  void fixturesOfRobustnessMetricsHold() {
    DetectionCurve usual = DetectionCurve.of(new double[] {.1, .4}, new double[] {.35, .8});
    assertThat(usual.auprOut()).isCloseTo(5.0 / 6, within(1e-15));
    DetectionCurve reversed = DetectionCurve.of(new double[] {.35, .8}, new double[] {.1, .4});
    assertThat(reversed.auroc()).isEqualTo(0.25);
    assertThat(reversed.fpr95()).isEqualTo(1);
  }

  private static double[] filled(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }

  private static double[] of(double[] scores, int[] labels, int label) {
    return IntStream.range(0, scores.length)
        .filter(r -> labels[r] == label)
        .mapToDouble(r -> scores[r])
        .toArray();
  }
}
