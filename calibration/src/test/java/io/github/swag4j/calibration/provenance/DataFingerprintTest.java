package io.github.swag4j.calibration.provenance;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.Fixture;
import io.github.swag4j.calibration.recalibration.fit.Softmax;
import java.util.Arrays;
import java.util.Locale;
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
    assertRefused(fit, both(part(data, 0, 14 * Math.max(1, rows / 2000)), drawn(3, rows)));
    assertThat(fit.overlap(drawn(3, rows))).isZero();
    assertThat(fit.overlap(both(data, drawn(2, rows)))).isCloseTo(0.5, within(0.1));
  }

  @Test
  void partsOfTwoRowsOrOfFewerThanFourteenOfManyEscape() {
    Predictions data = drawn(1, 300);
    assertRefused(DataFingerprint.of(data), part(data, 0, 3));
    assertUnseen(DataFingerprint.of(data), part(data, 0, 2));
    assertRefused(DataFingerprint.of(part(data, 0, 15)), part(data, 0, 14));
    assertUnseen(DataFingerprint.of(part(data, 0, 12)), part(data, 0, 11));
    assertRefused(DataFingerprint.of(part(data, 0, 12)), part(data, 0, 12));
    assertRefused(DataFingerprint.of(part(data, 0, 100)), both(part(data, 0, 20), drawn(2, 80)));
    assertUnseen(DataFingerprint.of(part(data, 0, 100)), both(part(data, 0, 13), drawn(2, 87)));
    assertRefused(DataFingerprint.of(part(data, 0, 100)), both(part(data, 0, 14), drawn(2, 86)));
  }

  @Test
  void theMessageSaysHowMuchWasSeen() {
    Predictions data = drawn(1, 300);
    DataFingerprint fit = DataFingerprint.of(data);
    assertThatThrownBy(() -> fit.requireUnseen("a map", both(data, drawn(2, 300))))
        .hasMessage(
            "a map must be judged on rows it was not fitted on, got 600 rows of which 300 are among"
                + " the 300 fitting rows: keep a part of the data for fitting, or cross-fit; if they"
                + " only look alike, give both sets ids");
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
    assertThat(fit.sample()).hasSize(8 * 4096);
    assertThat(DataFingerprint.of(coarse(1, rows, 10)))
        .isEqualTo(DataFingerprint.fromJson(DataFingerprint.of(coarse(1, rows, 10)).toJson()));
  }

  @Test
  void fourteenRowsAmongTenThousandAreRefusedAndFewerAreCounted() {
    Predictions data = drawn(1, 3000);
    DataFingerprint fit = DataFingerprint.of(data);
    Predictions many = drawn(2, 10_000);
    assertThatThrownBy(() -> fit.requireUnseen("a map", both(many, part(data, 40, 54))))
        .hasMessageContaining(
            "got 10,014 rows of which 14 are among the 3,000 fitting rows: keep a part");
    Predictions fewer = both(many, part(data, 40, 53));
    assertUnseen(fit, fewer);
    assertThat(fit.rowsInCommon(fewer)).isEqualTo(13);
    assertThat(fit.rowsInCommon(many)).isZero();
    assertThat(
            fit.rowsInCommon(Predictions.builder().probabilities(new double[][] {{1, 0}}).build()))
        .as("without labels")
        .isZero();
  }

  @Test
  void ofALargeFitTheCountIsEstimatedFromASample() {
    Predictions data = drawn(1, 20_000);
    DataFingerprint fit = DataFingerprint.of(data);
    Predictions judged = both(drawn(2, 20_000), part(data, 0, 1000));
    assertThat((double) fit.rowsInCommon(judged)).isCloseTo(1000, within(250.0));
    assertThatThrownBy(() -> fit.requireUnseen("a map", judged))
        .hasMessageContaining("got 21,000 rows of which about ");
  }

  /** Probabilities in float16's ten bits behind the leading one, in every class. */
  private static Predictions halfPrecision(long seed, int rows, int classes) {
    Predictions p = Fixture.probabilities(Fixture.random(seed, rows, classes, 4));
    double[][] values = new double[rows][classes];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = p.label(row);
      for (int k = 0; k < classes; k++) {
        double ulp = Math.scalb(1.0, Math.max(Math.getExponent(p.probability(row, k)), -14) - 10);
        values[row][k] = Math.rint(p.probability(row, k) / ulp) * ulp;
      }
    }
    return Predictions.builder().probabilities(values).labels(labels).renormalise().build();
  }

  @ParameterizedTest
  @CsvSource({"2, 300", "2, 3000", "2, 20000", "3, 5000"})
  void halfPrecisionRowsThatAgreeByChanceAreNotRefused(int classes, int rows) {
    for (int seed = 0; seed < (rows > 1000 ? 8 : 60); seed++) {
      DataFingerprint fit = DataFingerprint.of(halfPrecision(seed, rows, classes));
      assertUnseen(fit, halfPrecision(seed + 500, rows, classes));
      assertUnseen(fit, halfPrecision(seed + 900, rows / 4, classes));
      assertUnseen(
          DataFingerprint.of(halfPrecision(seed, rows / 4, classes)),
          halfPrecision(seed + 700, rows, classes));
    }
  }

  /** The same number of rows of every class, mostly saturated, in float16. */
  private static Predictions stratified(long seed, int classes, int each, double logit) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] values = new double[classes * each][classes];
    int[] labels = new int[classes * each];
    for (int row = 0; row < values.length; row++) {
      labels[row] = row % classes;
      double[] z = new double[classes];
      for (int k = 0; k < classes; k++) {
        z[k] = 2 * random.nextGaussian() + (k == labels[row] ? logit : 0);
      }
      double[] p = Softmax.of(z);
      for (int k = 0; k < classes; k++) {
        double ulp = Math.scalb(1.0, Math.max(Math.getExponent(p[k]), -14) - 10);
        values[row][k] = Math.rint(p[k] / ulp) * ulp;
      }
    }
    return Predictions.builder().probabilities(values).labels(labels).renormalise().build();
  }

  @ParameterizedTest
  @CsvSource({"200, 1, 30", "200, 1, 24", "200, 1, 20", "100, 5, 28", "50, 2, 24", "10, 20, 22"})
  void stratifiedSaturatedSetsInWhichNoRowsCanAgreeAreNotRefused(
      int classes, int each, double logit) {
    for (int seed = 0; seed < 40; seed++) {
      DataFingerprint fit = DataFingerprint.of(stratified(seed, classes, each, logit));
      assertUnseen(fit, stratified(seed + 1000, classes, each, logit));
    }
  }

  @Test
  void rowsOfTheFitAmongStratifiedSaturatedOnesAreStillRefused() {
    Predictions data = stratified(1, 200, 1, 12);
    DataFingerprint fit = DataFingerprint.of(data);
    assertRefused(fit, both(part(data, 0, 60), part(stratified(2, 200, 1, 12), 60, 200)));
    assertUnseen(fit, stratified(2, 200, 1, 12));
  }

  @Test
  void balancedSetsOfRightSaturatedRowsAreTheSameByChance() {
    double[][] values = {{1, 0}, {0, 1}, {1, 0}, {0, 1}};
    Predictions data = Predictions.of(values, new int[] {0, 1, 0, 1});
    assertThat(DataFingerprint.of(data).matches(data)).isTrue();
    assertUnseen(DataFingerprint.of(data), data);
    // Repeated as a whole, but not by chance.
    Predictions twice = both(drawn(1, 20), drawn(1, 20));
    assertRefused(DataFingerprint.of(twice), Fixture.shuffled(twice, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 11})
  void rowsOfTheFitRepeatedInTheRowsJudgedAreRefused(int times) {
    Predictions data = drawn(1, 3000);
    DataFingerprint fit = DataFingerprint.of(data);
    int[] rows = IntStream.range(0, 300 * times).map(i -> i % 300).toArray();
    assertRefused(fit, both(drawn(2, 5000), data.select(rows)));
    assertRefused(fit, data.select(rows));
  }

  @Test
  void honestRowsRepeatedInTheRowsJudgedAreNotRefused() {
    for (int seed = 0; seed < 40; seed++) {
      Predictions coarse = coarse(seed + 100, 300, 1000);
      int[] rows = IntStream.range(0, 3000).map(i -> i % 300).toArray();
      assertUnseen(DataFingerprint.of(coarse(seed, 1000, 1000)), coarse.select(rows));
    }
  }

  @Test
  void easierRowsThatRepeatTheFewSaturatedValuesOfTheFitAreNotRefused() {
    // 20 values of float16 next to 1, each once in a fit of doubtful rows and often in easy ones.
    double[] p = new double[400];
    double[] q = new double[4000];
    int[] y = new int[400];
    int[] z = new int[4000];
    for (int i = 0; i < 4000; i++) {
      q[i] = 1 - i % 25 * 0x1p-11;
      z[i] = 1;
    }
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 400; i++) {
      p[i] = i < 20 ? 1 - i * 0x1p-11 : random.nextDouble();
      y[i] = i < 20 ? 1 : i % 2;
    }
    assertUnseen(
        DataFingerprint.of(Predictions.binary(p, y)),
        both(Predictions.binary(q, z), drawnBinary(4, 4000)));
  }

  private static Predictions drawnBinary(long seed, int rows) {
    double[] p = new SplittableRandom(seed).doubles(rows).toArray();
    return Predictions.binary(p, IntStream.range(0, rows).map(i -> i % 2).toArray());
  }

  @Test
  void rowsThatAgreeByChanceMustBeOutnumbered() {
    // Five values that two fitting rows have say that unrelated rows agree too.
    Predictions base = drawn(1, 500);
    DataFingerprint fit = DataFingerprint.of(both(base, part(base, 0, 5)));
    assertUnseen(fit, both(drawn(2, 500), part(base, 100, 120)));
    assertRefused(fit, both(drawn(2, 500), part(base, 100, 130)));
  }

  private static Predictions named(Predictions p, String prefix, int from) {
    double[][] values = new double[p.rows()][];
    int[] labels = new int[p.rows()];
    String[] ids = new String[p.rows()];
    for (int row = 0; row < p.rows(); row++) {
      values[row] = p.probabilities(row);
      labels[row] = p.label(row);
      ids[row] = prefix + (from + row);
    }
    return Predictions.builder().probabilities(values).labels(labels).ids(ids).build();
  }

  @Test
  void sevenRowsAreEnoughWhereTheirIdsAgreeToo() {
    Predictions data = drawn(1, 500);
    DataFingerprint fit = DataFingerprint.of(named(data, "image ", 0));
    Predictions shared = both(part(data, 0, 7), drawn(2, 500));
    assertRefused(fit, named(shared, "image ", 0));
    assertUnseen(fit, named(both(part(data, 0, 6), drawn(2, 500)), "image ", 0));
    assertUnseen(fit, named(shared, "picture ", 0));
    assertUnseen(fit, shared);
    assertUnseen(DataFingerprint.of(data), named(shared, "image ", 0));
    assertThat(DataFingerprint.fromJson(fit.toJson())).isEqualTo(fit);
    assertRefused(DataFingerprint.fromJson(fit.toJson()), named(shared, "image ", 0));
  }

  @Test
  void rowsNumberedAlikeInUnrelatedFilesAreNotRefused() {
    for (int seed = 0; seed < 50; seed++) {
      DataFingerprint fit = DataFingerprint.of(named(coarse(seed, 500, 1000), "", 0));
      assertUnseen(fit, named(coarse(seed + 100, 500, 1000), "", 0));
    }
    assertUnseen(DataFingerprint.of(named(drawn(1, 300), "", 0)), named(drawn(2, 300), "", 0));
  }

  @Test
  void fingerprintsOfFiveHundredAndTwelveHashesWithoutIdsAreStillRead() {
    Predictions data = drawn(1, 3000);
    DataFingerprint fit = DataFingerprint.of(data);
    String earlier =
        fit.toJson().replace(fit.sample(), hexadecimal(data, 512)).replace(",\"ids\":\"\"", "");
    assertRefused(DataFingerprint.fromJson(earlier), part(data, 0, 1500));
    assertThat((double) DataFingerprint.fromJson(earlier).rowsInCommon(data))
        .isCloseTo(3000, within(400.0));
  }

  /** The sample as earlier versions wrote it. */
  private static String hexadecimal(Predictions data, int hashes) {
    return Arrays.stream(RowHashes.of(data, RowHashes.FIRST_SEED))
        .boxed()
        .sorted(Long::compareUnsigned)
        .limit(hashes)
        .map(hash -> String.format(Locale.ROOT, "%016x", hash))
        .collect(joining());
  }

  @Test
  void fingerprintsOfHexadecimalDigitsAreStillRead() {
    Predictions data = named(drawn(1, 3000), "image ", 0);
    DataFingerprint fit = DataFingerprint.of(data);
    StringBuilder ids = new StringBuilder();
    long[] hashes = RowHashes.of(data, RowHashes.FIRST_SEED);
    IntStream.range(0, 3000)
        .boxed()
        .sorted((i, j) -> Long.compareUnsigned(hashes[i], hashes[j]))
        .forEach(
            row -> ids.append(String.format(Locale.ROOT, "%08x", RowHashes.ofId(data.id(row)))));
    String json = fit.toJson().replace(fit.sample(), hexadecimal(data, 3000));
    DataFingerprint earlier = DataFingerprint.fromJson(json.replace(fit.ids(), ids.toString()));
    Predictions shared = both(part(data, 0, 7), drawn(2, 500));
    assertThat(earlier.rowsInCommon(shared)).isEqualTo(7);
    assertUnseen(earlier, shared);
    assertRefused(earlier, named(shared, "image ", 0));
    assertThat(earlier).isNotEqualTo(fit);
  }

  @Test
  void aTemperatureAndItsFingerprintAreFewerThanSixtyThousandCharacters() {
    DataFingerprint fit = DataFingerprint.of(named(drawn(1, 5000), "image ", 0));
    assertThat(fit.toJson()).hasSizeLessThan(55_000);
    assertThat(fit).hasToString("DataFingerprint[rows=5000, hash=" + fit.hash() + "]");
    assertThat(DataFingerprint.of(drawn(1, 5000)).toJson()).hasSizeLessThan(33_000);
  }

  @Test
  void rowsThatAgreeUnderIdsOfTheirOwnAreOtherRows() {
    Predictions data = drawn(1, 300);
    DataFingerprint fit = DataFingerprint.of(named(data, "fit ", 0));
    Predictions alike = both(part(data, 0, 100), drawn(2, 200));
    assertUnseen(fit, named(alike, "test ", 0));
    assertThat(fit.rowsInCommon(named(alike, "test ", 0))).isZero();
    assertRefused(fit, alike);
    assertRefused(fit, named(alike, "fit ", 0));
    // Numbered each by itself: the ids of the fit name other rows here, so they say nothing.
    assertRefused(fit, named(Fixture.shuffled(alike, 1), "fit ", 0));
    assertRefused(fit, named(data, "test ", 0));
  }

  @Test
  void rowsInCommonThatChanceExplainsAreSaidToBe() {
    for (int seed = 0; seed < 20; seed++) {
      DataFingerprint fit = DataFingerprint.of(coarse(seed, 3000, 3000));
      CommonRows common = fit.commonRows(coarse(seed + 50, 3000, 3000));
      assertThat(common.count()).isGreaterThan(100);
      assertThat(common.explainedByChance()).isTrue();
      assertThat(common.estimated()).isFalse();
    }
    Predictions data = drawn(1, 5000);
    CommonRows some = DataFingerprint.of(data).commonRows(both(drawn(2, 900), part(data, 0, 40)));
    assertThat(some.estimated()).isTrue();
    assertThat(some.explainedByChance()).isFalse();
    CommonRows none = DataFingerprint.of(data).commonRows(drawn(2, 900));
    assertThat(none).isEqualTo(new CommonRows(0, true, true));
    assertThatThrownBy(() -> new CommonRows(-1, true, true)).hasMessageContaining("at least 0");
  }

  @Test
  void badJsonIsRefused() {
    String good = DataFingerprint.of(drawn(1, 20)).toJson();
    assertBad(good.replace("\"single\":20", "\"single\":21"), "at most the 20 rows");
    assertBad(good.replace("\"twice\":0", "\"twice\":1"), "at most the 20 rows");
    assertBad(good.replace("\"single\":20", "\"single\":19"), "sample must be 19 hashes");
    assertBad(good.replaceFirst("\"sample\":\".{16}", "\"sample\":\"ffffffffffffffff"), "ascend");
    assertBad(good.replace("\"sample\"", "\"samples\""), "samples is not known");
    assertBad(good.replace("\"ids\":\"\"", "\"ids\":\"0000\""), "ids must be empty or 4 bytes");
    assertBad(good.replace("\"twice\":0,", ""), "twice is missing");
  }

  private static void assertBad(String json, String message) {
    assertThatThrownBy(() -> DataFingerprint.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
