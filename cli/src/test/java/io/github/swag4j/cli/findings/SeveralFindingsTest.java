package io.github.swag4j.cli.findings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.findings.Finding.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is said of many sets at once, and when one of them is called the best. */
class SeveralFindingsTest {

  private static Evidence set(String name, int rows, double excess) {
    Random random = new Random(name.hashCode());
    double[][] probabilities = new double[rows][];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double p = 0.6 + 0.4 * random.nextDouble();
      probabilities[row] = new double[] {p, (1 - p) / 2, (1 - p) / 2};
      labels[row] = random.nextDouble() < p - excess ? 0 : 1;
    }
    return Evidence.of(name, Predictions.of(probabilities, labels), BinningConvention.GUO);
  }

  private static String text(List<Finding> findings, Topic topic) {
    return findings.stream().filter(f -> f.topic() == topic).findFirst().orElseThrow().text();
  }

  private static int words(List<Finding> findings) {
    return findings.stream().mapToInt(f -> f.text().split(" ", -1).length).sum();
  }

  @Test
  void tenSetsAreToldInAsManyWordsAsThree() {
    List<Evidence> sets = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sets.add(set("file" + i + ".csv", 2000, i < 6 ? 0.12 : 0));
    }
    List<Finding> findings = SeveralFindings.of(sets, Map.of(), set -> "fit " + set.name());
    assertThat(findings).hasSizeLessThanOrEqualTo(5);
    List<Finding> ofThree = SeveralFindings.of(sets.subList(4, 7), Map.of(), set -> "");
    assertThat(words(findings)).isLessThan(words(ofThree) * 3 / 2);
    assertThat(text(findings, Topic.AVERAGE))
        .startsWith("Over-confident: 6 of them, by up to 1")
        .contains("; not off beyond chance: ");
    assertThat(text(findings, Topic.DISTRUST)).startsWith("The worst bin is that of file");
    Finding next = findings.get(findings.size() - 1);
    assertThat(next.command()).startsWith("fit file");
  }

  @Test
  void theBestIsNamedWithItsIntervalOnlyWhereItIsBeyondChance() {
    List<Evidence> sets = List.of(set("a", 500, 0), set("b", 500, 0), set("c", 500, 0));
    Ranking certain = new Ranking(1, 2, 0.05, new Interval(0.03, 0.07), List.of());
    Ranking chance = new Ranking(1, 2, 0.01, new Interval(-0.02, 0.04), List.of(2));
    String text =
        text(
            SeveralFindings.of(sets, Map.of("the lowest NLL", certain), set -> ""),
            Topic.DIFFERENCES);
    assertThat(text)
        .isEqualTo(
            "b has the lowest NLL, by 0.0500 before c (95 % interval 0.0300 to 0.0700), beyond"
                + " chance.");
    assertThat(
            text(
                SeveralFindings.of(sets, Map.of("the lowest NLL", chance), set -> ""),
                Topic.DIFFERENCES))
        .isEqualTo("b has the lowest NLL, but not beyond chance before c.");
  }

  @Test
  void aDifferenceThatEveryRowSharesIsCertainAndOneOfNoiseIsNot() {
    Random random = new Random(1);
    double[][] losses = new double[3][400];
    for (int row = 0; row < 400; row++) {
      double common = random.nextDouble();
      losses[0][row] = common + 0.05 + 0.01 * random.nextGaussian();
      losses[1][row] = common + 0.01 * random.nextGaussian();
      losses[2][row] = random.nextDouble() + 0.03;
    }
    Ranking ranking = Ranking.ofRows(losses, true);
    assertThat(ranking.best()).isEqualTo(1);
    // The third is further off than the first, but its rows differ by more.
    assertThat(ranking.alike()).doesNotContain(0);
    Ranking pair = Ranking.ofRows(new double[][] {losses[0], losses[1]}, true);
    assertThat(pair.isCertain()).isTrue();
    assertThat(pair.interval().lower()).isBetween(0.045, 0.05);
    assertThat(pair.interval().upper()).isBetween(0.05, 0.055);
    assertThat(Ranking.ofRows(new double[][] {losses[1], losses[1]}, true).isCertain()).isFalse();
  }

  @Test
  void equalMethodsAreRarelyRanked() {
    int ranked = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double[][] losses = new double[3][100];
      for (double[] method : losses) {
        java.util.Arrays.setAll(method, row -> random.nextGaussian());
      }
      ranked += Ranking.ofRows(losses, true).isCertain() ? 1 : 0;
    }
    assertThat(ranked).isLessThan(20);
  }
}
