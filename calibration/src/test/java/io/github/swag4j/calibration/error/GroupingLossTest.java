package io.github.swag4j.calibration.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GroupingLossTest {

  /**
   * Forecasts 0.7 that come true at 0.9 where the first feature is positive and at 0.5 elsewhere.
   */
  private static final class Unequal {
    final double[][] features;
    final boolean[] y;

    Unequal(long seed, int n, double spread) {
      SplittableRandom random = new SplittableRandom(seed);
      features = new double[n][3];
      y = new boolean[n];
      for (int i = 0; i < n; i++) {
        Arrays.setAll(features[i], d -> random.nextDouble() - 0.5);
        y[i] = random.nextDouble() < 0.7 + (features[i][0] > 0 ? spread : -spread);
      }
    }

    GroupingLoss loss() {
      double[] p = new double[y.length];
      Arrays.fill(p, 0.7);
      return GroupingLoss.of(column(p, y), features, 15, 30, 1);
    }
  }

  private static Predictions column(double[] p, boolean[] y) {
    int[] labels = IntStream.range(0, y.length).map(i -> y[i] ? 1 : 0).toArray();
    return Predictions.builder().positiveProbabilities(p).labels(labels).build();
  }

  @Test
  void groupsGiveTheNumbersOfTheFormulas() throws IOException {
    JsonObject golden;
    try (Reader reader =
        new InputStreamReader(
            GroupingLossTest.class.getResourceAsStream("grouping.json"), StandardCharsets.UTF_8)) {
      golden = JsonParser.parseReader(reader).getAsJsonObject();
    }
    double[] p = doubles(golden, "p");
    int[] labels = Arrays.stream(doubles(golden, "y")).mapToInt(y -> (int) y).toArray();
    String[] groups =
        Arrays.stream(doubles(golden, "group")).mapToObj(g -> "g" + (int) g).toArray(String[]::new);
    Predictions predictions =
        Predictions.builder().positiveProbabilities(p).labels(labels).groups(groups).build();
    for (JsonElement element : golden.getAsJsonArray("cases")) {
      JsonObject expected = element.getAsJsonObject();
      GroupingLoss loss = GroupingLoss.ofGroups(predictions, expected.get("bins").getAsInt());
      double plugIn = expected.get("plugIn").getAsDouble();
      double bias = expected.get("bias").getAsDouble();
      double induced = expected.get("induced").getAsDouble();
      assertThat(loss.plugIn()).isCloseTo(plugIn, within(1e-12));
      assertThat(loss.explained()).isCloseTo(plugIn - bias, within(1e-12));
      assertThat(loss.induced()).isCloseTo(induced, within(1e-12));
      assertThat(loss.lowerBound()).isCloseTo(plugIn - bias - induced, within(1e-12));
    }
  }

  private static double[] doubles(JsonObject object, String key) {
    return IntStream.range(0, object.getAsJsonArray(key).size())
        .mapToDouble(i -> object.getAsJsonArray(key).get(i).getAsDouble())
        .toArray();
  }

  @Test
  void findsWhatTheFeaturesTellApart() {
    GroupingLoss loss = new Unequal(3, 6000, 0.2).loss();
    assertThat(loss.lowerBound()).isCloseTo(0.04, within(4 * loss.standardError()));
    assertThat(loss.standardError()).isLessThan(0.004);
    assertThat(loss.bins().get(10).rows()).isEqualTo(6000); // (0.667, 0.733]
    assertThat(loss.bins().get(10).regions()).isGreaterThan(4);
  }

  /** The plug-in estimate calls the chance of small regions grouping loss. */
  @Test
  void whereThereIsNoneTheEstimateIsZeroOnAverageAndThePlugInIsNot() {
    int runs = 200;
    double[] explained = new double[runs];
    double plugIn = 0;
    for (int run = 0; run < runs; run++) {
      GroupingLoss loss = new Unequal(run, 600, 0).loss();
      explained[run] = loss.explained();
      plugIn += loss.plugIn() / runs;
    }
    assertThat(mean(explained)).isCloseTo(0, within(4 * deviation(explained) / Math.sqrt(runs)));
    assertThat(plugIn).isGreaterThan(0.003);
  }

  @Test
  void theStandardErrorIsThatOfRepetitions() {
    int runs = 200;
    double[] explained = new double[runs];
    double squared = 0;
    for (int run = 0; run < runs; run++) {
      GroupingLoss loss = new Unequal(1000 + run, 1000, 0.15).loss();
      explained[run] = loss.explained();
      squared += loss.standardError() * loss.standardError() / runs;
    }
    assertThat(Math.sqrt(squared) / deviation(explained)).isBetween(0.75, 1.33);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
  }

  /** One bin from 0 to 1 of a calibrated classifier, and the forecast itself as the feature. */
  @Test
  void forecastsThatDifferWithinABinAreNotGroupingLoss() {
    SplittableRandom random = new SplittableRandom(5);
    int n = 20_000;
    double[] p = new double[n];
    boolean[] y = new boolean[n];
    double[][] features = new double[n][];
    for (int i = 0; i < n; i++) {
      p[i] = random.nextDouble();
      y[i] = random.nextDouble() < p[i];
      features[i] = new double[] {p[i]};
    }
    GroupingLoss loss = GroupingLoss.of(column(p, y), features, 1, 30, 0);
    assertThat(loss.explained()).isGreaterThan(0.07); // Var(p) = 1/12
    assertThat(loss.induced()).isCloseTo(1 / 12.0, within(0.004));
    assertThat(loss.lowerBound()).isLessThan(2 * loss.standardError());
  }

  /** The estimator of the paper's authors leaves regions of one row out of every number. */
  @Test
  void groupsOfOneRowAreNotLeftOut() {
    double[] p = new double[60];
    Arrays.fill(p, 0.5);
    int[] labels = IntStream.range(0, 60).map(i -> i < 20 ? 1 : i < 40 ? 0 : i & 1).toArray();
    String[] groups =
        IntStream.range(0, 60)
            .mapToObj(i -> i < 20 ? "a" : i < 40 ? "b" : "of its own " + i)
            .toArray(String[]::new);
    Predictions predictions =
        Predictions.builder().positiveProbabilities(p).labels(labels).groups(groups).build();
    GroupingLoss loss = GroupingLoss.ofGroups(predictions, 1);
    assertThat(loss.bins().get(0).regions()).isEqualTo(3);
    assertThat(loss.plugIn()).isCloseTo((0.25 + 0.25 + 0) / 3, within(1e-15));
    groups[59] = "a"; // no longer alone, and a single row joins the smallest group
    Arrays.fill(groups, 41, 59, "b");
    GroupingLoss joined =
        GroupingLoss.ofGroups(
            Predictions.builder().positiveProbabilities(p).labels(labels).groups(groups).build(),
            1);
    assertThat(joined.bins().get(0).regions()).isEqualTo(2);
    assertThat(joined.bins().get(0).rows()).isEqualTo(60);
  }

  @Property(tries = 30)
  void orderOfRowsChangesNoBit(@ForAll long seed) {
    Unequal data = new Unequal(seed, 500, 0.2);
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = random.doubles(500, 0, 1).map(v -> Math.round(8 * v) / 8.0).toArray();
    int[] order = IntStream.range(0, 500).toArray();
    for (int i = 499; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    double[] shuffled = new double[500];
    boolean[] y = new boolean[500];
    double[][] features = new double[500][];
    for (int i = 0; i < 500; i++) {
      shuffled[i] = p[order[i]];
      y[i] = data.y[order[i]];
      features[i] = data.features[order[i]];
    }
    GroupingLoss one = GroupingLoss.of(column(p, data.y), data.features, 7, 10, seed);
    GroupingLoss other = GroupingLoss.of(column(shuffled, y), features, 7, 10, seed);
    assertThat(other.bins()).isEqualTo(one.bins());
    assertThat(other.lowerBound()).isEqualTo(one.lowerBound());
  }

  @Property(tries = 30)
  void regionsHaveTheRowsTheyNeed(@ForAll long seed) {
    Unequal data = new Unequal(seed, 400, 0.3);
    int[] grown = IntStream.range(0, 200).toArray();
    int[] judged = IntStream.range(200, 400).toArray();
    RegionTree tree = RegionTree.fit(data.features, grown, data.y, 12);
    assertThat(Arrays.stream(tree.regions(data.features, grown)).boxed().toList())
        .allSatisfy(
            region ->
                assertThat(
                        Arrays.stream(tree.regions(data.features, grown))
                            .filter(r -> r == region)
                            .count())
                    .isGreaterThanOrEqualTo(12));
    int[] few = Arrays.copyOf(judged, 9);
    int[] regions = tree.regions(data.features, few);
    for (int region : regions) {
      assertThat(Arrays.stream(regions).filter(r -> r == region).count()).isGreaterThan(1);
    }
  }

  @Test
  void binsTooSmallToLookIntoExplainNothing() {
    boolean[] y = {true, false, true};
    double[][] features = {{1}, {2}, {3}};
    GroupingLoss loss = GroupingLoss.of(column(new double[] {0, 0.5, 1}, y), features, 2, 2, 0);
    assertThat(loss.lowerBound()).isZero();
    assertThat(loss.standardError()).isZero();
    assertThat(loss.bins()).extracting(GroupingLoss.Bin::rows).containsExactly(2, 1);
  }

  @Test
  void topLabelIsJudgedUnlessThereIsOneColumn() {
    double[][] p = {{0.1, 0.9}, {0.8, 0.2}};
    double[][] features = {{0}, {1}};
    assertThat(GroupingLoss.of(Predictions.of(p, new int[] {1, 0}), features).toString())
        .isEqualTo(
            "grouping loss >= 0.0000 (standard error 0.0000; top label, 15 equal-width bins,"
                + " 2 rows)");
    Predictions column =
        Predictions.builder()
            .positiveProbabilities(new double[] {0.1, 0.8})
            .labels(new int[] {0, 1})
            .build();
    GroupingLoss loss = GroupingLoss.of(column, features);
    assertThat(loss.toString()).contains("positive class");
    assertThat(loss.bins().get(1).rate()).isZero();
    assertThat(loss.bins().get(11).rate()).isOne();
  }

  @Test
  void refusesWhatItCannotJudge() {
    Predictions p = Predictions.of(new double[][] {{0.1, 0.9}, {0.8, 0.2}}, new int[] {1, 0});
    assertThatThrownBy(() -> GroupingLoss.of(p, new double[][] {{1}}))
        .hasMessage("features must have 2 rows, got 1");
    assertThatThrownBy(() -> GroupingLoss.of(p, new double[][] {{1}, {1, 2}}))
        .hasMessage("features[1] must have at least 1 value and as many as features[0], 1; got 2");
    assertThatThrownBy(() -> GroupingLoss.of(p, new double[][] {{1}, {Double.NaN}}))
        .hasMessage("features[1][0] must be finite, got NaN");
    assertThatThrownBy(() -> GroupingLoss.ofGroups(p)).isInstanceOf(IllegalStateException.class);
    Predictions weighted =
        Predictions.builder()
            .positiveProbabilities(new double[] {0.5, 0.5})
            .labels(new int[] {1, 0})
            .weights(new double[] {1, 2})
            .build();
    double[][] features = {{1}, {2}};
    assertThatThrownBy(() -> GroupingLoss.of(weighted, features))
        .hasMessageContaining("needs rows of equal weight");
    Predictions two = column(new double[] {0.5, 0.5}, new boolean[] {true, false});
    assertThatThrownBy(() -> GroupingLoss.of(two, features, 0, 30, 0))
        .hasMessage("bins must be at least 1, got 0");
    assertThatThrownBy(() -> GroupingLoss.of(two, features, 15, 1, 0))
        .hasMessage("rowsPerRegion must be at least 2, got 1");
  }
}
