package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.Weights;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BatchNormRefreshTest {

  @Test
  void statisticsOfADenseNetworkArePooledOverSamples() throws IOException {
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      requirePooled(network);
    }
  }

  @Test
  void statisticsOfAConvolutionalNetworkArePooledOverSamplesWhateverTheMomentum()
      throws IOException {
    try (GoldenNetwork network = GoldenNetwork.convolutional()) {
      requirePooled(network);
    }
  }

  @Test
  void aShortLastBatchWeighsLessUnlikeInTorch() throws IOException {
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      BatchNormRefresh.of(network.block).refresh(network.batches());
      float[] mean = ModelWeights.statistics(network.block).capture().toArray(0);
      double[] torch = Golden.doubles(network.layers().get(0).get("update_bn_mean"));
      assertThat((double) mean[0]).isNotCloseTo(torch[0], within(0.01));
    }
  }

  @Test
  void refreshingAgainGivesTheSameBits() throws IOException {
    try (GoldenNetwork network = GoldenNetwork.convolutional()) {
      BatchNormRefresh refresh = BatchNormRefresh.of(network.block);
      refresh.refresh(network.batches());
      Weights first = ModelWeights.statistics(network.block).capture();
      refresh.refresh(network.batches());
      assertThat(ModelWeights.statistics(network.block).capture()).isEqualTo(first);
    }
  }

  @Test
  void weightsAreLeftAlone() throws IOException {
    try (GoldenNetwork network = GoldenNetwork.convolutional()) {
      Weights before = ModelWeights.of(network.block).capture();
      BatchNormRefresh.of(network.block).refresh(network.batches());
      assertThat(ModelWeights.of(network.block).capture()).isEqualTo(before);
    }
  }

  @Test
  void aFailingPassLeavesTheStatisticsAsTheyWere() {
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      Weights before = ModelWeights.statistics(network.block).capture();
      InputBatches failing =
          (manager, consumer) -> {
            consumer.accept(new NDList(network.rows(manager, 0, 4)));
            throw new IOException("disk gone");
          };
      assertThatThrownBy(() -> BatchNormRefresh.of(network.block).refresh(failing))
          .hasMessage("disk gone");
      assertThat(ModelWeights.statistics(network.block).capture()).isEqualTo(before);
    }
  }

  @Test
  void inputsThatAreNotFiniteAreRefusedWithTheLayersName() {
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      InputBatches bad =
          (manager, consumer) -> {
            NDArray rows = network.rows(manager, 0, 4);
            rows.muli(Float.POSITIVE_INFINITY);
            consumer.accept(new NDList(rows));
          };
      assertThatThrownBy(() -> BatchNormRefresh.of(network.block).refresh(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("BatchNorm");
    }
  }

  @Test
  void rowsOfAnotherShapeAndNoRowsAreRefused() {
    try (GoldenNetwork network = GoldenNetwork.convolutional()) {
      BatchNormRefresh refresh = BatchNormRefresh.of(network.block);
      assertThatThrownBy(
              () ->
                  refresh.refresh(
                      (m, consumer) ->
                          consumer.accept(new NDList(m.ones(new Shape(2, 1, 16, 16))))))
          .hasMessageContaining("rows must have shape (1, 12, 12)");
      assertThatThrownBy(() -> refresh.refresh((m, consumer) -> {}))
          .hasMessage("batch-norm statistics need at least 1 row, got 0");
    }
  }

  @Test
  void aModelWithoutBatchNormNeedsNoRefresh() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Linear.builder().setUnits(2).build();
      assertThatThrownBy(() -> BatchNormRefresh.of(block)).hasMessageContaining("initialise");
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
      BatchNormRefresh refresh = BatchNormRefresh.of(block);
      assertThat(refresh.isNeeded()).isFalse();
      refresh.refresh(
          (m, consumer) -> {
            throw new AssertionError("no data are needed");
          });
    }
  }

  private static void requirePooled(GoldenNetwork network) throws IOException {
    BatchNormRefresh.of(network.block).refresh(network.batches());
    Weights statistics = ModelWeights.statistics(network.block).capture();
    int tensor = 0;
    for (JsonObject layer : network.layers()) {
      requireClose(statistics.toArray(tensor++), Golden.doubles(layer.get("pooled_mean")));
      requireClose(
          statistics.toArray(tensor++), Golden.doubles(layer.get("pooled_unbiased_variance")));
    }
    NDArray logits =
        network
            .block
            .forward(
                new ParameterStore(network.manager, false),
                new NDList(network.rows(network.manager, 0, 10)),
                false)
            .singletonOrThrow();
    requireClose(
        logits.toFloatArray(), Golden.doubles(network.golden.get("logits_with_pooled_statistics")));
  }

  private static void requireClose(float[] got, double[] expected) {
    assertThat(got).hasSize(expected.length);
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .isCloseTo(expected[i], within(2e-6 * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
