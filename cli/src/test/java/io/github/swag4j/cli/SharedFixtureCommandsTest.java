package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the commands print of the fixture of 500 logits is what Python's libraries compute of it.
 */
class SharedFixtureCommandsTest {
  private static final Path RESOURCES = Path.of("../calibration/src/test/resources/fixtures");
  private static final Path IN = RESOURCES.resolve("logits_id.csv");
  private static final Path OUT = RESOURCES.resolve("logits_ood.csv");

  @TempDir private static Path folder;
  private static JsonObject expected;

  @BeforeAll
  static void readExpected() throws IOException {
    expected =
        JsonParser.parseString(Files.readString(RESOURCES.resolve("expected.json")))
            .getAsJsonObject();
  }

  private static List<JsonObject> json(String... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private static Predictions read(Path file) throws IOException {
    return PredictionFiles.read(file, ReadOptions.defaults().withLogits(true));
  }

  @Test
  void evaluateGivesTheOraclesNumbers() {
    JsonObject got = json("evaluate", IN.toString(), "--logits", "--json").get(0);
    JsonObject guo = expected.getAsJsonObject("ece_top_15_right-closed");
    Map<String, Double> oracle = new LinkedHashMap<>();
    oracle.put("n", 500.0);
    oracle.put("classes", 4.0);
    oracle.put("accuracy", expected.getAsJsonObject("lcg").get("accuracy").getAsDouble());
    oracle.put("nll", expected.get("nll").getAsDouble());
    oracle.put("brier", expected.get("brier_multiclass_sum").getAsDouble());
    oracle.put("ece", guo.get("ece").getAsDouble());
    oracle.put("mce", guo.get("mce").getAsDouble());
    oracle.put("rmsce", guo.get("rmsce").getAsDouble());
    oracle.put("ace", expected.get("ace15_mean_nonempty").getAsDouble());
    oracle.put("ece_equal_mass", expected.get("vc_get_ece_em_15").getAsDouble());
    oracle.put("classwise_ece", expected.get("classwise_ece_15_mean").getAsDouble());
    oracle.put("ece_debiased", expected.get("l2_debiased_equalwidth15").getAsDouble());
    oracle.put("smece", expected.getAsJsonArray("smECE_reflected(relplot)").get(0).getAsDouble());
    oracle.put("aurc", expected.get("aurc_mean_over_prefixes(Geifman)").getAsDouble());
    oracle.put("augrc", expected.get("augrc_closed_form").getAsDouble());
    oracle.put("failure_auroc", expected.get("failure_auroc").getAsDouble());
    oracle.put("mean_confidence", expected.getAsJsonObject("lcg").get("mean_conf").getAsDouble());
    oracle.put("saturated", 0.0);
    oracle.put("bins", 15.0);
    oracle.forEach(
        (key, value) ->
            assertThat(got.get(key).getAsDouble())
                .as(key)
                .isCloseTo(value, within(key.equals("smece") ? 1e-6 : 1e-12)));
    double p = expected.get("spiegelhalter_p_two_sided").getAsDouble();
    assertThat(got.get("spiegelhalter_p").getAsDouble()).isCloseTo(p, within(1e-6 * p));
    assertThat(got.get("convention").getAsString()).isEqualTo("guo");
  }

  @Test
  void everyNumberHasAllItsDigitsWhateverTheConvention() throws IOException {
    Predictions p = read(IN);
    for (BinningConvention convention : BinningConvention.all()) {
      List<JsonObject> lines =
          json("evaluate", IN + "", "--logits", "--json", "--convention", convention.name());
      CalibrationError error = CalibrationError.of(p, convention);
      ProperScores scores = ProperScores.of(p);
      SelectivePrediction selective = SelectivePrediction.of(p);
      Map<String, Double> exact = new LinkedHashMap<>();
      exact.put("accuracy", scores.accuracy());
      exact.put("nll", scores.nll());
      exact.put("brier", scores.brier());
      exact.put("ece", error.ece());
      exact.put("mce", error.mce());
      exact.put("rmsce", error.rmsce());
      exact.put("ace", error.ace());
      exact.put("classwise_ece", ClasswiseCalibrationError.of(p, convention).ece());
      exact.put("ece_debiased", DebiasedCalibrationError.of(p, convention).l2());
      exact.put("smece", SmoothCalibrationError.of(p).value());
      exact.put("aurc", selective.aurc());
      exact.put("augrc", selective.augrc());
      exact.put("failure_auroc", selective.failureAuroc());
      exact.put("spiegelhalter_p", SpiegelhalterTest.of(p).pValue());
      exact.put("mean_confidence", scores.meanConfidence());
      assertThat(lines).hasSize(1);
      exact.forEach(
          (key, value) ->
              assertThat(lines.get(0).get(key).getAsDouble())
                  .as(convention.name() + " " + key)
                  .isCloseTo(value, within(1e-14)));
      assertThat(lines.get(0).get("convention").getAsString()).isEqualTo(convention.name());
      assertThat(lines.get(0).get("bins").getAsInt()).isEqualTo(convention.bins());
    }
  }

  @Test
  void everyKeyIsExplainedOnTheMetricsPage() throws IOException {
    String page = Files.readString(Path.of("../docs/metrics.md"));
    String table = page.substring(page.indexOf("| key |"));
    for (String key : json("evaluate", IN.toString(), "--logits", "--json").get(0).keySet()) {
      if (!key.equals("file")) {
        assertThat(table).contains("`" + key + "`");
      }
    }
  }

  @Test
  void everyFileHasALineOfItsOwnInTheirOrder() throws IOException {
    Path half = folder.resolve("half.npz");
    int[] rows = IntStream.range(0, 250).toArray();
    PredictionFiles.write(half, read(IN).select(rows));
    Path whole = folder.resolve("whole.npz");
    PredictionFiles.write(whole, read(IN));
    List<JsonObject> lines = json("evaluate", half.toString(), whole + "", half + "", "--json");
    assertThat(lines)
        .extracting(line -> line.get("file").getAsString())
        .containsExactly(half.toString(), whole.toString(), half.toString());
    assertThat(lines).extracting(line -> line.get("n").getAsInt()).containsExactly(250, 500, 250);
    assertThat(lines.get(1).get("nll").getAsDouble())
        .isCloseTo(expected.get("nll").getAsDouble(), within(1e-12));
  }

  @Test
  void oodGivesTheOraclesNumbersForEveryScore() throws IOException {
    List<JsonObject> lines =
        json("ood", "--in", IN.toString(), "--out", OUT.toString(), "--logits", "--json");
    assertThat(lines).hasSize(1);
    JsonObject scores = lines.get(0).getAsJsonObject("scores");
    Map<String, String> keys =
        Map.of(
            "auroc", "auroc",
            "aupr_out", "ap_out",
            "aupr_in", "ap_in",
            "fpr95", "fpr95_ood_positive",
            "fpr95_id_positive", "fpr95_id_positive",
            "detection_error", "detection_error_min");
    Map<String, String> names =
        Map.of("msp", "msp", "entropy", "entropy", "energy", "energy", "max_logit", "maxlogit");
    names.forEach(
        (name, theirs) -> {
          JsonObject oracle = expected.getAsJsonObject("ood").getAsJsonObject(theirs);
          keys.forEach(
              (key, their) ->
                  assertThat(scores.getAsJsonObject(name).get(key).getAsDouble())
                      .as(name + " " + key)
                      .isCloseTo(oracle.get(their).getAsDouble(), within(1e-12)));
        });
    assertThat(scores.getAsJsonObject("msp").get("auroc_se").getAsDouble())
        .isCloseTo(
            expected.getAsJsonArray("delong_ood_msp(auc,se)").get(1).getAsDouble(), within(1e-12));
    Predictions in = read(IN);
    Predictions out = read(OUT);
    assertThat(scores.keySet())
        .containsExactlyElementsOf(OodScore.applicableTo(in).stream().map(OodScore::name).toList());
    for (OodScore score : OodScore.applicableTo(in)) {
      DetectionCurve curve = DetectionCurve.of(score.score(in), score.score(out));
      JsonObject got = scores.getAsJsonObject(score.name());
      assertThat(got.get("auroc").getAsDouble()).isEqualTo(curve.auroc());
      assertThat(got.get("auroc_se").getAsDouble()).isEqualTo(curve.aurocStandardError());
    }
  }

  @Test
  void calibrateGivesTheOraclesTemperatureAndPrintsBeforeAndAfter() throws IOException {
    Path other = folder.resolve("other.npz");
    PredictionFiles.write(other, read(OUT));
    JsonObject fitted =
        json(
                "calibrate",
                "--fit",
                IN + "",
                "--apply",
                OUT + "",
                "--logits",
                "-o",
                folder.resolve("calibrated.npz") + "",
                "--json")
            .get(0);
    assertThat(
            fitted.getAsJsonObject("parameters").getAsJsonArray("temperature").get(0).getAsDouble())
        .isCloseTo(expected.get("temperature_T").getAsDouble(), within(1e-6));
    assertThat(
            fitted.getAsJsonObject("parameters").getAsJsonArray("nll_after").get(0).getAsDouble())
        .isCloseTo(expected.get("nll_after_T").getAsDouble(), within(1e-12));
    Path validation = folder.resolve("validation.npz");
    Path test = folder.resolve("test.npz");
    Predictions all = read(IN);
    PredictionFiles.write(validation, all.select(IntStream.range(0, 250).toArray()));
    PredictionFiles.write(test, all.select(IntStream.range(250, 500).toArray()));
    Cli text =
        Cli.run(
            "calibrate",
            "--fit",
            validation + "",
            "--apply",
            test + "",
            "-o",
            folder.resolve("text.npz") + "");
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out()).containsPattern("(?m)^\\s*temperature \\d\\.\\d{5}");
    assertThat(text.out()).containsPattern("(?m)^ *before +0\\.\\d{4}");
    assertThat(text.out()).containsPattern("(?m)^ *after +0\\.\\d{4}");
  }
}
