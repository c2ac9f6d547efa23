package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Three clouds of points, and what is trained on them, as the snippets of the guide call them. Each
 * test of snippets has its own.
 */
abstract class GuideNetworks {
  static NDManager manager;
  static ArrayDataset train;
  static ArrayDataset validation;
  static ArrayDataset test;
  static Model model;
  static SwagPosterior first;
  static SwagPosterior second;
  static SwagPosterior third;

  @BeforeAll
  static void trainThree() throws Exception {
    manager = NDManager.newBaseManager();
    train = data(1, 320);
    validation = data(2, 150);
    test = data(3, 150);
    model = network(1);
    first = trained(model);
    try (Model other = network(2);
        Model another = network(3)) {
      second = trained(other);
      third = trained(another);
    }
  }

  @AfterAll
  static void close() {
    model.close();
    manager.close();
  }

  static Model network(int seed) {
    Engine.getInstance().setRandomSeed(seed);
    Model network = Model.newInstance("network");
    network.setBlock(
        new SequentialBlock()
            .add(Linear.builder().setUnits(8).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build()));
    return network;
  }

  static SwagPosterior trained(Model network) throws Exception {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs().from(6), SwagPosterior.Options.defaults());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
            .addTrainingListeners(SwaTrainingListener.of(collector));
    try (Trainer trainer = network.newTrainer(config)) {
      trainer.initialize(new Shape(1, 2));
      EasyTrain.fit(trainer, 14, train, null);
    }
    return collector.posterior();
  }

  /** Three clouds of points that overlap. */
  static ArrayDataset data(long seed, int rows) {
    return data(seed, rows, 2, 1);
  }

  /** Rows of {@code width} numbers, of which two tell of the class. */
  static ArrayDataset data(long seed, int rows, int width, double radius) {
    Random random = new Random(seed);
    float[] points = new float[rows * width];
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      int k = row % 3;
      for (int i = 0; i < width; i++) {
        double centre = i == 0 ? Math.cos(2 * k) : i == 1 ? Math.sin(2 * k) : 0;
        points[width * row + i] = (float) (radius * centre + random.nextGaussian());
      }
      labels[row] = k;
    }
    return dataset(points, width, labels);
  }

  static ArrayDataset dataset(float[] points, int width, float[] labels) {
    return new ArrayDataset.Builder()
        .setData(manager.create(points, new Shape(labels.length, width)))
        .optLabels(manager.create(labels))
        .setSampling(32, false)
        .build();
  }

  /** A sine with noise of standard deviation 0.3, one row for each of the targets it fills. */
  static ArrayDataset curve(long seed, double[] targets) {
    Random random = new Random(seed);
    float[] points = new float[targets.length];
    float[] labels = new float[targets.length];
    for (int row = 0; row < targets.length; row++) {
      points[row] = (float) (4 * random.nextDouble() - 2);
      labels[row] = (float) (Math.sin(points[row]) + 0.3 * random.nextGaussian());
      targets[row] = labels[row];
    }
    return dataset(points, 1, labels);
  }

  static void assertLearnt(Predictions predictions) {
    assertThat(predictions.rows()).isEqualTo(150);
    assertThat(ProperScores.of(predictions).accuracy()).isGreaterThan(0.55);
  }
}
