package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.KernelCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.ood.OodFixture;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.BrierDecomposition;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedFixtureTest {
  private static final Predictions PREDICTIONS = Fixtures.inDistribution();
  private static final JsonObject EXPECTED = Fixtures.expected();

  @Test
  void fixtureIsTheOneThatTheOracleSaw() {
    JsonObject source = EXPECTED.getAsJsonObject("lcg");
    JsonArray logits = source.getAsJsonArray("first_logits");
    for (int k = 0; k < logits.size(); k++) {
      assertThat(PREDICTIONS.logit(0, k)).isEqualTo(logits.get(k).getAsDouble());
    }
    JsonArray labels = source.getAsJsonArray("first_labels");
    for (int r = 0; r < labels.size(); r++) {
      assertThat(PREDICTIONS.label(r)).isEqualTo(labels.get(r).getAsInt());
    }
    int[] counts = new int[4];
    for (int r = 0; r < PREDICTIONS.rows(); r++) {
      counts[PREDICTIONS.label(r)]++;
    }
    JsonArray expected = source.getAsJsonArray("label_counts");
    for (int k = 0; k < 4; k++) {
      assertThat(counts[k]).isEqualTo(expected.get(k).getAsInt());
    }
  }

  /** The files are what the generator in expected.json gives, bit for bit. */
  @Test
  void fixtureIsWhatItsGeneratorDraws() {
    assertThat(PREDICTIONS.rows()).isEqualTo(EXPECTED.getAsJsonObject("lcg").get("N").getAsInt());
    assertThat(PREDICTIONS.classes())
        .isEqualTo(EXPECTED.getAsJsonObject("lcg").get("K").getAsInt());
    long[] state = {42};
    double[][] logits = drawn(state, 500, 3);
    for (int r = 0; r < 500; r++) {
      double u = uniform(state);
      double[] p = Predictions.ofLogits(scaled(logits[r]), new int[1]).probabilities(0);
      int label = 0;
      for (double sum = p[0]; label < 3 && sum <= u; sum += p[label]) {
        label++;
      }
      assertThat(PREDICTIONS.label(r)).as("row " + r).isEqualTo(label);
      for (int k = 0; k < 4; k++) {
        assertThat(PREDICTIONS.logit(r, k)).isEqualTo(logits[r][k]);
      }
    }
    Predictions out = OodFixture.out();
    double[][] outLogits = drawn(new long[] {7}, 300, 1.5);
    assertThat(out.rows()).isEqualTo(300);
    for (int r = 0; r < 300; r++) {
      for (int k = 0; k < 4; k++) {
        assertThat(out.logit(r, k)).isEqualTo(outLogits[r][k]);
      }
    }
  }

  private static double[][] scaled(double[] row) {
    return new double[][] {Arrays.stream(row).map(z -> 0.6 * z).toArray()};
  }

  private static double[][] drawn(long[] state, int rows, double width) {
    double[][] logits = new double[rows][4];
    for (double[] row : logits) {
      Arrays.setAll(row, k -> Math.rint((2 * uniform(state) - 1) * width * 1e6) / 1e6);
    }
    return logits;
  }

  private static double uniform(long[] state) {
    state[0] = state[0] * 6364136223846793005L + 1442695040888963407L;
    return (state[0] >>> 11) * 0x1.0p-53;
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 15, 20})
  void leftClosedBinsOfTheFixtureHaveTheSameErrors(int bins) {
    JsonObject expected = EXPECTED.getAsJsonObject("ece_top_" + bins + "_left-closed");
    var error = CalibrationError.of(PREDICTIONS, BinningConvention.NETCAL.withBins(bins));
    assertThat(error.ece()).isCloseTo(expected.get("ece").getAsDouble(), within(1e-12));
    assertThat(error.mce()).isCloseTo(expected.get("mce").getAsDouble(), within(1e-12));
    assertThat(error.rmsce()).isCloseTo(expected.get("rmsce").getAsDouble(), within(1e-12));
    assertCounts(error, expected);
  }

  private static void assertCounts(CalibrationError error, JsonObject expected) {
    JsonArray counts = expected.getAsJsonArray("counts");
    assertThat(error.binning().bins()).hasSize(counts.size());
    for (int b = 0; b < counts.size(); b++) {
      assertThat(error.binning().bins().get(b).count()).isEqualTo(counts.get(b).getAsLong());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 15, 20})
  void topLabelErrorsOfEqualWidthBinsAreTheOracles(int bins) {
    JsonObject expected = EXPECTED.getAsJsonObject("ece_top_" + bins + "_right-closed");
    var error = CalibrationError.of(PREDICTIONS, BinningConvention.GUO.withBins(bins));
    assertThat(error.ece()).isCloseTo(expected.get("ece").getAsDouble(), within(1e-12));
    assertThat(error.mce()).isCloseTo(expected.get("mce").getAsDouble(), within(1e-12));
    assertThat(error.rmsce()).isCloseTo(expected.get("rmsce").getAsDouble(), within(1e-12));
    assertCounts(error, expected);
  }

  @Test
  void averageCalibrationErrorIsTheOracles() {
    assertThat(CalibrationError.of(PREDICTIONS).ace())
        .isCloseTo(EXPECTED.get("ace15_mean_nonempty").getAsDouble(), within(1e-12));
  }

  @Test
  void properScoresAreTheOracles() {
    var scores = ProperScores.of(PREDICTIONS);
    JsonObject source = EXPECTED.getAsJsonObject("lcg");
    assertThat(scores.accuracy()).isCloseTo(source.get("accuracy").getAsDouble(), within(1e-12));
    assertThat(scores.meanConfidence())
        .isCloseTo(source.get("mean_conf").getAsDouble(), within(1e-12));
    assertThat(scores.nll()).isCloseTo(EXPECTED.get("nll").getAsDouble(), within(1e-12));
    assertThat(scores.brier())
        .isCloseTo(EXPECTED.get("brier_multiclass_sum").getAsDouble(), within(1e-12));
    assertThat(scores.topLabelBrier())
        .isCloseTo(EXPECTED.get("brier_top").getAsDouble(), within(1e-12));
  }

  @Test
  void reliabilityTableIsTheOracles() {
    JsonArray table = EXPECTED.getAsJsonArray("reliability_table_15_right_closed");
    var bins = ReliabilityDiagram.of(PREDICTIONS).bins();
    assertThat(bins).hasSize(table.size());
    for (int b = 0; b < bins.size(); b++) {
      JsonObject row = table.get(b).getAsJsonObject();
      var bin = bins.get(b);
      assertThat(bin.count()).isEqualTo(row.get("n").getAsLong());
      if (bin.count() == 0) {
        assertThat(bin.accuracy()).isNaN();
        assertThat(bin.wilson()).isEqualTo(Interval.UNKNOWN);
        continue;
      }
      assertThat(bin.accuracy()).isCloseTo(row.get("acc").getAsDouble(), within(1e-12));
      assertThat(bin.meanConfidence()).isCloseTo(row.get("conf").getAsDouble(), within(1e-12));
      assertInterval(bin.clopperPearson(), row.getAsJsonArray("cp95"));
      assertInterval(bin.wilson(), row.getAsJsonArray("wilson95"));
    }
  }

  @Test
  void theConventionIsPartOfWhatIsPrinted() {
    assertThat(CalibrationError.of(PREDICTIONS))
        .hasToString("ECE 0.1160 (guo: 15 equal-width bins, 500 rows)");
    assertThat(ProperScores.of(PREDICTIONS))
        .hasToString("accuracy 0.5520, NLL 1.1282, Brier 0.6083 (500 rows)");
  }

  @Test
  void equalMassErrorsAreVerifiedCalibrations() {
    var error = CalibrationError.of(PREDICTIONS, BinningConvention.VERIFIED);
    assertThat(error.ece()).isCloseTo(value("vc_get_ece_em_15"), within(1e-12));
    assertThat(error.rmsce()).isCloseTo(value("vc_l2_plugin_top_equalmass15"), within(1e-12));
    assertThat(DebiasedCalibrationError.of(PREDICTIONS).l2())
        .isCloseTo(value("vc_l2_debiased_top_equalmass15"), within(1e-9));
    assertThat(DebiasedCalibrationError.marginalL2(PREDICTIONS, BinningConvention.VERIFIED))
        .isCloseTo(value("vc_l2_debiased_marginal_equalmass15"), within(1e-9));
    assertThat(ClasswiseCalibrationError.of(PREDICTIONS, BinningConvention.VERIFIED).marginal(2))
        .isCloseTo(value("vc_l2_plugin_marginal_equalmass15"), within(1e-12));
    var equalWidth = DebiasedCalibrationError.of(PREDICTIONS, BinningConvention.GUO);
    assertThat(equalWidth.squaredL2())
        .isCloseTo(value("l2_debiased_equalwidth15_sq"), within(1e-12));
    assertThat(equalWidth.l2()).isCloseTo(value("l2_debiased_equalwidth15"), within(1e-12));
    assertThat(CalibrationError.of(PREDICTIONS).ece())
        .isCloseTo(value("vc_get_ece_15"), within(1e-12));
  }

  @Test
  void classwiseErrorsAreTheOracles() {
    var error = ClasswiseCalibrationError.of(PREDICTIONS);
    JsonArray expected = EXPECTED.getAsJsonArray("classwise_ece_15_right_closed");
    for (int k = 0; k < 4; k++) {
      assertThat(error.classes().get(k).ece())
          .isCloseTo(expected.get(k).getAsDouble(), within(1e-12));
    }
    assertThat(error.ece()).isCloseTo(value("classwise_ece_15_mean"), within(1e-12));
  }

  @Test
  void smoothErrorIsRelplots() {
    JsonArray expected = EXPECTED.getAsJsonArray("smECE_reflected(relplot)");
    var smooth =
        SmoothCalibrationError.of(PREDICTIONS, SmoothCalibrationError.Kernel.REFLECTED_RELPLOT);
    assertThat(SmoothCalibrationError.of(PREDICTIONS).value())
        .isCloseTo(expected.get(0).getAsDouble(), within(1e-8));
    assertThat(smooth.value()).isCloseTo(expected.get(0).getAsDouble(), within(1e-10));
    assertThat(smooth.width()).isEqualTo(expected.get(1).getAsDouble());
    assertThat(SmoothCalibrationError.at(Forecasts.topLabel(PREDICTIONS), 0.05))
        .isCloseTo(value("smECE_sigma0.05"), within(1e-3));
  }

  @Test
  void kernelErrorIsNetcals() {
    assertThat(KernelCalibrationError.of(PREDICTIONS).mmce())
        .isCloseTo(value("mmce_netcal(laplacian, exp(-2.5|d|), sqrt(sum/n^2))"), within(1e-12));
  }

  @Test
  void testsOfCalibrationAreTheOracles() {
    var spiegelhalter = SpiegelhalterTest.of(PREDICTIONS);
    assertThat(spiegelhalter.statistic()).isCloseTo(value("spiegelhalter_z"), within(1e-9));
    assertThat(spiegelhalter.pValue())
        .isCloseTo(value("spiegelhalter_p_two_sided"), withinPercentage(1e-4));
    // MAPIE takes the upper tail alone, as 1 minus the rest: its digits end at 1e-16.
    assertThat(spiegelhalter.pValue() / 2)
        .isCloseTo(value("spiegelhalter_p_mapie_one_sided"), within(1.2e-16));
    var ks = CumulativeTests.kolmogorovSmirnov(PREDICTIONS);
    assertThat(ks.statistic()).isCloseTo(value("ks_stat"), within(1e-9));
    assertThat(ks.pValue()).isCloseTo(value("ks_p"), withinPercentage(0.01));
    var kuiper = CumulativeTests.kuiperWithoutStart(Forecasts.topLabel(PREDICTIONS));
    assertThat(kuiper.statistic())
        .isCloseTo(value("kuiper_stat(max-min, mapie: 0 not included)"), within(1e-9));
    assertThat(kuiper.pValue()).isCloseTo(value("kuiper_p"), withinPercentage(0.01));
    assertThat(CumulativeTests.kuiper(PREDICTIONS).statistic())
        .isGreaterThanOrEqualTo(kuiper.statistic());
  }

  @Test
  void corpPartsAndCurveAreTheOracles() {
    JsonObject parts = EXPECTED.getAsJsonObject("corp_brier_top");
    var curve = CorpCurve.of(PREDICTIONS);
    assertThat(curve.miscalibration()).isCloseTo(parts.get("MCB").getAsDouble(), within(1e-9));
    assertThat(curve.discrimination()).isCloseTo(parts.get("DSC").getAsDouble(), within(1e-9));
    assertThat(curve.uncertainty()).isCloseTo(parts.get("UNC").getAsDouble(), within(1e-12));
    assertThat(curve.miscalibration() - curve.discrimination() + curve.uncertainty())
        .isCloseTo(parts.get("check").getAsDouble(), within(1e-12));
    EXPECTED
        .getAsJsonObject("isotonic")
        .getAsJsonObject("pred_at")
        .entrySet()
        .forEach(
            point ->
                assertThat(curve.at(Double.parseDouble(point.getKey())))
                    .isCloseTo(point.getValue().getAsDouble(), within(1e-9)));
  }

  @Test
  void murphyPartsAreTheOraclesAndSumToTheBrierScore() {
    JsonObject parts = EXPECTED.getAsJsonObject("murphy15_top");
    var brier = BrierDecomposition.of(PREDICTIONS);
    assertThat(brier.reliability()).isCloseTo(parts.get("REL").getAsDouble(), within(1e-12));
    assertThat(brier.resolution()).isCloseTo(parts.get("RES").getAsDouble(), within(1e-12));
    assertThat(brier.uncertainty()).isCloseTo(parts.get("UNC").getAsDouble(), within(1e-12));
    assertThat(brier.withinBinVariance()).isCloseTo(parts.get("WBV").getAsDouble(), within(1e-12));
    assertThat(brier.withinBinCovariance())
        .isCloseTo(parts.get("WBC").getAsDouble(), within(1e-12));
    assertThat(brier.brier())
        .isCloseTo(parts.get("REL-RES+UNC+WBV-WBC").getAsDouble(), within(1e-12));
    assertThat(brier.brier())
        .isCloseTo(ProperScores.of(PREDICTIONS).topLabelBrier(), within(1e-15));
  }

  @Test
  void calibrationCurveIsSklearns() {
    assertCurve("sklearn_calibration_curve_5_uniform", BinningConvention.SKLEARN);
    assertCurve("sklearn_calibration_curve_5_quantile", BinningConvention.EQUAL_MASS.withBins(5));
  }

  private static void assertCurve(String name, BinningConvention convention) {
    JsonArray expected = EXPECTED.getAsJsonArray(name);
    var bins =
        ReliabilityDiagram.of(PREDICTIONS, convention).bins().stream()
            .filter(bin -> !bin.isEmpty())
            .toList();
    for (int b = 0; b < bins.size(); b++) {
      assertThat(bins.get(b).accuracy())
          .isCloseTo(expected.get(0).getAsJsonArray().get(b).getAsDouble(), within(1e-12));
      assertThat(bins.get(b).meanConfidence())
          .isCloseTo(expected.get(1).getAsJsonArray().get(b).getAsDouble(), within(1e-12));
    }
    assertThat(bins).hasSize(expected.get(0).getAsJsonArray().size());
  }

  private static double value(String name) {
    return EXPECTED.get(name).getAsDouble();
  }

  private static void assertInterval(Interval got, JsonArray expected) {
    assertThat(got.lower()).isCloseTo(expected.get(0).getAsDouble(), within(1e-9));
    assertThat(got.upper()).isCloseTo(expected.get(1).getAsDouble(), within(1e-9));
  }
}
