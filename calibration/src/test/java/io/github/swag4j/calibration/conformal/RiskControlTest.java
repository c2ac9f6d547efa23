package io.github.swag4j.calibration.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Options;
import io.github.swag4j.calibration.conformal.RiskControl.Choice;
import io.github.swag4j.calibration.conformal.RiskControl.Correction;
import io.github.swag4j.calibration.ood.OodFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RiskControlTest {
  private static final JsonObject GOLDEN =
      OodFixture.json("/conformal/risk.json").getAsJsonObject();

  private static double[][] probabilities() {
    JsonArray rows = GOLDEN.getAsJsonArray("probabilities");
    double[][] out = new double[rows.size()][5];
    for (int row = 0; row < out.length; row++) {
      for (int k = 0; k < 5; k++) {
        out[row][k] = rows.get(row).getAsJsonArray().get(k).getAsDouble();
      }
    }
    return out;
  }

  private static boolean[][] labels() {
    JsonArray rows = GOLDEN.getAsJsonArray("labels");
    boolean[][] out = new boolean[rows.size()][5];
    for (int row = 0; row < out.length; row++) {
      for (int k = 0; k < 5; k++) {
        out[row][k] = rows.get(row).getAsJsonArray().get(k).getAsBoolean();
      }
    }
    return out;
  }

  @Test
  void pValuesAreThoseOfScipysBinomialAndHoeffding() {
    for (JsonElement element : GOLDEN.getAsJsonArray("p_values")) {
      JsonObject g = element.getAsJsonObject();
      double risk = g.get("risk").getAsDouble();
      long n = g.get("n").getAsLong();
      double alpha = g.get("alpha").getAsDouble();
      double general = g.get("general").getAsDouble();
      assertThat(HoeffdingBentkus.pValue(risk, n, alpha, false))
          .isCloseTo(general, within(1e-11 * general));
      double binary = g.get("binary").getAsDouble();
      assertThat(HoeffdingBentkus.pValue(risk, n, alpha, true))
          .isCloseTo(binary, within(1e-11 * binary));
    }
  }

  @Test
  void recallThresholdsAreTheGreatestThatAScanFinds() {
    for (JsonElement element : GOLDEN.getAsJsonArray("recall")) {
      JsonObject g = element.getAsJsonObject();
      MultiLabelThreshold found =
          MultiLabelThreshold.forRecall(probabilities(), labels(), g.get("alpha").getAsDouble());
      double expected =
          g.get("threshold").isJsonNull()
              ? Double.NEGATIVE_INFINITY
              : g.get("threshold").getAsDouble();
      assertThat(found.threshold()).isEqualTo(expected);
      assertThat(found.risk()).isCloseTo(g.get("risk").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void topKAndNaiveSetsAreThoseOfNumpy() {
    Predictions all = OodFixture.in();
    Predictions first = all.select(IntStream.range(0, 250).toArray());
    Predictions second = all.select(IntStream.range(250, 500).toArray());
    for (JsonElement element : GOLDEN.getAsJsonArray("top_k")) {
      JsonObject g = element.getAsJsonObject();
      ConformalClassifier fitted =
          ConformalClassifier.fit(
              first, Options.of(g.get("alpha").getAsDouble(), ConformalScore.topK()));
      assertThat(fitted.strata().get(0).threshold()).isEqualTo(g.get("threshold").getAsDouble());
      PredictionSets sets = fitted.predict(second);
      assertThat(sets.coverage()).isCloseTo(g.get("coverage").getAsDouble(), within(1e-15));
      assertThat(sets.meanSize()).isCloseTo(g.get("mean_size").getAsDouble(), within(1e-15));
      assertThat(ConformalClassifier.fromJson(fitted.toJson()).predict(second).sizeCounts())
          .isEqualTo(sets.sizeCounts());
    }
    for (JsonElement element : GOLDEN.getAsJsonArray("naive")) {
      JsonObject g = element.getAsJsonObject();
      PredictionSets sets = PredictionSets.naive(all, g.get("alpha").getAsDouble());
      assertThat(sets.coverage()).isCloseTo(g.get("coverage").getAsDouble(), within(1e-15));
      assertThat(sets.meanSize()).isCloseTo(g.get("mean_size").getAsDouble(), within(1e-15));
      assertThat(sets.strata()).isEmpty();
    }
  }

  @Test
  void classesOfEqualProbabilityShareTheBetterRank() {
    double[] scores = new double[4];
    Predictions p = Predictions.of(new double[][] {{0.2, 0.3, 0.3, 0.2}}, new int[1]);
    ConformalScore.topK().of(p, 0, 0, 0, scores);
    assertThat(scores).containsExactly(3, 1, 1, 3);
    assertThatThrownBy(() -> ConformalScore.topK().randomised(1))
        .hasMessage("TOP_K has no randomised form: use APS or RAPS");
    assertThat(ConformalScore.topK()).hasToString("TOP_K");
  }

  /** Loss of row u at lambda: missed while lambda is below u. */
  private static double[][] missed(SplittableRandom random, int rows, double[] lambdas) {
    double[][] losses = new double[rows][];
    for (int row = 0; row < rows; row++) {
      double u = random.nextDouble();
      losses[row] = Arrays.stream(lambdas).map(l -> l < u ? 1 : 0).toArray();
    }
    return losses;
  }

  private static double[] grid() {
    return IntStream.rangeClosed(0, 100).mapToDouble(i -> i / 100.0).toArray();
  }

  @Test
  void conformalRiskControlKeepsTheExpectedLossOverManyDraws() {
    // The loss of a new row at lambda is 1 - lambda in expectation.
    double mean = 0;
    for (int seed = 0; seed < 400; seed++) {
      double[][] losses = missed(new SplittableRandom(seed), 30, grid());
      mean += (1 - RiskControl.conformal(grid(), losses, 0.2).orElseThrow().lambda()) / 400;
    }
    // At most 0.2, and not far below: a step of the grid and 1 / 31 of slack.
    assertThat(mean).isBetween(0.2 - 1 / 31.0 - 0.02, 0.2);
  }

  @Test
  void learnThenTestFailsLessOftenThanDelta() {
    for (Correction correction : Correction.values()) {
      double[] safestFirst = IntStream.rangeClosed(0, 20).mapToDouble(i -> 1 - i / 20.0).toArray();
      int failed = 0;
      int found = 0;
      for (int seed = 0; seed < 400; seed++) {
        double[][] losses = missed(new SplittableRandom(seed), 200, safestFirst);
        List<Choice> safe = RiskControl.learnThenTest(safestFirst, losses, 0.3, 0.1, correction);
        found += safe.size();
        failed += safe.stream().anyMatch(c -> 1 - c.lambda() > 0.3 + 1e-12) ? 1 : 0;
      }
      assertThat(failed).as("%s", correction).isLessThan(40 + 18);
      // Lambdas 1 to 0.8 nearly always qualify.
      assertThat(found).as("%s", correction).isGreaterThan(400 * 4);
    }
  }

  @Test
  void bonferroniDividesByTheNumberOfLambdasAndNotOfRows() {
    double[][] losses = new double[60][2];
    // P(no loss in 60 rows at 0.1) = 0.0018: enough for 0.01 / 2, not for 0.01 / 60.
    List<Choice> safe =
        RiskControl.learnThenTest(new double[] {0, 1}, losses, 0.1, 0.01, Correction.BONFERRONI);
    assertThat(safe).hasSize(2);
    assertThat(safe.get(0).bound()).isCloseTo(Math.pow(0.9, 60), within(1e-12));
    assertThat(safe.get(0).toString()).startsWith("lambda 0.0, mean calibration loss 0.0000 (");
  }

  @Test
  void aFixedSequenceStopsWhereTheFirstFails() {
    double[][] losses = new double[100][3];
    for (double[] row : losses) {
      row[1] = 1;
    }
    double[] lambdas = {3, 2, 1};
    assertThat(RiskControl.learnThenTest(lambdas, losses, 0.1, 0.1, Correction.FIXED_SEQUENCE))
        .extracting(Choice::lambda)
        .containsExactly(3.0);
    assertThat(RiskControl.learnThenTest(lambdas, losses, 0.1, 0.1, Correction.BONFERRONI))
        .extracting(Choice::lambda)
        .containsExactly(3.0, 1.0);
  }

  @Test
  void precisionIsKeptAtTheGreatestRecallAndPredictingNothingIsNotSafe() {
    SplittableRandom random = new SplittableRandom(3);
    double[][] p = new double[800][6];
    boolean[][] y = new boolean[800][6];
    for (int row = 0; row < 800; row++) {
      for (int k = 0; k < 6; k++) {
        p[row][k] = k == 0 ? 1 : random.nextDouble();
        y[row][k] = random.nextDouble() < p[row][k] * p[row][k];
      }
    }
    double[] tried = {0.1, 0.3, 0.5, 0.7, 0.9, 0.95};
    MultiLabelThreshold found =
        MultiLabelThreshold.forPrecision(p, y, 0.2, 0.05, tried).orElseThrow();
    assertThat(found.risk()).isLessThan(0.2);
    assertThat(found.threshold()).isIn(0.7, 0.9);
    assertThat(found.predict(0.95, 0.1, 0.9)).containsExactly(0, 2);
    assertThat(MultiLabelThreshold.forPrecision(p, y, 0.2, 0.05, 1.5))
        .as("a threshold that predicts nothing")
        .isEqualTo(Optional.empty());
  }

  @Test
  void mapieDividesByZeroForARowWithoutLabelsAndItMissesNoneHere() {
    double[][] p = {{0.9, 0.2}, {0.4, 0.6}, {0.8, 0.7}};
    boolean[][] y = {{true, false}, {false, false}, {true, true}};
    MultiLabelThreshold found = MultiLabelThreshold.forRecall(p, y, 0.4);
    // Nothing missed but the added 1: 1 / 4 is allowed; half a row more, 1.5 / 4, too.
    assertThat(found.threshold()).isEqualTo(0.8);
    assertThat(found.risk()).isCloseTo(0.5 / 3, within(1e-15));
    assertThat(found)
        .hasToString("threshold 0.8, mean loss 0.1667 on 3 calibration rows, at most 0.4 expected");
    assertThat(MultiLabelThreshold.forRecall(p, y, 0.2).threshold())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void whatCannotBeGuaranteedIsRefused() {
    double[] two = {0, 1};
    double[][] rising = {{0, 1}};
    assertThatThrownBy(() -> RiskControl.conformal(two, rising, 0.1))
        .hasMessageContaining("losses[0] must never rise with lambda");
    assertThat(RiskControl.conformal(two, new double[][] {{0, 0}}, 0.1)).isEmpty();
    assertThatThrownBy(() -> RiskControl.conformal(two, new double[][] {{1, -0.5}}, 0.1))
        .hasMessage("losses[0][1] must be in [0, 1], got -0.5");
    assertThatThrownBy(() -> RiskControl.conformal(two, new double[][] {{1}}, 0.1))
        .hasMessage("losses[0] must have a value for each of 2 lambdas, got 1");
    assertThatThrownBy(() -> RiskControl.conformal(two, new double[0][], 0.1))
        .hasMessage("risk control needs at least 1 lambda and 1 row, got 2 and 0");
    assertThatThrownBy(() -> RiskControl.conformal(two, rising, 5))
        .hasMessage("alpha must be between 0 and 1, got 5.0");
    assertThatThrownBy(() -> RiskControl.learnThenTest(two, rising, 0.1, 0, Correction.BONFERRONI))
        .hasMessage("delta must be between 0 and 1, got 0.0");
    assertThatThrownBy(() -> PredictionSets.naive(OodFixture.in(), 10))
        .hasMessage("alpha must be between 0 and 1, got 10.0");
    boolean[][] labels = {{true}};
    assertThatThrownBy(() -> MultiLabelThreshold.forRecall(new double[][] {{3}}, labels, 0.1))
        .hasMessage(
            "probabilities[0][0] must be in [0, 1], got 3.0: apply the sigmoid to logits first");
    assertThatThrownBy(() -> MultiLabelThreshold.forRecall(new double[][] {{1, 1}}, labels, 0.1))
        .hasMessage("probabilities[0] must have a value for each of 1 classes, got 2");
    assertThatThrownBy(() -> MultiLabelThreshold.forRecall(new double[0][], labels, 0.1))
        .hasMessageContaining("the same number of rows, at least 1, got 0 and 1");
  }
}
