package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupResultsTest {

  private static final Options QUICK = Options.defaults().withReplicates(400);

  /** Groups a, b, c of 100 rows; in c the labels are random, so its predictions are worse. */
  private static Predictions grouped() {
    Random random = new Random(1);
    double[] positive = new double[300];
    int[] labels = new int[300];
    String[] groups = new String[300];
    for (int row = 0; row < 300; row++) {
      positive[row] = random.nextBoolean() ? 0.9 : 0.1;
      groups[row] = List.of("a", "b", "c").get(row % 3);
      double share = row % 3 == 2 ? 0.5 : positive[row];
      labels[row] = random.nextDouble() < share ? 1 : 0;
    }
    return Predictions.builder()
        .positiveProbabilities(positive)
        .labels(labels)
        .groups(groups)
        .build();
  }

  @Test
  void aGroupAndTheRestArePredictedByTheSameDraws() {
    // Every draw lifts all rows alike: group a is 0.1 above the rest, whatever the draws.
    double[][][] draws = new double[6][40][];
    String[] groups = new String[40];
    for (int row = 0; row < 40; row++) {
      groups[row] = row % 2 == 0 ? "a" : "b";
      for (int s = 0; s < 6; s++) {
        double positive = 0.1 + 0.1 * s + (row % 2 == 0 ? 0.1 : 0);
        draws[s][row] = new double[] {1 - positive, positive};
      }
    }
    Predictions p = Predictions.builder().samples(draws).labels(new int[40]).groups(groups).build();
    Metric mean =
        Metric.rowMean("p", Metric.Direction.LOWER_IS_BETTER, (q, row) -> q.probability(row, 1));
    GroupResults results = GroupResults.of(mean, p, QUICK.withOver(Bootstrap.Over.ROWS_AND_DRAWS));
    assertThat(results.groups().get(0).pValueOfRest()).isEqualTo(2 / 401.0, within(1e-12));
    assertThat(results.groups().get(0).interval().orElseThrow().standardError())
        .isGreaterThan(0.05);
  }

  @Test
  void groupsAreJudgedByTheirOwnRows() {
    Predictions p = grouped();
    GroupResults results = GroupResults.of(Metric.brier(), p, QUICK);
    assertThat(results.overall()).isEqualTo(Metric.brier().of(p));
    assertThat(results.groups()).extracting(GroupResult::group).containsExactly("a", "b", "c");
    assertThat(results.groups()).extracting(GroupResult::rows).containsOnly(100L);
    double mean =
        results.groups().stream().mapToDouble(GroupResult::estimate).average().orElseThrow();
    assertThat(mean).isEqualTo(results.overall(), within(1e-12));
  }

  @Test
  void theWorstGroupIsFoundAndItsDifferenceSurvivesTheCorrection() {
    GroupResults results = GroupResults.of(Metric.brier(), grouped(), QUICK);
    assertThat(results.worst().group()).isEqualTo("c");
    assertThat(results.worst().adjustedPValue()).isEqualTo(3 * 2 / 401.0, within(1e-12));
    GroupResults accuracy = GroupResults.of(Metric.accuracy(), grouped(), QUICK);
    assertThat(accuracy.worst().group()).isEqualTo("c");
  }

  @Test
  void intervalsHoldForAllGroupsAtOnce() {
    GroupResult a = GroupResults.of(Metric.brier(), grouped(), QUICK).groups().get(0);
    MetricInterval together = a.interval().orElseThrow();
    assertThat(together.options().level()).isEqualTo(1 - 0.05 / 3, within(1e-15));
    Predictions rows =
        TestPredictions.ofRows(grouped(), IntStream.range(0, 100).map(i -> 3 * i).toArray());
    MetricInterval alone = Bootstrap.of(Metric.brier(), rows, QUICK);
    assertThat(together.lower()).isLessThanOrEqualTo(alone.lower());
    assertThat(together.upper()).isGreaterThan(alone.upper());
  }

  @Test
  void manyGroupsNeedManyReplicates() {
    String[] groups = new String[300];
    Arrays.setAll(groups, row -> "g" + row % 30);
    Predictions p = TestPredictions.builder(300, 2, 1, 1).groups(groups).build();
    assertThatThrownBy(() -> GroupResults.of(Metric.brier(), p, QUICK))
        .hasMessageMatching("replicates must be at least 1200 for level 0\\.99833\\d*, got 400");
  }

  @Test
  void aGroupOfOneRowIsReportedWithoutAnInterval() {
    Predictions p =
        TestPredictions.builder(5, 2, 1, 1)
            .groups(new String[] {"many", "many", "many", "many", "one"})
            .build();
    GroupResults results =
        GroupResults.of(Metric.brier(), p, QUICK.withMethod(IntervalMethod.PERCENTILE));
    GroupResult one = results.groups().get(1);
    assertThat(one.rows()).isEqualTo(1);
    assertThat(one.estimate()).isNotNaN();
    assertThat(one.interval()).isEmpty();
    assertThat(one.toString()).endsWith(" (1 row), no interval");
    assertThat(results.worst().group()).isEqualTo("many");
    Predictions alone = TestPredictions.builder(1, 2, 1, 1).groups(new String[] {"g"}).build();
    assertThatThrownBy(() -> GroupResults.of(Metric.brier(), alone, QUICK).worst())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a worst group needs a group of at least 2 rows with a defined Brier");
  }

  @Test
  void aGroupWithoutABcaIntervalDoesNotKeepTheOthersFromBeingJudged() {
    String[] groups = new String[60];
    Arrays.setAll(groups, row -> row < 30 ? "big" : "odd");
    Predictions p = TestPredictions.builder(60, 2, 1, 1).groups(groups).build();
    // In "odd" the metric counts repeated rows, which every resample has and the rows have not.
    Metric metric =
        Metric.of(
            "m",
            q ->
                q.group(0).equals("odd")
                    ? q.rows()
                        - IntStream.range(0, q.rows())
                            .mapToObj(row -> q.probability(row, 0))
                            .distinct()
                            .count()
                    : Metric.brier().of(q));
    GroupResults results = GroupResults.of(metric, p, QUICK);
    assertThat(results.groups().get(0).interval().orElseThrow().options().method())
        .isEqualTo(IntervalMethod.BCA);
    assertThat(results.groups().get(1).interval().orElseThrow().options().method())
        .isEqualTo(IntervalMethod.PERCENTILE);
    assertThat(results.toString()).endsWith("(percentile interval: it has no BCa)");
  }

  @Test
  void aGroupOnWhichTheMetricIsMostlyUndefinedHasNoInterval() {
    String[] groups = new String[60];
    Arrays.setAll(groups, row -> row < 30 ? "big" : "odd");
    Predictions p = TestPredictions.builder(60, 2, 1, 1).groups(groups).build();
    Metric metric =
        Metric.of(
            "m",
            q ->
                q.group(0).equals("big")
                        || IntStream.range(0, q.rows())
                                .mapToObj(row -> q.probability(row, 0))
                                .distinct()
                                .count()
                            == 30
                    ? Metric.brier().of(q)
                    : Double.NaN);
    GroupResult odd = GroupResults.of(metric, p, QUICK).groups().get(1);
    assertThat(odd.estimate()).isNotNaN();
    assertThat(odd.interval()).isEmpty();
    assertThat(odd.adjustedPValue()).isNaN();
  }

  @Test
  void rowsMayBeGroupedByLabelOrByPredictedClass() {
    Predictions p = TestPredictions.random(200, 3, 2, 1);
    GroupResults labels = GroupResults.ofLabels(Metric.accuracy(), p, QUICK);
    GroupResults predicted = GroupResults.ofPredictedClasses(Metric.accuracy(), p, QUICK);
    assertThat(labels.groups().stream().mapToLong(GroupResult::rows).sum()).isEqualTo(200);
    assertThat(predicted.groups().stream().mapToLong(GroupResult::rows).sum()).isEqualTo(200);
    long zeros = IntStream.range(0, 200).filter(row -> p.label(row) == 0).count();
    assertThat(labels.groups().get(0).rows()).isEqualTo(zeros);
  }

  @Test
  void groupsAlikeAreSeldomCalledDifferent() {
    int found = 0;
    for (int set = 0; set < 30; set++) {
      double[] positive = new Random(set).doubles(120).toArray();
      int[] labels = new int[120];
      String[] groups = new String[120];
      Random random = new Random(100 + set);
      for (int row = 0; row < 120; row++) {
        labels[row] = random.nextDouble() < positive[row] ? 1 : 0;
        groups[row] = "g" + row % 3;
      }
      Predictions p =
          Predictions.builder()
              .positiveProbabilities(positive)
              .labels(labels)
              .groups(groups)
              .build();
      GroupResults results = GroupResults.of(Metric.nll(), p, QUICK);
      found += results.groups().stream().anyMatch(g -> g.adjustedPValue() <= 0.05) ? 1 : 0;
    }
    // At most 5 % of 30 sets, give or take; uncorrected it would be three times that.
    assertThat(found).isLessThanOrEqualTo(6);
  }

  /**
   * Rows of b are those of a, a little worse. Were both drawn by the same numbers, every replicate
   * would say so.
   */
  @Test
  void groupsAreDrawnIndependentlyOfTheRest() {
    Random random = new Random(4);
    double[] positive = new double[80];
    int[] labels = new int[80];
    String[] groups = new String[80];
    for (int row = 0; row < 40; row++) {
      positive[row] = 0.2 + 0.6 * random.nextDouble();
      positive[row + 40] = positive[row] - 1e-4;
      Arrays.fill(labels, 1);
      groups[row] = "a";
      groups[row + 40] = "b";
    }
    Predictions p =
        Predictions.builder().positiveProbabilities(positive).labels(labels).groups(groups).build();
    GroupResults results = GroupResults.of(Metric.nll(), p, QUICK);
    assertThat(results.groups()).allMatch(group -> group.pValueOfRest() > 0.5);
  }

  @Test
  void resultsPrintThemselvesWithTheCorrection() {
    String text = GroupResults.of(Metric.brier(), grouped(), QUICK).toString();
    assertThat(text.lines()).hasSize(4);
    assertThat(text)
        .contains(
            "overall; 3 groups, 95 % intervals for all at once (Bonferroni, BCa bootstrap, 400"
                + " replicates, seed 0), p-values after Holm")
        .containsPattern(
            "  c 0\\.\\d{4} \\(100 rows\\), 0\\.\\d{4} to \\d\\.\\d{4}, against the rest p ="
                + " 0\\.0150");
  }

  @Test
  void predictionsWithoutGroupsAreRefused() {
    assertThatThrownBy(
            () -> GroupResults.of(Metric.brier(), TestPredictions.random(5, 2, 1, 1), QUICK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("these predictions have no groups");
  }
}
