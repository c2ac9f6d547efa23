package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFingerprintTest {

  private static Predictions drawn(long seed, int rows) {
    return Fixture.probabilities(Fixture.random(seed, rows, 3, 0.5));
  }

  private static Predictions part(Predictions p, int from, int to) {
    return p.select(IntStream.range(from, to).toArray());
  }

  /** All rows of both. */
  private static Predictions both(Predictions a, Predictions b) {
    double[][] values = new double[a.rows() + b.rows()][];
    int[] labels = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      Predictions p = i < a.rows() ? a : b;
      int row = i < a.rows() ? i : i - a.rows();
      values[i] = p.probabilities(row);
      labels[i] = p.label(row);
    }
    return Predictions.of(values, labels);
  }

  private static void assertRefused(DataFingerprint fit, Predictions judged) {
    assertThatThrownBy(() -> fit.requireUnseen("a map", judged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a map must be judged on rows it was not fitted on, got");
  }

  private static void assertUnseen(DataFingerprint fit, Predictions judged) {
    assertThatCode(() -> fit.requireUnseen("a map", judged)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 300, 5000, 60_000})
  void partOfTheFittingRowsAndTheFittingRowsAmongOthersAreRefused(int rows) {
    Predictions data = drawn(1, rows);
    DataFingerprint fit = DataFingerprint.of(data);
    assertRefused(fit, part(data, 0, rows - 1));
    assertRefused(fit, part(data, rows / 2, rows));
    assertRefused(fit, both(data, drawn(2, 1)));
    assertRefused(fit, both(data, drawn(2, rows)));
    assertRefused(fit, both(part(data, 0, rows / 2), drawn(2, rows / 2)));
    assertRefused(fit, Fixture.shuffled(part(data, 1, rows), 4));
    assertUnseen(fit, drawn(3, rows));
    assertUnseen(fit, drawn(3, 10));
    assertUnseen(fit, both(part(data, 0, rows / 50), drawn(3, rows)));
    assertThat(fit.overlap(drawn(3, rows))).isZero();
    assertThat(fit.overlap(both(data, drawn(2, rows)))).isCloseTo(0.5, within(0.1));
  }

  @Test
  void partsOfTwoRowsOrOfFewerThanFifteenEscapeAndNoOthersOfSmallFits() {
    Predictions data = drawn(1, 300);
    assertRefused(DataFingerprint.of(data), part(data, 0, 3));
    assertUnseen(DataFingerprint.of(data), part(data, 0, 2));
    assertRefused(DataFingerprint.of(part(data, 0, 15)), part(data, 0, 14));
    assertUnseen(DataFingerprint.of(part(data, 0, 12)), part(data, 0, 11));
    assertRefused(DataFingerprint.of(part(data, 0, 12)), part(data, 0, 12));
    assertRefused(DataFingerprint.of(part(data, 0, 100)), both(part(data, 0, 20), drawn(2, 80)));
    assertUnseen(DataFingerprint.of(part(data, 0, 100)), both(part(data, 0, 9), drawn(2, 91)));
  }

  @Test
  void theMessageSaysHowMuchWasSeen() {
    Predictions data = drawn(1, 300);
    DataFingerprint fit = DataFingerprint.of(data);
    assertThatThrownBy(() -> fit.requireUnseen("a map", both(data, drawn(2, 300))))
        .hasMessage(
            "a map must be judged on rows it was not fitted on, got 600 rows of which about 50 % are"
                + " among the 300 fitting rows: keep a part of the data for fitting, or cross-fit");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 20",
    "10, 20",
    "10, 300",
    "20, 300",
    "50, 50",
    "100, 20",
    "100, 100",
    "100, 300",
    "100, 3000",
    "1000, 300",
    "1000, 3000",
    "10000, 3000",
    "10000, 30000"
  })
  void independentDataOfFewDistinctRowsAreNotRefused(int levels, int rows) {
    int tries = rows > 1000 ? 20 : 200;
    for (int seed = 0; seed < tries; seed++) {
      DataFingerprint fit = DataFingerprint.of(coarse(seed, rows, levels));
      assertUnseen(fit, coarse(1_000_000 + seed, rows + 1, levels));
      assertUnseen(fit, coarse(2_000_000 + seed, rows / 2, levels));
      assertUnseen(fit, coarse(3_000_000 + seed, 3 * rows, levels));
    }
  }

  /** A binary problem with probabilities in so many steps, more of them near 0 and 1. */
  private static Predictions coarse(long seed, int rows, int levels) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = new double[rows];
    int[] y = new int[rows];
    for (int i = 0; i < rows; i++) {
      double u = random.nextDouble();
      double v = 0.5 - 0.5 * Math.cos(Math.PI * u);
      p[i] = Math.rint(v * levels) / levels;
      y[i] = random.nextDouble() < v ? 1 : 0;
    }
    return Predictions.binary(p, y);
  }

  @Test
  void saturatedRowsAreNoEvidence() {
    double[][] values = new double[1000][];
    int[] labels = new int[1000];
    for (int i = 0; i < 1000; i++) {
      values[i] = new double[] {i % 3 == 0 ? 1 : 0, i % 3 == 1 ? 1 : 0, i % 3 == 2 ? 1 : 0};
      labels[i] = i % 3;
    }
    Predictions saturated = Predictions.of(values, labels);
    DataFingerprint fit = DataFingerprint.of(both(drawn(1, 100), saturated));
    assertUnseen(fit, both(drawn(2, 100), saturated));
    assertUnseen(fit, part(saturated, 0, 500));
    // One saturated row in the fit, all rows judged equal to it.
    DataFingerprint one = DataFingerprint.of(both(drawn(1, 100), part(saturated, 0, 1)));
    assertUnseen(one, saturated.select(new int[] {0, 3, 6, 9, 12, 15, 18}));
  }

  @Test
  void valuesOfFitsThatAreMostlyDistinctAreStillFoundAmongSaturatedOnes() {
    double[] p = new double[400];
    int[] y = new int[400];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 400; i++) {
      p[i] = i < 150 ? 1 : random.nextDouble();
      y[i] = 1;
    }
    Predictions data = Predictions.binary(p, y);
    assertRefused(DataFingerprint.of(data), part(data, 0, 399));
  }

  @Test
  void rowsWithoutLabelsOrWithOtherLabelsAreOtherRows() {
    Predictions data = drawn(1, 300);
    double[][] values = new double[300][];
    int[] labels = new int[300];
    for (int i = 0; i < 300; i++) {
      values[i] = data.probabilities(i);
      labels[i] = (data.label(i) + 1) % 3;
    }
    DataFingerprint fit = DataFingerprint.of(data);
    assertUnseen(fit, Predictions.of(values, labels));
    assertUnseen(fit, Predictions.builder().probabilities(values).build());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 300, 5000})
  void jsonKeepsTheFingerprint(int rows) {
    DataFingerprint fit = DataFingerprint.of(drawn(1, 5000));
    assertThat(DataFingerprint.fromJson(fit.toJson())).isEqualTo(fit);
    assertThat(fit.sample()).hasSize(16 * 512);
    assertThat(DataFingerprint.of(coarse(1, rows, 10)))
        .isEqualTo(DataFingerprint.fromJson(DataFingerprint.of(coarse(1, rows, 10)).toJson()));
  }

  @Test
  void badJsonIsRefused() {
    String good = DataFingerprint.of(drawn(1, 20)).toJson();
    assertBad(good.replace("\"single\":20", "\"single\":21"), "at most the 20 rows");
    assertBad(good.replace("\"twice\":0", "\"twice\":1"), "at most the 20 rows");
    assertBad(good.replace("\"single\":20", "\"single\":19"), "sample must be 19 hashes");
    assertBad(good.replaceFirst("\"sample\":\".{16}", "\"sample\":\"ffffffffffffffff"), "ascend");
    assertBad(good.replace("\"sample\"", "\"samples\""), "samples is not known");
    assertBad(good.replace("\"twice\":0,", ""), "twice is missing");
  }

  private static void assertBad(String json, String message) {
    assertThatThrownBy(() -> DataFingerprint.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
