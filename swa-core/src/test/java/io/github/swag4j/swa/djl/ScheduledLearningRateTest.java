package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.TinyTraining.Telling;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingPosition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduledLearningRateTest {
  /** A rate one can read the time off. */
  private static final LearningRateSchedule TIME = time -> 1e-3 * (1 + time);

  /** Records the rate each step trains with: asked after the step. */
  private static List<Double> rates(TinyTraining tiny, ScheduledLearningRate rate, int epochs) {
    List<Double> out = new ArrayList<>();
    try (Trainer trainer = tiny.trainerWith(rate)) {
      for (int step = 0; step < 3 * epochs; step++) {
        tiny.backward(trainer, 8 * (step % 3), 8);
        trainer.step();
        out.add(rate.rate());
      }
    }
    return out;
  }

  @Test
  void stepsAreCountedFromTheOptimisersQuestionsAlone() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      assertThat(rates(tiny, ScheduledLearningRate.inSteps(TIME), 2))
          .containsExactly(1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3);
    }
  }

  @Test
  void fractionsOfEpochsNeedOneRegistration() {
    LearningRateSchedule cycle = LearningRateSchedule.sawtooth(0.3, 0.1, 3).stretched(1.0 / 3);
    try (TinyTraining tiny = TinyTraining.dense()) {
      List<Double> rates = rates(tiny, ScheduledLearningRate.inEpochs(cycle, 3), 2);
      for (int step = 0; step < 6; step++) {
        assertThat(rates.get(step)).isEqualTo(cycle.rate(step / 3.0));
      }
      assertThat(rates.get(2)).isEqualTo(0.1);
    }
  }

  @Test
  void wholeEpochsThatNobodyTellsAreRefused() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      ScheduledLearningRate rate = ScheduledLearningRate.inEpochs(TIME);
      assertThatThrownBy(() -> rates(tiny, rate, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must hear them end")
          .hasMessageContaining("addTrainingListeners(rate)")
          .hasMessageContaining("stepsPerEpoch");
    }
  }

  @Test
  void theSwaListenerDrivesTheRate() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      ScheduledLearningRate rate = ScheduledLearningRate.inEpochs(TIME);
      SwaTrainingListener listener =
          SwaTrainingListener.of(WeightAverage.uniform(AveragingPlan.epochs())).driving(rate);
      // Registered twice all the same, it does not run twice as fast.
      try (Trainer trainer = tiny.trainerWith(rate, listener, rate)) {
        assertThat(rate.rate()).isEqualTo(1e-3);
        tiny.epochs(trainer, 2);
        assertThat(rate.rate()).isEqualTo(3e-3);
      }
      assertThat(rate.position()).isEqualTo(new TrainingPosition(2, 6));
    }
  }

  @Test
  void aDrivenRateBeginsWhereTheListenerIsTold() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      ScheduledLearningRate rate = ScheduledLearningRate.inSteps(TIME);
      SwaTrainingListener listener =
          SwaTrainingListener.of(WeightAverage.uniform(AveragingPlan.steps()))
              .driving(rate)
              .startingAt(new TrainingPosition(2, 6));
      try (Trainer trainer = tiny.trainerWith(rate, listener)) {
        tiny.epochs(trainer, 1);
      }
      assertThat(rate.rate()).isEqualTo(TIME.rate(8));
      assertThat(listener.position()).isEqualTo(new TrainingPosition(3, 9));
    }
  }

  @Test
  void aRateFollowsTheTrainerItIsGiven() {
    ScheduledLearningRate rate = ScheduledLearningRate.inEpochs(TIME);
    try (TinyTraining first = TinyTraining.dense();
        TinyTraining second = TinyTraining.dense()) {
      try (Trainer trainer = first.trainerWith(rate, rate)) {
        first.epochs(trainer, 2);
      }
      assertThat(rate.rate()).isEqualTo(3e-3);
      try (Trainer trainer = first.trainerWith(rate, rate)) {
        first.epochs(trainer, 1);
      }
      assertThat(rate.rate()).as("going on with the same model").isEqualTo(4e-3);
      try (Trainer trainer = second.trainerWith(rate, rate)) {
        assertThat(rate.rate()).as("another model begins at the start").isEqualTo(1e-3);
        second.epochs(trainer, 1);
      }
      assertThat(rate.rate()).isEqualTo(2e-3);
    }
  }

  @Test
  void aRateThatIsNoListenerRefusesASecondModel() {
    ScheduledLearningRate rate = ScheduledLearningRate.inSteps(TIME);
    try (TinyTraining first = TinyTraining.dense();
        TinyTraining second = TinyTraining.dense()) {
      rates(first, rate, 1);
      assertThat(rates(first, rate, 1).get(2)).as("the same model goes on").isEqualTo(6e-3);
      assertThatThrownBy(() -> rates(second, rate, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("got an unknown parameter after 6 steps")
          .hasMessageContaining("addTrainingListeners(rate)");
    }
  }

  /** An optimiser on several devices asks once for each. */
  @Test
  void severalDevicesAreOneStep() {
    ScheduledLearningRate rate = ScheduledLearningRate.inSteps(TIME);
    try (TinyTraining tiny = TinyTraining.dense();
        Trainer trainer = new TwoDevices(tiny)) {
      rate.onTrainingBegin(trainer);
      int updates = 0;
      for (int step = 0; step < 4; step++) {
        for (String parameter : new String[] {"a", "b", "c"}) {
          for (int device = 0; device < 2; device++) {
            assertThat(rate.getNewValue(parameter, ++updates)).isEqualTo((float) TIME.rate(step));
          }
        }
      }
      assertThat(rate.position().steps()).isEqualTo(4);
    }
  }

  private static final class TwoDevices extends Trainer {
    TwoDevices(TinyTraining tiny) {
      super(
          tiny.model,
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optDevices(new Device[] {Device.cpu()}));
    }

    @Override
    public Device[] getDevices() {
      return new Device[] {Device.gpu(0), Device.gpu(1)};
    }
  }

  @Test
  void anEpochOfAnotherLengthThanSaidIsRefused() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      ScheduledLearningRate rate = ScheduledLearningRate.inEpochs(TIME, 4);
      try (Trainer trainer = tiny.trainerWith(rate, rate)) {
        assertThatThrownBy(() -> tiny.epochs(trainer, 1))
            .hasMessage(
                "stepsPerEpoch must be the optimiser steps in an epoch, got 4 and an epoch that"
                    + " ended after step 3");
      }
    }
  }

  @Test
  void ratesOfResumedTrainingAreTheSameBits() {
    LearningRateSchedule schedule = LearningRateSchedule.cosine(0.1, 0.001, 7.3);
    List<Double> whole;
    try (TinyTraining tiny = TinyTraining.dense()) {
      whole = rates(tiny, ScheduledLearningRate.inEpochs(schedule, 3), 3);
    }
    List<Double> parts = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      try (TinyTraining tiny = TinyTraining.dense()) {
        TrainingPosition position = new TrainingPosition(part, 3L * part);
        parts.addAll(
            rates(tiny, ScheduledLearningRate.inEpochs(schedule, 3).startingAt(position), 1));
      }
    }
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void accumulatedBatchesDoNotHurryTheSchedule() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      ScheduledLearningRate rate = ScheduledLearningRate.inSteps(TIME);
      try (Trainer trainer = tiny.trainerWith(rate, new TrainingListenerAdapter() {})) {
        tiny.epochs(trainer, 2, 4, 3, Telling.EVERYTHING);
      }
      assertThat(rate.position().steps()).isEqualTo(4);
    }
  }

  @Test
  void itWorksInsideDjlsWarmUp() {
    ScheduledLearningRate rate = ScheduledLearningRate.inSteps(TIME);
    Tracker warm = Tracker.warmUp().optWarmUpSteps(2).setMainTracker(rate).build();
    assertThat(warm.getNewValue(2 + 1)).isEqualTo((float) TIME.rate(0));
    assertThat(warm.getNewValue(2 + 5)).isEqualTo((float) TIME.rate(4));
  }
}
