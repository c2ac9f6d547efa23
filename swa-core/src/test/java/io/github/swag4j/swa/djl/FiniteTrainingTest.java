package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.weights.Weights;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FiniteTrainingTest {

  private static void fill(TinyTraining tiny, float value) {
    ModelWeights weights = ModelWeights.of(tiny.block);
    float[][] values = new float[weights.layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[weights.layout().tensor(t).size()];
      Arrays.fill(values[t], value);
    }
    weights.write(Weights.of(weights.layout(), values));
  }

  private static void batch(TinyTraining tiny, Trainer trainer) {
    tiny.backward(trainer, 0, 8);
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
    trainer.step();
  }

  private static void endsBeforeTheStep(TrainingListener listener) {
    try (TinyTraining tiny = TinyTraining.dense();
        Trainer trainer = tiny.trainer(listener)) {
      batch(tiny, trainer);
      batch(tiny, trainer);
      fill(tiny, 3e30f);
      assertThatThrownBy(() -> batch(tiny, trainer))
          .isInstanceOf(NotFiniteException.class)
          .hasMessageContainingAll(
              "gradients must be finite, got NaN in 01Linear_weight (5, 4) at position 0",
              "in batch 3",
              "lower the learning rate");
      assertThat(tiny.live().toArray(0)).containsOnly(3e30f);
    }
  }

  @Test
  void gradientsThatAreNotFiniteEndTrainingBeforeTheirStep() {
    endsBeforeTheStep(FiniteTraining.required());
  }

  /** Went on, and failed epochs later, or not at all, where nothing was collected. */
  @Test
  void theAveragingListenerEndsTrainingBeforeTheStepToo() {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.steps());
    SwaTrainingListener listener = SwaTrainingListener.of(average);
    endsBeforeTheStep(listener);
    assertThat(listener.position()).isEqualTo(new TrainingPosition(0, 2));
    assertThat(average.count()).isEqualTo(2);
  }

  @Test
  void weightsThatAreNotFiniteEndTrainingAtTheEpoch() {
    for (TrainingListener listener :
        new TrainingListener[] {FiniteTraining.required(), SwaTrainingListener.of()}) {
      try (TinyTraining tiny = TinyTraining.dense();
          Trainer trainer = tiny.trainer(listener)) {
        batch(tiny, trainer);
        tiny.block
            .getParameters()
            .valueAt(0)
            .getArray()
            .toByteBuffer(true)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(0, Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> trainer.notifyListeners(l -> l.onEpoch(trainer)))
            .isInstanceOf(NotFiniteException.class)
            .hasMessageContainingAll(
                "weights must be finite, got -Infinity in 01Linear_weight (5, 4) at position 0",
                "after batch 1",
                "go back to a checkpoint");
      }
    }
  }

  @Test
  void largeFiniteWeightsAreFiniteThoughTheirSumIsNot() {
    try (TinyTraining tiny = TinyTraining.dense();
        Trainer trainer = tiny.trainer(FiniteTraining.required())) {
      fill(tiny, Float.MAX_VALUE);
      trainer.notifyListeners(l -> l.onEpoch(trainer));
      assertThat(tiny.live().toArray(0)).contains(Float.MAX_VALUE);
    }
  }
}
