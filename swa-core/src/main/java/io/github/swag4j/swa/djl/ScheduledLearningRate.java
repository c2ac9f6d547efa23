package io.github.swag4j.swa.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.schedule.LearningRateSchedule;

/**
 * A {@link LearningRateSchedule} as DJL wants it: the optimiser's learning-rate tracker, and a
 * listener that moves it on at the end of each epoch. Register it as both.
 *
 * <p>DJL counts an optimiser's updates once per device, so its own trackers run too fast on
 * several; this one counts epochs.
 */
public final class ScheduledLearningRate extends TrainingListenerAdapter implements Tracker {
  private final LearningRateSchedule schedule;
  private final double firstEpoch;
  private volatile long epochs;

  /**
   * A schedule from the start of training.
   *
   * @param schedule rate by epochs finished
   */
  public ScheduledLearningRate(LearningRateSchedule schedule) {
    this(schedule, 0);
  }

  /**
   * A schedule joined on the way.
   *
   * @param schedule rate by epochs finished
   * @param firstEpoch epochs the model was trained for before
   */
  public ScheduledLearningRate(LearningRateSchedule schedule, double firstEpoch) {
    this.schedule = schedule;
    this.firstEpoch = firstEpoch;
  }

  /**
   * The rate now.
   *
   * @return the learning rate of the running epoch
   */
  public double rate() {
    return schedule.rate(firstEpoch + epochs);
  }

  @Override
  public float getNewValue(int numUpdate) {
    return (float) rate();
  }

  @Override
  public void onEpoch(Trainer trainer) {
    epochs++;
  }
}
