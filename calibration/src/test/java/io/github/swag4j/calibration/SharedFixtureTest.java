package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedFixtureTest {
  private static final Predictions PREDICTIONS = Fixtures.inDistribution();
  private static final JsonObject EXPECTED = Fixtures.expected();

  @ParameterizedTest
  @ValueSource(ints = {10, 15, 20})
  void topLabelErrorsOfEqualWidthBinsAreTheOracles(int bins) {
    JsonObject expected = EXPECTED.getAsJsonObject("ece_top_" + bins + "_right-closed");
    var error = CalibrationError.of(PREDICTIONS, BinningConvention.GUO.withBins(bins));
    assertThat(error.ece()).isCloseTo(expected.get("ece").getAsDouble(), within(1e-12));
    assertThat(error.mce()).isCloseTo(expected.get("mce").getAsDouble(), within(1e-12));
    assertThat(error.rmsce()).isCloseTo(expected.get("rmsce").getAsDouble(), within(1e-12));
    JsonArray counts = expected.getAsJsonArray("counts");
    for (int b = 0; b < bins; b++) {
      assertThat(error.binning().bins().get(b).count()).isEqualTo(counts.get(b).getAsLong());
    }
  }

  @Test
  void averageCalibrationErrorIsTheOracles() {
    assertThat(CalibrationError.of(PREDICTIONS).ace())
        .isCloseTo(EXPECTED.get("ace15_mean_nonempty").getAsDouble(), within(1e-12));
  }

  @Test
  void properScoresAreTheOracles() {
    var scores = ProperScores.of(PREDICTIONS);
    assertThat(scores.accuracy()).isCloseTo(0.552, within(1e-12));
    assertThat(scores.meanConfidence()).isCloseTo(0.6566918374414782, within(1e-12));
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

  private static void assertInterval(Interval got, JsonArray expected) {
    assertThat(got.lower()).isCloseTo(expected.get(0).getAsDouble(), within(1e-9));
    assertThat(got.upper()).isCloseTo(expected.get(1).getAsDouble(), within(1e-9));
  }
}
