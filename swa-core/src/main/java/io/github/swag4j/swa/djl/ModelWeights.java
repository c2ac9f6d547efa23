package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.WeightLayout.Role;
import io.github.swag4j.swa.WeightSource;
import io.github.swag4j.swa.Weights;
import io.github.swag4j.swa.internal.Blocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The live parameters of a model as a {@link WeightSource}, and the way to write other values into
 * them.
 *
 * <p>Values move by bulk copies through the tensors' own memory, without temporaries. Not safe
 * while another thread trains or predicts with the model. Must not outlive the model.
 */
public final class ModelWeights implements WeightSource {
  private final WeightLayout layout;
  private final List<NDArray> arrays;

  private ModelWeights(WeightLayout layout, List<NDArray> arrays) {
    this.layout = layout;
    this.arrays = arrays;
  }

  /**
   * What is averaged: every parameter but the running statistics of batch normalisation. A tensor
   * under several names, as of tied weights, is there once, under its first name.
   *
   * @param block an initialised block
   * @return its weights
   * @throws IllegalStateException if the block is not initialised
   * @throws IllegalArgumentException if a parameter is not float32 or not in contiguous CPU memory
   */
  public static ModelWeights of(Block block) {
    return of(block, type -> !isStatistic(type));
  }

  /**
   * The running means and variances of batch normalisation.
   *
   * @param block an initialised block
   * @return its statistics; a layout without tensors if it has no batch normalisation
   * @throws IllegalStateException if the block is not initialised
   * @throws IllegalArgumentException if a statistic is not float32 or not in contiguous CPU memory
   */
  public static ModelWeights statistics(Block block) {
    return of(block, ModelWeights::isStatistic);
  }

  private static boolean isStatistic(Parameter.Type type) {
    return type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
  }

  private static ModelWeights of(Block block, Predicate<Parameter.Type> wanted) {
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    List<NDArray> arrays = new ArrayList<>();
    TiedTensors tied = new TiedTensors();
    for (Pair<String, Parameter> pair : block.getParameters()) {
      Parameter parameter = pair.getValue();
      if (!wanted.test(parameter.getType())) {
        continue;
      }
      if (!parameter.isInitialized()) {
        throw new IllegalStateException(
            "parameter " + pair.getKey() + " has no values yet: initialise the block first");
      }
      NDArray array = parameter.getArray();
      if (array.getDataType() != DataType.FLOAT32) {
        throw new IllegalArgumentException(
            "parameter " + pair.getKey() + " must be FLOAT32, got " + array.getDataType().name());
      }
      if (!tied.add(array)) {
        continue;
      }
      requireSharedMemory(pair.getKey(), array);
      List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
      tensors.add(new WeightLayout.Tensor(pair.getKey(), role(parameter.getType()), shape));
      arrays.add(array);
    }
    return new ModelWeights(WeightLayout.of(tensors), arrays);
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

  /**
   * For a tensor on another device or in another memory order the engine hands out a copy, and what
   * is written to that is lost without a word. So a value is changed through one view and looked
   * for through another.
   */
  private static void requireSharedMemory(String name, NDArray array) {
    if (array.size() == 0) {
      return;
    }
    FloatBuffer one = view(array);
    FloatBuffer other = view(array);
    float before = one.get(0);
    float probe = before == 1f ? 2f : 1f;
    one.put(0, probe);
    boolean shared = other.get(0) == probe;
    one.put(0, before);
    if (!shared) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + " must be contiguous and on the CPU, got "
              + array.getDevice()
              + ": load the model on the CPU, and make transposed parameters contiguous");
    }
  }

  private static FloatBuffer view(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer(true);
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public WeightLayout layout() {
    return layout;
  }

  @Override
  public FloatBuffer values(int tensor) {
    return view(arrays.get(tensor));
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
    FloatBuffer[] targets = new FloatBuffer[arrays.size()];
    Arrays.setAll(targets, this::values);
    Blocks.forEach(
        layout,
        (tensor, from, to) -> targets[tensor].put(from, weights.values(tensor), from, to - from));
  }
}
