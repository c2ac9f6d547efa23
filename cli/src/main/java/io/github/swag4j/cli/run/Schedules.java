package io.github.swag4j.cli.run;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.schedule.CyclicSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule.PiecewiseLinear;
import io.github.swag4j.swa.schedule.LearningRateSchedule.Point;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The learning rates of a run's trainings, by epochs finished. */
public final class Schedules {

  /** The rate SGD ends with, as a share of the first (the SWA authors' train.py). */
  private static final double SGD_FINAL_SHARE = 0.01;

  private Schedules() {}

  /** The trainings that a run's first network went through, those that all share left out. */
  public static List<Phase> courses(RunConfig config) {
    return TrainingPlan.of(config).legs().stream()
        .filter(leg -> leg.member() == 1 && leg.phase() != Phase.START)
        .map(TrainingPlan.Leg::phase)
        .toList();
  }

  /**
   * The rates of a training from its first epoch on, as they were: the same throughout an epoch,
   * but for those of cycles, which change with each step.
   */
  public static DoubleUnaryOperator course(RunConfig config, Phase phase) {
    int start = config.averaging().swaStart();
    int last = config.optimiser().epochs() - 1;
    return time -> {
      double epoch = Math.min(Math.floor(time), last);
      if (epoch < start || phase == Phase.AVERAGED) {
        return averaged(config).rate(epoch);
      }
      return phase == Phase.CYCLIC ? cyclic(config).rate(time) : plain(config).rate(epoch);
    };
  }

  /** Whether a training's weights were kept or averaged after some finished epochs. */
  public static boolean isCollected(RunConfig config, Phase phase, int epochs) {
    int start = config.averaging().swaStart();
    return switch (phase) {
      case AVERAGED -> AveragingPlan.epochs().from(start).collectsAfter(epochs);
      case CYCLIC -> cycles(config).plan(AveragingPlan.Unit.EPOCH, start).collectsAfter(epochs);
      case START, PLAIN -> false;
    };
  }

  /** High, falling, and constant while weights are averaged; constant for a trained model. */
  static LearningRateSchedule averaged(RunConfig config) {
    if (config.fromTrained()) {
      return LearningRateSchedule.constant(config.averaging().swaLearningRate());
    }
    return LearningRateSchedule.swa(
        config.optimiser().learningRate(),
        config.averaging().swaLearningRate(),
        config.averaging().swaStart());
  }

  /**
   * Between the rate of averaging and the last rate of plain SGD and back in each cycle, as Garipov
   * et al. 2018; the cycles begin when averaging does.
   */
  static CyclicSchedule cycles(RunConfig config) {
    double high = config.averaging().swaLearningRate();
    return new CyclicSchedule.Triangular(
        high,
        Math.min(high, config.optimiser().learningRate() * SGD_FINAL_SHARE),
        config.methods().fgeCycle());
  }

  /** The same from a training's first epoch on. */
  static LearningRateSchedule cyclic(RunConfig config) {
    int start = config.averaging().swaStart();
    return start == 0 ? cycles(config) : averaged(config).then(start, cycles(config));
  }

  /** From the rate of averaging down to the last rate at the beginning of the last epoch. */
  static LearningRateSchedule plain(RunConfig config) {
    return new PiecewiseLinear(
        List.of(
            new Point(config.averaging().swaStart() - 1.0, config.averaging().swaLearningRate()),
            new Point(
                config.optimiser().epochs() - 1.0,
                Math.min(
                    config.optimiser().learningRate() * SGD_FINAL_SHARE,
                    config.averaging().swaLearningRate()))));
  }
}
