package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServingPredictorTest {
  private static final int ROWS = 12;
  private static final int WIDTH = 4;
  private NDManager manager;
  private Block block;

  @BeforeEach
  void makeModel() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(5);
    block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
  }

  /** Rows one by one and together: with batch norm folded into convolutions, in both. */
  @Test
  void convolutionsAnswerAsThoseOfManyRows() throws IOException {
    Block images =
        new SequentialBlock()
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(3, 3))
                    .setFilters(6)
                    .optPadding(new Shape(1, 1))
                    .build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(3).build());
    images.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 6, 6));
    float[] values = new float[ROWS * 72];
    Random random = new Random(8);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    InputBatches rows =
        (parent, consumer) -> {
          try (NDManager own = parent.newSubManager()) {
            consumer.accept(new NDList(own.create(values, new Shape(ROWS, 2, 6, 6))));
          }
        };
    BayesianPredictor predictor =
        BayesianPredictor.of(images, posterior(ModelWeights.of(images).layout()))
            .samples(4)
            .refreshBatchNorm(rows);
    Predictions together = predictor.predict(rows, null);
    try (ServingPredictor serving = predictor.serve()) {
      for (int r = 0; r < ROWS; r++) {
        RowPrediction one = serving.predict(Arrays.copyOfRange(values, r * 72, (r + 1) * 72));
        for (int k = 0; k < 3; k++) {
          assertThat(one.probabilities()[k]).isCloseTo(together.probability(r, k), within(1e-5));
        }
        assertThat(one.expectedEntropy()).isCloseTo(together.expectedEntropy(r), within(1e-5));
      }
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static SwagPosterior posterior(WeightLayout layout) {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    Random random = new Random(3);
    for (int n = 0; n < 5; n++) {
      float[][] values = new float[layout.tensors().size()][];
      for (int t = 0; t < values.length; t++) {
        values[t] = new float[layout.tensor(t).size()];
        for (int i = 0; i < values[t].length; i++) {
          values[t][i] = (float) (0.3 + 0.5 * random.nextGaussian());
        }
      }
      collector.collect(Weights.of(layout, values));
    }
    return collector.posterior();
  }

  private static float[] values(int seed, int rows) {
    float[] values = new float[rows * WIDTH];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static InputBatches inputs(int seed, int rows) {
    float[] values = values(seed, rows);
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        consumer.accept(new NDList(own.create(values, new Shape(rows, WIDTH))));
      }
    };
  }

  private static float[] row(int seed, int r) {
    return Arrays.copyOfRange(values(seed, ROWS), r * WIDTH, (r + 1) * WIDTH);
  }

  private BayesianPredictor predictor() {
    return BayesianPredictor.of(block, posterior(ModelWeights.of(block).layout()))
        .samples(7)
        .seed(3)
        .refreshBatchNorm(inputs(1, 40));
  }

  private static void requireSame(RowPrediction got, Predictions all, int r) {
    assertThat(got.predictedClass()).isEqualTo(all.predictedClass(r));
    assertThat(got.confidence()).isCloseTo(all.confidence(r), within(1e-6));
    assertThat(got.entropy()).isCloseTo(all.entropy(r), within(1e-5));
    assertThat(got.expectedEntropy()).isCloseTo(all.expectedEntropy(r), within(1e-5));
    assertThat(got.mutualInformation())
        .isCloseTo(all.entropy(r) - all.expectedEntropy(r), within(1e-5));
    for (int k = 0; k < 3; k++) {
      assertThat(got.probabilities()[k]).isCloseTo(all.probability(r, k), within(1e-6));
    }
  }

  @Test
  void aRowServedIsTheRowPredicted() throws IOException {
    Predictions all = predictor().predict(inputs(2, ROWS), null);
    try (ServingPredictor serving = predictor().serve()) {
      for (int r = 0; r < ROWS; r++) {
        RowPrediction got = serving.predict(row(2, r));
        requireSame(got, all, r);
        assertThat(serving.predict(manager.create(row(2, r)))).isEqualTo(got);
      }
    }
  }

  private Block ending(UnaryOperator<NDArray> last) {
    Block ending =
        new SequentialBlock()
            .add(Linear.builder().setUnits(2).build())
            .add(new LambdaBlock(l -> new NDList(last.apply(l.head())), "last"));
    ending.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
    return ending;
  }

  private static BayesianPredictor predictor(Block of) {
    return BayesianPredictor.of(of, posterior(ModelWeights.of(of).layout())).samples(2);
  }

  @Test
  void oneRowOfLogitsThatSumsToOneIsServed() throws IOException {
    try (ServingPredictor serving = predictor(ending(a -> a.mul(0).add(0.5f))).serve()) {
      assertThat(serving.predict(row(2, 0)).probabilities()).containsExactly(0.5, 0.5);
    }
  }

  @Test
  void rowsServedAreHeldTogetherAndTheUsersWordIsTaken() throws IOException {
    float[][] given = {{3, -1}, {0.25f, 0.75f}, {0.25f, 0.75f}};
    int[] calls = {0};
    UnaryOperator<NDArray> logits =
        a -> a.mul(0).add(a.getManager().create(given[calls[0]++ / 2 % 3]));
    Block block = ending(logits);
    try (ServingPredictor serving = predictor(block).serve()) {
      calls[0] = 0;
      for (int r = 0; r < 3; r++) {
        double expected = 1 / (1 + Math.exp(given[r][1] - given[r][0]));
        assertThat(serving.predict(row(2, r)).probabilities()[0]).isCloseTo(expected, within(1e-6));
      }
    }
    try (ServingPredictor serving = predictor(block).serve()) {
      calls[0] = 2;
      assertThatThrownBy(() -> serving.predict(row(2, 0)))
          .hasMessageContainingAll("distribution already", "outputAsSaid");
    }
    try (ServingPredictor serving =
        predictor(block).outputAsSaid(BayesianPredictor.Output.LOGITS).serve()) {
      calls[0] = 2;
      assertThat(serving.predict(row(2, 0)).probabilities()[0])
          .isCloseTo(1 / (1 + Math.exp(0.5)), within(1e-6));
    }
  }

  @Test
  void sigmoidsServedRowByRowAreKnownByTheirNumber() throws IOException {
    Block sigmoids = ending(a -> Activation.sigmoid(a.mul(9)));
    try (ServingPredictor serving = predictor(sigmoids).serve()) {
      assertThatThrownBy(
              () -> {
                for (int r = 0; r < 60; r++) {
                  serving.predict(row(2, r % ROWS));
                }
              })
          .hasMessageContainingAll("lie between 0 and 1", "Output.SIGMOIDS");
    }
  }

  @Test
  void theLiveModelIsNotTouchedAndMayChange() throws IOException {
    Weights weights = ModelWeights.of(block).capture();
    Weights statistics = ModelWeights.statistics(block).capture();
    int held =
        block.getParameters().get(0).getValue().getArray().getManager().getManagedArrays().size();
    try (ServingPredictor serving = predictor().serve()) {
      assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
      assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statistics);
      RowPrediction before = serving.predict(row(2, 0));
      ModelWeights.of(block).write(posterior(weights.layout()).mean());
      assertThat(serving.predict(row(2, 0))).isEqualTo(before);
    }
    assertThat(block.getParameters().get(0).getValue().getArray().getManager().getManagedArrays())
        .hasSize(held);
  }

  @Test
  void severalThreadsGetTheSameAnswers() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (ServingPredictor serving = predictor().serve()) {
      List<RowPrediction> expected = new ArrayList<>();
      for (int r = 0; r < ROWS; r++) {
        expected.add(serving.predict(row(2, r)));
      }
      List<Future<RowPrediction>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int r = i % ROWS;
        answers.add(threads.submit(() -> serving.predict(row(2, r))));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(expected.get(i % ROWS));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void archivesAreServedFromCopiesOfTheirOwn() throws Exception {
    try (Model model = TorchScriptModels.load(golden("dropout-scripted.pt"))) {
      Block module = model.getBlock();
      Weights statistics = ModelWeights.statistics(module).capture();
      BayesianPredictor predictor =
          BayesianPredictor.of(module, posterior(ModelWeights.of(module).layout()))
              .samples(4)
              .refreshBatchNorm(inputs(1, 40));
      Predictions all = predictor.predict(inputs(2, ROWS), null);
      try (ServingPredictor serving = predictor.serve()) {
        for (int r = 0; r < ROWS; r++) {
          requireSame(serving.predict(row(2, r)), all, r);
        }
      }
      assertThat(ModelWeights.statistics(module).capture()).isEqualTo(statistics);
    }
  }

  private static Path golden(String name) throws URISyntaxException {
    return Path.of(
        WeightPosterior.class.getResource("/io/github/swag4j/swag/golden/" + name).toURI());
  }

  @Test
  void whatCannotBeServedIsRefusedWithTheRemedy() throws IOException {
    assertThatThrownBy(() -> predictor().monteCarloDropout().serve())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("serve without monteCarloDropout()");
    ServingPredictor serving = predictor().serve();
    assertThatThrownBy(() -> serving.predict(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a row must have 4 values, shape (4), got 3");
    serving.close();
    assertThatThrownBy(() -> serving.predict(row(2, 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** Such a block would have answered with the live model's weights for every sample. */
  @Test
  void aBlockThatTakesWeightsPastTheStoreIsRefused() throws IOException {
    Block linear = Linear.builder().setUnits(3).build();
    linear.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
    NDArray weight = linear.getParameters().get(0).getValue().getArray();
    SequentialBlock around = new SequentialBlock();
    around.add(new Past(linear, weight));
    around.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
    try (ServingPredictor serving =
        BayesianPredictor.of(around, posterior(ModelWeights.of(around).layout()))
            .samples(2)
            .serve()) {
      assertThatThrownBy(() -> serving.predict(row(2, 0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be fetched from the ParameterStore");
    }
  }

  private static final class Past extends ai.djl.nn.AbstractBlock {
    private final NDArray weight;

    Past(Block linear, NDArray weight) {
      addChildBlock("linear", linear);
      this.weight = weight;
    }

    @Override
    protected NDList forwardInternal(
        ai.djl.training.ParameterStore store,
        NDList in,
        boolean training,
        ai.djl.util.PairList<String, Object> params) {
      return new NDList(in.head().matMul(weight.transpose()));
    }

    @Override
    protected void initializeChildBlocks(NDManager owner, DataType type, Shape... shapes) {
      getChildren().values().get(0).initialize(owner, type, shapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] shapes) {
      return new Shape[] {new Shape(shapes[0].get(0), 3)};
    }
  }

  @Test
  void aDistributionIsNotPutThroughASecondSoftmax() throws IOException {
    Block softmax =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(new LambdaBlock(l -> new NDList(l.singletonOrThrow().softmax(1))));
    softmax.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
    BayesianPredictor predictor =
        BayesianPredictor.of(softmax, posterior(ModelWeights.of(softmax).layout())).samples(2);
    try (ServingPredictor serving = predictor.serve()) {
      assertThatThrownBy(() -> serving.predict(row(2, 0)))
          .hasMessageContaining("output(Output.PROBABILITIES)");
    }
    try (ServingPredictor serving =
        predictor.output(BayesianPredictor.Output.PROBABILITIES).serve()) {
      assertThat(serving.predict(row(2, 0)).confidence()).isBetween(1.0 / 3, 1.0);
    }
  }
}
