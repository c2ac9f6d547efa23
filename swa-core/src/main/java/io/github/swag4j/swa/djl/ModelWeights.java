package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The live parameters of a model as a {@link WeightSource}, and the way to write other values into
 * them.
 *
 * <p>Float32 values in contiguous CPU memory move through the tensors' own memory, without
 * temporaries. Tensors on another device, in another memory order or of half precision move by one
 * bulk copy a tensor, and half precision is widened to float32 on the way: this path is tested on
 * the CPU only. bfloat16 is refused: DJL's PyTorch engine ends the process (C++ {@code terminate})
 * when it is asked for such an array by {@code create}, {@code zeros} or {@code toType}, and cannot
 * tell one that a TorchScript file brought from int16. A parameter that occurs twice in a model
 * (tied weights) is one tensor, under its first name. Not safe while another thread trains or
 * predicts with the model. Must not outlive the model.
 */
public final class ModelWeights implements WeightSource {
  private static final Selection STATISTICS =
      Selection.all().only(Role.RUNNING_MEAN, Role.RUNNING_VARIANCE);

  private final WeightLayout layout;
  private final List<TensorMemory> memory;

  private ModelWeights(WeightLayout layout, List<TensorMemory> memory) {
    this.layout = layout;
    this.memory = memory;
  }

  /**
   * What is averaged: every parameter but the running statistics of batch normalisation.
   *
   * @param block an initialised block
   * @return its weights
   * @throws IllegalStateException if the block is not initialised
   * @throws IllegalArgumentException if a parameter is neither float32 nor float16, or there is
   *     none
   */
  public static ModelWeights of(Block block) {
    return of(block, Selection.weights());
  }

  /**
   * A selection of the parameters, running statistics among them if it lets them in.
   *
   * @param block an initialised block
   * @param selection which parameters; those that need no gradient count as frozen, running
   *     statistics do not
   * @return its weights
   * @throws IllegalStateException if the block is not initialised
   * @throws IllegalArgumentException if a selected parameter is neither float32 nor float16, or
   *     there is none
   */
  public static ModelWeights of(Block block, Selection selection) {
    return of(block, selection, Parameter::getArray);
  }

  /** Values other than the parameters' own, of the same shapes. */
  static ModelWeights of(Block block, Selection selection, Function<Parameter, NDArray> values) {
    ModelWeights weights = select(block, selection, values);
    if (weights.memory.isEmpty()) {
      throw new IllegalArgumentException(
          block.getParameters().isEmpty()
              ? "the model has no parameters to average: a TorchScript archive that was frozen keeps"
                  + " them as constants, export it without torch.jit.freeze"
              : "the selection must leave a parameter, got none of "
                  + block.getParameters().keys());
    }
    return weights;
  }

  /**
   * The running means and variances of batch normalisation.
   *
   * @param block an initialised block
   * @return its statistics; a layout without tensors if it has no batch normalisation
   * @throws IllegalStateException if the block is not initialised
   * @throws IllegalArgumentException if a statistic is neither float32 nor float16
   */
  public static ModelWeights statistics(Block block) {
    return statistics(block, Parameter::getArray);
  }

  /** Statistics other than the parameters' own. */
  static ModelWeights statistics(Block block, Function<Parameter, NDArray> values) {
    return select(block, STATISTICS, values);
  }

