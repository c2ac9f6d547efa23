package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.optim.TorchAdam;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What torchcontrib's test_swa.py asks of its optimiser, asked of the parts here, with its numbers:
 * x from (5, 2), y from (3, 7), loss (x . y)^2, swa_start 5, swa_freq 2, ten steps.
 */
class TorchcontribTest {
  private static final long START = 5;
  private static final long FREQUENCY = 2;

  /** Minimises a loss of x and y by hand: no trainer, the optimiser alone. */
  private static final class Problem implements AutoCloseable {
    final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    final Map<String, NDArray> variables = new LinkedHashMap<>();

    Problem(float[] x, float[] y) {
      variables.put("x", manager.create(x));
      variables.put("y", manager.create(y));
      variables.values().forEach(v -> v.setRequiresGradient(true));
    }

    static Problem squaredProduct() {
      return new Problem(new float[] {5, 2}, new float[] {3, 7});
    }

    void step(Map<String, Optimizer> optimizers, LossOfTwo function) {
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray value = function.apply(variables.get("x"), variables.get("y"));
        collector.backward(value);
      }
      optimizers.forEach(
          (name, optimizer) -> {
            NDArray variable = variables.get(name);
            optimizer.update(name, variable, variable.getGradient().duplicate());
          });
    }

    Weights weights(String name) {
      NDArray variable = variables.get(name);
      WeightLayout layout =
          WeightLayout.of(
              List.of(
                  new WeightLayout.Tensor(
                      name, WeightLayout.Role.WEIGHT, List.of(variable.size()))));
      return Weights.of(layout, variable.toFloatArray());
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private interface LossOfTwo {
    NDArray apply(NDArray x, NDArray y);
  }

  /**
   * A number as an array that stays open. {@code pow(2)} and {@code mul(100)} close theirs at once,
   * while the graph goes on reading its memory: once Java's collector has freed that, gradients are
   * wrong or NaN.
   */
  private static NDArray number(NDArray beside, float value) {
    return beside.getManager().create(value);
  }

  private static NDArray squaredProduct(NDArray x, NDArray y) {
    return x.mul(y).sum().pow(number(x, 2));
  }

  private static Map<String, Optimizer> sgd(Tracker x, Tracker y) {
    return Map.of(
        "x", TorchSgd.builder().setLearningRateTracker(x).optMomentum(0.9f).build(),
        "y", TorchSgd.builder().setLearningRateTracker(y).optMomentum(0.9f).build());
  }

  /** test_swa_auto. */
  @Test
  void automaticModeAveragesSteps6And8And10() {
    try (Problem problem = Problem.squaredProduct()) {
      Map<String, Optimizer> optimizers = sgd(Tracker.fixed(1e-4f), Tracker.fixed(1e-5f));
      AveragingPlan plan = AveragingPlan.torchcontrib(START, FREQUENCY);
      WeightAverage average = WeightAverage.uniform(plan);
      double[] sum = new double[2];
      for (int step = 1; step <= 10; step++) {
        problem.step(optimizers, TorchcontribTest::squaredProduct);
        if (plan.collectsAfter(step)) {
          average.collect(problem.weights("x"));
        }
        if (step == 6 || step == 8 || step == 10) {
          sum[0] += problem.weights("x").toArray(0)[0];
          sum[1] += problem.weights("x").toArray(0)[1];
        }
      }
      assertThat(average.count()).isEqualTo(3);
      for (int i = 0; i < 2; i++) {
        assertThat((double) average.average().toArray(0)[i]).isCloseTo(sum[i] / 3, within(1e-6));
      }
    }
  }

  /** test_swa_manual: the same averages when the user says when. */
  @Test
  void manualModeGivesTheSameAverage() {
    try (TinyTraining tiny = TinyTraining.dense()) {
      WeightAverage automatic = WeightAverage.uniform(AveragingPlan.torchcontrib(START, FREQUENCY));
      SwaModel manual = SwaModel.of(tiny.block, WeightAverage.uniform(AveragingPlan.steps()));
      try (var trainer = tiny.trainer(SwaTrainingListener.of(automatic))) {
        for (int step = 1; step <= 12; step++) {
          tiny.backward(trainer, 0, 24);
          trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
          trainer.step();
          if (step % FREQUENCY == 0 && step > START) {
            manual.update();
          }
        }
      }
      assertThat(automatic.average()).isEqualTo(manual.average().average());
    }
  }

  /** test_swa_auto_group_added_during_run: a part added later is counted from when it was added. */
  @Test
  void aPartAddedLaterIsAveragedFromItsOwnSteps() {
    try (Problem problem = Problem.squaredProduct()) {
      Map<String, Optimizer> both = sgd(Tracker.fixed(1e-4f), Tracker.fixed(1e-5f));
      Map<String, Optimizer> first = Map.of("x", both.get("x"));
      AveragingPlan plan = AveragingPlan.torchcontrib(START, FREQUENCY);
      WeightAverage x = WeightAverage.uniform(plan);
      WeightAverage y = WeightAverage.uniform(plan);
      for (int step = 1; step <= 20; step++) {
        problem.step(step <= 10 ? first : both, TorchcontribTest::squaredProduct);
        if (plan.collectsAfter(step)) {
          x.collect(problem.weights("x"));
        }
        if (plan.collectsAfter(step - 10L)) {
          y.collect(problem.weights("y"));
        }
      }
      assertThat(x.count()).isEqualTo(8);
      assertThat(y.count()).isEqualTo(3);
    }
  }

  /** test_swa_lr: the rate is switched for the step after the start, and not in manual mode. */
  @Test
  void theRateIsSwitchedAfterTheStart() {
    ScheduledLearningRate rate =
        ScheduledLearningRate.inSteps(
            LearningRateSchedule.constant(1e-4).then(START, LearningRateSchedule.constant(1e-5)));
    try (Problem problem = Problem.squaredProduct()) {
      Optimizer x = TorchSgd.builder().setLearningRateTracker(rate).build();
      for (int step = 1; step <= 10; step++) {
        problem.step(Map.of("x", x), TorchcontribTest::squaredProduct);
        assertThat(rate.rate()).as("step %d", step).isEqualTo(step > START ? 1e-5 : 1e-4);
      }
    }
  }

  /**
   * test_swa: after 2000 steps on Rosenbrock's function the average is no farther than the start.
   */
  @Test
  void theAverageComesNearerToTheMinimum() {
    List<Supplier<Optimizer>> optimizers = new ArrayList<>();
    optimizers.add(() -> TorchSgd.builder().setLearningRateTracker(Tracker.fixed(1e-3f)).build());
    optimizers.add(
        () ->
            TorchSgd.builder()
                .setLearningRateTracker(Tracker.fixed(1e-3f))
                .optMomentum(0.9f)
                .optWeightDecays(1e-4f)
                .build());
    optimizers.add(() -> TorchAdam.builder().setLearningRateTracker(Tracker.fixed(1e-2f)).build());
    optimizers.add(() -> Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1e-3f)).build());
    optimizers.add(() -> Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-2f)).build());
    for (Supplier<Optimizer> make : optimizers) {
      try (Problem problem = new Problem(new float[] {1.5f}, new float[] {1.5f})) {
        AveragingPlan plan = AveragingPlan.torchcontrib(1000, 1);
        WeightAverage x = WeightAverage.uniform(plan);
        WeightAverage y = WeightAverage.uniform(plan);
        Optimizer optimizer = make.get();
        for (int step = 1; step <= 2000; step++) {
          problem.step(Map.of("x", optimizer, "y", optimizer), TorchcontribTest::rosenbrock);
          if (plan.collectsAfter(step)) {
            x.collect(problem.weights("x"));
            y.collect(problem.weights("y"));
          }
        }
        double distance = Math.hypot(x.average().toArray(0)[0] - 1, y.average().toArray(0)[0] - 1);
        assertThat(distance).isLessThanOrEqualTo(Math.hypot(0.5, 0.5));
        assertThat(x.count()).isEqualTo(1000);
      }
    }
  }

  private static NDArray rosenbrock(NDArray x, NDArray y) {
    NDArray two = number(x, 2);
    return x.sub(1).pow(two).add(y.sub(x.pow(two)).pow(two).mul(number(x, 100))).sum();
  }

  /** test_swa_raises; there is no mode to guess from which numbers were left out. */
  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> LearningRateSchedule.constant(-1e-4))
        .hasMessage("learning rate must be finite and above 0, got -1.0E-4");
    assertThatThrownBy(() -> AveragingPlan.torchcontrib(1, 0))
        .hasMessage("every must be at least 1, got 0");
    assertThatThrownBy(() -> AveragingPlan.torchcontrib(-1, 0))
        .hasMessage("start must be at least 0, got -1");
  }
}
