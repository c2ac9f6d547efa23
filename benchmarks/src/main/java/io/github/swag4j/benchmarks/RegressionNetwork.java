package io.github.swag4j.benchmarks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.util.Random;

/** One hidden layer of 50 units, trained by SGD, its last epochs collected for SWAG. */
final class RegressionNetwork implements AutoCloseable {
  private static final int HIDDEN = 50;
  private static final int BATCH = 32;

  private final Model model;
  private final int epochs;
  private final SwagCollector collector;

  /**
   * A network before training.
   *
   * @param outputs 1 for a mean, 2 for mean and log variance
   * @param epochs of training; the second half is collected
   */
  RegressionNetwork(int outputs, int epochs) {
    this.epochs = epochs;
    this.model = Model.newInstance("regression", Device.cpu(), "PyTorch");
    model.setBlock(
        new SequentialBlock()
            .add(Linear.builder().setUnits(HIDDEN).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(outputs).build()));
    this.collector =
        new SwagCollector(
            AveragingPlan.epochs().from(epochs / 2).every(1), SwagPosterior.Options.defaults());
  }

  Model model() {
    return model;
  }

  /** The weights after training. */
  Weights last() {
    return ModelWeights.of(model.getBlock()).capture();
  }

  SwagPosterior posterior() {
    return collector.posterior();
  }

  void train(RegressionTable rows, Loss loss, float rate, long seed) {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(loss)
            .optInitializer(new NormalInitializer(0.2f), p -> p.getName().equals("weight"))
            .optOptimizer(
                TorchSgd.builder()
                    .setLearningRateTracker(Tracker.fixed(rate))
                    .optMomentum(0.9f)
                    .optWeightDecays(1e-4f)
                    .build())
            .optDevices(new Device[] {Device.cpu()})
            .addTrainingListeners(SwaTrainingListener.of(collector));
    model.getNDManager().getEngine().setRandomSeed((int) seed);
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, rows.columns()));
      for (int e = 0; e < epochs; e++) {
        epoch(trainer, rows, new Random(31 * seed + e));
      }
    }
  }

  private static void epoch(Trainer trainer, RegressionTable rows, Random random) {
    int[] order = new int[rows.rows()];
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    for (int from = 0; from < order.length; from += BATCH) {
      int n = Math.min(BATCH, order.length - from);
      float[] y = new float[n];
      for (int i = 0; i < n; i++) {
        y[i] = (float) rows.targets()[order[from + i]];
      }
      try (NDManager batch = trainer.getManager().newSubManager()) {
        NDArray x = batch.create(values(rows, order, from, n), new Shape(n, rows.columns()));
        try (GradientCollector gradients = trainer.newGradientCollector()) {
          NDList predicted = trainer.forward(new NDList(x));
          gradients.backward(trainer.getLoss().evaluate(new NDList(batch.create(y)), predicted));
        }
        trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
        trainer.step();
      }
    }
    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
  }

  private static float[] values(RegressionTable rows, int[] order, int from, int n) {
    float[] out = new float[n * rows.columns()];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < rows.columns(); c++) {
        out[i * rows.columns() + c] = (float) rows.inputs()[order[from + i]][c];
      }
    }
    return out;
  }

  /** The rows in one batch. */
  static InputBatches inputs(RegressionTable rows) {
    int[] order = new int[rows.rows()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    float[] values = values(rows, order, 0, order.length);
    return (manager, consumer) -> {
      try (NDManager own = manager.newSubManager()) {
        consumer.accept(new NDList(own.create(values, new Shape(rows.rows(), rows.columns()))));
      }
    };
  }

  @Override
  public void close() {
    model.close();
  }
}
