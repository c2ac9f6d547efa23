package io.github.swag4j.cli.findings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.findings.Finding.Topic;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What is said of models whose faults are known. */
class CalibrationFindingsTest {
  private static final String FIT = "swag4j calibrate --fit a.csv --apply OTHERS -o calibrated.csv";

  /**
   * Rows whose confidence is drawn evenly from a range and right as often as a curve says.
   *
   * @param wrong classes that share what is left; each of them less than the confidence
   */
  private static Predictions rows(
      int rows, double low, double high, int wrong, DoubleUnaryOperator accuracy) {
    Random random = new Random(rows);
    double[][] probabilities = new double[rows][wrong + 1];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double confidence = low + (high - low) * random.nextDouble();
      int predicted = random.nextInt(wrong + 1);
      java.util.Arrays.fill(probabilities[row], (1 - confidence) / wrong);
      probabilities[row][predicted] = confidence;
      boolean right = random.nextDouble() < accuracy.applyAsDouble(confidence);
      labels[row] = right ? predicted : (predicted + 1 + random.nextInt(wrong)) % (wrong + 1);
    }
    return Predictions.of(probabilities, labels);
  }

  private static Map<Topic, Finding> found(Predictions predictions) {
    Map<Topic, Finding> found = new EnumMap<>(Topic.class);
    Evidence judged = Evidence.of("a.csv", predictions, BinningConvention.GUO);
    for (Finding finding : CalibrationFindings.of(judged, FIT)) {
      assertThat(found.put(finding.topic(), finding)).isNull();
    }
    return found;
  }

  @Test
  void aCalibratedModelIsTrustedWhereItsRowsShowItAndNotCalledOff() {
    Map<Topic, Finding> found = found(rows(20_000, 0.5, 1, 3, c -> c));
    assertThat(found.get(Topic.AVERAGE).text()).startsWith("Neither too sure nor too unsure");
    assertThat(found.get(Topic.TRUST).text())
        .contains("A confidence of 0.47 to 1.00 can be taken at its word within 5 points");
    assertThat(found.get(Topic.DISTRUST).text()).startsWith("No bin is off beyond chance");
    assertThat(found).doesNotContainKey(Topic.GROUP);
    assertThat(found.get(Topic.NEXT).command()).isEmpty();
    assertThat(found.get(Topic.NEXT).text()).contains("do not show", "Leave it as it is");
  }

  @Test
  void anOverConfidentModelIsCalledSoWithAnIntervalAndWithWhatATemperatureWouldGain() {
    Map<Topic, Finding> found = found(rows(3000, 0.6, 1, 3, c -> c - 0.15));
    assertThat(found.get(Topic.AVERAGE).text())
        .matches(
            "Over-confident by 1\\d\\.\\d points \\(95 % interval 1\\d\\.\\d to 1\\d\\.\\d\\):"
                + " it states 80\\.\\d %, is right in 6\\d\\.\\d %\\.");
    assertThat(found).doesNotContainKey(Topic.TRUST);
    assertThat(found.get(Topic.DISTRUST).text())
        .contains("over-confident by ", "at the least")
        .doesNotContain("The average hides it");
    assertThat(found.get(Topic.NEXT).command()).isEqualTo(FIT);
    assertThat(found.get(Topic.NEXT).text()).contains("By cross-fitting NLL will be lower by 0.");
  }

  @Test
  void theTopBinsOverconfidenceIsToldThoughTheAverageIsUnderConfident() {
    // 120 classes: mostly far too shy, but nothing of what it is sure of is more than even odds.
    Predictions rows = rows(4000, 0.1, 1, 119, c -> c > 0.93 ? 0.45 : Math.min(0.95, c + 0.2));
    Map<Topic, Finding> found = found(rows);
    assertThat(found.get(Topic.AVERAGE).text()).startsWith("Under-confident by ");
    assertThat(found.get(Topic.DISTRUST).text())
        .contains("The average hides it: where it says its confidence to be 0.93 to 1.00 (")
        .containsPattern("over-confident by 5\\d\\.\\d points, 4\\d\\.\\d points at the least")
        .contains("under-confident by ");
  }

  @Test
  void ofAFewRowsNothingIsSaidButThatTheyAreFew() {
    Map<Topic, Finding> found = found(rows(12, 0.8, 1, 3, c -> 0.5));
    assertThat(found).containsOnlyKeys(Topic.ACCURACY, Topic.NEXT);
    assertThat(found.get(Topic.NEXT).text())
        .isEqualTo("Judge more rows. With 12 rows nothing can be said about its confidence.");
    assertThat(found.get(Topic.NEXT).command()).isEmpty();
  }

  @Test
  void ofSomeRowsNoBinIsTrustedOrDistrustedWithoutEvidence() {
    Map<Topic, Finding> found = found(rows(150, 0.5, 1, 3, c -> c));
    assertThat(found).doesNotContainKey(Topic.TRUST);
    assertThat(found.get(Topic.DISTRUST).text())
        .matches("No bin is off beyond chance; even in the fullest, .* could hide\\.");
  }

  @Test
  void narrowBinsAreNamedWithTheDecimalsThatTellTheirEndsApart() {
    Predictions sure = rows(3000, 0.999, 0.9999, 1, c -> 0.9);
    Evidence narrow = Evidence.of("a.csv", sure, BinningConvention.EQUAL_MASS);
    assertThat(narrow.bins()).hasSize(15);
    for (Part bin : narrow.bins()) {
      String[] ends = bin.name().split(" to ", -1);
      assertThat(ends[0]).as(bin.name()).isNotEqualTo(ends[1]);
    }
    assertThat(Evidence.of("a.csv", sure, BinningConvention.GUO).bins().get(0).name())
        .isEqualTo("0.93 to 1.00");
  }

  @Test
  void theClassWhoseConfidenceIsOffIsNamed() {
    Random random = new Random(5);
    int n = 3000;
    double[][] probabilities = new double[n][];
    int[] labels = new int[n];
    for (int row = 0; row < n; row++) {
      int predicted = random.nextInt(3);
      double[] p = {0.1, 0.1, 0.1};
      p[predicted] = 0.8;
      probabilities[row] = p;
      boolean right = random.nextDouble() < (predicted == 2 ? 0.5 : 0.9);
      labels[row] = right ? predicted : (predicted + 1) % 3;
    }
    Predictions named =
        Predictions.builder()
            .probabilities(probabilities)
            .labels(labels)
            .classNames(List.of("cat", "dog", "eel"))
            .build();
    assertThat(found(named).get(Topic.GROUP).text())
        .matches(
            "Of [\\d,]+ rows predicted as eel it states 80\\.0 % and is right in [\\d.]+ %:"
                + " over-confident by (2|3)\\d\\.\\d points, 2\\d\\.\\d points at the least\\.");
  }

  @Test
  void chanceAndWorseThanChanceAreToldWithTheMostFrequentClassBeside() {
    Predictions even = rows(1000, 0.5, 1, 1, c -> 0.5);
    assertThat(found(even).get(Topic.ACCURACY).text()).contains("no difference beyond chance");
    Predictions turned = rows(1000, 0.5, 1, 1, c -> 0.2);
    assertThat(found(turned).get(Topic.ACCURACY).text())
        .contains("worse than always naming the most frequent class", "in the right order?");
    assertThat(found(rows(1000, 0.5, 1, 1, c -> 0.9)).get(Topic.ACCURACY).text())
        .doesNotContain("most frequent");
  }

  @Test
  void theProbabilityOfOneClassIsNotCalledConfident() {
    Random random = new Random(3);
    double[] positive = random.doubles(2000, 0, 1).toArray();
    int[] labels = new int[positive.length];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = random.nextDouble() < positive[row] / 2 ? 1 : 0;
    }
    Map<Topic, Finding> found = found(Predictions.binary(positive, labels));
    found.values().forEach(f -> assertThat(f.text()).doesNotContain("onfiden"));
    assertThat(found.get(Topic.AVERAGE).text())
        .startsWith("Predicted too high by ")
        .contains("of the positive class, it is ");
  }

  @Test
  void aHundredCalibratedModelsAreCalledOffAboutAsOftenAsTheLevelSays() {
    int off = 0;
    for (int i = 0; i < 100; i++) {
      Predictions rows = rows(400 + i, 0.4, 1, 3, c -> c);
      Evidence judged = Evidence.of("m", rows, BinningConvention.GUO);
      off += new Claims(judged.bins()).worst().isPresent() ? 1 : 0;
    }
    // Clopper-Pearson's and Bonferroni's caution: below 5 of 100.
    assertThat(off).isLessThanOrEqualTo(6);
  }
}
