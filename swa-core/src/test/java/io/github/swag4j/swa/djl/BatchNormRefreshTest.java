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
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.Weights;
import java.io.IOException;
import java.util.List;
import java.util.Random;
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

  @Test
  void aLayerInTwoPlacesIsRefusedByName() {
    Block shared = BatchNorm.builder().build();
    Block twice =
        new SequentialBlock()
            .add(shared)
            .add(Linear.builder().setUnits(6).build())
            .add(shared)
            .add(Linear.builder().setUnits(2).build());
    requireRefused(twice, "batch-norm layer /01BatchNorm must run once", "ran 2 times for 10 rows");
  }

  @Test
  void virtualBatchesAreRefusedUnlessTheBatchIsOneOfThem() throws IOException {
    Block ghost = GhostBatchNorm.builder().optVirtualBatchSize(5).build();
    requireRefused(
        new SequentialBlock().add(ghost),
        "batch-norm layer /01GhostBatchNorm must run once",
        "a GhostBatchNorm no more rows than its virtual batch");
    try (NDManager manager = NDManager.newBaseManager()) {
      Block wide =
          new SequentialBlock().add(GhostBatchNorm.builder().optVirtualBatchSize(10).build());
      wide.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      Block plain = new SequentialBlock().add(BatchNorm.builder().build());
      plain.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      assertThat(statistics(wide)).isEqualTo(statistics(plain));
    }
  }

  @Test
  void dropoutIsOffWhileStatisticsAreTaken() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block dropping = network(Dropout.builder().optRate(0.5f).build());
      Block plain = network(ai.djl.nn.Blocks.identityBlock());
      dropping.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      plain.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      ModelWeights.of(plain).write(ModelWeights.of(dropping));
      float[][] first = statistics(dropping);
      assertThat(statistics(dropping)).isEqualTo(first);
      assertThat(statistics(plain)).isEqualTo(first);
    }
  }

  @Test
  void dropoutThatCannotBeSwitchedOffAloneIsRefusedWithTheRemedy() throws IOException {
    Block residual = residual(Dropout.builder().build());
    requireRefused(
        new SequentialBlock().add(Linear.builder().setUnits(6).build()).add(residual),
        "block /02ParallelBlock must not have both batch normalisation and dropout inside",
        "Blocks.identityBlock() in the place of each Dropout");
    try (NDManager manager = NDManager.newBaseManager()) {
      Block without = residual(ai.djl.nn.Blocks.identityBlock());
      without.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      assertThat(statistics(without)).hasDimensions(2, 6);
    }
  }

  private static Block network(Block between) {
    SequentialBlock inner =
        new SequentialBlock()
            .add(BatchNorm.builder().build())
            .add(between)
            .add(Linear.builder().setUnits(4).build());
    inner.setReturnIntermediate(true);
    return new SequentialBlock()
        .add(Linear.builder().setUnits(6).build())
        .add(inner)
        .add(all -> new NDList(all.get(1).concat(all.get(2), 1)))
        .add(BatchNorm.builder().build());
  }

  private static Block residual(Block between) {
    return new ParallelBlock(
        parts -> new NDList(parts.get(0).head().add(parts.get(1).head())),
        List.of(
            new SequentialBlock().add(BatchNorm.builder().build()).add(between),
            ai.djl.nn.Blocks.identityBlock()));
  }

  private static InputBatches tenRows() {
    return (parent, consumer) -> {
      float[] values = new float[60];
      Random random = new Random(6);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      try (NDManager batch = parent.newSubManager()) {
        consumer.accept(new NDList(batch.create(values, new Shape(10, 6))));
      }
    };
  }

  private static float[][] statistics(Block block) throws IOException {
    BatchNormRefresh.of(block).refresh(tenRows());
    Weights got = ModelWeights.statistics(block).capture();
    float[][] values = new float[got.layout().tensors().size()][];
    java.util.Arrays.setAll(values, got::toArray);
    return values;
  }

  private static void requireRefused(Block block, String... parts) {
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      Weights before = ModelWeights.statistics(block).capture();
      assertThatThrownBy(() -> BatchNormRefresh.of(block).refresh(tenRows()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(parts);
      assertThat(ModelWeights.statistics(block).capture()).isEqualTo(before);
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
