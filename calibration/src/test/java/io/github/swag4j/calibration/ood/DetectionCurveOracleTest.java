package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The curve against scikit-learn and DeLong on the shared logits. */
class DetectionCurveOracleTest {
  private static final Map<String, OodScore> SCORES =
      Map.of(
          "msp", OodScore.maximumProbability(),
          "entropy", OodScore.entropy());

  @ParameterizedTest
  @ValueSource(strings = {"msp", "entropy"})
  void everyNumberOfTheSharedFixtureIsMet(String name) {
    OodScore score = SCORES.get(name);
    JsonObject expected = OodFixture.expected().getAsJsonObject("ood").getAsJsonObject(name);
    DetectionCurve curve =
        DetectionCurve.of(score.score(OodFixture.in()), score.score(OodFixture.out()));
    check(expected, "auroc", curve.auroc());
    check(expected, "ap_out", curve.auprOut());
    check(expected, "ap_in", curve.auprIn());
    check(expected, "aupr_out_trapz", curve.auprOutTrapezoid());
    check(expected, "aupr_in_trapz", curve.auprInTrapezoid());
    check(expected, "fpr95_ood_positive", curve.fpr95());
    check(expected, "fpr95_id_positive", curve.fpr95IdPositive());
    check(expected, "detection_error_min", curve.detectionError());
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

  private static void check(JsonObject expected, String key, double value) {
    assertThat(value).as(key).isCloseTo(expected.get(key).getAsDouble(), within(1e-12));
  }
}
