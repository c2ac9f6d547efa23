package io.github.swag4j.cli.run;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.cli.run.TrainingPlan.Leg;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.ScheduledLearningRate;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.snapshot.SnapshotCollector;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Trains a run's networks, each in all the ways its methods need: the first {@code swaStart} epochs
 * once, and from there on with a constant rate, averaging after each epoch (SWA and SWAG), with a
 * rate that falls to a hundredth of the first (SGD, a fair baseline of the same length), and with a
 * cyclic rate (FGE). Saves itself after epochs, and goes on from what was saved to the same bits. A
 * network that is trained already is where all ways begin.
 */
public final class Training {

  /**
   * What came of it.
   *
   * @param members what each network left
   * @param statistics batch-norm statistics of a model trained elsewhere, none if there was none
   * @param courses courses of all trainings
   */
  public record Outcome(
      List<TrainedMember> members, Optional<Weights> statistics, Courses courses) {

    /** The same with posteriors at a scale. */
    public Outcome atScale(double scale) {
      return new Outcome(
          members.stream().map(member -> member.atScale(scale)).toList(), statistics, courses);
    }
  }

  private final RunConfig config;
  private final Experiment experiment;
  private final Model model;
  private final TrainingData data;
  private final RunCheckpoints checkpoints;
  private final PrintWriter err;
  private final TrainingPlan plan;
  private final List<TrainedMember> members = new ArrayList<>();

  private WeightAverage average;
  private SwagCollector collector;
  private Courses courses = Courses.empty();
  private TrainingState branch;
  private int done;

  /** A training to come, on a model that is initialised. */
  public Training(
      RunConfig config,
      Experiment experiment,
      TrainingData data,
      RunCheckpoints checkpoints,
      PrintWriter err) {
    this.config = config;
    this.experiment = experiment;
    this.model = experiment.model();
    this.data = data;
    this.checkpoints = checkpoints;
    this.err = err;
    this.plan = TrainingPlan.of(config);
    for (int member = 1; member <= config.methods().networks(); member++) {
      members.add(TrainedMember.NOTHING);
    }
  }

  /** Epochs of all ways together. */
  public static int epochs(RunConfig config) {
    return TrainingPlan.of(config).epochs();
  }

  /** The seed of a network, from 1: the run's own, then seeds that follow from it. */
  static int seed(int seed, int member) {
    return member == 1 ? seed : (int) new SplitMix(seed * 0x9E3779B97F4A7C15L + member).nextLong();
  }

  /**
   * Trains all ways.
   *
   * @throws DivergedException if the loss is not finite
   */
  public Outcome run() throws IOException {
    err.println(plan.explained(config.methods()));
    Optional<TrainingCheckpoint> saved = checkpoints.begin(averaging());
    TrainingState live;
    if (saved.isPresent()) {
      live = takeOver(saved.get());
    } else {
      live = live(model.getBlock(), sgd(rate -> 0));
      branch = config.averaging().swaStart() == 0 ? live : null;
      checkpoints.save(checkpoint(live), plan.epochs());
    }
    Progress progress = new Progress(err, "train", (long) plan.epochs() * data.train().count());
    TrainingLoop loop = new TrainingLoop(config, model, data, progress, done);
    for (Leg leg : plan.legs()) {
      if (leg.end() > done) {
        train(loop, leg, done > leg.before() ? live : beginning(leg, live));
      }
    }
    return outcome();
  }

  private AveragingPlan averaging() {
    return AveragingPlan.epochs().from(config.averaging().swaStart());
  }

  private TrainingState takeOver(TrainingCheckpoint saved) throws IOException {
    average = saved.average();
    collector = saved.collector();
    courses = saved.courses();
    branch = saved.branch();
    done = saved.epochs();
    err.printf(Locale.ROOT, "Resuming after %d of %d epochs.%n", done, plan.epochs());
    for (int member = 1; member <= members.size(); member++) {
      members.set(
          member - 1,
          checkpoints
              .folder()
              .member(member)
              .read(experiment.weights().layout(), MemberFiles.Origin.UNKNOWN)
              .atScale(config.averaging().scale().number()));
    }
    return saved.live();
  }

  /** What a stretch begins with. */
  private TrainingState beginning(Leg leg, TrainingState first) {
    if (leg.phase() != Phase.START) {
      return branch;
    }
    branch = null;
    return leg.member() == 1 ? first : experiment.initial(seed(config.seed(), leg.member()));
  }

