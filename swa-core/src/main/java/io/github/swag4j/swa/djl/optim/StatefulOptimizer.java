package io.github.swag4j.swa.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.util.Pair;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import io.github.swag4j.swa.state.TrainingState;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * An optimiser with PyTorch's arithmetic whose state can be read and put back. It keeps its state
 * in Java, by parameter, so one may serve several models one after the other.
 *
 * <p>Of DJL's common options: gradients are multiplied by {@code rescaleGrad} first, then clipped
 * value by value to [-clipGrad, clipGrad] (DJL's own clip one side only), then decayed. Works on
 * float32 parameters in contiguous CPU memory and refuses others.
 */
public abstract sealed class StatefulOptimizer extends Optimizer permits TorchSgd, TorchAdam {

  /** State of one parameter: steps done and an array for each slot. */
  static final class Slots {
    long steps;
    final float[][] arrays;

    Slots(int slots, int size) {
      arrays = new float[slots][size];
    }
  }

  private final ParameterTracker learningRate;
  private final Set<String> withoutDecay;
  private final Map<String, Slots> states = new HashMap<>();

  /** Parameters whose memory was seen to be the tensor's own; restored state says nothing of it. */
  private final Set<String> checked = new HashSet<>();

  private final ParameterBlocks blocks = new ParameterBlocks();

  StatefulOptimizer(Builder<?> builder) {
    super(builder);
    this.learningRate = Objects.requireNonNull(builder.learningRate, "setLearningRateTracker");
    this.withoutDecay = Set.copyOf(builder.withoutDecay);
  }

  /** Names of the slots, as in torch.optim's state. */
  abstract String[] slots();

  /**
   * One step for values {@code from} (inclusive) to {@code to} (exclusive) of a parameter.
   *
   * @param block weights and gradients of these values from place 0, gradients rescaled and clipped
   * @param state slots of the whole parameter, and steps done, this one included
   */
  abstract void step(
      ParameterBlocks.Scratch block, int from, int to, Slots state, double rate, double decay);

  @Override
  public final void update(String parameterId, NDArray weight, NDArray grad) {
    double rate = learningRate.getNewValue(parameterId, updateCount(parameterId));
    int size = Math.toIntExact(weight.size());
    Slots state = slotsOf(parameterId, weight, size);
    state.steps++;
    double decay = withoutDecay.contains(parameterId) ? 0 : getWeightDecay();
    FloatBuffer weights = TensorMemory.view(weight);
    FloatBuffer gradients = TensorMemory.view(grad);
    blocks.forEach(
        size,
        (from, to, block) -> {
          int length = to - from;
          weights.get(from, block.weights(), 0, length);
          gradients.get(from, block.gradients(), 0, length);
          prepare(block.gradients(), length);
          step(block, from, to, state, rate, decay);
          weights.put(from, block.weights(), 0, length);
        });
    if (weight.hasGradient()) {
      try (NDArray own = weight.getGradient()) {
        TensorMemory.of(own).zero();
      }
    }
  }

  private Slots slotsOf(String parameterId, NDArray weight, int size) {
    synchronized (states) {
      Slots state = states.get(parameterId);
      if (checked.add(parameterId)) {
        requireShared(weight);
      }
      if (state == null) {
        state = new Slots(slots().length, size);
        states.put(parameterId, state);
      }
      return state;
    }
  }

  private static void requireShared(NDArray weight) {
    if (!TensorMemory.of(weight).isShared()) {
      throw new IllegalArgumentException(
          "weights must be FLOAT32, contiguous and on the CPU, got "
              + weight.getDataType().name()
              + " on "
              + weight.getDevice()
              + ": train on the CPU (optDevices), or take one of DJL's optimisers");
    }
  }

  private void prepare(float[] g, int length) {
    if (rescaleGrad != 1f) {
      rescale(g, rescaleGrad, length);
    }
    if (clipGrad > 0) {
      clip(g, clipGrad, length);
    }
  }

  // One loop a method here and in the optimisers: each is then compiled as a whole, early.

  private static void rescale(float[] g, float factor, int length) {
    for (int i = 0; i < length; i++) {
      g[i] *= factor;
    }
  }

  private static void clip(float[] g, float limit, int length) {
    for (int i = 0; i < length; i++) {
      g[i] = Math.max(-limit, Math.min(limit, g[i]));
    }
  }

  /** Decay as a part of the gradient: g += decay w. */
  static void addDecay(float[] g, float[] w, float decay, int length) {
    for (int i = 0; i < length; i++) {
      g[i] += decay * w[i];
    }
  }

  /**
   * The state for a model: for each parameter that was updated, {@code <name>.<slot>} with the
   * slots' names in torch.optim ({@code momentum_buffer}; {@code exp_avg}, {@code exp_avg_sq}), and
   * the number of its steps.
   *
   * @param model the model that is trained
   * @return a copy
   */
  public final TrainingState state(Block model) {
    TrainingState.Builder out = TrainingState.builder();
    Set<String> seen = new HashSet<>();
    synchronized (states) {
      for (Pair<String, Parameter> pair : model.getParameters()) {
        Slots state = states.get(pair.getValue().getId());
        if (state == null || !seen.add(pair.getValue().getId())) {
          continue;
        }
        out.number(pair.getKey() + ".step", state.steps);
        for (int s = 0; s < state.arrays.length; s++) {
          out.tensor(pair.getKey() + "." + slots()[s], state.arrays[s]);
        }
      }
    }
    return out.build();
  }

  /**
   * Puts back what {@link #state} gave, so that the next steps are those of training that was never
   * interrupted. Parameters without state begin afresh.
   *
   * @param model the model that is trained on, of the same architecture
   * @param state state of an optimiser of the same kind
   * @throws IllegalArgumentException if the state is of another model or optimiser; nothing is
   *     changed then
   */
  public final void restore(Block model, TrainingState state) {
    Map<String, Slots> found = new HashMap<>();
    Set<String> used = new HashSet<>();
    for (Pair<String, Parameter> pair : model.getParameters()) {
      String name = pair.getKey();
      if (!state.numbers().containsKey(name + ".step")) {
        continue;
      }
      used.add(name + ".step");
      int size = Math.toIntExact(pair.getValue().getArray().size());
      Slots slots = new Slots(slots().length, size);
      slots.steps = state.number(name + ".step");
      for (int s = 0; s < slots.arrays.length; s++) {
        String key = name + "." + slots()[s];
        used.add(key);
        slots.arrays[s] = state.tensor(key, size);
      }
      found.put(pair.getValue().getId(), slots);
    }
    state.requireOnly(used, "optimiser state");
    synchronized (states) {
      for (Parameter parameter : model.getParameters().values()) {
        states.remove(parameter.getId());
      }
      states.putAll(found);
      checked.clear();
    }
  }

  /**
   * What every optimiser here can be told.
   *
   * @param <T> the builder itself
   */
  public abstract static sealed class Builder<T extends Builder<T>> extends OptimizerBuilder<T>
      permits TorchSgd.Builder, TorchAdam.Builder {

    private ParameterTracker learningRate;
    private final Set<String> withoutDecay = new HashSet<>();

    Builder() {}

    /**
     * Sets the learning rate.
     *
     * @param tracker the rate at each step
     * @return this builder
     */
    public T setLearningRateTracker(ParameterTracker tracker) {
      this.learningRate = tracker;
      return self();
    }

    /**
     * Leaves parameters of a model out of weight decay.
     *
     * @param model the model
     * @param exempt takes a parameter's name in the model and its type, true to leave it out
     * @return this builder
     */
    public T optWithoutDecay(Block model, BiPredicate<String, Parameter.Type> exempt) {
      for (Pair<String, Parameter> pair : model.getParameters()) {
        if (exempt.test(pair.getKey(), pair.getValue().getType())) {
          withoutDecay.add(pair.getValue().getId());
        }
      }
      return self();
    }

    /**
     * Leaves biases and the scales and shifts of normalisation out of weight decay, as is usual. Of
     * a TorchScript module, which does not say what a tensor is for, all tensors of one dimension.
     *
     * @param model the model
     * @return this builder
     */
    public T optWithoutDecayOfBiasAndNorm(Block model) {
      addVectorsOfModules(model);
      return optWithoutDecay(
          model,
          (name, type) ->
              type == Parameter.Type.BIAS
                  || type == Parameter.Type.GAMMA
                  || type == Parameter.Type.BETA);
    }

    private void addVectorsOfModules(Block block) {
      if (block instanceof SymbolBlock) {
        for (Parameter parameter : block.getParameters().values()) {
          if (parameter.isInitialized() && parameter.getArray().getShape().dimension() <= 1) {
            withoutDecay.add(parameter.getId());
          }
        }
      } else {
        block.getChildren().values().forEach(this::addVectorsOfModules);
      }
    }
  }
}
