package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingPosition;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@link LearningRateSchedule} as DJL wants it: the learning-rate tracker of any optimiser. Three
 * ways to count time:
 *
 * <ul>
 *   <li>{@link #inSteps}: in optimiser steps, counted from the optimiser's own questions. One
 *       registration: the optimiser's.
 *   <li>{@link #inEpochs(LearningRateSchedule, long)}: in epochs with fractions, changing at each
 *       step; the steps in an epoch are told. One registration: the optimiser's.
 *   <li>{@link #inEpochs(LearningRateSchedule)}: in whole epochs, heard from the training loop. So
 *       it must be a listener too, or be given to {@link SwaTrainingListener#driving}; an optimiser
 *       that asks before is refused.
 * </ul>
 *
 * <p>Whose training it is: as a listener, it follows the trainer it is given. A new trainer of the
 * same model goes on where the last one stopped; a trainer of another model begins at the start.
 * Registered with the optimiser only, it counts for one model and refuses another's parameters.
 *
 * <p>On several devices an optimiser asks once for each, so DJL's own trackers run too fast; this
 * one counts steps. It must then be a listener too, to learn how many there are.
 */
public final class ScheduledLearningRate extends TrainingListenerAdapter implements Tracker {

  private final LearningRateSchedule schedule;
  private final double firstTime;

  /** Steps in an epoch; 1 to count steps, 0 to hear epochs. */
  private final long stepsPerUnit;

  private final Map<String, long[]> lastAsked = new HashMap<>();
  private WeakReference<Block> model;
  private boolean driven;
  private int devices;
  private TrainingPosition before;
  private volatile long epochs;
  private volatile long steps;

  private ScheduledLearningRate(
      LearningRateSchedule schedule, double firstTime, TrainingPosition first, long stepsPerUnit) {
    if (!(firstTime >= 0 && firstTime < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the first time must be finite and at least 0, got " + firstTime);
    }
    this.schedule = schedule;
    this.firstTime = firstTime;
    this.before = first;
    this.stepsPerUnit = stepsPerUnit;
  }

  /**
   * A schedule in whole epochs from the start of training, as {@link
   * #inEpochs(LearningRateSchedule)}.
   *
   * @param schedule rate by epochs finished
   */
  public ScheduledLearningRate(LearningRateSchedule schedule) {
    this(schedule, 0);
  }

  /**
   * A schedule in whole epochs joined on the way.
   *
   * @param schedule rate by epochs finished
   * @param firstEpoch epochs the model was trained for before
   */
  public ScheduledLearningRate(LearningRateSchedule schedule, double firstEpoch) {
    this(schedule, firstEpoch, TrainingPosition.START, 0);
  }

  /**
   * A schedule in whole epochs, heard from the training loop.
   *
   * @param schedule rate by epochs finished
   * @return the tracker, to be made a listener too
   */
  public static ScheduledLearningRate inEpochs(LearningRateSchedule schedule) {
    return new ScheduledLearningRate(schedule);
  }

  /**
   * A schedule in epochs that changes the rate at each step: the (k + 1)-th step trains with the
   * rate at k / stepsPerEpoch.
   *
   * @param schedule rate by epochs finished
   * @param stepsPerEpoch optimiser steps in an epoch, at least 1; checked at the end of epochs if
   *     it hears them
   * @return the tracker
   * @throws IllegalArgumentException if stepsPerEpoch is below 1
   */
  public static ScheduledLearningRate inEpochs(LearningRateSchedule schedule, long stepsPerEpoch) {
    if (stepsPerEpoch < 1) {
      throw new IllegalArgumentException("stepsPerEpoch must be at least 1, got " + stepsPerEpoch);
    }
    return new ScheduledLearningRate(schedule, 0, TrainingPosition.START, stepsPerEpoch);
  }

  /**
   * A schedule in steps: the (k + 1)-th step trains with the rate at k.
   *
   * @param schedule rate by steps finished
   * @return the tracker
   */
  public static ScheduledLearningRate inSteps(LearningRateSchedule schedule) {
    return new ScheduledLearningRate(schedule, 0, TrainingPosition.START, 1);
  }

  /**
   * The same for training that goes on at a position: what a trainer of the first model it follows
   * begins with. Rates are those of training that was never interrupted, to the bit.
   *
   * @param position what was finished before
   * @return a new tracker
   */
  public ScheduledLearningRate startingAt(TrainingPosition position) {
    return new ScheduledLearningRate(schedule, firstTime, position, stepsPerUnit);
  }

  /**
   * The rate of the step that was last begun, or of the first before any.
   *
   * @return the learning rate
   */
  public double rate() {
    long begun = before.steps() + Math.max(0, steps - 1);
    return schedule.rate(time(begun));
  }

  /**
   * How far training has come, as heard and counted.
   *
   * @return epochs heard and steps begun, those before this tracker included
   */
  public TrainingPosition position() {
    return new TrainingPosition(before.epochs() + epochs, before.steps() + steps);
  }

  private double time(long stepsFinished) {
    return stepsPerUnit == 0
        ? firstTime + before.epochs() + epochs
        : firstTime + (double) stepsFinished / stepsPerUnit;
  }

  @Override
  public synchronized float getNewValue(String parameterId, int numUpdate) {
    requireEpochsAreHeard();
    count(parameterId);
    return (float) rate();
  }

  /** For trackers around this one, which do not say for which parameter they ask. */
  @Override
  public synchronized float getNewValue(int numUpdate) {
    requireEpochsAreHeard();
    long begun = before.steps() + Math.max(0, (numUpdate - 1L) / Math.max(1, devices));
    return (float) schedule.rate(time(begun));
  }

  private void requireEpochsAreHeard() {
    if (stepsPerUnit == 0 && devices == 0) {
      throw new IllegalStateException(
          "a learning rate in epochs must hear them end, got an optimiser's question and no"
              + " training loop: addTrainingListeners(rate) too, give it to"
              + " SwaTrainingListener.driving(rate), or say stepsPerEpoch");
    }
  }

  /** A step begins when a parameter is asked for that had all its devices' turns in this one. */
  private void count(String parameterId) {
    long[] asked = lastAsked.get(parameterId);
    if (asked == null) {
      if (steps > 1 && devices == 0) {
        throw new IllegalStateException(
            "a learning rate that is no listener counts for one model on one device, got an unknown"
                + " parameter after "
                + steps
                + " steps: addTrainingListeners(rate) too, so that it follows its trainer");
      }
      asked = new long[] {Math.max(1, steps), 0};
      lastAsked.put(parameterId, asked);
    }
    if (asked[0] < steps) {
      asked[0] = steps;
      asked[1] = 0;
    }
    if (asked[1] == Math.max(1, devices)) {
      asked[0] = steps + 1;
      asked[1] = 0;
    }
    asked[1]++;
    steps = Math.max(steps, asked[0]);
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    if (!driven) {
      begin(trainer);
    }
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    if (!driven) {
      begin(trainer);
    }
  }

  @Override
  public void onEpoch(Trainer trainer) {
    if (!driven) {
      epochFinished(trainer);
    }
  }

  /** From now on hears of training from a listener alone, even if registered as one itself. */
  void drive() {
    driven = true;
  }

  /** Takes over the position of a listener, unless told where to begin. */
  synchronized void continueFrom(TrainingPosition position) {
    if (firstTime == 0 && position().equals(TrainingPosition.START)) {
      before = position;
    }
  }

  synchronized void begin(Trainer trainer) {
    Block block = trainer.getModel().getBlock();
    devices = trainer.getDevices().length;
    if (model != null && model.get() == block) {
      return;
    }
    if (model != null) {
      before = TrainingPosition.START;
      epochs = 0;
      steps = 0;
      lastAsked.clear();
    }
    model = new WeakReference<>(block);
  }

  synchronized void epochFinished(Trainer trainer) {
    begin(trainer);
    TrainingPosition now = position();
    if (stepsPerUnit > 1 && now.steps() > 0 && now.steps() % stepsPerUnit != 0) {
      throw new IllegalStateException(
          "stepsPerEpoch must be the optimiser steps in an epoch, got "
              + stepsPerUnit
              + " and an epoch that ended after step "
              + now.steps());
    }
    epochs++;
  }
}
