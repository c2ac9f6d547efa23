package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import io.github.swag4j.swag.laplace.Patches;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A linear or convolution layer as a matrix product: inputs and outputs as matrices with one column
 * for each place where the layer is applied.
 *
 * @param layer its geometry and tensors
 * @param convolution the block; null for a linear layer
 */
record TracedLayer(LaplaceLayer layer, Convolution convolution) {

  /** Values of one unfolded matrix, at most: 32 MiB. */
  private static final int MOST_VALUES = 1 << 23;

  /**
   * A layer of a model.
   *
   * @throws IllegalArgumentException if its weights are tied to other layers', or frozen while its
   *     bias is not
   */
  static TracedLayer of(Block model, Block block) {
    Parameter weight = block.getDirectParameters().get("weight");
    Parameter bias =
        block.getDirectParameters().contains("bias")
            ? block.getDirectParameters().get("bias")
            : null;
    String name = LastLayer.nameOf(model, weight);
    if (!weight.requiresGradient()) {
      throw new IllegalArgumentException(
          "a layer's weight must not be frozen while its bias is not, got "
              + name
              + ": freeze both, or neither");
    }
    boolean withBias = bias != null && bias.isInitialized() && bias.requiresGradient();
    Shape shape = weight.getArray().getShape();
    return new TracedLayer(
        new LaplaceLayer(
            LastLayer.layerName(name),
            name,
            withBias ? LastLayer.nameOf(model, bias) : null,
            Math.toIntExact(shape.get(0)),
            Math.toIntExact(shape.size() / shape.get(0))),
        block instanceof Convolution found ? found : null);
  }

  /** Columns of the matrices for a batch of inputs: rows times places. */
  long places(NDArray output) {
    return output.size() / layer.outputs();
  }

  /**
   * The layer's inputs, in parts.
   *
   * @param inputs of the forward pass
   * @param manager parent of what the parts are made of
   * @param consumer takes {@code [inputs][some columns]}, valid until it returns
   */
  void forEachInput(NDList inputs, NDManager manager, Consumer<NDArray> consumer) {
    NDArray input = inputs.singletonOrThrow();
    if (convolution == null) {
      try (NDManager own = manager.newSubManager()) {
        NDArray alias = input.stopGradient();
        alias.attach(own);
        consumer.accept(alias.reshape(-1, layer.inputs()).transpose());
      }
      return;
    }
    long[] shape = input.getShape().getShape();
    Patches patches =
        new Patches(
            Math.toIntExact(shape[1]),
            Arrays.copyOfRange(shape, 2, shape.length),
            convolution.getKernelShape().getShape(),
            convolution.getStride().getShape(),
            convolution.getPadding().getShape(),
            convolution.getDilation().getShape());
    float[] images = input.toFloatArray();
    long imageSize = (long) patches.columns() * patches.places();
    int step = (int) Math.max(1, Math.min(shape[0], MOST_VALUES / imageSize));
    for (int from = 0; from < shape[0]; from += step) {
      int count = (int) Math.min(step, shape[0] - from);
      try (NDManager own = manager.newSubManager()) {
        float[] matrix = patches.unfold(images, from, count);
        consumer.accept(
            own.create(matrix, new Shape(patches.columns(), (long) count * patches.places())));
      }
    }
  }

  /**
   * A gradient in the layer's outputs as a matrix.
   *
   * @param gradient as the outputs are; attached to a manager of its own
   * @return {@code [outputs][columns]}
   */
  NDArray outputMatrix(NDArray gradient) {
    if (convolution == null) {
      return gradient.reshape(-1, layer.outputs()).transpose();
    }
    int[] axes = new int[gradient.getShape().dimension()];
    Arrays.setAll(axes, i -> i);
    axes[0] = 1;
    axes[1] = 0;
    return gradient.transpose(axes).reshape(layer.outputs(), -1);
  }
}
