package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwaTrainingListenerTest {
  private static final int EPOCHS = 4;
  private static final JsonObject GOLDEN = Golden.read("sgd.json");

  @Test
  void averagesTheEpochsOfDjlsOwnTrainingLoop() throws IOException, TranslateException {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs().from(1));
    List<Weights> seen = train(SwaTrainingListener.of(average), 4);
    assertThat(average.count()).isEqualTo(3);
    WeightAverage expected = WeightAverage.uniform(AveragingPlan.epochs());
    seen.subList(1, EPOCHS).forEach(expected::collect);
    assertThat(average.average()).isEqualTo(expected.average());
  }

  @Test
  void averagesEveryStepIncludingTheLast() throws IOException, TranslateException {
    WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps().from(4 * (EPOCHS - 1) + 3));
    List<Weights> seen = train(SwaTrainingListener.of(steps), 2);
    assertThat(steps.count()).isEqualTo(1);
    assertThat(steps.average()).isEqualTo(seen.get(EPOCHS - 1));
  }

  @Test
  void countsStepsNotBatchesBegun() throws IOException, TranslateException {
    WeightAverage steps = WeightAverage.uniform(AveragingPlan.steps().every(3));
    train(SwaTrainingListener.of(steps), 2);
    assertThat(steps.count()).isEqualTo(4L * EPOCHS / 3);
  }

  @Test
  void scheduleMovesOnWithTheEpochs() throws IOException, TranslateException {
    ScheduledLearningRate rate =
        new ScheduledLearningRate(LearningRateSchedule.swa(0.1, 0.01, 4), 1);
    assertThat(rate.rate()).isEqualTo(0.1);
    train(rate, 8);
    assertThat(rate.rate()).isEqualTo(0.01);
    assertThat(rate.getNewValue(17)).isEqualTo(0.01f);
  }

  /** DJL's SGD keeps the rate inside its momentum buffer; at a standing rate that is PyTorch's. */
  @Test
  void sgdOfDjlIsThatOfTorchWhileTheRateStands() throws IOException, TranslateException {
    List<Weights> seen = train(new TrainingListenerAdapter() {}, 8);
    for (int step = 0; step < EPOCHS; step++) {
      JsonObject expected = GOLDEN.getAsJsonArray("float64").get(step).getAsJsonObject();
      double[] weight = Golden.doubles(expected.get("weight"));
      for (int i = 0; i < weight.length; i++) {
        assertThat((double) seen.get(step).toArray(0)[i]).isCloseTo(weight[i], within(1e-6));
      }
    }
  }

  /** Trains the golden model and gives its weights after each epoch. */
  private static List<Weights> train(
      ai.djl.training.listener.TrainingListener listener, int batchSize)
      throws IOException, TranslateException {
    List<Weights> seen = new ArrayList<>();
    TrainingListenerAdapter recorder =
        new TrainingListenerAdapter() {
          @Override
          public void onEpoch(Trainer trainer) {
            seen.add(ModelWeights.of(trainer.getModel().getBlock()).capture());
          }
        };
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                Optimizer.sgd()
                    .setLearningRateTracker(Tracker.fixed(0.1f))
                    .optMomentum(0.9f)
                    .optWeightDecays(5e-4f)
                    .build())
            .addTrainingListeners(listener, recorder);
    try (Model model = Model.newInstance("linear", "PyTorch");
        NDManager manager = NDManager.newBaseManager()) {
      model.setBlock(Linear.builder().setUnits(3).build());
      ArrayDataset data =
          new ArrayDataset.Builder()
              .setData(manager.create(Golden.floats(GOLDEN.get("inputs")), new Shape(8, 4)))
              .optLabels(manager.create(Golden.floats(GOLDEN.get("labels")), new Shape(8)))
              .setSampling(batchSize, false)
              .build();
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 4));
        ModelWeights live = ModelWeights.of(model.getBlock());
        live.write(
            Weights.of(
                live.layout(),
                Golden.floats(GOLDEN.get("weight")),
                Golden.floats(GOLDEN.get("bias"))));
        EasyTrain.fit(trainer, EPOCHS, data, null);
      }
    }
    return seen;
  }
}
