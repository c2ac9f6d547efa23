package io.github.swag4j.cli.run;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.reports.TrainingChart;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.ScheduledLearningRate;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Trains one network three ways from the same first {@code swaStart} epochs: on with a constant
 * rate, averaging after each epoch (SWA and SWAG), and, for a fair baseline of the same length, on
 * with a rate that falls to a hundredth of the first (SGD). Saves itself after epochs, and goes on
 * from what was saved to the same bits. A network that is trained already goes on with a constant
 * rate alone.
 */
public final class Training {

  /**
   * What came of it.
   *
   * @param sgd weights after the last epoch of plain SGD, or those of the trained model
   * @param statistics batch-norm statistics of the trained model, none if there was none
   * @param swa average of the weights after each epoch past the start
   * @param posterior moments of the same weights
   * @param courses course of both trainings
   */
  public record Outcome(
      Weights sgd,
      Optional<Weights> statistics,
      Weights swa,
      SwagPosterior posterior,
      Courses courses) {}

  private final RunConfig config;
  private final Model model;
  private final TrainingData data;
  private final RunCheckpoints checkpoints;
  private final PrintWriter err;
  private final int start;
  private final int total;

  private WeightAverage average;
  private SwagCollector collector;
  private Courses courses = Courses.empty();
  private TrainingState branch;
  private int done;

  /** A training to come, on a model that is initialised. */
  public Training(
      RunConfig config,
      Model model,
      TrainingData data,
      RunCheckpoints checkpoints,
      PrintWriter err) {
    this.config = config;
    this.model = model;
    this.data = data;
    this.checkpoints = checkpoints;
    this.err = err;
    this.start = config.averaging().swaStart();
    this.total = epochs(config);
  }

  /** Epochs of both ways together. */
  public static int epochs(RunConfig config) {
    int averaged = config.optimiser().epochs();
    return config.fromTrained() ? averaged : 2 * averaged - config.averaging().swaStart();
  }

  /**
   * Trains both ways.
   *
   * @throws DivergedException if the loss is not finite
   */
  public Outcome run() throws IOException {
    AveragingPlan plan = AveragingPlan.epochs().from(start);
    average = WeightAverage.uniform(plan);
    collector =
        new SwagCollector(
            plan, SwagPosterior.Options.defaults().withRank(config.averaging().rank()));
    Optional<TrainingCheckpoint> saved = checkpoints.begin(plan);
    TrainingState state = saved.map(this::takeOver).orElseGet(() -> live(sgd(rate -> 0)));
    if (saved.isEmpty()) {
      checkpoints.save(checkpoint(state), total);
    }
    Progress progress = new Progress(err, "train", (long) total * data.train().count());
    return train(new TrainingLoop(config, model, data, progress, done), state);
  }

  private TrainingState takeOver(TrainingCheckpoint saved) {
    average = saved.average();
    collector = saved.collector();
    courses = saved.courses();
    branch = saved.branch();
    done = saved.epochs();
    err.printf(Locale.ROOT, "Resuming after %d of %d epochs.%n", done, total);
    return saved.live();
  }

  private Outcome train(TrainingLoop loop, TrainingState state) throws IOException {
    if (done < config.optimiser().epochs()) {
      phase(
          loop, "swa", done, state, courses.swa(), Schedules.averaged(config), average, collector);
    }
    ModelWeights weights = ModelWeights.of(model.getBlock());
    ModelWeights statistics = ModelWeights.statistics(model.getBlock());
    Optional<Weights> own = Optional.empty();
    Weights sgd;
    if (config.fromTrained()) {
      sgd = branch.part("weights").weights(weights.layout());
      own =
          Optional.of(branch.part("statistics").weights(statistics.layout()))
              .filter(found -> found.layout().size() > 0);
    } else {
      sgd = plainSgd(loop, state);
    }
    SwagPosterior posterior = collector.posterior();
    if (config.averaging().scale() != null) {
      posterior = posterior.withScale(config.averaging().scale());
    }
    return new Outcome(sgd, own, average.average(), posterior, courses);
  }

  private Weights plainSgd(TrainingLoop loop, TrainingState state) throws IOException {
    int epochs = config.optimiser().epochs();
    boolean begins = done == epochs;
    if (begins) {
      courses.sgd().addAll(courses.swa().subList(0, start));
    }
    return phase(
        loop,
        "sgd",
        done - epochs + start,
        begins ? branch : state,
        courses.sgd(),
        Schedules.plain(config));
  }

  /** Goes on from a state to the last epoch; gives the weights after it. */
  private Weights phase(
      TrainingLoop loop,
      String name,
      int first,
      TrainingState state,
      List<TrainingChart.Epoch> course,
      LearningRateSchedule schedule,
      WeightCollector... collectors)
      throws IOException {
    TrainingPosition position = new TrainingPosition(first, (long) first * data.train().count());
    ScheduledLearningRate rate = ScheduledLearningRate.inEpochs(schedule).startingAt(position);
    TorchSgd optimiser = sgd(rate);
    install(state, optimiser);
    try (Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(optimiser)
                .optDevices(new Device[] {Device.cpu()})
                .addTrainingListeners(SwaTrainingListener.of(collectors).startingAt(position))
                .addTrainingListeners(rate))) {
      trainer.initialize(data.inputShape());
      for (int epoch = first; epoch < config.optimiser().epochs(); epoch++) {
        if (branch == null && epoch == start) {
          branch = live(optimiser);
        }
        course.add(loop.epoch(trainer, epoch, rate.rate(), name));
        done++;
        checkpoints.save(checkpoint(live(optimiser)), total);
      }
    }
    return ModelWeights.of(model.getBlock()).capture();
  }

  private TorchSgd sgd(Tracker rate) {
    return TorchSgd.builder()
        .setLearningRateTracker(rate)
        .optMomentum((float) config.optimiser().momentum())
        .optWeightDecays((float) config.optimiser().weightDecay())
        .build();
  }

  private TrainingCheckpoint checkpoint(TrainingState live) {
    return new TrainingCheckpoint(done, live, branch, average, collector, courses);
  }

  private TrainingState live(TorchSgd optimiser) {
    Block block = model.getBlock();
    return TrainingState.builder()
        .part("weights", TrainingState.of(ModelWeights.of(block)))
        .part("statistics", TrainingState.of(ModelWeights.statistics(block)))
        .part("optimizer", optimiser.state(block))
        .build();
  }

  private void install(TrainingState state, TorchSgd optimiser) {
    Block block = model.getBlock();
    ModelWeights weights = ModelWeights.of(block);
    weights.write(state.part("weights").weights(weights.layout()));
    ModelWeights statistics = ModelWeights.statistics(block);
    statistics.write(state.part("statistics").weights(statistics.layout()));
    optimiser.restore(block, state.part("optimizer"));
  }
}
