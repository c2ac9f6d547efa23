package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ObservationsTest {
  private static final double[][] P = {{0.7, 0.3}, {0.4, 0.6}, {0.5, 0.5}};

  private static PredictionsBuilder known() {
    return Predictions.builder()
        .probabilities(P)
        .labels(new int[] {0, 1, 1})
        .weights(new double[] {1, 2, 0.5})
        .groups(new String[] {"a", "b", "a"})
        .ids(new String[] {"x", "y", "z"});
  }

  @Test
  void otherPredictionsOfTheSameRowsAreGivenAllThatIsKnown() {
    Predictions other =
        Predictions.builder()
            .logits(new double[][] {{1, 0}, {0, 1}, {2, 2}})
            .observations(known().build().observations())
            .build();
    assertThat(other.label(2)).isEqualTo(1);
    assertThat(other.weight(2)).isEqualTo(0.5);
    assertThat(other.group(2)).isEqualTo("a");
    assertThat(other.id(2)).isEqualTo("z");
  }

  @Test
  void observationsTakeThePlaceOfThoseGivenBefore() {
    Predictions bare = Predictions.of(P, new int[] {1, 0, 0});
    Predictions p = known().observations(bare.observations()).build();
    assertThat(p.label(0)).isEqualTo(1);
    assertThat(p.hasWeights() || p.hasGroups() || p.hasIds()).isFalse();
  }

  @Test
  void selectedRowsKeepTheirOrderAndMayComeTwice() {
    Observations selected = known().build().observations().select(new int[] {2, 0, 2});
    assertThat(selected.rows()).isEqualTo(3);
    assertThat(selected.id(0)).isEqualTo("z");
    assertThat(selected.label(1)).isEqualTo(0);
    assertThat(selected.weight(2)).isEqualTo(0.5);
    assertThat(selected.group(2)).isEqualTo("a");
  }

  @Test
  void rowsThatAreNotThereCannotBeSelectedEvenWhereNothingIsKnown() {
    Observations none = Predictions.builder().probabilities(P).build().observations();
    assertThatThrownBy(() -> none.select(new int[] {3}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> none.select(new int[0])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void observationsOfAnotherNumberOfRowsAreRefused() {
    Observations three = known().build().observations();
    PredictionsBuilder two =
        Predictions.builder().probabilities(new double[][] {P[0], P[1]}).observations(three);
    assertThatThrownBy(two::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels must have 2 values, got 3");
  }

  @Test
  void labelsOfMoreClassesAreRefusedByPredictionsOfFewer() {
    Observations ofThree =
        Predictions.of(new double[][] {{0.2, 0.3, 0.5}}, new int[] {2}).observations();
    PredictionsBuilder ofTwo =
        Predictions.builder().probabilities(new double[][] {P[0]}).observations(ofThree);
    assertThatThrownBy(ofTwo::build)
        .isInstanceOf(InvalidRowException.class)
        .hasMessageStartingWith("labels[0] must be a class index below 2, got 2");
  }

  @Test
  void theFirstDifferenceIsNamed() {
    Observations all = known().build().observations();
    assertThat(all.difference(known().build().observations())).isEmpty();
    assertThat(all.difference(known().ids(new String[] {"x", "y", "w"}).build().observations()))
        .contains("ids z and w in row 2");
    assertThat(all.difference(known().labels(new int[] {0, 0, 1}).build().observations()))
        .contains("labels 1 and 0 in row 1");
    assertThat(all.difference(known().weights(new double[] {1, 1, 0.5}).build().observations()))
        .contains("weights 2.0 and 1.0 in row 1");
    assertThat(all.difference(all.select(new int[] {0}))).contains("3 and 1 rows");
  }

  @Test
  void whatOnlyOneSideKnowsIsNoDifferenceButForWeights() {
    Predictions p = Predictions.of(P, new int[] {0, 1, 1});
    Observations bare = Predictions.builder().probabilities(P).build().observations();
    assertThat(p.observations().difference(bare)).isEmpty();
    assertThat(known().build().observations().difference(bare))
        .contains("weights 2.0 and 1.0 in row 1");
  }

  @Test
  void withoutIdsEverythingElseStays() {
    Observations unnamed = known().build().observations().withoutIds();
    assertThat(unnamed.hasIds()).isFalse();
    assertThat(unnamed).hasToString("3 rows, labels, weights, groups");
  }

  @Test
  void arraysGivenCanBeChangedAfterwards() {
    int[] labels = {0, 1, 1};
    PredictionsBuilder builder = Predictions.builder().probabilities(P).labels(labels);
    labels[0] = 1;
    assertThat(builder.build().label(0)).isEqualTo(0);
  }
}
