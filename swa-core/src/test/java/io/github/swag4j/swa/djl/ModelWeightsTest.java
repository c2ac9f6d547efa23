package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.Weights;
import org.junit.jupiter.api.Test;

class ModelWeightsTest {

  @Test
  void runningStatisticsAreNotAmongTheWeights() {
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      WeightLayout weights = ModelWeights.of(network.block).layout();
      WeightLayout statistics = ModelWeights.statistics(network.block).layout();
      assertThat(weights.tensors())
          .extracting(WeightLayout.Tensor::role)
          .containsExactly(Role.WEIGHT, Role.BIAS, Role.SCALE, Role.SHIFT, Role.WEIGHT, Role.BIAS);
      assertThat(statistics.tensors())
          .extracting(WeightLayout.Tensor::role)
          .containsExactly(Role.RUNNING_MEAN, Role.RUNNING_VARIANCE);
    }
  }

  @Test
  void whatIsWrittenIsWhatTheModelPredictsWith() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = linear(manager);
      ModelWeights live = ModelWeights.of(block);
      live.write(Weights.of(live.layout(), new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, 20}));
      float[] out =
          block
              .forward(
                  new ParameterStore(manager, false),
                  new NDList(manager.create(new float[] {1, 1, 1}, new Shape(1, 3))),
                  false)
              .singletonOrThrow()
              .toFloatArray();
      assertThat(out).containsExactly(16, 35);
    }
  }

  @Test
  void captureAndWriteAreInverse() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ModelWeights live = ModelWeights.of(linear(manager));
      Weights before = live.capture();
      live.write(Weights.of(live.layout(), new float[6], new float[2]));
      assertThat(live.capture()).isNotEqualTo(before);
      live.write(before);
      assertThat(live.capture()).isEqualTo(before);
    }
  }

  @Test
  void weightsThatCannotBeWrittenLeaveTheModelAsItWas() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ModelWeights live = ModelWeights.of(linear(manager));
      Weights before = live.capture();
      Weights broken =
          Weights.of(live.layout(), new float[6], new float[] {1, Float.POSITIVE_INFINITY});
      assertThatThrownBy(() -> live.write(broken)).hasMessageContaining("must be finite");
      assertThat(live.capture()).isEqualTo(before);
    }
  }

  @Test
  void parametersWithoutValuesOrOfAnotherTypeAreRefused() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Linear.builder().setUnits(2).build();
      assertThatThrownBy(() -> ModelWeights.of(block))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("initialise the block first");
      block.initialize(manager, DataType.FLOAT64, new Shape(1, 3));
      assertThatThrownBy(() -> ModelWeights.of(block))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be FLOAT32, got FLOAT64");
    }
  }

  private static Block linear(NDManager manager) {
    Block block = Linear.builder().setUnits(2).build();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
    return block;
  }
}
