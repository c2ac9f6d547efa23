package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.TinyTraining.Telling;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a listener begins to count, whose training it follows, what it says when it cannot. */
class ListenerPositionTest {

  private static WeightAverage averageOf(List<Weights> weights) {
    WeightAverage out = WeightAverage.uniform(AveragingPlan.steps());
    weights.forEach(out::collect);
    return out;
  }

  @Test
  void aNewListenerGoesOnWhereTheLastOneStopped() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs().from(3));
      for (int part = 0; part < 2; part++) {
        try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(average))) {
          tiny.epochs(trainer, 4);
        }
      }
      assertThat(average.count()).isEqualTo(5);
    }
  }

  @Test
  void aPositionIsCarriedEvenIfNothingWasCollectedBefore() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs().from(5));
      for (int part = 0; part < 2; part++) {
        try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(average))) {
          tiny.epochs(trainer, 4);
        }
      }
      assertThat(average.count()).isEqualTo(3);
    }
  }

  @Test
  void aListenerBeginsWhereItIsTold() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage epochs = WeightAverage.uniform(AveragingPlan.epochs().from(3));
      WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps().from(20));
      SwaTrainingListener listener =
          SwaTrainingListener.of(epochs, steps).startingAt(new TrainingPosition(4, 12));
      try (Trainer trainer = tiny.trainer(listener)) {
        tiny.epochs(trainer, 4);
      }
      assertThat(epochs.count()).isEqualTo(4);
      assertThat(steps.count()).isEqualTo(4);
      assertThat(listener.position()).isEqualTo(new TrainingPosition(8, 24));
    }
  }

  @Test
  void weightsFromElsewhereNeedAPosition() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
      average.collect(tiny.live());
      try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(average))) {
        assertThatThrownBy(() -> tiny.epochs(trainer, 1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("1 collections and no position: say")
            .hasMessageContaining("startingAt(position)");
      }
    }
  }

  @Test
  void aListenerFollowsTheTrainerItIsGiven() {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs().from(2));
    SwaTrainingListener listener = SwaTrainingListener.of(average);
    try (TinyTraining first = TinyTraining.dense();
        TinyTraining second = TinyTraining.withBatchNorm()) {
      try (Trainer trainer = first.trainer(listener)) {
        first.epochs(trainer, 2);
      }
      assertThat(average.count()).isZero();
      try (Trainer trainer = second.trainer(listener)) {
        second.epochs(trainer, 4);
      }
      assertThat(average.count()).isEqualTo(2);
      List<Weights> seen = second.afterSteps;
      assertThat(average.average())
          .isEqualTo(averageOf(List.of(seen.get(8), seen.get(11))).average());
      assertThat(listener.position()).isEqualTo(new TrainingPosition(4, 12));
    }
  }

  @Test
  void aCollectorIsNotFedFromTwoModels() {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    SwaTrainingListener listener = SwaTrainingListener.of(average);
    try (TinyTraining first = TinyTraining.dense();
        TinyTraining second = TinyTraining.dense()) {
      try (Trainer trainer = first.trainer(listener)) {
        first.epochs(trainer, 2);
      }
      Weights before = average.average();
      try (Trainer trainer = second.trainer(listener)) {
        assertThatThrownBy(() -> second.epochs(trainer, 2))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "a collector must be fed from one model, got a trainer of another after 2"
                    + " collections: make a new collector and listener for each model");
      }
      assertThat(average.count()).isEqualTo(2);
      assertThat(average.average()).isEqualTo(before);
    }
  }

  @Test
  void aLoopWithoutEpochsKeepsItsLastStep() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps().from(4));
      try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(steps))) {
        tiny.epochs(trainer, 2, 8, 1, Telling.NO_EPOCHS);
      }
      assertThat(steps.count()).isEqualTo(2);
      assertThat(steps.average()).isEqualTo(averageOf(tiny.afterSteps.subList(4, 6)).average());
    }
  }

  @Test
  void aBatchThatWasNotSteppedIsNotCollectedAtTheEnd() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps());
      try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(steps))) {
        tiny.epochs(trainer, 1, 8, 1, Telling.NO_EPOCHS);
        tiny.backward(trainer, 0, 8);
        trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
      }
      assertThat(steps.count()).isEqualTo(3);
    }
  }

  @Test
  void aLoopWithoutEpochsIsToldSoIfThePlanCountsThem() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
      Trainer trainer = tiny.trainer(SwaTrainingListener.of(average));
      tiny.epochs(trainer, 1, 8, 1, Telling.NO_EPOCHS);
      assertThatThrownBy(trainer::close)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "a plan in epochs must hear them end, got 3 batches and no epoch: call"
                  + " trainer.notifyListeners(l -> l.onEpoch(trainer))");
      assertThat(trainer.getManager().isOpen()).isFalse();
    }
  }

  @Test
  void accumulatedBatchesAreOneStep() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps().from(2));
      try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(steps).accumulating(3))) {
        tiny.epochs(trainer, 2, 4, 3, Telling.EVERYTHING);
      }
      assertThat(tiny.afterSteps).hasSize(4);
      assertThat(steps.average()).isEqualTo(averageOf(tiny.afterSteps.subList(2, 4)).average());
    }
  }

  @Test
  void aDrivenRateSeesTheStepsThemselves() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps().from(2));
      ScheduledLearningRate rate = ScheduledLearningRate.inSteps(time -> 0.1);
      try (Trainer trainer = tiny.trainerWith(rate, SwaTrainingListener.of(steps).driving(rate))) {
        tiny.epochs(trainer, 2, 4, 3, Telling.EVERYTHING);
      }
      assertThat(steps.count()).isEqualTo(2);
      assertThat(steps.average()).isEqualTo(averageOf(tiny.afterSteps.subList(2, 4)).average());
    }
  }

  @Test
  void lightningsPlanCollectsTheFirstWeightsAndNotTheLast() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      Weights first = tiny.live();
      WeightAverage average = WeightAverage.uniform(AveragingPlan.lightning(1, 3));
      try (Trainer trainer = tiny.trainer(SwaTrainingListener.of(average))) {
        tiny.epochs(trainer, 3);
      }
      assertThat(average.average())
          .isEqualTo(
              averageOf(List.of(first, tiny.afterSteps.get(2), tiny.afterSteps.get(5))).average());
    }
  }

  /** A trainer that trains mirrors on another device; the model's arrays would stand still. */
  private static final class GpuTrainer extends Trainer {
    GpuTrainer(TinyTraining tiny, SwaTrainingListener listener) {
      super(
          tiny.model,
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optOptimizer(TorchSgd.builder().setLearningRateTracker(Tracker.fixed(0.1f)).build())
              .optDevices(new Device[] {Device.cpu()})
              .addTrainingListeners(listener));
    }

    @Override
    public Device[] getDevices() {
      return new Device[] {Device.gpu(0)};
    }
  }

  @Test
  void trainingOnAnotherDeviceIsRefusedAtTheFirstBatch() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      SwaTrainingListener listener =
          SwaTrainingListener.of(WeightAverage.uniform(AveragingPlan.epochs().from(100)));
      try (Trainer trainer = new GpuTrainer(tiny, listener)) {
        assertThatThrownBy(() -> listener.onTrainingBatch(trainer, null))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("on cpu() and training on [gpu(0)]")
            .hasMessageContaining("optDevices(new Device[] {Device.cpu()})");
      }
    }
  }
}
