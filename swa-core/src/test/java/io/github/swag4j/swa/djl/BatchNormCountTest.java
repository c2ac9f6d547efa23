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
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Which rows count, and how much. */
class BatchNormCountTest {
  private static final int WIDTH = 5;

  private static float[] rows(int seed, int count, double shift, double scale) {
    Random random = new Random(seed);
    float[] values = new float[count * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (shift * (i % WIDTH) + scale * random.nextGaussian());
    }
    return values;
  }

  private static InputBatches batches(float[] values, Shape row, int... sizes) {
    int width = (int) row.size();
    return (parent, consumer) -> {
      int from = 0;
      for (int size : sizes) {
        float[] part = Arrays.copyOfRange(values, from * width, (from + size) * width);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(size).addAll(row))));
        }
        from += size;
      }
    };
  }

  /** Mean and unbiased variance of each column in double precision. */
  private static double[][] exact(float[] values, int width) {
    double[][] moments = new double[2][width];
    int rows = values.length / width;
    for (int c = 0; c < width; c++) {
      for (int r = 0; r < rows; r++) {
        moments[0][c] += values[r * width + c] / (double) rows;
      }
      for (int r = 0; r < rows; r++) {
        moments[1][c] += Math.pow(values[r * width + c] - moments[0][c], 2) / (rows - 1);
      }
    }
    return moments;
  }

  private static void requireExact(Block block, float[] values, int width) {
    Weights got = ModelWeights.statistics(block).capture();
    double[][] expected = exact(values, width);
    for (int c = 0; c < width; c++) {
      double deviation = Math.sqrt(expected[1][c]);
      assertThat((double) got.toArray(0)[c])
          .isCloseTo(expected[0][c], within(1e-6 * (Math.abs(expected[0][c]) + deviation)));
      assertThat((double) got.toArray(1)[c])
          .isCloseTo(expected[1][c], within(2e-6 * expected[1][c]));
    }
  }

  @Property(tries = 40)
  void statisticsAreThoseOfAllRowsWhateverTheBatches(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 2, max = 40) Integer> sizes,
      @ForAll int seed)
      throws IOException {
    int[] batch = sizes.stream().mapToInt(Integer::intValue).toArray();
    float[] values = rows(seed, Arrays.stream(batch).sum(), 1, 2);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = new SequentialBlock().add(BatchNorm.builder().optMomentum(0.7f).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
      BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), batch));
      requireExact(block, values, WIDTH);
    }
  }

  @Test
  void stepsReshapedIntoRowsCountEach() throws IOException {
    float[] values = rows(1, 60, 1, 1);
    for (int initialRows : new int[] {1, 4}) {
      try (NDManager manager = NDManager.newBaseManager()) {
        Block block =
            new SequentialBlock()
                .add(new LambdaBlock(l -> new NDList(l.head().reshape(-1, WIDTH)), "rows"))
                .add(BatchNorm.builder().build());
        block.initialize(manager, DataType.FLOAT32, new Shape(initialRows, 3, WIDTH));
        BatchNormRefresh.of(block).refresh(batches(values, new Shape(3, WIDTH), 8, 4, 8));
        requireExact(block, values, WIDTH);
      }
    }
  }

  @Test
  void positionsOfAnImageCountEachAlsoInABatchOfOneRow() throws IOException {
    float[] values = rows(2, 40, 0, 1);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = new SequentialBlock().add(BatchNorm.builder().build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 4, WIDTH));
      BatchNormRefresh.of(block).refresh(batches(values, new Shape(1, 4, WIDTH), 6, 3, 1));
      requireExact(block, values, 1);
    }
  }

  @Test
  void severalInputsAreTaken() throws IOException {
    float[] values = rows(3, 30, 1, 1);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block =
          new SequentialBlock()
              .add(new LambdaBlock(l -> new NDList(l.get(0).add(l.get(1))), "sum"))
              .add(BatchNorm.builder().build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH), new Shape(1, WIDTH));
      InputBatches two =
          (parent, consumer) ->
              batches(values, new Shape(WIDTH), 10, 20)
                  .forEach(
                      parent,
                      batch -> {
                        NDArray half = batch.head().mul(0.5f);
                        consumer.accept(new NDList(half, half));
                      });
      BatchNormRefresh.of(block).refresh(two);
      requireExact(block, values, WIDTH);
      assertThatThrownBy(
              () -> BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), 10)))
          .hasMessageContaining("batches must have 2 inputs");
    }
  }

  @Test
  void aBatchOfOneRowIsLeftOutWithAWarningAndNothingElseIsRefused() throws IOException {
    float[] values = rows(4, 121, 1, 1);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = dense(manager);
      String said =
          logged(
              () -> BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), 120, 1)));
      assertThat(said).containsOnlyOnce("a batch of a single row is left out");
      requireExact(block, Arrays.copyOf(values, 120 * WIDTH), WIDTH);
      assertThatThrownBy(
              () -> BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), 1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("got 2 batches of a single row: take larger batches");
    }
  }

  private static Block dense(NDManager manager) {
    Block block =
        new SequentialBlock()
            .add(BatchNorm.builder().build())
            .add(Linear.builder().setUnits(2).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
    return block;
  }

  @Test
  void sortedBatchesAreWarnedOfOnceAndMixedOnesAreNot() throws IOException {
    float[] values = rows(5, 320, 0, 1);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = dense(manager);
      int[] sizes = {40, 40, 40, 40, 40, 40, 40, 40};
      String mixed =
          logged(
              () -> BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), sizes)));
      assertThat(mixed).isEmpty();
      for (int i = 0; i < values.length / 2; i++) {
        values[i] += 2;
      }
      BatchNormRefresh refresh = BatchNormRefresh.of(block);
      String sorted =
          logged(
              () -> {
                refresh.refresh(batches(values, new Shape(WIDTH), sizes));
                refresh.refresh(batches(values, new Shape(WIDTH), sizes));
              });
      assertThat(sorted).containsOnlyOnce("seem sorted").contains("shuffle the rows");
    }
  }

  @Test
  void tooFewValuesAreWarnedOf() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = dense(manager);
      float[] values = rows(6, 16, 0, 1);
      assertThat(
              logged(
                  () -> BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), 16))))
          .contains("layer /01BatchNorm are of 16 values a channel", "0.25 deviations");
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static String logged(Work work) throws IOException {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onlyTheFirstRowsAreReadWhenAskedTo() throws IOException {
    float[] values = rows(7, 40, 1, 1);
    List<Integer> read = new ArrayList<>();
    InputBatches watched =
        (parent, consumer) ->
            batches(values, new Shape(WIDTH), 10, 10, 10, 10)
                .forEach(
                    parent,
                    batch -> {
                      read.add((int) batch.head().getShape().get(0));
                      consumer.accept(batch);
                    });
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = dense(manager);
      BatchNormRefresh.of(block).refresh(watched.first(23));
      assertThat(read).containsExactly(10, 10, 10);
      requireExact(block, Arrays.copyOf(values, 23 * WIDTH), WIDTH);
      BatchNormRefresh.of(block).refresh(watched.first(1000));
      requireExact(block, values, WIDTH);
    }
    assertThatThrownBy(() -> watched.first(0)).hasMessage("rows must be at least 1, got 0");
  }

  @Test
  void aFractionIsTheSameEvenlySpreadBatchesEachTime() throws IOException {
    float[] values = rows(8, 40, 1, 1);
    InputBatches all = batches(values, new Shape(WIDTH), 10, 10, 10, 10);
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = dense(manager);
      BatchNormRefresh.of(block).refresh(all.fraction(0.5));
      float[] secondAndFourth = new float[20 * WIDTH];
      System.arraycopy(values, 10 * WIDTH, secondAndFourth, 0, 10 * WIDTH);
      System.arraycopy(values, 30 * WIDTH, secondAndFourth, 10 * WIDTH, 10 * WIDTH);
      requireExact(block, secondAndFourth, WIDTH);
      BatchNormRefresh.of(block).refresh(all.fraction(1));
      requireExact(block, values, WIDTH);
    }
    for (double wrong : new double[] {0, -1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> all.fraction(wrong)).hasMessageContaining("got " + wrong);
    }
  }

  /** As torch's test_bn_update_eval_momentum: what the layer keeps of old statistics stays. */
  @Test
  void momentumAndModeStayAsTheyWere() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = new SequentialBlock().add(BatchNorm.builder().optMomentum(0.7f).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
      float[] values = rows(9, 100, 1, 1);
      BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), 50, 50));
      float before = ModelWeights.statistics(block).values(0).get(1);
      NDArray zeros = manager.zeros(new Shape(8, WIDTH));
      ParameterStore store = new ParameterStore(manager, false);
      float[] evaluated = block.forward(store, new NDList(zeros), false).head().toFloatArray();
      assertThat(ModelWeights.statistics(block).values(0).get(1)).isEqualTo(before);
      assertThat(evaluated[1]).isNotZero();
      block.forward(store, new NDList(zeros), true);
      assertThat(ModelWeights.statistics(block).values(0).get(1))
          .isCloseTo(0.7f * before, within(1e-6f));
    }
  }

  /** As torch's test_update_bn_dnn and torchcontrib's test_bn_update, with 1e-6 for their 0.1. */
  @Test
  void statisticsOfAHiddenLayerAreThoseOfItsPreactivations() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block linear = Linear.builder().setUnits(WIDTH).build();
      Block block =
          new ParallelBlock(
              parts -> parts.get(0),
              List.of(new SequentialBlock().add(linear).add(BatchNorm.builder().build())));
      block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
      float[] values = rows(10, 57, 1, 1);
      BatchNormRefresh.of(block).refresh(batches(values, new Shape(WIDTH), 20, 20, 17));
      NDArray all = manager.create(values, new Shape(57, WIDTH));
      ParameterStore store = new ParameterStore(manager, false);
      float[] seen = linear.forward(store, new NDList(all), false).head().toFloatArray();
      requireExact(block, seen, WIDTH);
    }
  }
}