  private static ModelWeights select(
      Block block, Selection selection, Function<Parameter, NDArray> values) {
    EngineDefaults.apply();
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    List<TensorMemory> memory = new ArrayList<>();
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Pair<String, Parameter> pair : block.getParameters()) {
      Parameter parameter = pair.getValue();
      if (!seen.add(parameter)) {
        continue;
      }
      WeightLayout.Tensor tensor = tensor(pair.getKey(), parameter);
      boolean statistic = STATISTICS.includes(tensor, true);
      if (!selection.includes(tensor, statistic || parameter.requiresGradient())) {
        continue;
      }
      requireValues(pair.getKey(), parameter);
      if (tensors.isEmpty()) {
        EngineConvolutions.verified(parameter.getArray().getManager().getEngine(), block);
      }
      tensors.add(tensor);
      memory.add(TensorMemory.of(values.apply(parameter)));
    }
    return withoutSharedMemory(tensors, memory);
  }

  private static WeightLayout.Tensor tensor(String name, Parameter parameter) {
    List<Long> shape =
        parameter.isInitialized()
            ? Arrays.stream(parameter.getArray().getShape().getShape()).boxed().toList()
            : List.of();
    return new WeightLayout.Tensor(name, role(parameter.getType()), shape);
  }

  private static void requireValues(String name, Parameter parameter) {
    if (!parameter.isInitialized()) {
      throw new IllegalStateException(
          "parameter " + name + " has no values yet: initialise the block first");
    }
    // bfloat16 is among the others: see the class.
    DataType type = parameter.getArray().getDataType();
    if (type != DataType.FLOAT32 && type != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + " must be FLOAT32, got "
              + type.name()
              + " on "
              + parameter.getArray().getDevice()
              + ": initialise or convert the model to float32 (float16 is widened)");
    }
  }

  /**
   * Different parameters of one memory, as TorchScript has them, are tied weights too. Each first
   * value is given a number of its own for a moment: where another number is read, memory is
   * shared.
   */
  private static ModelWeights withoutSharedMemory(
      List<WeightLayout.Tensor> tensors, List<TensorMemory> memory) {
    int n = tensors.size();
    FloatBuffer[] views = new FloatBuffer[n];
    float[] before = new float[n];
    int[] owner = new int[n];
    for (int t = 0; t < n; t++) {
      owner[t] = t;
      if (memory.get(t).isShared() && tensors.get(t).size() > 0) {
        views[t] = memory.get(t).read();
        before[t] = views[t].get(0);
      }
    }
    try {
      for (int t = n - 1; t >= 0; t--) {
        if (views[t] != null) {
          views[t].put(0, t);
        }
      }
      for (int t = 0; t < n; t++) {
        owner[t] = views[t] == null ? t : (int) views[t].get(0);
      }
    } finally {
      for (int t = 0; t < n; t++) {
        if (views[t] != null) {
          views[t].put(0, before[t]);
        }
      }
    }
    List<WeightLayout.Tensor> kept = new ArrayList<>();
    List<TensorMemory> keptMemory = new ArrayList<>();
    for (int t = 0; t < n; t++) {
      WeightLayout.Tensor first = tensors.get(owner[t]);
      if (owner[t] == t) {
        kept.add(first);
        keptMemory.add(memory.get(t));
      } else if (!first.shape().equals(tensors.get(t).shape())) {
        throw new IllegalArgumentException(
            "parameters of one memory must have one shape, got "
                + first.name()
                + " "
                + first.shape()
                + " and "
                + tensors.get(t).name()
                + " "
                + tensors.get(t).shape()
                + ": give each its own memory");
      }
    }
    return new ModelWeights(WeightLayout.of(kept), keptMemory);
  }

  private static Role role(Parameter.Type type) {
    return switch (type) {
      case WEIGHT -> Role.WEIGHT;
      case BIAS -> Role.BIAS;
      case GAMMA -> Role.SCALE;
      case BETA -> Role.SHIFT;
      case RUNNING_MEAN -> Role.RUNNING_MEAN;
      case RUNNING_VAR -> Role.RUNNING_VARIANCE;
      case OTHER -> Role.OTHER;
    };
  }

  @Override
  public WeightLayout layout() {
    return layout;
  }

  @Override
  public FloatBuffer values(int tensor) {
    return memory.get(tensor).read();
  }

  /**
   * The values now.
   *
   * @return a copy
   */
  public Weights capture() {
    return Weights.copyOf(this);
  }

  /**
   * Puts back what {@link #capture} gave, whatever it was: unlike {@link #write}, also values that
   * are not finite, so that a model is never left with borrowed weights.
   *
   * @param captured weights captured from this model
   * @throws IllegalArgumentException if the layout differs
   */
  public void restore(Weights captured) {
    layout.requireSame(captured.layout());
    put(captured);
  }

  /**
   * Writes weights into the model. Everything is checked first: the model has all of the new
   * weights afterwards, or all of its old ones.
   *
   * @param weights finite weights of the same layout
   * @throws IllegalArgumentException if the layout differs or a weight is not finite
   */
  public void write(WeightSource weights) {
    layout.requireSame(weights.layout());
    Blocks.requireFinite(
        weights, "weights to write", "the model keeps its own, give it weights that can predict");
    put(weights);
  }

  private void put(WeightSource weights) {
    FloatBuffer[] sources = Blocks.views(weights);
    FloatBuffer[] targets = new FloatBuffer[memory.size()];
    for (int t = 0; t < targets.length; t++) {
      if (memory.get(t).isShared()) {
        targets[t] = memory.get(t).read();
      } else {
        memory.get(t).write(sources[t]);
      }
    }
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          if (targets[tensor] != null) {
            targets[tensor].put(from, sources[tensor], from, to - from);
          }
        });
  }
}