  /** Goes on from a state to a stretch's last epoch. */
  private void train(TrainingLoop loop, Leg leg, TrainingState from) throws IOException {
    Courses own = courses.member(leg.member());
    if (done == leg.before() && leg.phase() != Phase.START) {
      own.of(leg.phase()).addAll(own.shared());
    }
    int first = leg.first() + done - leg.before();
    TrainingPosition position = new TrainingPosition(first, (long) first * data.train().count());
    ScheduledLearningRate rate = rate(leg.phase()).startingAt(position);
    TorchSgd optimiser = sgd(rate);
    install(from, optimiser);
    try (Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(optimiser)
                .optDevices(new Device[] {Device.cpu()})
                .addTrainingListeners(
                    SwaTrainingListener.of(collectors(leg, position)).startingAt(position))
                .addTrainingListeners(rate))) {
      trainer.initialize(data.inputShape());
      for (int epoch = first; epoch < leg.last(); epoch++) {
        // The schedule's, of the epoch's first step: before it the tracker still has the last of
        // the
        // epoch before, unless the process began here.
        double began = schedule(leg.phase()).rate(epoch);
        own.of(leg.phase()).add(loop.epoch(trainer, leg, epoch, began));
        done++;
        TrainingState now = live(model.getBlock(), optimiser);
        if (done == leg.end()) {
          finish(leg, now);
        }
        checkpoints.save(checkpoint(now), plan.epochs());
      }
    }
  }

  private LearningRateSchedule schedule(Phase phase) {
    return switch (phase) {
      case START, AVERAGED -> Schedules.averaged(config);
      case PLAIN -> Schedules.plain(config);
      case CYCLIC -> Schedules.cyclic(config);
    };
  }

  /** A cyclic rate changes with each step, the others with each epoch. */
  private ScheduledLearningRate rate(Phase phase) {
    return phase == Phase.CYCLIC
        ? ScheduledLearningRate.inEpochs(schedule(phase), data.train().count())
        : ScheduledLearningRate.inEpochs(schedule(phase));
  }

  private WeightCollector[] collectors(Leg leg, TrainingPosition position) throws IOException {
    if (leg.phase() == Phase.CYCLIC) {
      return new WeightCollector[] {
        SnapshotCollector.resume(
            checkpoints.folder().snapshots(),
            Schedules.cycles(config).plan(AveragingPlan.Unit.EPOCH, leg.first()),
            SnapshotCollector.Options.defaults(),
            position)
      };
    }
    if (leg.phase() != Phase.AVERAGED) {
      return new WeightCollector[0];
    }
    if (average == null) {
      average = WeightAverage.uniform(averaging());
      collector =
          new SwagCollector(
              averaging(), SwagPosterior.Options.defaults().withRank(config.averaging().rank()));
    }
    return new WeightCollector[] {average, collector};
  }

  /** Puts aside what a stretch was for, before a checkpoint says that it is done. */
  private void finish(Leg leg, TrainingState now) throws IOException {
    TrainedMember before = members.get(leg.member() - 1);
    switch (leg.phase()) {
      case START -> branch = now;
      case AVERAGED -> {
        SwagPosterior posterior = collector.freeze();
        keep(
            leg.member(),
            before
                .withAverage(average.average(), posterior)
                .atScale(config.averaging().scale().number()));
        average = null;
        collector = null;
      }
      case PLAIN -> keep(leg.member(), before.withSgd(ModelWeights.of(model.getBlock()).capture()));
      case CYCLIC -> {
        // The snapshots are where they were collected.
      }
    }
  }

  private void keep(int member, TrainedMember left) throws IOException {
    members.set(member - 1, left);
    if (checkpoints.areSaved()) {
      checkpoints
          .folder()
          .member(member)
          .write(left, config.optimiser().epochs(), MemberFiles.Origin.UNKNOWN);
    }
  }

  private Outcome outcome() {
    Optional<Weights> statistics = Optional.empty();
    if (config.fromTrained()) {
      members.set(
          0, members.get(0).withSgd(branch.part("weights").weights(experiment.weights().layout())));
      statistics =
          Optional.of(branch.part("statistics").weights(experiment.statistics().layout()))
              .filter(found -> found.layout().size() > 0);
    }
    return new Outcome(List.copyOf(members), statistics, courses);
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

  /** A block's weights, statistics and what an optimiser knows of them. */
  static TrainingState live(Block block, TorchSgd optimiser) {
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
