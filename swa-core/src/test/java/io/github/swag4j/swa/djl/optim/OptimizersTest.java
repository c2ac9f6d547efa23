package io.github.swag4j.swa.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.management.ThreadMXBean;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Steps against torch.optim; values by make_training_golden.py. */
class OptimizersTest {
  private static final JsonObject GOLDEN = Golden.read("optimizers.json");
  private static final double[] RATES = Golden.doubles(GOLDEN.get("rates"));

  /** The rate of the golden run. */
  private static final Tracker RATE = update -> (float) RATES[update - 1];

  private static Map<String, Function<Tracker, StatefulOptimizer>> optimizers() {
    Map<String, Function<Tracker, StatefulOptimizer>> out = new LinkedHashMap<>();
    out.put("sgd", rate -> sgd(rate).build());
    out.put(
        "sgd momentum decay", rate -> sgd(rate).optMomentum(0.9f).optWeightDecays(5e-4f).build());
    out.put("sgd dampening", rate -> sgd(rate).optMomentum(0.9f).optDampening(0.1f).build());
    out.put(
        "sgd nesterov",
        rate -> sgd(rate).optMomentum(0.9f).optNesterov(true).optWeightDecays(1e-2f).build());
    out.put("adam", rate -> TorchAdam.builder().setLearningRateTracker(rate).build());
    out.put(
        "adam decay",
        rate ->
            TorchAdam.builder()
                .setLearningRateTracker(rate)
                .optBetas(0.8, 0.99)
                .optWeightDecays(1e-2f)
                .build());
    out.put("adamw", rate -> TorchAdam.withDecoupledDecay().setLearningRateTracker(rate).build());
    out.put("rmsprop", rate -> TorchRmsProp.builder().setLearningRateTracker(rate).build());
    out.put(
        "rmsprop decay",
        rate ->
            TorchRmsProp.builder()
                .setLearningRateTracker(rate)
                .optAlpha(0.9)
                .optEpsilon(1e-5)
                .optWeightDecays(1e-2f)
                .build());
    out.put(
        "adamw decay",
        rate ->
            TorchAdam.withDecoupledDecay()
                .setLearningRateTracker(rate)
                .optEpsilon(1e-6)
                .optWeightDecays(0.1f)
                .build());
    return out;
  }

  private static TorchSgd.Builder sgd(Tracker rate) {
    return TorchSgd.builder().setLearningRateTracker(rate);
  }

