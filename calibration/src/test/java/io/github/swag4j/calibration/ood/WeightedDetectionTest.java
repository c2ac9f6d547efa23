package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedDetectionTest {
  private static final double[] TWO = {0.5, 1.5};

  static IntStream cases() {
    return IntStream.range(0, WeightedGolden.cases("detection").size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scikitLearnAgreesOnWeightedScoresWithTies(int i) {
    JsonObject golden = WeightedGolden.cases("detection").get(i);
    DetectionCurve curve =
        DetectionCurve.of(
            OodGolden.numbers(golden, "in"),
            OodGolden.numbers(golden, "in_weights"),
            OodGolden.numbers(golden, "out"),
            OodGolden.numbers(golden, "out_weights"));
    assertThat(curve.hasWeights()).isTrue();
    OodGolden.check(golden, "auroc", curve.auroc());
    OodGolden.check(golden, "auroc_se", curve.aurocStandardError());
    OodGolden.check(golden, "ap_out", curve.auprOut());
    OodGolden.check(golden, "ap_in", curve.auprIn());
    OodGolden.check(golden, "trapezoid_out", curve.auprOutTrapezoid());
    OodGolden.check(golden, "trapezoid_in", curve.auprInTrapezoid());
    OodGolden.check(golden, "fpr95", curve.fpr95());
    OodGolden.check(golden, "fpr95_id_positive", curve.fpr95IdPositive());
    OodGolden.check(golden, "detection_error", curve.detectionError());
  }

  @Test
  void pairedTestsOfWeightedRowsAgreeWithAllPairs() {
    for (JsonObject golden : WeightedGolden.cases("paired")) {
      AurocComparison comparison =
          AurocComparison.paired(
              OodGolden.numbers(golden, "first_in"),
              OodGolden.numbers(golden, "first_out"),
              OodGolden.numbers(golden, "second_in"),
              OodGolden.numbers(golden, "second_out"),
              OodGolden.numbers(golden, "in_weights"),
              OodGolden.numbers(golden, "out_weights"));
      OodGolden.check(golden, "first_auroc", comparison.firstAuroc());
      OodGolden.check(golden, "second_auroc", comparison.secondAuroc());
      OodGolden.check(golden, "se", comparison.standardError());
    }
  }

  /** In-distribution rows drawn where they are not, and weighted back: the usual use of weights. */
  @Test
  void standardErrorIsTheSpreadOfTheAurocOverSamples() {
    Random random = new Random(5);
    int samples = 1500;
    double sum = 0;
    double squares = 0;
    double variance = 0;
    for (int s = 0; s < samples; s++) {
      double[] in = new double[80];
      double[] weights = new double[80];
      for (int r = 0; r < in.length; r++) {
        in[r] = random.nextGaussian() + 0.7;
        weights[r] = Math.exp(-0.7 * in[r]); // proportional to the ratio of the two densities
      }
      double[] out = new double[60];
      Arrays.setAll(out, r -> random.nextGaussian() + 1);
      DetectionCurve curve = DetectionCurve.of(in, weights, out, filled(60, 1));
      sum += curve.auroc();
      squares += curve.auroc() * curve.auroc();
      variance += curve.aurocStandardError() * curve.aurocStandardError();
    }
    double mean = sum / samples;
    double spread = Math.sqrt(squares / samples - mean * mean);
    assertThat(mean).isCloseTo(0.7602, within(0.005)); // of N(1, 1) against N(0, 1)
    assertThat(Math.sqrt(variance / samples) / spread).isBetween(0.93, 1.07);
  }

  @Test
  void equalWeightsGiveTheBitsOfNoWeights() {
    double[] in = {0.1, 0.4, 0.4, 0.7};
    double[] out = {0.4, 0.9, 0.2};
    DetectionCurve plain = DetectionCurve.of(in, out);
    DetectionCurve thirds = DetectionCurve.of(in, filled(4, 1 / 3.0), out, filled(3, 1 / 3.0));
    assertThat(thirds).isEqualTo(plain).hasSameHashCodeAs(plain);
    assertThat(thirds.hasWeights()).isFalse();
    assertThat(thirds.summary()).isEqualTo(plain.summary());
    DetectionCurve heavyOut = DetectionCurve.of(in, filled(4, 1), out, filled(3, 7));
    assertThat(heavyOut).isNotEqualTo(plain);
    assertThat(heavyOut.auroc()).isCloseTo(plain.auroc(), within(1e-15));
    assertThat(heavyOut.aurocStandardError()).isCloseTo(plain.aurocStandardError(), within(1e-15));
    assertThat(heavyOut.auprOut()).isGreaterThan(plain.auprOut());
  }

  @Test
  void rowsOfWeightZeroAreAbsent() {
    DetectionCurve curve =
        DetectionCurve.of(
            new double[] {0.1, 5, 0.4}, new double[] {2, 0, 1}, TWO, new double[] {1, 0});
    assertThat(curve.inRows()).isEqualTo(2);
    assertThat(curve.outRows()).isEqualTo(1);
    assertThat(curve.auroc()).isEqualTo(1);
    assertThat(curve.roc()).hasSize(4);
    assertThat(curve.aurocStandardError()).isNaN();
    DetectionCurve masked =
        DetectionCurve.of(
            new double[] {0.1, 5, 0.4}, new double[] {2, 0, 2}, TWO, new double[] {2, 2});
    assertThat(masked).isEqualTo(DetectionCurve.of(new double[] {0.1, 0.4}, TWO));
    double[] second = {3, 9, 1};
    assertThat(
            AurocComparison.paired(
                new double[] {0.1, 5, 0.4},
                TWO,
                second,
                TWO,
                new double[] {2, 0, 2},
                new double[] {2, 2}))
        .isEqualTo(AurocComparison.paired(new double[] {0.1, 0.4}, TWO, new double[] {3, 1}, TWO));
  }

  @Test
  void pointsAreSharesOfWeight() {
    DetectionCurve curve =
        DetectionCurve.of(new double[] {1, 2}, new double[] {3, 1}, TWO, new double[] {1, 3});
    assertThat(curve.roc())
        .containsExactly(
            new DetectionCurve.RocPoint(Double.POSITIVE_INFINITY, 0, 0),
            new DetectionCurve.RocPoint(2, 0.25, 0),
            new DetectionCurve.RocPoint(1.5, 0.25, 0.75),
            new DetectionCurve.RocPoint(1, 1, 0.75),
            new DetectionCurve.RocPoint(0.5, 1, 1));
    assertThat(curve.precisionRecallOut().get(2))
        .isEqualTo(new DetectionCurve.PrecisionRecallPoint(1.5, 0.75, 0.75));
    assertThat(curve.precisionRecallIn().get(2))
        .isEqualTo(new DetectionCurve.PrecisionRecallPoint(1, 0.75, 0.75));
    assertThat(curve.toString()).endsWith("2 in, 2 out, weighted");
  }

  @Test
  void predictionsBringTheirWeights() {
    Predictions weighted =
        Predictions.builder()
            .probabilities(new double[][] {{0.9, 0.1}, {0.6, 0.4}, {0.7, 0.3}})
            .weights(new double[] {4, 1, 1})
            .build();
    Predictions plain =
        Predictions.builder().probabilities(new double[][] {{0.8, 0.2}, {0.5, 0.5}}).build();
    OodScore msp = OodScore.maximumProbability();
    DetectionCurve curve = DetectionCurve.of(msp, weighted, plain);
    // 0.8 is less sure than 0.9 only, 0.5 than all.
    assertThat(curve.auroc()).isCloseTo((4 / 6.0 + 1) / 2, within(1e-15));
    DetectionTable table =
        DetectionTable.of(
            weighted,
            List.of(new DetectionTable.OutDataSet("flat", DetectionTable.Distance.FAR, plain)),
            List.of(msp));
    assertThat(table.rows().get(0).result()).isEqualTo(curve.summary());
  }

  @Test
  void wrongWeightsAreNamed() {
    assertThatThrownBy(() -> DetectionCurve.of(TWO, new double[3], TWO, TWO))
        .hasMessage("in-distribution weights must be one for each of 2 scores, got 3");
    assertThatThrownBy(() -> DetectionCurve.of(TWO, TWO, TWO, new double[] {1, -1}))
        .hasMessage("out-of-distribution weights[1] must be finite and at least 0, got -1.0");
    assertThatThrownBy(() -> DetectionCurve.of(TWO, new double[] {Double.NaN, 1}, TWO, TWO))
        .hasMessageContaining("weights[0] must be finite and at least 0, got NaN");
    assertThatThrownBy(() -> DetectionCurve.of(TWO, new double[2], TWO, TWO))
        .hasMessage("in-distribution weights must not all be 0");
    double[] hidden = {1, Double.NaN};
    assertThatThrownBy(() -> DetectionCurve.of(hidden, new double[] {1, 0}, TWO, TWO))
        .hasMessageContaining("in-distribution scores[1] must be a number, got NaN");
    assertThatThrownBy(() -> DetectionCurve.of(new double[0], new double[0], TWO, TWO))
        .hasMessageContaining("in-distribution scores must not be empty");
  }

  private static double[] filled(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }
}
