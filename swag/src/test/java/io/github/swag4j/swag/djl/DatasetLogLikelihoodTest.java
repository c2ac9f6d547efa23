package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.ArrayDataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.Subspace;
import io.github.swag4j.swag.SubspacePosterior;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatasetLogLikelihoodTest {
  private static final float[][] ROWS = SmallNetwork.rows(2, 30);
  private final InputBatches training = SmallNetwork.batches(SmallNetwork.rows(1, 40), 16);
  private final InputBatches inputs = SmallNetwork.batches(ROWS, 8);
  private final int[] labels = new int[30];
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    for (int r = 0; r < labels.length; r++) {
      labels[r] = r * r % 3;
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static double sum(Predictions p) {
    double sum = 0;
    for (int r = 0; r < p.rows(); r++) {
      sum += Math.log(p.probability(r, p.label(r)));
    }
    return sum;
  }

  @Test
  void itIsTheSumOfThePredictorsLogProbabilitiesAndLeavesTheModelAsItWas() throws IOException {
    Block block = SmallNetwork.withBatchNorm(manager, 3);
    ModelWeights model = ModelWeights.of(block);
    ModelWeights statistics = ModelWeights.statistics(block);
    Weights before = model.capture();
    Weights runningBefore = statistics.capture();
    DatasetLogLikelihood likelihood =
        DatasetLogLikelihood.classification(block, inputs, labels).refreshBatchNorm(training);
    for (int seed = 0; seed < 3; seed++) {
      Weights at = SmallNetwork.random(block, seed, 0.7);
      Predictions p =
          BayesianPredictor.of(block, WeightPosterior.point(at))
              .refreshBatchNorm(training)
              .predict(inputs, labels);
      // Predictions are rounded to float32.
      assertThat(likelihood.at(at)).isCloseTo(sum(p), within(30 * 1e-7));
      assertThat(likelihood.at(at)).isEqualTo(likelihood.at(at));
    }
    assertThat(model.capture()).isEqualTo(before);
    assertThat(statistics.capture()).isEqualTo(runningBefore);
    assertThatThrownBy(() -> DatasetLogLikelihood.classification(block, inputs, labels).at(before))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call refreshBatchNorm");
    assertThat(model.capture()).isEqualTo(before);
  }

  @Test
  void regressionIsTheNormalDensity() throws IOException {
    Block block = SmallNetwork.linear(manager, 1);
    Weights w = SmallNetwork.random(block, 3, 1);
    double[] targets = new double[30];
    double expected = 0;
    for (int r = 0; r < 30; r++) {
      targets[r] = Math.sin(r);
      double mean = w.values(1).get(0);
      for (int i = 0; i < 4; i++) {
        mean += w.values(0).get(i) * ROWS[r][i];
      }
      double z = (targets[r] - mean) / 0.4;
      expected += -Math.log(0.4) - 0.5 * Math.log(2 * Math.PI) - z * z / 2;
    }
    DatasetLogLikelihood likelihood = DatasetLogLikelihood.regression(block, inputs, targets, 0.4);
    assertThat(likelihood.at(w)).isCloseTo(expected, within(1e-4));
    assertThatThrownBy(() -> likelihood.output(BayesianPredictor.Output.PROBABILITIES))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> DatasetLogLikelihood.regression(block, inputs, targets, 0))
        .hasMessageContaining("above 0, got 0.0");
    assertThatThrownBy(
            () -> DatasetLogLikelihood.regression(block, inputs, new double[] {1, 2}, 1).at(w))
        .hasMessageContaining("targets must be one a row, got 2 for 30 rows");
  }

  @Test
  void probabilitiesAreTakenAsTheyAreAndNeverForLogits() throws IOException {
    Block linear = SmallNetwork.linear(manager, 3);
    Block soft =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(new LambdaBlock(x -> new NDList(x.head().softmax(-1))));
    soft.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    Weights w = SmallNetwork.random(linear, 3, 1);
    double logits = DatasetLogLikelihood.classification(linear, inputs, labels).at(w);
    DatasetLogLikelihood likelihood = DatasetLogLikelihood.classification(soft, inputs, labels);
    Weights same = Weights.of(ModelWeights.of(soft).layout(), w.toArray(0), w.toArray(1));
    assertThat(likelihood.output(BayesianPredictor.Output.PROBABILITIES).at(same))
        .isCloseTo(logits, within(1e-4));
    assertThatThrownBy(() -> likelihood.at(same)).hasMessageContaining("distribution already");
    assertThat(likelihood.outputAsSaid(BayesianPredictor.Output.LOGITS).at(same)).isNotNaN();
    assertThatThrownBy(
            () ->
                DatasetLogLikelihood.classification(linear, inputs, labels)
                    .output(BayesianPredictor.Output.PROBABILITIES)
                    .at(w))
        .hasMessageContaining("must be probabilities that sum to 1");
  }

  @Test
  void outputsThatAreNotFiniteMakeTheDataImpossible() throws IOException {
    Block block = SmallNetwork.linear(manager, 3);
    Weights w = SmallNetwork.random(block, 3, 1);
    float[] kernel = new float[12];
    Arrays.fill(kernel, 3e38f);
    Weights broken = Weights.of(w.layout(), kernel, new float[3]);
    assertThat(DatasetLogLikelihood.classification(block, inputs, labels).at(broken))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    int[] wrong = labels.clone();
    wrong[4] = 3;
    assertThatThrownBy(() -> DatasetLogLikelihood.classification(block, inputs, wrong).at(w))
        .hasMessageContaining("labels[4] must be a class index below 3, got 3");
    assertThatThrownBy(
            () ->
                DatasetLogLikelihood.classification(block, inputs, Arrays.copyOf(labels, 29)).at(w))
        .hasMessageContaining("labels must be one a row, got 29 for 30 rows");
  }

  /** From the collected trajectory to predictions, as the guide shows it. */
  @Test
  void subspaceInferenceFindsBetterPlacesThanThePrior() throws IOException {
    Block block = SmallNetwork.withBatchNorm(manager, 3);
    SwagPosterior swag = SmallNetwork.swag(block, 1);
    ArrayDataset train =
        new ArrayDataset.Builder()
            .setData(manager.create(ROWS))
            .optLabels(manager.create(labels))
            .setSampling(10, false)
            .build();
    SubspacePosterior.Options options =
        SubspacePosterior.Options.defaults().withSteps(12, 10, 1).withTemperature(2);
    DatasetLogLikelihood likelihood =
        DatasetLogLikelihood.classification(block, train).refreshBatchNorm(training);
    SubspacePosterior posterior =
        SubspacePosterior.run(Subspace.principal(swag, 2), likelihood, options, 1);
    SubspacePosterior prior =
        SubspacePosterior.run(Subspace.principal(swag, 2), w -> 0, options, 1);
    double informed = Arrays.stream(posterior.logLikelihoods()).average().getAsDouble();
    double blind = 0;
    for (int s = 0; s < 12; s++) {
      blind += likelihood.at(prior.sample(0, s)) / 12;
    }
    assertThat(informed).isGreaterThan(blind + 0.5);
    Predictions p =
        BayesianPredictor.of(block, posterior).refreshBatchNorm(training).predict(inputs, labels);
    assertThat(p.rows()).isEqualTo(30);
    assertThat(sum(p)).isGreaterThan(informed);
  }
}
