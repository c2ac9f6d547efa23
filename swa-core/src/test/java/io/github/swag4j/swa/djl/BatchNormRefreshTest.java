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
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  void inputsThatAreNotFiniteAreRefusedWithTheirRow() {
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      assertThatThrownBy(() -> BatchNormRefresh.of(network.block).refresh(infinite(network)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("inputs must be finite, got -Infinity in row 0");
    }
  }

  @Test
  void aFailureInTheFirstBatchLeavesNothingHalfKnown() throws IOException {
    try (GoldenNetwork network = GoldenNetwork.convolutional()) {
      BatchNormRefresh refresh = BatchNormRefresh.of(network.block);
      ModelWeights weights = ModelWeights.of(network.block);
      float kept = weights.values(3).get(0);
      weights.values(3).put(0, Float.NaN);
      assertThatThrownBy(() -> refresh.refresh(network.batches()))
          .hasMessageContaining("values that reach batch-norm layer /06BatchNorm must be finite");
      weights.values(3).put(0, kept);
      refresh.refresh(network.batches());
      Weights got = ModelWeights.statistics(network.block).capture();
      BatchNormRefresh.of(network.block).refresh(network.batches());
      assertThat(ModelWeights.statistics(network.block).capture()).isEqualTo(got);
    }
  }

  private static InputBatches infinite(GoldenNetwork network) {
    return (manager, consumer) -> {
      NDArray rows = network.rows(manager, 0, 4);
      rows.muli(Float.POSITIVE_INFINITY);
      consumer.accept(new NDList(rows));
    };
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
  void dropoutIsOffInsideACompositeBlockToo() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block dropping = residual(Dropout.builder().optRate(0.5f).build());
      Block plain = residual(ai.djl.nn.Blocks.identityBlock());
      dropping.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      plain.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      assertThat(statistics(dropping)).isEqualTo(statistics(plain));
      NDArray rows = manager.randomNormal(new Shape(8, 6));
      assertThat(trained(dropping, rows)).isNotEqualTo(trained(dropping, rows));
    }
  }

  @Test
  void dropoutIsOnAgainAfterAFailure() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block dropping = residual(Dropout.builder().optRate(0.5f).build());
      dropping.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
      InputBatches wrongType =
          (m, consumer) -> consumer.accept(new NDList(m.ones(new Shape(4, 6), DataType.FLOAT64)));
      assertThatThrownBy(() -> BatchNormRefresh.of(dropping).refresh(wrongType))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("batch of FLOAT64 (4, 6)", "convert the inputs with toType");
      NDArray rows = manager.randomNormal(new Shape(8, 6));
      assertThat(trained(dropping, rows)).isNotEqualTo(trained(dropping, rows));
    }
  }

  @Test
  void gradientsAreOffInAnyThreadAndOnAgainAfterwards() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (GoldenNetwork network = GoldenNetwork.dense()) {
      List<Boolean> seen = new ArrayList<>();
      InputBatches watched =
          (manager, consumer) -> {
            seen.add(JniUtils.isGradMode());
            network.batches().forEach(manager, consumer);
          };
      other
          .submit(
              () -> {
                JniUtils.setGradMode(true);
                BatchNormRefresh.of(network.block).refresh(watched);
                seen.add(JniUtils.isGradMode());
                return null;
              })
          .get();
      assertThat(seen).containsExactly(false, true);
    } finally {
      other.shutdown();
    }
  }

  @Test
  void aModelInDoublePrecisionIsRefusedBeforeAnythingIsRead() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = new SequentialBlock().add(BatchNorm.builder().build());
      block.initialize(manager, DataType.FLOAT64, new Shape(1, 6));
      assertThatThrownBy(() -> BatchNormRefresh.of(block))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("FLOAT32", "FLOAT64");
    }
  }

  private static float[] trained(Block block, NDArray rows) {
    return block
        .forward(new ParameterStore(rows.getManager(), false), new NDList(rows), true)
        .head()
        .toFloatArray();
  }

  @Test
  void randomnessThatIsNoDropoutLayerIsRefused() {
    Block own =
        new ParallelBlock(
            parts -> Dropout.dropout(parts.get(0).head(), 0.5f, true),
            List.of(new SequentialBlock().add(BatchNorm.builder().build())));
    Block network = new SequentialBlock().add(own).add(BatchNorm.builder().build());
    requireRefused(
        network, "the same batch must give the same statistics", "/02BatchNorm", "random");
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

  @Test
  void batchesOfEqualWeightGiveWhatTorchsUpdateBnGives() throws IOException {
    for (GoldenNetwork network : List.of(GoldenNetwork.dense(), GoldenNetwork.convolutional())) {
      try (network) {
        BatchNormRefresh.of(network.block, BatchNormRefresh.Weighting.PER_BATCH)
            .refresh(network.batches());
        Weights got = ModelWeights.statistics(network.block).capture();
        int tensor = 0;
        for (JsonObject layer : network.layers()) {
          requireClose(got.toArray(tensor++), Golden.doubles(layer.get("update_bn_mean")));
          requireClose(got.toArray(tensor++), Golden.doubles(layer.get("update_bn_variance")));
        }
      }
    }
  }

  private static void requireClose(float[] got, double[] expected) {
    assertThat(got).hasSize(expected.length);
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .isCloseTo(expected[i], within(2e-6 * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
