package io.github.swag4j.swag.djl.laplace;

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
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import io.github.swag4j.calibration.regression.RegressionScores;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.PosteriorRegression;
import io.github.swag4j.swag.djl.RegressionOutput;
import io.github.swag4j.swag.io.LaplaceFiles;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressionLaplaceTest {
  private static final int ROWS = 60;
  private static final double NOISE = 0.3;
  private NDManager manager;
  private Block block;
  private double[] targets;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(2);
    block = network(1);
    targets = new double[ROWS];
    Random random = new Random(3);
    for (int r = 0; r < ROWS; r++) {
      targets[r] = Math.sin(point(r)) + NOISE * random.nextGaussian();
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Block network(int outputs) {
    Block network =
        new SequentialBlock()
            .add(Linear.builder().setUnits(8).build())
            .add(Activation::tanh)
            .add(Linear.builder().setUnits(outputs).build());
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
    return network;
  }

  private static float point(int row) {
    return -2 + 4f * row / ROWS;
  }

  /** In batches of 25. */
  private static InputBatches inputs() {
    return (parent, consumer) -> {
      for (int from = 0; from < ROWS; from += 25) {
        int count = Math.min(25, ROWS - from);
        float[] values = new float[count];
        for (int r = 0; r < count; r++) {
          values[r] = point(from + r);
        }
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(values, new Shape(count, 1))));
        }
      }
    };
  }

  @Test
  void theMeanIsTheNetworksAndTheVarianceThatOfManySamples() throws IOException {
    RegressionLaplace laplace = RegressionLaplace.of(block);
    LaplacePosterior posterior = laplace.fit(inputs(), targets, NOISE).optimisePriorPrecision();
    Weights before = ModelWeights.of(block).capture();
    PosteriorRegression got =
        laplace.predict(new RegressionLaplace.Fit(posterior, NOISE), inputs(), targets);
    assertThat(ModelWeights.of(block).capture()).isEqualTo(before);
    PosteriorRegression sampled =
        BayesianPredictor.of(block, posterior)
            .samples(2_000)
            .regression(RegressionOutput.mean(NOISE))
            .predict(inputs(), targets);
    NDArray input = manager.create(new float[] {point(7)}, new Shape(1, 1));
    float output =
        block
            .forward(new ParameterStore(manager, false), new NDList(input), false)
            .head()
            .getFloat();
    assertThat(got.mean(7)).isCloseTo(output, within(1e-6));
    assertThat(got.hasSamples()).isFalse();
    for (int r = 0; r < ROWS; r += 7) {
      double e = got.epistemicVariance(r);
      assertThat(got.aleatoricVariance(r)).isCloseTo(NOISE * NOISE, within(1e-12));
      // A variance of 2,000 normal draws has a relative standard error of 0.032.
      assertThat(sampled.epistemicVariance(r)).isCloseTo(e, within(0.15 * e));
      assertThat(sampled.mean(r)).isCloseTo(got.mean(r), within(5 * Math.sqrt(e / 2_000)));
    }
    assertThat(RegressionScores.of(got.gaussian()).rmse()).isPositive();
  }

  @Test
  void noiseAndPriorOfTheEvidenceAreFound(@TempDir Path folder) throws IOException {
    RegressionLaplace laplace = RegressionLaplace.of(block);
    RegressionLaplace.Fit fit = laplace.fit(inputs(), targets);
    double most = fit.posterior().logMarginalLikelihood();
    for (double factor : new double[] {0.9, 1.1}) {
      LaplacePosterior other =
          laplace
              .fit(inputs(), targets, fit.noise() * factor)
              .withPriorPrecisions(fit.posterior().priorPrecisions());
      assertThat(other.logMarginalLikelihood()).isLessThan(most);
    }
    Path file = folder.resolve("regression.safetensors");
    LaplaceFiles.write(file, fit.posterior());
    LaplacePosterior read = LaplaceFiles.read(file, fit.posterior().layout());
    assertThat(read.sample(1, 2)).isEqualTo(fit.posterior().sample(1, 2));
    assertThat(read.logMarginalLikelihood()).isEqualTo(most);
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    assertThatThrownBy(() -> RegressionLaplace.of(network(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("must have one output", "has 2", "LastLayerLaplace");
    RegressionLaplace laplace = RegressionLaplace.of(block);
    assertThatThrownBy(() -> laplace.fit(inputs(), new double[59], NOISE))
        .hasMessageContaining("targets must be one a row, got 59 for 60 rows");
    assertThatThrownBy(() -> laplace.fit(inputs(), new double[61], NOISE))
        .hasMessageContaining("targets must be one a row, got 61 for 60 rows");
    RegressionLaplace.Fit fit = laplace.fit(inputs(), targets);
    ModelWeights.of(block).write(fit.posterior().sample(1, 1));
    assertThatThrownBy(() -> laplace.predict(fit, inputs(), null))
        .hasMessageContaining("weights that the posterior was fitted to");
  }
}
