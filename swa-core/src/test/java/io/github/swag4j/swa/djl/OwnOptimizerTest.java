package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.optim.GradientNorm;
import io.github.swag4j.swa.djl.optim.StatefulOptimizer;
import io.github.swag4j.swa.djl.optim.TorchAdam;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The optimisers in DJL's trainer. */
class OwnOptimizerTest {

  private static final Tracker RATE = Tracker.fixed(0.05f);

  private static List<Supplier<StatefulOptimizer>> optimizers() {
    return List.of(
        () -> TorchSgd.builder().setLearningRateTracker(RATE).optMomentum(0.9f).build(),
        () -> TorchAdam.builder().setLearningRateTracker(RATE).build(),
        () -> TorchAdam.withDecoupledDecay().setLearningRateTracker(RATE).build());
  }

  @Test
  void sgdIsTorchsAlsoWhereSwaSwitchesTheRate() {
    JsonObject golden = Golden.read("sgd.json");
    double[] rates = Golden.doubles(golden.get("rates"));
    Optimizer sgd =
        TorchSgd.builder()
            .setLearningRateTracker(ScheduledLearningRate.inSteps(t -> rates[(int) t]))
            .optMomentum(0.9f)
            .optWeightDecays(5e-4f)
            .build();
    try (Model model = Model.newInstance("linear", "PyTorch");
        NDManager manager = NDManager.newBaseManager()) {
      model.setBlock(Linear.builder().setUnits(3).build());
      NDArray x = manager.create(Golden.floats(golden.get("inputs")), new Shape(8, 4));
      NDArray y = manager.create(Golden.floats(golden.get("labels")), new Shape(8));
      try (Trainer trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(sgd))) {
        trainer.initialize(new Shape(1, 4));
        ModelWeights live = ModelWeights.of(model.getBlock());
        live.write(
            Weights.of(
                live.layout(),
                Golden.floats(golden.get("weight")),
                Golden.floats(golden.get("bias"))));
        for (JsonElement step : golden.getAsJsonArray("float64")) {
          try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(
                trainer.getLoss().evaluate(new NDList(y), trainer.forward(new NDList(x))));
          }
          trainer.step();
          double[] expected = Golden.doubles(step.getAsJsonObject().get("weight"));
          for (int i = 0; i < expected.length; i++) {
            assertThat((double) live.values(0).get(i)).isCloseTo(expected[i], within(1e-6));
          }
        }
      }
    }
  }

  @Test
  void aStepLeavesNoArraysBehind() {
    for (Supplier<StatefulOptimizer> make : optimizers()) {
      try (TinyTraining tiny = TinyTraining.withBatchNorm();
          Trainer trainer = tiny.trainerOf(make.get(), GradientNorm.clippedTo(0.5))) {
        tiny.epochs(trainer, 1);
        int before = arrays(tiny, trainer);
        tiny.epochs(trainer, 5);
        assertThat(arrays(tiny, trainer)).isEqualTo(before);
      }
    }
  }

  private static int arrays(TinyTraining tiny, Trainer trainer) {
    return tiny.model.getNDManager().getManagedArrays().size()
        + trainer.getManager().getManagedArrays().size();
  }

  @Test
  void averagingWorksAroundAnyOptimiser() {
    List<Supplier<? extends Optimizer>> all = new java.util.ArrayList<>(optimizers());
    all.add(() -> Optimizer.sgd().setLearningRateTracker(RATE).build());
    all.add(() -> Optimizer.adam().optLearningRateTracker(RATE).build());
    all.add(() -> Optimizer.adamW().optLearningRateTracker(RATE).build());
    for (Supplier<? extends Optimizer> make : all) {
      try (TinyTraining tiny = TinyTraining.dense()) {
        WeightAverage average = WeightAverage.uniform(AveragingPlan.torchcontrib(5, 2));
        Optimizer optimizer = make.get();
        try (Trainer trainer = tiny.trainerOf(optimizer, SwaTrainingListener.of(average))) {
          tiny.epochs(trainer, 4);
        }
        WeightAverage expected = WeightAverage.uniform(AveragingPlan.steps());
        for (int step = 6; step <= 12; step += 2) {
          expected.collect(tiny.afterSteps.get(step - 1));
        }
        assertThat(average.count()).isEqualTo(4);
        assertThat(average.average()).isEqualTo(expected.average());
      }
    }
  }

  @Test
  void stateGoesWithTheModelsNames() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      StatefulOptimizer optimizer = optimizers().get(1).get();
      try (Trainer trainer = tiny.trainerOf(optimizer)) {
        tiny.epochs(trainer, 2);
      }
      TrainingState state = optimizer.state(tiny.block);
      assertThat(state.number("01Linear_weight.step")).isEqualTo(6);
      assertThat(state.sizes())
          .containsEntry("01Linear_weight.exp_avg", 20)
          .containsEntry("03Linear_bias.exp_avg_sq", 3);
      StatefulOptimizer sgd = optimizers().get(0).get();
      assertThatThrownBy(() -> sgd.restore(tiny.block, state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("01Linear_weight.momentum_buffer is not in the state");
      try (TinyTraining other = TinyTraining.withBatchNorm()) {
        assertThatThrownBy(() -> optimizers().get(1).get().restore(other.block, state))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void gradientsAreClippedByTheirCommonNormAsTorchDoes() {
    JsonObject golden = Golden.read("clipping.json");
    JsonArray gradients = golden.getAsJsonArray("gradients");
    try (NDManager manager = NDManager.newBaseManager()) {
      Linear block = Linear.builder().setUnits(3).build();
      block.initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, new Shape(1, 4));
      block.getParameters().values().forEach(p -> p.getArray().setRequiresGradient(true));
      for (JsonElement each : golden.getAsJsonArray("cases")) {
        setGradients(manager, block, gradients);
        double norm =
            GradientNorm.clip(block, each.getAsJsonObject().get("max_norm").getAsDouble());
        assertThat(norm).isCloseTo(each.getAsJsonObject().get("norm").getAsDouble(), within(1e-6));
        JsonArray expected = each.getAsJsonObject().getAsJsonArray("clipped");
        for (int t = 0; t < 2; t++) {
          double[] clipped = Golden.doubles(expected.get(t));
          float[] ours = block.getParameters().valueAt(t).getArray().getGradient().toFloatArray();
          for (int i = 0; i < clipped.length; i++) {
            assertThat((double) ours[i]).isCloseTo(clipped[i], within(1e-6));
          }
        }
      }
    }
  }

  /** The gradient of sum(w c) is c. */
  private static void setGradients(NDManager manager, Linear block, JsonArray gradients) {
    for (int t = 0; t < 2; t++) {
      NDArray array = block.getParameters().valueAt(t).getArray();
      NDArray gradient = array.getGradient();
      gradient.subi(gradient);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray c = manager.create(Golden.floats(gradients.get(t)), array.getShape());
        collector.backward(array.mul(c).sum());
      }
    }
  }

  @Test
  void gradientsThatAreNotFiniteAreRefusedUnchanged() {
    try (TinyTraining tiny = TinyTraining.dense();
        Trainer trainer = tiny.trainerOf(optimizers().get(0).get())) {
      tiny.backward(trainer, 0, 8);
      NDArray gradient = tiny.block.getParameters().valueAt(0).getArray().getGradient();
      gradient.muli(Float.NaN);
      assertThatThrownBy(() -> GradientNorm.clip(tiny.block, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the norm of the gradients must be finite, got NaN: lower the learning rate");
    }
  }
}