  @Test
  void eachIsTorchsOverAHundredStepsAcrossAChangeOfRate() {
    JsonArray gradients = GOLDEN.getAsJsonArray("gradients");
    optimizers()
        .forEach(
            (name, make) -> {
              JsonArray expected = GOLDEN.getAsJsonObject("weights").getAsJsonArray(name);
              StatefulOptimizer optimizer = make.apply(RATE);
              try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
                NDArray weight = manager.create(Golden.floats(GOLDEN.get("start")));
                for (int step = 0; step < gradients.size(); step++) {
                  NDArray gradient = manager.create(Golden.floats(gradients.get(step)));
                  optimizer.update("w", weight, gradient);
                  if ((step + 1) % 10 == 0) {
                    double[] torch = Golden.doubles(expected.get(step / 10));
                    float[] ours = weight.toFloatArray();
                    for (int i = 0; i < ours.length; i++) {
                      assertThat((double) ours[i])
                          .as("%s step %d weight %d", name, step + 1, i)
                          .isCloseTo(torch[i], within(1e-6));
                    }
                  }
                }
              }
            });
  }

  /** DJL's SGD has the rate inside its momentum: at rate 0 it goes on, and PyTorch stops. */
  @Test
  void aRateOfZeroStopsAtOnce() {
    Tracker rate = update -> update == 1 ? 1f : 0f;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray gradient = manager.create(new float[] {1});
      NDArray ours = manager.create(new float[] {0});
      NDArray djls = manager.create(new float[] {0});
      Optimizer torch = sgd(rate).optMomentum(0.9f).build();
      Optimizer djl = Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f).build();
      for (int step = 0; step < 3; step++) {
        torch.update("w", ours, gradient);
        djls.setRequiresGradient(false);
        djl.update("w", djls, gradient);
      }
      assertThat(ours.toFloatArray()).containsExactly(-1f);
      assertThat(djls.toFloatArray()[0]).isLessThan(-2.7f);
    }
  }

  @Test
  void parallelBlocksGiveTheSameBitsAsSmallTensors() {
    int size = 40 * ParameterBlocks.SIZE + 5;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) Math.sin(i);
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      StatefulOptimizer optimizer = TorchAdam.builder().setLearningRateTracker(RATE).build();
      NDArray large = manager.create(values);
      NDArray gradient = manager.create(values);
      for (int step = 0; step < 3; step++) {
        optimizer.update("large", large, gradient);
      }
      float[] after = large.toFloatArray();
      for (int i = 0; i < size; i += 77_777) {
        NDArray one = manager.create(new float[] {values[i]});
        NDArray g = manager.create(new float[] {values[i]});
        StatefulOptimizer single = TorchAdam.builder().setLearningRateTracker(RATE).build();
        for (int step = 0; step < 3; step++) {
          single.update("one", one, g);
        }
        assertThat(after[i]).isEqualTo(one.toFloatArray()[0]);
      }
    }
  }

  /** Copies of weights and gradients went through the young generation: 8 times slower steps. */
  @Test
  void stepsAllocateNoCopyOfTheParameters() {
    int size = 3 * ParameterBlocks.SIZE + 7;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray weight = manager.ones(new Shape(size));
      weight.setRequiresGradient(true);
      NDArray gradient = manager.ones(new Shape(size));
      ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
      for (Map.Entry<String, Function<Tracker, StatefulOptimizer>> e : optimizers().entrySet()) {
        StatefulOptimizer optimizer = e.getValue().apply(Tracker.fixed(1e-3f));
        optimizer.update("w", weight, gradient);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int step = 0; step < 20; step++) {
          optimizer.update("w", weight, gradient);
        }
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 20)
            .as("bytes a step of %s on %d values", e.getKey(), size)
            .isLessThan(size);
      }
    }
  }

  @Test
  void decayLeavesOutBiasAndNormalisation() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Block block =
          new SequentialBlock()
              .add(Linear.builder().setUnits(3).build())
              .add(BatchNorm.builder().build());
      Optimizer optimizer =
          sgd(Tracker.fixed(0.1f)).optWeightDecays(1f).optWithoutDecayOfBiasAndNorm(block).build();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
      block
          .getParameters()
          .forEach(
              pair -> {
                NDArray array = pair.getValue().getArray();
                try (NDArray zero = array.zerosLike()) {
                  TensorMemory.view(array).put(0, 2f);
                  optimizer.update(pair.getValue().getId(), array, zero);
                  if (!pair.getValue().requiresGradient()) {
                    return;
                  }
                  float expected = pair.getKey().endsWith("weight") ? 1.8f : 2f;
                  assertThat(TensorMemory.view(array).get(0))
                      .as(pair.getKey())
                      .isCloseTo(expected, within(1e-6f));
                }
              });
    }
  }

  @Test
  void valuesAreClippedOnBothSides() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray weight = manager.create(new float[] {0, 0, 0});
      sgd(Tracker.fixed(1f))
          .optClipGrad(1f)
          .build()
          .update("w", weight, manager.create(new float[] {5, -5, 0.5f}));
      assertThat(weight.toFloatArray()).containsExactly(-1f, 1f, -0.5f);
    }
  }

  /** State that was read says nothing of where the weights are now. */
  @Test
  void tensorsInAnotherMemoryOrderAreRefusedAfterARestoreToo() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Block block = Linear.builder().setUnits(2).optBias(false).build();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
      Parameter parameter = block.getParameters().valueAt(0);
      String id = parameter.getId();
      TorchSgd trained = sgd(Tracker.fixed(1f)).build();
      trained.update(id, parameter.getArray(), manager.ones(new Shape(2, 2)));
      TorchSgd restored = sgd(Tracker.fixed(1f)).build();
      restored.restore(block, trained.state(block));
      NDArray transposed = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2)).transpose();
      assertThatThrownBy(() -> restored.update(id, transposed, manager.ones(new Shape(2, 2))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be FLOAT32, contiguous and on the CPU");
    }
  }

  @Test
  void tensorsInAnotherMemoryOrderAreRefused() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray transposed = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2)).transpose();
      NDArray gradient = manager.zeros(new Shape(2, 2));
      assertThatThrownBy(() -> sgd(Tracker.fixed(1f)).build().update("w", transposed, gradient))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be FLOAT32, contiguous and on the CPU")
          .hasMessageContaining("optDevices");
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> TorchSgd.builder().optMomentum(1))
        .hasMessage("momentum must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> TorchSgd.builder().optNesterov(true).build())
        .hasMessageContaining("Nesterov needs momentum above 0");
    assertThatThrownBy(() -> TorchAdam.builder().optBetas(0.9, 1))
        .hasMessage("betas must be in [0, 1), got 0.9 and 1.0");
    assertThatThrownBy(() -> TorchAdam.builder().optEpsilon(0))
        .hasMessage("epsilon must be above 0, got 0.0");
    assertThatThrownBy(() -> TorchAdam.builder().build()).hasMessage("setLearningRateTracker");
  }
}
