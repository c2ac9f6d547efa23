package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models with convolutions run in another order of memory, with batch norm folded. */
@Tag("native")
class ImagePredictionTest {
  private static final int ROWS = 37;
  private static final int PIXELS = 2 * 8 * 8;
  private static final int SAMPLES = 7;

  private NDManager manager;
  private Block block;
  private SwagPosterior posterior;

  @BeforeEach
  void makeModel() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(5);
    SequentialBlock layers = new SequentialBlock();
    for (int channels : new int[] {6, 16}) {
      layers
          .add(
              Conv2d.builder()
                  .setKernelShape(new Shape(3, 3))
                  .setFilters(channels)
                  .optPadding(new Shape(1, 1))
                  .optBias(channels == 6)
                  .build())
          .add(BatchNorm.builder().build())
          .add(Activation::relu)
          .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
    }
    layers.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
    layers.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 8, 8));
    block = layers;
    posterior = posterior(ModelWeights.of(block).capture());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** The model's weights with a spread of a fifth of a standard deviation of each tensor. */
  private static SwagPosterior posterior(Weights mean) {
    float[][] variance = new float[mean.layout().tensors().size()][];
    for (int t = 0; t < variance.length; t++) {
      variance[t] = new float[mean.layout().tensor(t).size()];
      Arrays.fill(variance[t], 0.01f);
    }
    return new SwagPosterior(
        SwagPosterior.Options.defaults().withRank(0),
        5,
        SwagPosterior.LOW_RANK_SCALE,
        mean,
        Weights.of(mean.layout(), variance),
        List.of());
  }

  private static float[] images(int seed) {
    float[] values = new float[ROWS * PIXELS];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static InputBatches inputs(int seed, int batch) {
    float[] values = images(seed);
    return (parent, consumer) -> {
      for (int from = 0; from < ROWS; from += batch) {
        int n = Math.min(batch, ROWS - from);
        float[] part = Arrays.copyOfRange(values, from * PIXELS, (from + n) * PIXELS);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(n, 2, 8, 8))));
        }
      }
    };
  }

  private BayesianPredictor predictor(Workers workers) {
    return BayesianPredictor.of(block, posterior)
        .samples(SAMPLES)
        .seed(8)
        .refreshBatchNorm(inputs(1, 16))
        .workers(workers);
  }

  @Test
  void theMeanIsThatOfEachSampleRunLayerByLayerInTheUsualOrder() throws IOException {
    BayesianPredictor.Result got =
        predictor(Workers.one())
            .predictAll(List.of(new BayesianPredictor.Labelled(inputs(2, 16), null)));
    double[][] mean = new double[ROWS][3];
    Weights before = ModelWeights.of(block).capture();
    for (int s = 0; s < SAMPLES; s++) {
      ModelWeights.of(block).write(posterior.sample(8, s));
      ModelWeights.statistics(block).write(got.statistics().get(s));
      NDArray batch = manager.create(images(2), new Shape(ROWS, 2, 8, 8));
      NDArray p =
          block
              .forward(new ParameterStore(manager, false), new NDList(batch), false)
              .singletonOrThrow()
              .softmax(1);
      float[] values = p.toFloatArray();
      for (int i = 0; i < values.length; i++) {
        mean[i / 3][i % 3] += values[i] / (double) SAMPLES;
      }
    }
    ModelWeights.of(block).write(before);

    Predictions predictions = got.predictions().get(0);
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(predictions.probability(r, k)).isCloseTo(mean[r][k], within(1e-5));
      }
    }
  }

  @Test
  void anyNumberOfWorkersGivesTheSameBits() throws IOException {
    Predictions one = predictor(Workers.one()).predict(inputs(2, 16), null);
    List<Predictions> others = new ArrayList<>();
    for (Workers workers : List.of(Workers.one(), Workers.of(2), Workers.of(3))) {
      others.add(predictor(workers).predict(inputs(2, 16), null));
    }
    for (Predictions other : others) {
      for (int r = 0; r < ROWS; r++) {
        assertThat(other.probabilities(r)).isEqualTo(one.probabilities(r));
        assertThat(other.expectedEntropy(r)).isEqualTo(one.expectedEntropy(r));
      }
    }
  }

  @Test
  void theSizeOfBatchesChangesNoMoreThanRounding() throws IOException {
    Predictions one = predictor(Workers.one()).predict(inputs(2, 16), null);
    Predictions other = predictor(Workers.one()).predict(inputs(2, 5), null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(other.probability(r, 0)).isCloseTo(one.probability(r, 0), within(1e-5));
    }
  }
}
