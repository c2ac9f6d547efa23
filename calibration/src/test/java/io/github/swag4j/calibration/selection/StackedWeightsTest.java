package io.github.swag4j.calibration.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Weights of greatest likelihood; golden values: src/test/python/stacking_golden.py. */
class StackedWeightsTest {

  private static double[] doubles(JsonElement array) {
    JsonArray values = array.getAsJsonArray();
    double[] out = new double[values.size()];
    Arrays.setAll(out, i -> values.get(i).getAsDouble());
    return out;
  }

  private static double[][] rows(JsonElement array) {
    JsonArray values = array.getAsJsonArray();
    double[][] out = new double[values.size()][];
    Arrays.setAll(out, i -> doubles(values.get(i)));
    return out;
  }

  @Test
  void weightsAndValueAreThoseOfScipy() throws IOException {
    try (Reader reader =
        new InputStreamReader(
            StackedWeightsTest.class.getResourceAsStream("/selection/stacking.json"),
            StandardCharsets.UTF_8)) {
      int cases = 0;
      for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
        JsonObject golden = element.getAsJsonObject();
        StackedWeights got = StackedWeights.fit(rows(golden.get("p")), 1e-11);
        assertThat(got.nll()).isCloseTo(golden.get("nll").getAsDouble(), within(2e-11));
        assertThat(got.equalNll()).isCloseTo(golden.get("equal").getAsDouble(), within(1e-13));
        assertThat(got.weights()).containsExactly(doubles(golden.get("weights")), within(2e-5));
        assertThat(got.gap()).isBetween(0.0, 1e-11);
        cases++;
      }
      assertThat(cases).isEqualTo(3);
    }
  }

  @Test
  void membersThatDoNotHelpHaveNoWeightAtAll() {
    double[][] p = {{0.9, 0.1, 0.8}, {0.2, 0.1, 0.7}, {0.9, 0.3, 0.4}, {0.6, 0.2, 0.5}};
    assertThat(StackedWeights.fit(p, 1e-9).weights()[1]).isEqualTo(0);
  }

  @Test
  void membersThatAreAlikeShareAlike() {
    double[][] p = {{0.9, 0.9, 0.5}, {0.2, 0.2, 0.6}, {0.4, 0.4, 0.7}, {0.8, 0.8, 0.2}};
    double[] w = StackedWeights.fit(p, 1e-9).weights();
    assertThat(w[0]).isCloseTo(w[1], within(1e-9)).isGreaterThan(0.1);
  }

  @Test
  void oneMemberHasAllWeight() {
    StackedWeights one = StackedWeights.fit(new double[][] {{0.25}, {0.5}}, 1e-9);
    assertThat(one.weights()).containsExactly(1);
    assertThat(one.nll()).isCloseTo(1.5 * Math.log(2), within(1e-15));
    assertThat(one.gap()).isZero();
  }

  /** The bound is checked against the definition, the optimum against all pairs of vertices. */
  @Property(tries = 100)
  void noStepTowardsAMemberGains(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 6) int members,
      @ForAll @IntRange(min = 1, max = 60) int rows) {
    Random random = new Random(seed);
    double[][] p = new double[rows][members];
    for (double[] row : p) {
      for (int m = 0; m < members; m++) {
        row[m] = random.nextInt(8) == 0 ? 0 : Math.pow(random.nextDouble(), 6);
      }
      row[random.nextInt(members)] = 1e-200;
    }
    StackedWeights got = StackedWeights.fit(p, 1e-9);
    double[] w = got.weights();
    assertThat(Arrays.stream(w).sum()).isCloseTo(1, within(1e-12));
    assertThat(got.nll()).isLessThanOrEqualTo(got.equalNll() + 1e-9);
    for (int m = 0; m < members; m++) {
      double slope = 0;
      for (double[] row : p) {
        double mixed = 0;
        for (int l = 0; l < members; l++) {
          mixed += w[l] * row[l];
        }
        slope += row[m] / mixed / rows;
      }
      assertThat(slope).isLessThanOrEqualTo(1 + 1.001e-9);
      assertThat(got.memberNlls()[m]).isGreaterThanOrEqualTo(got.nll() - 1e-9);
    }
  }

  @Test
  void rowsCountAsTheyWeigh() {
    double[][] one = {{0.9, 0.1}, {0.3, 0.7}};
    double[][] two = {{0.2, 0.8}, {0.6, 0.4}};
    int[] labels = {0, 0};
    double[] weights = {3, 1};
    StackedWeights weighted =
        StackedWeights.fit(List.of(weighted(one, labels, weights), weighted(two, labels, weights)));
    StackedWeights repeated =
        StackedWeights.fit(new double[][] {{0.9, 0.2}, {0.9, 0.2}, {0.9, 0.2}, {0.3, 0.6}}, 1e-9);
    assertThat(weighted.weights()).containsExactly(repeated.weights(), within(1e-7));
    assertThat(weighted.nll()).isCloseTo(repeated.nll(), within(1e-9));
  }

  @Test
  void rowsOfWeightZeroHaveNoPartEvenWhereEveryMemberGivesProbabilityZero() {
    double[][] one = {{0.9, 0.1}, {0, 1}, {0.3, 0.7}};
    double[][] two = {{0.2, 0.8}, {0, 1}, {0.6, 0.4}};
    int[] labels = {0, 0, 0};
    double[] weights = {3, 0, 1};
    StackedWeights got =
        StackedWeights.fit(List.of(weighted(one, labels, weights), weighted(two, labels, weights)));
    StackedWeights without =
        StackedWeights.fit(new double[][] {{0.9, 0.2}, {0.9, 0.2}, {0.9, 0.2}, {0.3, 0.6}}, 1e-9);
    assertThat(got.weights()).containsExactly(without.weights(), within(1e-7));
    assertThat(got.nll()).isCloseTo(without.nll(), within(1e-9));
    assertThat(got.rows()).isEqualTo(2);
    double[] counted = {3, 1, 1};
    List<Predictions> members =
        List.of(weighted(one, labels, counted), weighted(two, labels, counted));
    assertThatThrownBy(() -> StackedWeights.fit(members))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("row 1 has probability 0");
  }

  private static Predictions weighted(double[][] p, int[] labels, double[] weights) {
    return Predictions.builder().probabilities(p).labels(labels).weights(weights).build();
  }

  @Test
  void mixedPredictionsAreTheWeightedMean() {
    Predictions a =
        Predictions.builder()
            .probabilities(new double[][] {{0.9, 0.1}})
            .labels(new int[] {1})
            .ids(new String[] {"x"})
            .expectedEntropy(new double[] {0.2})
            .build();
    Predictions b =
        Predictions.builder()
            .probabilities(new double[][] {{0.4, 0.6}})
            .labels(new int[] {1})
            .expectedEntropy(new double[] {0.6})
            .build();
    Predictions mixed = PredictionMixture.of(List.of(a, b), new double[] {0.25, 0.75});
    assertThat(mixed.probabilities(0)).containsExactly(new double[] {0.525, 0.475}, within(1e-15));
    assertThat(mixed.expectedEntropy(0)).isCloseTo(0.5, within(1e-15));
    assertThat(mixed.label(0)).isEqualTo(1);
    assertThat(mixed.id(0)).isEqualTo("x");
    Predictions binary =
        PredictionMixture.of(
            List.of(
                Predictions.binary(new double[] {0.2}, new int[] {0}),
                Predictions.binary(new double[] {0.6}, new int[] {0})),
            new double[] {0.5, 0.5});
    assertThat(binary.isBinary()).isTrue();
    assertThat(binary.probability(0, 1)).isCloseTo(0.4, within(1e-15));
    assertThat(binary.hasExpectedEntropy()).isFalse();
  }

  @Test
  void whatCannotBeStackedIsRefused() {
    assertThatThrownBy(
            () -> StackedWeights.fit(new double[][] {{0.5, 0.5}, {0, 0}, {0.1, 0}}, 1e-9))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("row 1 has probability 0 for its label from every member");
    assertThatThrownBy(() -> StackedWeights.fit(new double[][] {{0.5, 1.5}}, 1e-9))
        .hasMessageContaining("got 1.5 of member 1 in row 0");
    assertThatThrownBy(() -> StackedWeights.fit(new double[][] {{0.5, 0.5}, {0.5}}, 1e-9))
        .hasMessageContaining("row 1 must have 2 members, got 1");
    assertThatThrownBy(() -> StackedWeights.fit(new double[][] {{0.5}}, 0))
        .hasMessageContaining("tolerance");
    assertThatThrownBy(() -> StackedWeights.fit(List.of())).hasMessageContaining("at least 1");
    Predictions labelled = Predictions.of(new double[][] {{0.5, 0.5}}, new int[] {0});
    Predictions other = Predictions.of(new double[][] {{0.5, 0.5}}, new int[] {1});
    Predictions bare = Predictions.builder().probabilities(new double[][] {{0.5, 0.5}}).build();
    assertThatThrownBy(() -> StackedWeights.fit(List.of(labelled, other)))
        .hasMessageContaining("same rows in the same order, got labels 0 and 1 in row 0");
    assertThatThrownBy(() -> StackedWeights.fit(List.of(labelled, bare)))
        .hasMessageContaining("members[1] has no labels");
    assertThatThrownBy(() -> StackedWeights.fit(List.of(labelled, labelled)).mix(List.of(labelled)))
        .hasMessageContaining("one a member, got 2 for 1");
  }
}
