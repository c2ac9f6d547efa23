package io.github.swag4j.cli.run;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.Sgd;
import io.github.swag4j.reports.TrainingChart;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.Weights;
import io.github.swag4j.swa.djl.FiniteTraining;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.ScheduledLearningRate;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule.PiecewiseLinear;
import io.github.swag4j.swa.schedule.LearningRateSchedule.Point;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trains one network three ways from the same first {@code swaStart} epochs: on with a constant
 * rate, averaging after each epoch (SWA and SWAG), and, for a fair baseline of the same length, on
 * with a rate that falls to a hundredth of the first (SGD).
 */
public final class Training {

  /** The rate SGD ends with, as a share of the first (the SWA authors' train.py). */
  static final double SGD_FINAL_SHARE = 0.01;

  /**
   * What came of it.
   *
   * @param sgd weights after the last epoch of plain SGD
   * @param swa average of the weights after each epoch past the start
   * @param posterior moments of the same weights
   * @param swaEpochs course of the run that was averaged
   * @param sgdEpochs course of plain SGD
   */
  public record Outcome(
      Weights sgd,
      Weights swa,
      SwagPosterior posterior,
      List<TrainingChart.Epoch> swaEpochs,
      List<TrainingChart.Epoch> sgdEpochs) {}

  private final RunConfig config;
  private final Model model;
  private final ImageBatches train;
  private final ImageBatches validation;
  private final int[] validationLabels;
  private final Shape inputShape;
  private final Progress progress;
  private long batchesDone;

  /** A training to come, on a model that is initialised. */
  public Training(
      RunConfig config,
      Model model,
      ImageBatches train,
      ImageBatches validation,
      int[] validationLabels,
      Shape inputShape,
      PrintWriter err) {
    this.config = config;
    this.model = model;
    this.train = train;
    this.validation = validation;
    this.validationLabels = validationLabels;
    this.inputShape = inputShape;
    long epochs = 2L * config.optimiser().epochs() - config.averaging().swaStart();
    this.progress = new Progress(err, "train", epochs * train.count());
  }

  /** Trains both ways. */
  public Outcome run() {
    LearningRateSchedule averaged =
        LearningRateSchedule.swa(
            config.optimiser().learningRate(),
            config.averaging().swaLearningRate(),
            config.averaging().swaStart());
    AveragingPlan plan = AveragingPlan.epochs().from(config.averaging().swaStart());
    WeightAverage average = WeightAverage.uniform(plan);
    SwagCollector collector =
        new SwagCollector(
            plan, SwagPosterior.Options.defaults().withRank(config.averaging().rank()));
    List<TrainingChart.Epoch> swaEpochs = new ArrayList<>();
    Weights[] atStart = new Weights[2];
    ScheduledLearningRate rate = new ScheduledLearningRate(averaged);
    try (Trainer trainer = trainer(rate, SwaTrainingListener.of(average, collector))) {
      trainer.initialize(inputShape);
      for (int epoch = 0; epoch < config.optimiser().epochs(); epoch++) {
        if (epoch == config.averaging().swaStart()) {
          atStart[0] = ModelWeights.of(model.getBlock()).capture();
          atStart[1] = ModelWeights.statistics(model.getBlock()).capture();
        }
        swaEpochs.add(epoch(trainer, epoch, rate.rate(), "swa"));
      }
    }
    List<TrainingChart.Epoch> sgdEpochs =
        new ArrayList<>(swaEpochs.subList(0, config.averaging().swaStart()));
    ModelWeights.of(model.getBlock()).write(atStart[0]);
    ModelWeights.statistics(model.getBlock()).write(atStart[1]);
    rate = new ScheduledLearningRate(sgdSchedule(), config.averaging().swaStart());
    try (Trainer trainer = trainer(rate, FiniteTraining.required())) {
      trainer.initialize(inputShape);
      for (int epoch = config.averaging().swaStart();
          epoch < config.optimiser().epochs();
          epoch++) {
        sgdEpochs.add(epoch(trainer, epoch, rate.rate(), "sgd"));
      }
    }
    Weights sgd = ModelWeights.of(model.getBlock()).capture();
    SwagPosterior posterior = collector.posterior();
    if (config.averaging().scale() != null) {
      posterior = posterior.withScale(config.averaging().scale());
    }
    return new Outcome(sgd, average.average(), posterior, swaEpochs, sgdEpochs);
  }

  /** From the rate of averaging down to the last rate at the beginning of the last epoch. */
  private LearningRateSchedule sgdSchedule() {
    return new PiecewiseLinear(
        List.of(
            new Point(config.averaging().swaStart() - 1.0, config.averaging().swaLearningRate()),
            new Point(
                config.optimiser().epochs() - 1.0,
                Math.min(
                    config.optimiser().learningRate() * SGD_FINAL_SHARE,
                    config.averaging().swaLearningRate()))));
  }

  private Trainer trainer(ScheduledLearningRate rate, TrainingListener... more) {
    Sgd sgd =
        Optimizer.sgd()
            .setLearningRateTracker(rate)
            .optMomentum((float) config.optimiser().momentum())
            .optWeightDecays((float) config.optimiser().weightDecay())
            .build();
    return model.newTrainer(
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(sgd)
            .optDevices(new Device[] {Device.cpu()})
            .addTrainingListeners(more)
            .addTrainingListeners(rate));
  }

  private TrainingChart.Epoch epoch(Trainer trainer, int epoch, double rate, String phase) {
    double[] loss = new double[2];
    train.forEach(
        trainer.getManager(),
        train.shuffled(config.seed(), epoch),
        (inputs, labels) -> {
          loss[0] += step(trainer, inputs, labels, epoch) * labels.size();
          loss[1] += labels.size();
          batchesDone++;
          progress.show(
              batchesDone,
              String.format(
                  Locale.ROOT,
                  "%s epoch %d/%d  loss %.4f  rate %.4f",
                  phase,
                  epoch + 1,
                  config.optimiser().epochs(),
                  loss[0] / loss[1],
                  rate));
        });
    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    return new TrainingChart.Epoch(loss[0] / loss[1], validationAccuracy(trainer), rate);
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
      throw new IllegalStateException(
          "training loss must be finite, got "
              + value
              + " in epoch "
              + (epoch + 1)
              + ": lower --learning-rate");
    }
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
    trainer.step();
    return value;
  }

  private double validationAccuracy(Trainer trainer) {
    if (validation.size() == 0) {
      return Double.NaN;
    }
    int[] at = new int[2];
    NDManager manager = trainer.getManager();
    validation.forEach(
        manager,
        batch -> {
          NDArray outputs =
              model
                  .getBlock()
                  .forward(new ParameterStore(manager, false), batch, false)
                  .singletonOrThrow();
          for (long predicted : outputs.argMax(1).toLongArray()) {
            at[1] += predicted == validationLabels[at[0]++] ? 1 : 0;
          }
        });
    return (double) at[1] / at[0];
  }
}
