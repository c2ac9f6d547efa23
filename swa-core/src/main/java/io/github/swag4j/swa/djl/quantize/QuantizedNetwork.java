package io.github.swag4j.swa.djl.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import ai.djl.util.Pair;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import io.github.swag4j.swa.quantize.Draw;
import io.github.swag4j.swa.quantize.Quantizer;
import io.github.swag4j.swa.quantize.Role;
import io.github.swag4j.swa.quantize.TrainingPrecision;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A network cut where numbers are rounded: between two segments, activations on the way forward and
 * errors on the way back.
 *
 * <p>The engine's gradients cannot be changed on their way. So every segment is a graph of its own,
 * from a new leaf, the rounded output of the segment before. Going back, the last segment's loss
 * gives the gradient of its leaf; rounded, that is the error e of the segment before, whose
 * gradients are those of {@code sum(output * e)}: the chain rule, by hand. With {@link
 * TrainingPrecision#full()} they are those of the whole network.
 *
 * <p>A segment is what lies between two roundings, such as a convolution with its batch norm and
 * rectifier, beginning with the pooling before it. The input and the last segment's outputs are not
 * rounded. Weights are stepped by {@link io.github.swag4j.swa.quantize.LowPrecisionSgd}. Running
 * statistics of batch norm are those of the weights of training: an average that is written here
 * needs its own, by {@link io.github.swag4j.swa.djl.BatchNormRefresh} of a block of the segments.
 * Not for use by several threads, and the process has one gradient collector at a time.
 *
 * @see <a href="https://arxiv.org/abs/1904.11943">Yang et al. 2019, SWALP, algorithm 2</a>
 */
public final class QuantizedNetwork {
  private final List<Block> segments;
  private final TrainingPrecision precision;
  private final long seed;
  private final List<Parameter> parameters = new ArrayList<>();

  private QuantizedNetwork(List<Block> segments, TrainingPrecision precision, long seed) {
    this.segments = segments;
    this.precision = precision;
    this.seed = seed;
  }

  /**
   * A network of segments.
   *
   * @param segments initialised blocks of one input and one output each, in their order; at least
   *     one
   * @param precision how activations and errors are rounded; its other roles are the optimiser's
   * @param seed of stochastic rounding
   * @return the network, sharing the blocks' parameters
   * @throws IllegalArgumentException if there is no segment, or a trainable parameter is not
   *     float32
   * @throws IllegalStateException if a block is not initialised
   */
  public static QuantizedNetwork of(
      List<? extends Block> segments, TrainingPrecision precision, long seed) {
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("a network must have at least 1 segment, got 0");
    }
    QuantizedNetwork network =
        new QuantizedNetwork(
            List.copyOf(segments), Objects.requireNonNull(precision, "precision"), seed);
    for (Block segment : segments) {
      for (Pair<String, Parameter> each : segment.getParameters()) {
        network.add(each.getKey(), each.getValue());
      }
    }
    return network;
  }

  private void add(String name, Parameter parameter) {
    if (!parameter.isInitialized()) {
      throw new IllegalStateException(
          "parameter " + name + " must have values, it has none: initialise the segments first");
    }
    if (!parameter.requiresGradient()) {
      return;
    }
    NDArray array = parameter.getArray();
    if (array.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "parameter " + name + " must be FLOAT32, got " + array.getDataType());
    }
    array.setRequiresGradient(true);
    parameters.add(parameter);
  }

  /**
   * Shapes of the trainable tensors, which weights and gradients are in the order of.
   *
   * @return one for each tensor
   */
  public List<long[]> shapes() {
    return parameters.stream().map(p -> p.getArray().getShape().getShape()).toList();
  }

  /**
   * The trainable weights.
   *
   * @return {@code [tensors][elements]}, a copy
   */
  public float[][] weights() {
    float[][] weights = new float[parameters.size()][];
    for (int t = 0; t < weights.length; t++) {
      weights[t] = values(parameters.get(t).getArray());
    }
    return weights;
  }

  /**
   * Sets the trainable weights.
   *
   * @param weights {@code [tensors][elements]}
   * @throws IllegalArgumentException if they are not of the network's shapes
   */
  public void write(float[][] weights) {
    if (weights.length != parameters.size()) {
      throw new IllegalArgumentException(
          "weights must have " + parameters.size() + " tensors, got " + weights.length);
    }
    for (int t = 0; t < weights.length; t++) {
      NDArray array = parameters.get(t).getArray();
      if (weights[t].length != array.size()) {
        throw new IllegalArgumentException(
            "weights of tensor "
                + t
                + " must be "
                + array.size()
                + " numbers, got "
                + weights[t].length);
      }
      TensorMemory memory = TensorMemory.of(array);
      if (memory.isShared()) {
        memory.read().put(0, weights[t]);
      } else {
        memory.write(FloatBuffer.wrap(weights[t]));
      }
    }
  }

  /**
   * Loss and gradients of a batch: forward with rounded activations, back with rounded errors.
   *
   * @param parent of the memory that is used meanwhile
   * @param inputs {@code [rows][...]}
   * @param labels of the loss
   * @param loss a mean over rows
   * @param step of the training, which stochastic rounding counts by
   * @param gradients {@code [tensors]}; filled with arrays of the tensors' sizes
   * @return the loss
   * @throws IllegalArgumentException if an activation or an error that is to be rounded is not
   *     finite
   * @throws IllegalStateException if gradients are being collected elsewhere in the process
   */
  public double gradients(
      NDManager parent, NDArray inputs, NDArray labels, Loss loss, long step, float[][] gradients) {
    try (NDManager own = parent.newSubManager();
        GradientCollector collector = own.getEngine().newGradientCollector()) {
      zeroGradients();
      int last = segments.size() - 1;
      NDArray[] leaves = new NDArray[segments.size()];
      NDArray[] outputs = new NDArray[segments.size()];
      leaves[0] = inputs.duplicate();
      leaves[0].attach(own);
      for (int s = 0; s <= last; s++) {
        outputs[s] = forward(own, segments.get(s), leaves[s], true);
        if (s < last) {
          leaves[s + 1] =
              rounded(own, outputs[s], precision.activations(), Role.ACTIVATION, step, s);
          leaves[s + 1].setRequiresGradient(true);
        }
      }
      NDArray target = loss.evaluate(new NDList(labels), new NDList(outputs[last]));
      target.attach(own);
      double value = target.getFloat();
      collector.backward(target);
      for (int s = last - 1; s >= 0; s--) {
        try (NDArray error = leaves[s + 1].getGradient()) {
          NDArray constant = rounded(own, error, precision.errors(), Role.ERROR, step, s);
          collector.backward(outputs[s].mul(constant).sum());
        }
      }
      for (int t = 0; t < parameters.size(); t++) {
        try (NDArray gradient = parameters.get(t).getArray().getGradient()) {
          gradients[t] = values(gradient);
        }
      }
      return value;
    }
  }

  /**
   * Outputs of the network as it predicts, with rounded activations.
   *
   * @param manager that the outputs are attached to
   * @param inputs {@code [rows][...]}
   * @param step another number for each batch, as stochastic rounding counts by it
   * @return the last segment's outputs
   */
  public NDArray predict(NDManager manager, NDArray inputs, long step) {
    try (NDManager own = manager.newSubManager()) {
      NDArray at = inputs.duplicate();
      at.attach(own);
      for (int s = 0; s < segments.size(); s++) {
        NDArray output = forward(own, segments.get(s), at, false).stopGradient();
        output.attach(own);
        at =
            s == segments.size() - 1
                ? output
                : rounded(own, output, precision.activations(), Role.ACTIVATION, step, s);
      }
      at.attach(manager);
      return at;
    }
  }

  private static NDArray forward(NDManager own, Block segment, NDArray input, boolean training) {
    NDArray output =
        segment
            .forward(new ParameterStore(own, false), new NDList(input), training)
            .singletonOrThrow();
    output.attach(own);
    return output;
  }

  private NDArray rounded(
      NDManager own, NDArray array, Quantizer quantizer, Role role, long step, int tensor) {
    float[] values = values(array);
    if (quantizer.rounds()) {
      quantizer.quantize(values, new Draw(seed, role, step, tensor), array.getShape().getShape());
    }
    return own.create(values, array.getShape());
  }

  private void zeroGradients() {
    for (Parameter parameter : parameters) {
      NDArray array = parameter.getArray();
      if (!array.hasGradient()) {
        array.setRequiresGradient(true);
      }
      try (NDArray gradient = array.getGradient()) {
        TensorMemory.of(gradient).zero();
      }
    }
  }

  private static float[] values(NDArray array) {
    float[] values = new float[Math.toIntExact(array.size())];
    TensorMemory.of(array).read().get(0, values);
    return values;
  }
}
