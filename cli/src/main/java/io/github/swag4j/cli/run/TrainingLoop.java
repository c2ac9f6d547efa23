package io.github.swag4j.cli.run;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.reports.training.TrainingChart;
import java.util.Locale;

/**
 * Epochs of one model. What is random in one is a function of seed and epoch: data order, and the
 * engine's generator, which is seeded anew, because its state is out of reach and could not be
 * saved.
 */
final class TrainingLoop {
  private final RunConfig config;
  private final Model model;
  private final TrainingData data;
  private final Progress progress;
  private long batchesDone;

  /**
   * A loop to be gone through.
   *
   * @param done epochs that were finished before
   */
  TrainingLoop(RunConfig config, Model model, TrainingData data, Progress progress, int done) {
    this.config = config;
    this.model = model;
    this.data = data;
    this.progress = progress;
    this.batchesDone = (long) done * data.train().count();
  }

  /** Trains for an epoch of a stretch and says what came of it. */
  TrainingChart.Epoch epoch(Trainer trainer, TrainingPlan.Leg leg, int epoch, double rate) {
    int seed = Training.seed(config.seed(), leg.member());
    Engine.getEngine("PyTorch").setRandomSeed(engineSeed(seed, epoch));
    double[] loss = new double[2];
    data.train()
        .forEach(
            trainer.getManager(),
            data.train().shuffled(seed, epoch),
            data.augmentation(),
            seed,
            epoch,
            (inputs, labels) -> {
              loss[0] += step(trainer, inputs, labels, epoch) * labels.size();
              loss[1] += labels.size();
              batchesDone++;
              progress.show(
                  batchesDone,
                  String.format(
                      Locale.ROOT,
                      "%s%s epoch %d/%d  loss %.4f  rate %.4f",
                      leg.member() == 1 ? "" : "network " + leg.member() + " ",
                      leg.phase().id(),
                      epoch + 1,
                      config.optimiser().epochs(),
                      loss[0] / loss[1],
                      rate));
            });
    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    return new TrainingChart.Epoch(
        loss[0] / loss[1], validationAccuracy(trainer.getManager()), rate);
  }

  /** The seed of the engine's generator in an epoch. */
  static int engineSeed(long seed, int epoch) {
    SplitMix seeds = new SplitMix((seed - 1) * 0x9E3779B97F4A7C15L + epoch);
    // The first is the seed of the data order.
    seeds.nextLong();
    return (int) seeds.nextLong();
  }

  private double step(Trainer trainer, NDArray inputs, NDArray labels, int epoch) {
    float value;
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDList outputs = trainer.forward(new NDList(inputs));
      NDArray loss = trainer.getLoss().evaluate(new NDList(labels), outputs);
      collector.backward(loss);
      value = loss.getFloat();
    }
    if (!Float.isFinite(value)) {
      throw new DivergedException(
          "training loss must be finite, got "
              + value
              + " in epoch "
              + (epoch + 1)
              + ": lower "
              + (config.fromTrained()
                  ? "--swa-learning-rate"
                  : epoch < config.averaging().swaStart()
                      ? "--learning-rate"
                      : "--learning-rate or --swa-learning-rate"));
    }
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
    trainer.step();
    return value;
  }

  /** The share of the held-out rows the model has right as it is, NaN if there are none. */
  double validationAccuracy(NDManager manager) {
    if (data.validation().size() == 0) {
      return Double.NaN;
    }
    int[] at = new int[2];
    int[] labels = data.validationLabels();
    data.validation()
        .forEach(
            manager,
            batch -> {
              NDArray outputs =
                  model
                      .getBlock()
                      .forward(new ParameterStore(manager, false), batch, false)
                      .singletonOrThrow();
              for (long predicted : outputs.argMax(1).toLongArray()) {
                at[1] += predicted == labels[at[0]++] ? 1 : 0;
              }
            });
    return (double) at[1] / at[0];
  }
}
