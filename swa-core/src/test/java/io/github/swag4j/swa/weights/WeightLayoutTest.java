package io.github.swag4j.swa.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightLayoutTest {

  @Test
  void tensorsFollowEachOther() {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("a", Role.WEIGHT, List.of(2L, 3L)),
                new Tensor("b", Role.BIAS, List.of()),
                new Tensor("c", Role.BIAS, List.of(4L))));
    assertThat(layout.offset(1)).isEqualTo(6);
    assertThat(layout.offset(2)).isEqualTo(7);
    assertThat(layout.size()).isEqualTo(11);
  }

  @Test
  void hashKnowsNamesShapesAndOrderButNotRoles() {
    Tensor a = new Tensor("a", Role.WEIGHT, List.of(2L));
    Tensor b = new Tensor("b", Role.WEIGHT, List.of(2L));
    String hash = WeightLayout.of(List.of(a, b)).hash();
    assertThat(hash).hasSize(64).isNotEqualTo(WeightLayout.of(List.of(b, a)).hash());
    Tensor other = new Tensor("a", Role.OTHER, List.of(2L));
    assertThat(WeightLayout.of(List.of(other, b)).hash()).isEqualTo(hash);
    Tensor square = new Tensor("a", Role.WEIGHT, List.of(2L, 1L));
    assertThat(WeightLayout.of(List.of(square, b)).hash()).isNotEqualTo(hash);
  }

  @Test
  void rolesCountNowhere() {
    WeightLayout weight = WeightLayout.of(List.of(new Tensor("a", Role.WEIGHT, List.of(1L))));
    WeightLayout other = WeightLayout.of(List.of(new Tensor("a", Role.OTHER, List.of(1L))));
    assertThat(weight).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(weight.hash()).isEqualTo(other.hash());
    weight.requireSame(other);
    assertThat(Weights.of(weight, new float[] {1})).isEqualTo(Weights.of(other, new float[] {1}));
  }

  @Test
  void theFirstTensorThatDiffersIsNamedWithBothShapes() {
    Tensor a = new Tensor("a", Role.WEIGHT, List.of(2L));
    Tensor b = new Tensor("b", Role.WEIGHT, List.of(3L, 4L));
    Tensor square = new Tensor("b", Role.WEIGHT, List.of(4L, 4L));
    WeightLayout layout = WeightLayout.of(List.of(a, b));
    assertThatThrownBy(() -> layout.requireSame(WeightLayout.of(List.of(a, square))))
        .hasMessageContaining("tensor 1 must be b [3, 4], got b [4, 4]");
    assertThatThrownBy(() -> layout.requireSame(WeightLayout.of(List.of(a))))
        .hasMessageContaining("tensor 1 must be b [3, 4], got none, there are only 1");
    assertThat(layout).isNotEqualTo(WeightLayout.of(List.of(a)));
  }

  @Test
  void namesMustBeUnique() {
    Tensor a = new Tensor("a", Role.WEIGHT, List.of(2L));
    assertThatThrownBy(() -> WeightLayout.of(List.of(a, a)))
        .hasMessage("tensor names must be unique, got a twice");
  }

  @Test
  void shapesAreChecked() {
    assertThatThrownBy(() -> new Tensor("a", Role.WEIGHT, List.of(-1L)))
        .hasMessageContaining("at least 0");
    assertThatThrownBy(() -> new Tensor("a", Role.WEIGHT, List.of(1L << 20, 1L << 20)))
        .hasMessageContaining("at most");
  }

  @Test
  void valuesMustFillTheirTensors() {
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("a", Role.WEIGHT, List.of(2L))));
    assertThatThrownBy(() -> Weights.of(layout, new float[3]))
        .hasMessage("values of a must have length 2, got 3");
    assertThatThrownBy(() -> Weights.of(layout)).hasMessage("values must have 1 arrays, got 0");
  }

  @Test
  void weightsDoNotChangeWithTheArraysTheyCameFrom() {
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("a", Role.WEIGHT, List.of(1L))));
    float[] values = {1};
    Weights weights = Weights.of(layout, values);
    values[0] = 2;
    weights.toArray(0)[0] = 3;
    assertThat(weights.toArray(0)).containsExactly(1);
    assertThat(weights.values(0).isReadOnly()).isTrue();
  }
}
