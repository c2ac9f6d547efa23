package io.github.swag4j.calibration.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Options;
import io.github.swag4j.calibration.conformal.MultiLabelThreshold.Loss;
import io.github.swag4j.calibration.conformal.RiskControl.Choice;
import io.github.swag4j.calibration.conformal.RiskControl.Correction;
import io.github.swag4j.calibration.conformal.RiskControl.Evidence;
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

  /** A row that costs more than alpha at the last lambda may be drawn whatever lambda is chosen. */
  @Test
  void conformalRiskControlRefusesRowsThatTheLastLambdaDoesNotKeep() {
    double[][] coins = new double[20][1];
    coins[7][0] = 1;
    assertThatThrownBy(() -> RiskControl.conformal(new double[] {3}, coins, 0.2))
        .hasMessage(
            "losses[7] must be at most alpha 0.2 at the last lambda, 3.0, as the promise rests on a"
                + " lambda that is always safe, got 1.0: add one, such as all classes or no answer,"
                + " or use learn-then-test");
    double[][] kept = {{1, 0.2}, {0.5, 0.1}};
    assertThat(RiskControl.conformal(new double[] {0, 1}, kept, 0.2)).isEmpty();
  }

  /**
   * The promise holds on average over all draws, those where the last lambda is all there is too.
   */
  @Test
  void takingTheLastLambdaWhereNoneQualifiesKeepsThePromise() {
    double[] lambdas = {0, 1};
    double mean = 0;
    int none = 0;
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[][] losses = new double[5][2];
      for (double[] row : losses) {
        row[0] = random.nextDouble() < 0.3 ? 1 : 0;
        row[1] = 0.1 * row[0];
      }
      Optional<Choice> choice = RiskControl.conformal(lambdas, losses, 0.2);
      none += choice.isEmpty() ? 1 : 0;
      mean += (choice.map(Choice::index).orElse(1) == 0 ? 0.3 : 0.03) / 2000;
    }
    assertThat(none).as("draws where neither qualifies, 16 %").isBetween(250, 400);
    // The first lambda, of expected loss 0.3, is chosen in one draw of six.
    assertThat(mean).isBetween(0.06, 0.09);
  }

  @Test
  void lambdasAndThresholdsMustBeNumbers() {
    double[] lambdas = {0, Double.NaN};
    double[][] losses = {{0, 0}};
    assertThatThrownBy(() -> RiskControl.conformal(lambdas, losses, 0.5))
        .hasMessage("lambdas[1] must be a number, got NaN");
    assertThatThrownBy(
            () -> RiskControl.learnThenTest(lambdas, losses, 0.5, 0.1, Correction.BONFERRONI))
        .hasMessage("lambdas[1] must be a number, got NaN");
    assertThatThrownBy(
            () ->
                MultiLabelThreshold.forPrecision(
                    new double[][] {{1}}, new boolean[][] {{true}}, 0.5, 0.1, 0.5, Double.NaN))
        .hasMessage("thresholds[1] must be a number, got NaN");
    assertThatThrownBy(() -> new MultiLabelThreshold(Double.NaN, Loss.LABELS_MISSED, 0, 0.1, 0, 3))
        .hasMessage("threshold must be a number, got NaN");
    assertThat(
            RiskControl.conformal(new double[] {Double.NEGATIVE_INFINITY}, new double[9][1], 0.1))
        .get()
        .hasToString(
            "lambda -Infinity, mean calibration loss 0.0000, expected loss at most 0.1000");
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
    assertThat(safe.get(0).evidence()).isCloseTo(Math.pow(0.9, 60), within(1e-12));
    assertThat(safe.get(0).kind()).isEqualTo(Evidence.P_VALUE);
    assertThat(safe.get(0))
        .hasToString("lambda 0.0, mean calibration loss 0.0000, p-value 0.001797");
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
    assertThat(found.loss()).isEqualTo(Loss.PREDICTIONS_WRONG);
    assertThat(found.delta()).isEqualTo(0.05);
    assertThat(found.toString())
        .contains("mean share of predictions wrong 0.")
        .endsWith(" on 800 calibration rows, at most 0.2 expected with probability 1 - 0.05");
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
        .hasToString(
            "threshold 0.8, mean share of labels missed 0.1667 on 3 calibration rows, at most 0.4"
                + " expected");
    assertThat(MultiLabelThreshold.forRecall(p, y, 0.2).threshold())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void recallThresholdsAreProbabilitiesOfLabelsAndWithoutLabelsAllClasses() {
    double[][] p = new double[40][1];
    boolean[][] y = new boolean[40][1];
    assertThat(MultiLabelThreshold.forRecall(p, y, 0.2).threshold())
        .as("no label has a probability")
        .isEqualTo(Double.NEGATIVE_INFINITY);
    p[0][0] = 0.3;
    y[0][0] = true;
    assertThat(MultiLabelThreshold.forRecall(p, y, 0.2).threshold())
        .as("the only label may be missed, but nothing above it was seen")
        .isEqualTo(0.3);
  }

  @Test
  void naiveSetsStopWhereTheSumReachesTheLevelInDecimals() {
    Predictions p = Predictions.of(new double[][] {{0.7, 0.2, 0.1}}, new int[1]);
    assertThat(0.7 + 0.2).isLessThan(1 - 0.1);
    assertThat(PredictionSets.naive(p, 0.1).set(0)).containsExactly(0, 1);
    assertThat(PredictionSets.naive(p, 0.1 - 1e-9).set(0)).containsExactly(0, 1, 2);
    double[] many = new double[1000];
    Arrays.fill(many, 1e-3 - 1e-7);
    many[0] += 1e-4;
    assertThat(PredictionSets.naive(Predictions.of(new double[][] {many}, new int[1]), 0.3).size(0))
        .as("equals")
        .isEqualTo(1000);
  }

  /** As in top-k sets, and in MAPIE: which of two classes comes first in the file says nothing. */
  @Test
  void naiveSetsHoldAllClassesOfTheLastProbabilityTaken() {
    Predictions p =
        Predictions.of(new double[][] {{0.2, 0.3, 0.3, 0.2}, {0.25, 0.5, 0, 0.25}}, new int[2]);
    assertThat(PredictionSets.naive(p, 0.8).set(0)).containsExactly(1, 2);
    assertThat(PredictionSets.naive(p, 0.3).set(0)).containsExactly(0, 1, 2, 3);
    assertThat(PredictionSets.naive(p, 0.3).set(1)).containsExactly(0, 1, 3);
  }

  @Test
  void setsOfMoreCellsThanAnIndexCountsAreRefused() {
    assertThat(PredictionSets.cells(50_000, 40_000)).isEqualTo(2_000_000_000);
    assertThatThrownBy(() -> PredictionSets.cells(60_000, 36_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rows x classes of sets must be at most 2,147,483,647, got 60,000 x 36,000: predict in"
                + " batches, with predict(batch, firstRow)");
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
