package io.github.swag4j.studies.reinforce.agent;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.List;

/** A small network of linear layers on the engine, without batch norm: averages need no refresh. */
final class Network {

  /** What lies between the layers, or behind the last one. */
  enum Curve {
    NONE,
    TANH,
    RELU
  }

  private final SequentialBlock block = new SequentialBlock();
  private final ModelWeights weights;
  private WeightSource written;

  /** Its weights are the engine's until a start or other weights are written. */
  Network(
      NDManager manager, int inputs, List<Integer> hidden, Curve between, int outputs, Curve last) {
    for (int units : hidden) {
      add(units, between);
    }
    add(outputs, last);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, inputs));
    weights = ModelWeights.of(block);
    requireGradients(true);
  }

  private void add(int units, Curve curve) {
    block.add(Linear.builder().setUnits(units).build());
    if (curve == Curve.TANH) {
      block.add(Activation::tanh);
    } else if (curve == Curve.RELU) {
      block.add(Activation::relu);
    }
  }

  Block block() {
    return block;
  }

  ModelWeights weights() {
    return weights;
  }

  /** Writes weights that will not change, unless they were the last to be written. */
  @SuppressWarnings("ReferenceEquality") // a value that is there need not be written again
  private void hold(Weights other) {
    if (written != other) {
      weights.write(other);
      written = other;
    }
  }

  /** Whether a backward pass through the network leaves gradients in it. */
  void requireGradients(boolean required) {
    for (Parameter parameter : block.getParameters().values()) {
      parameter.getArray().setRequiresGradient(required);
    }
  }

  /** Outputs in the graph; of the inputs' manager. */
  NDArray forward(NDArray inputs) {
    return block
        .forward(new ParameterStore(inputs.getManager(), false), new NDList(inputs), true)
        .singletonOrThrow();
  }

  /** Outputs of rows of observations: {@code [rows * outputs]}. */
  float[] outputs(NDManager parent, float[] rows, int count) {
    try (NDManager own = parent.newSubManager()) {
      NDArray inputs = own.create(rows, new Shape(count, rows.length / count));
      return forward(inputs).stopGradient().toFloatArray();
    }
  }

  /** Outputs of other weights: {@code [rows][outputs]}. */
  float[][] outputs(NDManager parent, Weights other, float[][] rows) {
    hold(other);
    float[] flat = outputs(parent, flat(rows), rows.length);
    int width = flat.length / rows.length;
    float[][] out = new float[rows.length][];
    Arrays.setAll(out, r -> Arrays.copyOfRange(flat, r * width, (r + 1) * width));
    return out;
  }

  /** The one output of each row, of other weights. */
  double[] values(NDManager parent, Weights other, float[][] rows) {
    return Arrays.stream(outputs(parent, other, rows)).mapToDouble(row -> row[0]).toArray();
  }

  /** A step of the optimiser, which leaves gradients of zero. */
  static void step(Block block, Optimizer optimizer) {
    for (Parameter parameter : block.getParameters().values()) {
      NDArray array = parameter.getArray();
      try (NDArray gradient = array.getGradient()) {
        optimizer.update(parameter.getId(), array, gradient);
      }
    }
  }

  static float[] flat(float[][] rows) {
    int width = rows[0].length;
    float[] out = new float[rows.length * width];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, out, r * width, width);
    }
    return out;
  }
}
