package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.ArrayDataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BayesianPredictorTest {
  private static final int ROWS = 23;

  @TempDir private Path folder;
  private NDManager manager;
  private Block block;
  private SwagPosterior posterior;

  @BeforeEach
  void makeModelAndPosterior() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(5);
    block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    posterior = posterior(ModelWeights.of(block).layout(), 1f);
  }

  private static SwagPosterior posterior(WeightLayout layout, float spread) {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    Random random = new Random(3);
    for (int n = 0; n < 5; n++) {
      float[][] values = new float[layout.tensors().size()][];
      for (int t = 0; t < values.length; t++) {
        values[t] = new float[layout.tensor(t).size()];
        for (int i = 0; i < values[t].length; i++) {
          values[t][i] = (float) (0.3 + spread * 0.5 * random.nextGaussian());
        }
      }
      collector.collect(Weights.of(layout, values));
    }
    return collector.posterior();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static InputBatches inputs(int seed, int rows, int batch) {
    float[] values = new float[rows * 4];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return (parent, consumer) -> {
      for (int from = 0; from < rows; from += batch) {
        int n = Math.min(batch, rows - from);
        float[] part = Arrays.copyOfRange(values, from * 4, (from + n) * 4);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(n, 4))));
        }
      }
    };
  }

  private static int[] labels() {
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 3;
    }
    return labels;
  }

  /** The same average written out by hand. */
  @Test
  void predictionIsTheMeanOfTheSamplesProbabilities() throws IOException {
    Predictions got =
        BayesianPredictor.of(block, posterior)
            .samples(4)
            .seed(8)
            .refreshBatchNorm(inputs(1, 40, 8))
            .predict(inputs(2, ROWS, 10), labels());
    double[][] mean = new double[ROWS][3];
    double[] entropy = new double[ROWS];
    for (int s = 0; s < 4; s++) {
      ModelWeights.of(block).write(posterior.sample(8, s));
      BatchNormRefresh.of(block).refresh(inputs(1, 40, 8));
      double[][] p = softmax(forward(inputs(2, ROWS, ROWS)));
      for (int r = 0; r < ROWS; r++) {
        for (int k = 0; k < 3; k++) {
          mean[r][k] += p[r][k] / 4;
          entropy[r] -= p[r][k] * Math.log(p[r][k]) / 4;
        }
      }
    }
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(got.probability(r, k)).isCloseTo(mean[r][k], within(1e-6));
      }
      assertThat(got.expectedEntropy(r)).isCloseTo(entropy[r], within(1e-5));
      assertThat(got.expectedEntropy(r)).isLessThanOrEqualTo(got.entropy(r) + 1e-6);
      assertThat(got.label(r)).isEqualTo(r % 3);
    }
  }

  @Test
  void batchSizeDoesNotMatter() throws IOException {
    BayesianPredictor predictor =
        BayesianPredictor.of(block, posterior).samples(3).refreshBatchNorm(inputs(1, 40, 8));
    Predictions one = predictor.predict(inputs(2, ROWS, 1), null);
    Predictions all = predictor.predict(inputs(2, ROWS, ROWS), null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(one.probability(r, 0)).isCloseTo(all.probability(r, 0), within(1e-6));
    }
    assertThat(one.hasLabels()).isFalse();
  }

  @Test
  void predictionsAreTheSameBitsAgainAndWithStoredStatistics() throws IOException {
    BayesianPredictor predictor = BayesianPredictor.of(block, posterior).samples(3).seed(1);
    List<Labelled> sets = List.of(new Labelled(inputs(2, ROWS, 10), labels()));
    BayesianPredictor.Result first = predictor.refreshBatchNorm(inputs(1, 40, 8)).predictAll(sets);
    BayesianPredictor.Result second =
        predictor.batchNormStatistics(first.statistics()).predictAll(sets);
    assertThat(first.statistics()).hasSize(3);
    for (int r = 0; r < ROWS; r++) {
      assertThat(second.predictions().get(0).probabilities(r))
          .isEqualTo(first.predictions().get(0).probabilities(r));
    }
  }

  /** With statistics of other samples the probabilities would be wrong without a word. */
  @Test
  void statisticsOfAFilePredictTheSamplesTheyBelongToAndNoOthers() throws IOException {
    List<Labelled> sets = List.of(new Labelled(inputs(2, ROWS, 10), labels()));
    BayesianPredictor refreshed =
        BayesianPredictor.of(block, posterior)
            .samples(3)
            .seed(11)
            .refreshBatchNorm(inputs(1, 40, 8));
    BayesianPredictor.Result first = refreshed.predictAll(sets);
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(
        file, posterior, Provenance.unknown(), new SampleStatistics(11, 0, first.statistics()));
    SampleStatistics read = PosteriorFiles.open(file).statistics().orElseThrow();
    BayesianPredictor deployed =
        BayesianPredictor.of(block, PosteriorFiles.open(file).posterior())
            .samples(3)
            .batchNormStatistics(read);
    Predictions again = deployed.predictAll(sets).predictions().get(0);
    for (int r = 0; r < ROWS; r++) {
      assertThat(again.probabilities(r)).isEqualTo(first.predictions().get(0).probabilities(r));
    }
    assertThatThrownBy(() -> deployed.seed(12).predictAll(sets))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be of the samples of seed 12, got those of seed 11");
    assertThatThrownBy(
            () -> deployed.batchNormStatistics(new SampleStatistics(11, 3, read.samples())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must begin with sample 0, got those from sample 3 on");
  }

  @Test
  void theModelHasItsOwnWeightsAgainAlsoAfterAFailure() throws IOException {
    Weights weights = ModelWeights.of(block).capture();
    Weights statistics = ModelWeights.statistics(block).capture();
    BayesianPredictor predictor =
        BayesianPredictor.of(block, posterior).samples(2).refreshBatchNorm(inputs(1, 40, 8));
    predictor.predict(inputs(2, ROWS, 10), null);
    assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
    assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statistics);
    assertThatThrownBy(
            () ->
                predictor.predict(
                    (m, consumer) -> {
                      throw new IOException("gone");
                    },
                    null))
        .hasMessage("gone");
    assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
    assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statistics);
  }

  @Test
  void aPointPosteriorIsPredictedOnce() throws IOException {
    List<Integer> done = new ArrayList<>();
    Predictions got =
        BayesianPredictor.of(block, WeightPosterior.point(posterior.mean()))
            .samples(30)
            .onSample(done::add)
            .refreshBatchNorm(inputs(1, 40, 8))
            .predict(inputs(2, ROWS, 10), null);
    assertThat(done).containsExactly(1);
    Predictions zeroScale =
        BayesianPredictor.of(block, posterior.withScale(0))
            .refreshBatchNorm(inputs(1, 40, 8))
            .predict(inputs(2, ROWS, 10), null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(zeroScale.probabilities(r)).isEqualTo(got.probabilities(r));
      assertThat(got.entropy(r)).isCloseTo(got.expectedEntropy(r), within(1e-6));
    }
  }

  @Test
  void forgettingBatchNormIsAnErrorWithTheRemedy() {
    assertThatThrownBy(
            () -> BayesianPredictor.of(block, posterior).predict(inputs(2, ROWS, 10), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call refreshBatchNorm with training data");
  }

  @Test
  void aDjlDataSetIsPredictedWithItsLabels() throws IOException {
    ArrayDataset train = dataset(40, false);
    ArrayDataset test = dataset(ROWS, false);
    Predictions got =
        BayesianPredictor.of(block, posterior).samples(2).refreshBatchNorm(train).predict(test);
    assertThat(got.rows()).isEqualTo(ROWS);
    assertThat(got.label(4)).isEqualTo(1);
  }

  @Test
  void aShuffledDataSetIsRefused() {
    ArrayDataset shuffled = dataset(200, true);
    assertThatThrownBy(
            () ->
                BayesianPredictor.of(block, posterior)
                    .samples(2)
                    .refreshBatchNorm(dataset(40, false))
                    .predict(shuffled))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not shuffle it");
  }

  @Test
  void aShuffleThatLabelsDoNotShowIsRefusedToo() {
    float[] values = new float[200 * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 97;
    }
    ArrayDataset oneClass =
        new ArrayDataset.Builder()
            .setData(manager.create(values, new Shape(200, 4)))
            .optLabels(manager.zeros(new Shape(200)))
            .setSampling(8, true)
            .build();
    assertThatThrownBy(
            () ->
                BayesianPredictor.of(block, posterior)
                    .samples(2)
                    .refreshBatchNorm(dataset(40, false))
                    .predict(oneClass))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows from 0 differ: do not shuffle it");
  }

  @Test
  void labelsThatAreNotClassIndicesAreRefusedWithTheirRow() {
    float[] labels = new float[20];
    labels[13] = 0.9f;
    requireRefused(manager.create(labels), "labels must be class indices, got 0.9 in row 13");
    labels[13] = Float.NaN;
    requireRefused(manager.create(labels), "labels must be class indices, got NaN in row 13");
    requireRefused(manager.zeros(new Shape(20, 3)), "one label a row, got 24 for 8 rows");
  }

  private void requireRefused(NDArray labels, String message) {
    ArrayDataset dataset =
        new ArrayDataset.Builder()
            .setData(manager.zeros(new Shape(20, 4)))
            .optLabels(labels)
            .setSampling(8, false)
            .build();
    assertThatThrownBy(
            () ->
                BayesianPredictor.of(block, posterior)
                    .refreshBatchNorm(dataset(40, false))
                    .predict(dataset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aSeedGivesTheSameBitsAgainForModelsWithDropout() throws IOException {
    Block dropping =
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(Dropout.builder().optRate(0.5f).build())
            .add(BatchNorm.builder().build())
            .add(Linear.builder().setUnits(3).build());
    dropping.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    BayesianPredictor predictor =
        BayesianPredictor.of(dropping, posterior(ModelWeights.of(dropping).layout(), 1f))
            .samples(3)
            .seed(4)
            .refreshBatchNorm(inputs(1, 40, 8));
    Predictions first = predictor.predict(inputs(2, ROWS, 10), null);
    Predictions again = predictor.predict(inputs(2, ROWS, 10), null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(again.probabilities(r)).isEqualTo(first.probabilities(r));
    }
  }

  /**
   * Results of operations belong to their inputs' manager, and the model's outlives all batches.
   * Managers count their children's arrays too, so when a batch begins its inputs are there, and
   * nothing else may be.
   */
  @Test
  void predictingLeavesNoArraysBehind() throws IOException {
    NDManager model = block.getParameters().get(0).getValue().getArray().getManager();
    int held = model.getManagedArrays().size();
    assertThat(held).isGreaterThanOrEqualTo(block.getParameters().size());
    Set<Integer> inModel = new TreeSet<>();
    Set<Integer> inPass = new TreeSet<>();
    BayesianPredictor.of(block, posterior)
        .samples(30)
        .refreshBatchNorm(watched(inputs(1, 40, 8), model, inModel, inPass))
        .predict(watched(inputs(2, ROWS, 4), model, inModel, inPass), null);
    assertThat(inModel).containsExactly(held + 1);
    assertThat(inPass).containsExactly(1);
    assertThat(model.getManagedArrays()).hasSize(held);
  }

  private static InputBatches watched(
      InputBatches inputs, NDManager model, Set<Integer> inModel, Set<Integer> inPass) {
    return (parent, consumer) ->
        inputs.forEach(
            parent,
            batch -> {
              inModel.add(model.getManagedArrays().size());
              inPass.add(parent.getManagedArrays().size());
              consumer.accept(batch);
            });
  }

  @Test
  void outputsThatAreDistributionsAreNotPutThroughASecondSoftmaxInSilence() throws IOException {
    Block classifier =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(new LambdaBlock(l -> new NDList(l.singletonOrThrow().softmax(1))));
    classifier.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    SwagPosterior point = posterior(ModelWeights.of(classifier).layout(), 1f).withScale(0);
    BayesianPredictor predictor = BayesianPredictor.of(classifier, point);
    assertThatThrownBy(() -> predictor.predict(inputs(2, ROWS, 10), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("output(Output.PROBABILITIES)");
    assertThat(
            predictor
                .output(BayesianPredictor.Output.PROBABILITIES)
                .predict(inputs(2, ROWS, 10), null)
                .rows())
        .isEqualTo(ROWS);
  }

  @Test
  void aPosteriorOfAnotherModelIsRefused() {
    Block other = Linear.builder().setUnits(2).build();
    other.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    assertThatThrownBy(
            () -> BayesianPredictor.of(other, posterior).predict(inputs(2, ROWS, 10), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("belong to another model");
    assertThatThrownBy(() -> BayesianPredictor.of(block, posterior).samples(0))
        .hasMessage("samples must be at least 1, got 0");
  }

  private ArrayDataset dataset(int rows, boolean shuffle) {
    float[] values = new float[rows * 4];
    float[] labels = new float[rows];
    Random random = new Random(rows);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 3;
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(values, new Shape(rows, 4)))
        .optLabels(manager.create(labels, new Shape(rows)))
        .setSampling(8, shuffle)
        .build();
  }

  @Test
  void classesKeepTheirNames() throws IOException {
    List<String> names = List.of("cat", "dog", "elk");
    BayesianPredictor predictor =
        BayesianPredictor.of(block, posterior)
            .samples(2)
            .refreshBatchNorm(inputs(1, 40, 8))
            .classNames(names);
    Predictions got = predictor.predict(inputs(2, ROWS, 10), null);
    assertThat(got.hasClassNames()).isTrue();
    assertThat(got.classNames()).isEqualTo(names);
    assertThat(predictor.logits().predict(inputs(2, ROWS, 10), null).predictions().classNames())
        .isEqualTo(names);
    try (ServingPredictor serving = predictor.serve()) {
      RowPrediction row = serving.predict(new float[] {1, 2, 3, 4});
      assertThat(row.className()).isEqualTo(names.get(row.predictedClass()));
      assertThat(row.toString()).startsWith("class " + row.className() + ", confidence");
    }
  }

  @Test
  void namesThatAreNotOneAClassAreRefused() {
    BayesianPredictor predictor =
        BayesianPredictor.of(block, posterior).samples(2).modelStatistics();
    assertThatThrownBy(() -> predictor.classNames(List.of("cat", "dog", "cat")))
        .hasMessageContaining("must be two or more and differ");
    BayesianPredictor two = predictor.classNames(List.of("cat", "dog"));
    assertThatThrownBy(() -> two.predict(inputs(2, ROWS, 10), null))
        .hasMessageContaining("one for each of the model's 3 classes, got 2");
    assertThatThrownBy(() -> two.logits().predict(inputs(2, ROWS, 10), null))
        .hasMessageContaining("got 2: [cat, dog]");
    assertThatThrownBy(() -> two.regression(RegressionOutput.mean(1)))
        .hasMessageContaining("got classNames([cat, dog]): leave them out");
  }

  private double[][] forward(InputBatches batches) throws IOException {
    List<double[]> rows = new ArrayList<>();
    batches.forEach(
        manager,
        batch -> {
          float[] out =
              block
                  .forward(new ParameterStore(manager, false), batch, false)
                  .singletonOrThrow()
                  .toFloatArray();
          for (int i = 0; i < out.length; i += 3) {
            rows.add(new double[] {out[i], out[i + 1], out[i + 2]});
          }
        });
    return rows.toArray(double[][]::new);
  }

  private static double[][] softmax(double[][] logits) {
    for (double[] row : logits) {
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        row[k] = Math.exp(row[k]);
        sum += row[k];
      }
      for (int k = 0; k < 3; k++) {
        row[k] /= sum;
      }
    }
    return logits;
  }
}
