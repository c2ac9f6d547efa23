package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.Trainer;
import ai.djl.training.tracker.ParameterTracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.optim.StatefulOptimizer;
import io.github.swag4j.swa.djl.optim.TorchAdam;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.io.Checkpoints;
import io.github.swag4j.swa.io.StateFiles;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop of one's own that is saved after some step and gone on with in new objects. */
class ResumeTest {
  private static final int STEPS = 15;
  private static final int STEPS_PER_EPOCH = 3;
  private static final AveragingPlan EPOCHS = AveragingPlan.epochs().from(1);
  private static final AveragingPlan EVERY_STEP = AveragingPlan.steps().from(2);

  @TempDir Path folder;

  /** All that training consists of. */
  private static final class Run implements AutoCloseable {
    final TinyTraining tiny = TinyTraining.withBatchNorm();
    final StatefulOptimizer optimizer;
    final ScheduledLearningRate rate;
    WeightAverage epochs = WeightAverage.uniform(EPOCHS);
    WeightAverage steps = WeightAverage.exponential(EVERY_STEP, 0.9);
    SwaTrainingListener listener;
    TrainingPosition position = TrainingPosition.START;

    Run(Function<ParameterTracker, StatefulOptimizer> make) {
      rate =
          ScheduledLearningRate.inEpochs(
              LearningRateSchedule.cosine(0.1, 0.001, 4.7), STEPS_PER_EPOCH);
      optimizer = make.apply(rate);
    }

    void train(int until) {
      listener = SwaTrainingListener.of(epochs, steps).driving(rate).startingAt(position);
      try (Trainer trainer = tiny.trainerOf(optimizer, listener)) {
        for (long step = position.steps(); step < until; step++) {
          tiny.backward(trainer, (int) (8 * (step % STEPS_PER_EPOCH)), 8);
          trainer.notifyListeners(l -> l.onTrainingBatch(trainer, null));
          trainer.step();
          if ((step + 1) % STEPS_PER_EPOCH == 0) {
            trainer.notifyListeners(l -> l.onEpoch(trainer));
          }
        }
        position = listener.caughtUp();
      } catch (IllegalStateException noEpochHeard) {
        // Interrupted in the first epoch, as a crash would: nothing is lost by it.
        assertThat(noEpochHeard).hasMessageContaining("must hear them end");
      }
    }

    void save(Path where) throws IOException {
      StateFiles.write(
          where.resolve("training.safetensors"),
          TrainingState.builder()
              .part("weights", TrainingState.of(ModelWeights.of(tiny.block)))
              .part("statistics", TrainingState.of(ModelWeights.statistics(tiny.block)))
              .part("optimizer", optimizer.state(tiny.block))
              .part("position", TrainingState.of(position))
              .build());
      epochs.save(where.resolve("epochs.safetensors"));
      steps.save(where.resolve("steps.safetensors"));
    }

    void load(Path where) throws IOException {
      TrainingState state = StateFiles.read(where.resolve("training.safetensors"));
      ModelWeights weights = ModelWeights.of(tiny.block);
      weights.write(state.part("weights").weights(weights.layout()));
      ModelWeights statistics = ModelWeights.statistics(tiny.block);
      statistics.write(state.part("statistics").weights(statistics.layout()));
      optimizer.restore(tiny.block, state.part("optimizer"));
      position = state.part("position").position();
      epochs = WeightAverage.load(where.resolve("epochs.safetensors"), EPOCHS);
      steps = WeightAverage.load(where.resolve("steps.safetensors"), EVERY_STEP);
    }

    /** Weights, statistics, averages. */
    Weights[] outcome() {
      return new Weights[] {
        tiny.live(), tiny.statistics(), epochs.average(), steps.average(),
      };
    }

    @Override
    public void close() {
      tiny.close();
    }
  }

  private static StatefulOptimizer sgd(ParameterTracker rate) {
    return TorchSgd.builder()
        .setLearningRateTracker(rate)
        .optMomentum(0.9f)
        .optNesterov(true)
        .optWeightDecays(1e-3f)
        .build();
  }

  private static StatefulOptimizer adamW(ParameterTracker rate) {
    return TorchAdam.withDecoupledDecay().setLearningRateTracker(rate).build();
  }

  @Test
  void sgdInterruptedAfterAnyStepEndsInTheSameBits() throws IOException {
    interruptedAnywhere(ResumeTest::sgd);
  }

  @Test
  void adamWInterruptedAfterAnyStepEndsInTheSameBits() throws IOException {
    interruptedAnywhere(ResumeTest::adamW);
  }

  private void interruptedAnywhere(Function<ParameterTracker, StatefulOptimizer> make)
      throws IOException {
    Weights[] whole;
    try (Run run = new Run(make)) {
      run.train(STEPS);
      assertThat(run.epochs.count()).isEqualTo(4);
      assertThat(run.steps.count()).isEqualTo(13);
      whole = run.outcome();
    }
    Checkpoints checkpoints = Checkpoints.in(folder, 2);
    for (int at = 1; at < STEPS; at++) {
      try (Run run = new Run(make)) {
        run.train(at);
        checkpoints.save(at, run::save);
      }
      try (Run run = new Run(make)) {
        run.load(checkpoints.newest().orElseThrow().folder());
        assertThat(run.position).isEqualTo(new TrainingPosition(at / STEPS_PER_EPOCH, at));
        run.train(STEPS);
        assertThat(run.outcome()).as("interrupted after step %d", at).isEqualTo(whole);
      }
    }
  }

  @Test
  void whatWasNotSteppedCannotBeSaved() {
    try (Run run = new Run(ResumeTest::sgd)) {
      run.listener = SwaTrainingListener.of(run.steps);
      try (Trainer trainer = run.tiny.trainerOf(run.optimizer, run.listener, run.rate)) {
        run.tiny.backward(trainer, 0, 8);
        trainer.notifyListeners(l -> l.onTrainingBatch(trainer, null));
        assertThatThrownBy(run.listener::caughtUp)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("call caughtUp() after trainer.step()");
        trainer.step();
        assertThat(run.listener.caughtUp()).isEqualTo(new TrainingPosition(0, 1));
      }
    }
  }
}
