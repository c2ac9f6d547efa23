package io.github.swag4j.calibration.binning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.KernelCalibrationError;
import io.github.swag4j.calibration.error.LabelConditionalCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.HosmerLemeshowTest;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ConfusionMatrix;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.scores.RankedProbabilityScore;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random data of several shapes against src/test/python/oracle_calibration.py. */
class OracleCalibrationTest {
  private static final Offset<Double> CLOSE = within(1e-12);
  private static final JsonObject ORACLE = Fixtures.json("oracle_calibration.json");

  static Stream<Named<JsonObject>> cases() {
    return StreamSupport.stream(ORACLE.getAsJsonArray("cases").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(c -> Named.of(c.get("name").getAsString(), c));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void binnedErrorsOfEqualWidthAreTheOracles(JsonObject data) {
    for (int bins : new int[] {1, 10, 15, 20}) {
      assertErrors(data, BinningConvention.GUO.withBins(bins), "guo" + bins);
    }
    assertErrors(data, BinningConvention.NETCAL, "netcal10");
    assertErrors(data, BinningConvention.MAPIE, "mapie50");
    if (expected(data).has("verified15")) {
      assertErrors(data, BinningConvention.VERIFIED, "verified15");
      assertErrors(data, BinningConvention.EQUAL_MASS, "verified15");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void torchmetricsConventionIsTorchmetrics(JsonObject data) {
    for (int bins : new int[] {10, 15}) {
      if (expected(data).has("torchmetrics" + bins)) {
        JsonObject errors = expected(data).getAsJsonObject("torchmetrics" + bins);
        var convention = BinningConvention.TORCHMETRICS.withBins(bins);
        for (var error : errors(predictions(data), convention)) {
          assertThat(error.ece()).isCloseTo(errors.get("l1").getAsDouble(), CLOSE);
          assertThat(error.rmsce()).isCloseTo(errors.get("l2").getAsDouble(), CLOSE);
          assertThat(error.mce()).isCloseTo(errors.get("max").getAsDouble(), CLOSE);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sklearnConventionIsTheCalibrationCurve(JsonObject data) {
    if (expected(data).has("sklearn5")) {
      JsonObject curve = expected(data).getAsJsonObject("sklearn5");
      for (var error : errors(predictions(data), BinningConvention.SKLEARN)) {
        var bins =
            error.binning().bins().stream()
                .map(ReliabilityDiagram::bin)
                .filter(bin -> !bin.isEmpty())
                .toList();
        assertValues(
            bins.stream().map(ReliabilityDiagram.Bin::accuracy).toList(),
            curve.getAsJsonArray("prob_true"));
        assertValues(
            bins.stream().map(ReliabilityDiagram.Bin::meanConfidence).toList(),
            curve.getAsJsonArray("prob_pred"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void conventionsThatLoseRowsLoseTheSameOnes(JsonObject data) {
    if (expected(data).has("swag_paper20")) {
      JsonObject paper = expected(data).getAsJsonObject("swag_paper20");
      var error = CalibrationError.of(predictions(data), BinningConvention.SWAG_PAPER);
      assertThat(error.ece()).isCloseTo(paper.get("ece").getAsDouble(), CLOSE);
      assertThat(error.rows() - error.binning().lostRows())
          .isEqualTo(paper.get("used").getAsLong());
    }
    if (expected(data).has("hendrycks20")) {
      var convention = BinningConvention.HENDRYCKS.withBins(20);
      var error = CalibrationError.of(predictions(data), convention);
      assertThat(error.rmsce()).isCloseTo(value(data, "hendrycks20"), CLOSE);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void errorsByClassAreTheOracles(JsonObject data) {
    var byClass = ClasswiseCalibrationError.of(predictions(data));
    assertValues(
        byClass.classes().stream().map(CalibrationError::ece).toList(),
        expected(data).getAsJsonArray("classwise15"));
    if (!data.has("positive")) {
      JsonObject expected = expected(data).getAsJsonObject("label_conditional15");
      var conditional = LabelConditionalCalibrationError.of(predictions(data));
      assertThat(conditional.unweightedEce()).isCloseTo(expected.get("mean").getAsDouble(), CLOSE);
      assertThat(conditional.ece()).isCloseTo(expected.get("weighted").getAsDouble(), CLOSE);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void errorsWithoutBinsAreTheOracles(JsonObject data) {
    Predictions predictions = predictions(data);
    assertThat(KernelCalibrationError.of(predictions).mmce()).isCloseTo(value(data, "mmce"), CLOSE);
    var smooth =
        SmoothCalibrationError.of(predictions, SmoothCalibrationError.Kernel.REFLECTED_RELPLOT);
    assertThat(smooth.width()).isEqualTo(value(data, "smece_width"));
    assertThat(smooth.value()).isCloseTo(value(data, "smece"), within(1e-10));
    if (expected(data).has("verified15")) {
      double debiased =
          expected(data).getAsJsonObject("verified15").get("debiased_l2").getAsDouble();
      assertThat(DebiasedCalibrationError.of(predictions).l2()).isCloseTo(debiased, within(1e-10));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void testsOfCalibrationAreTheOracles(JsonObject data) {
    if (expected(data).has("ks")) {
      Predictions predictions = predictions(data);
      assertThat(CumulativeTests.kolmogorovSmirnov(predictions).statistic())
          .isCloseTo(value(data, "ks"), within(1e-10));
      assertThat(CumulativeTests.kuiper(predictions).statistic())
          .isCloseTo(value(data, "kuiper"), within(1e-10));
      JsonObject spiegelhalter = expected(data).getAsJsonObject("spiegelhalter");
      var test = SpiegelhalterTest.of(predictions);
      assertThat(test.statistic()).isCloseTo(spiegelhalter.get("z").getAsDouble(), within(1e-9));
      assertThat(test.pValue()).isCloseTo(spiegelhalter.get("p").getAsDouble(), within(1e-12));
      JsonObject lemeshow = expected(data).getAsJsonObject("hosmer_lemeshow");
      double chi2 = lemeshow.get("chi2").getAsDouble();
      var fit = HosmerLemeshowTest.of(predictions);
      if (Double.isInfinite(chi2)) {
        assertThat(fit.statistic()).isInfinite();
        assertThat(fit.pValue()).isZero();
      } else {
        assertThat(fit.statistic()).isCloseTo(chi2, within(1e-8 * chi2));
        assertThat(fit.pValue()).isCloseTo(lemeshow.get("p").getAsDouble(), within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void corpCurveIsIsotonicRegression(JsonObject data) {
    JsonObject parts = expected(data).getAsJsonObject("corp");
    var curve = CorpCurve.of(predictions(data));
    assertThat(curve.miscalibration()).isCloseTo(parts.get("mcb").getAsDouble(), within(1e-10));
    assertThat(curve.discrimination()).isCloseTo(parts.get("dsc").getAsDouble(), within(1e-10));
    assertThat(curve.uncertainty()).isCloseTo(parts.get("unc").getAsDouble(), CLOSE);
    for (JsonElement point : expected(data).getAsJsonArray("corp_at")) {
      double at = point.getAsJsonArray().get(0).getAsDouble();
      double value = point.getAsJsonArray().get(1).getAsDouble();
      assertThat(curve.at(at)).as("at " + at).isCloseTo(value, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scoresAreTheOracles(JsonObject data) {
    Predictions predictions = predictions(data);
    var scores = ProperScores.of(predictions);
    assertThat(scores.nll()).isCloseTo(value(data, "nll"), within(1e-11));
    assertThat(scores.brier()).isCloseTo(value(data, "brier"), CLOSE);
    assertThat(scores.spherical()).isCloseTo(value(data, "spherical"), CLOSE);
    assertThat(scores.accuracy()).isCloseTo(value(data, "accuracy"), CLOSE);
    assertThat(RankedProbabilityScore.of(predictions).value()).isCloseTo(value(data, "rps"), CLOSE);
    var confusion = ConfusionMatrix.of(predictions);
    assertThat(confusion.accuracy()).isCloseTo(value(data, "accuracy"), CLOSE);
    if (expected(data).has("balanced_accuracy")) {
      assertThat(confusion.balancedAccuracy()).isCloseTo(value(data, "balanced_accuracy"), CLOSE);
    }
    if (expected(data).has("top2")) {
      assertThat(ConfusionMatrix.topKAccuracy(predictions, 2))
          .isCloseTo(value(data, "top2"), CLOSE);
    }
    JsonArray counts = expected(data).getAsJsonArray("confusion");
    for (int label = 0; label < counts.size(); label++) {
      for (int k = 0; k < counts.size(); k++) {
        assertThat(confusion.count(label, k))
            .isEqualTo(counts.get(label).getAsJsonArray().get(k).getAsLong());
      }
    }
  }

  @Test
  void intervalsAreScipys() {
    for (JsonElement element : ORACLE.getAsJsonArray("intervals")) {
      JsonObject c = element.getAsJsonObject();
      double k = c.get("k").getAsDouble();
      double n = c.get("n").getAsDouble();
      JsonArray expected = c.getAsJsonArray("expected");
      var exact = BinomialInterval.clopperPearson(k, n, 0.95);
      var wilson = BinomialInterval.wilson(k, n, 0.95);
      assertValues(
          List.of(exact.lower(), exact.upper()), expected.get(0).getAsJsonArray(), within(1e-10));
      assertValues(
          List.of(wilson.lower(), wilson.upper()), expected.get(1).getAsJsonArray(), within(1e-9));
    }
  }

  @Test
  void torchEdgesAreTorchLinspaceBitForBit() {
    ORACLE
        .getAsJsonObject("torch_edges")
        .entrySet()
        .forEach(
            entry -> {
              int n = Integer.parseInt(entry.getKey());
              for (int i = 0; i <= n; i++) {
                JsonArray both = entry.getValue().getAsJsonArray();
                assertThat(EqualWidth.Edges.TORCH.at(i, n, false))
                    .isEqualTo(both.get(0).getAsJsonArray().get(i).getAsDouble());
                assertThat(EqualWidth.Edges.TORCH.at(i, n, true))
                    .isEqualTo(both.get(1).getAsJsonArray().get(i).getAsDouble());
              }
            });
  }

  private static void assertErrors(JsonObject data, BinningConvention convention, String name) {
    JsonObject errors = expected(data).getAsJsonObject(name);
    for (var error : errors(predictions(data), convention)) {
      assertThat(error.ece()).as(name).isCloseTo(errors.get("ece").getAsDouble(), CLOSE);
      assertThat(error.mce()).as(name).isCloseTo(errors.get("mce").getAsDouble(), CLOSE);
      assertThat(error.rmsce()).as(name).isCloseTo(errors.get("rmsce").getAsDouble(), CLOSE);
      assertThat(error.ace()).as(name).isCloseTo(errors.get("ace").getAsDouble(), CLOSE);
      assertThat(error.binning().lostRows()).isZero();
    }
  }

  /** By all rows in memory, and by a sketch where it can be. */
  private static List<CalibrationError> errors(Predictions p, BinningConvention convention) {
    var inMemory = CalibrationError.of(p, convention);
    return convention.hasFixedBins()
        ? List.of(
            inMemory, CalibrationError.of(CalibrationSketch.of(p, convention).summary().binning()))
        : List.of(inMemory);
  }

  private static void assertValues(List<Double> got, JsonArray expected) {
    assertValues(got, expected, CLOSE);
  }

  private static void assertValues(List<Double> got, JsonArray expected, Offset<Double> offset) {
    assertThat(got).hasSize(expected.size());
    for (int i = 0; i < got.size(); i++) {
      assertThat(got.get(i)).isCloseTo(expected.get(i).getAsDouble(), offset);
    }
  }

  private static JsonObject expected(JsonObject data) {
    return data.getAsJsonObject("expected");
  }

  private static double value(JsonObject data, String name) {
    return expected(data).get(name).getAsDouble();
  }

  static Predictions predictions(JsonObject data) {
    var builder = Predictions.builder();
    if (data.has("positive")) {
      builder.positiveProbabilities(doubles(data.getAsJsonArray("positive")));
    } else {
      List<double[]> rows = new ArrayList<>();
      data.getAsJsonArray("logits").forEach(row -> rows.add(doubles(row.getAsJsonArray())));
      builder.logits(rows.toArray(double[][]::new));
    }
    if (data.has("weights")) {
      builder.weights(doubles(data.getAsJsonArray("weights")));
    }
    double[] labels = doubles(data.getAsJsonArray("labels"));
    int[] whole = new int[labels.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) labels[i];
    }
    return builder.labels(whole).build();
  }

  static double[] doubles(JsonArray values) {
    double[] out = new double[values.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = values.get(i).getAsDouble();
    }
    return out;
  }
}
