package io.github.swag4j.vision.networks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.UniformInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

/** Layers as the networks of the articles have them, with the values they begin with. */
final class Layers {

  /** N(0, 2 / (kernel * filters)), He et al. 2015 by the outputs. */
  static final Initializer HE_OUT = new XavierInitializer(RandomType.GAUSSIAN, FactorType.OUT, 2);

  /** U(-b, b) with b = 1 / sqrt(inputs of a unit), what PyTorch gives weights by default. */
  static final Initializer TORCH = new XavierInitializer(RandomType.UNIFORM, FactorType.IN, 1);

  private Layers() {}

  /** A convolution that keeps height and width, divided by the stride; its bias begins at 0. */
  static Conv2d convolution(int kernel, int filters, int stride, boolean bias, Initializer weight) {
    Conv2d layer =
        Conv2d.builder()
            .setKernelShape(new Shape(kernel, kernel))
            .setFilters(filters)
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(kernel / 2, kernel / 2))
            .optBias(bias)
            .build();
    layer.setInitializer(weight, Parameter.Type.WEIGHT);
    return layer;
  }

  /** A convolution of so many input channels with bias, beginning as PyTorch's do by default. */
  static Conv2d torchConvolution(int kernel, int channels, int filters, int stride) {
    Conv2d layer = convolution(kernel, filters, stride, true, TORCH);
    layer.setInitializer(torchBias(kernel * kernel * channels), Parameter.Type.BIAS);
    return layer;
  }

  /** A linear layer that begins as PyTorch's do by default. */
  static Linear linear(int inputs, int units) {
    Linear layer = Linear.builder().setUnits(units).build();
    layer.setInitializer(TORCH, Parameter.Type.WEIGHT);
    layer.setInitializer(torchBias(inputs), Parameter.Type.BIAS);
    return layer;
  }

  private static Initializer torchBias(int inputs) {
    return new UniformInitializer((float) (1 / Math.sqrt(inputs)));
  }

  /** Batch normalisation with PyTorch's momentum 0.1, which is 0.9 in the engine's words. */
  static BatchNorm batchNorm() {
    return BatchNorm.builder().build();
  }

  /** Without dropout no layer is added: names of weights hang on the number of layers before. */
  static void addDropout(SequentialBlock block, double rate) {
    if (rate > 0) {
      block.add(Dropout.builder().optRate((float) rate).build());
    }
  }

  /** Nothing but itself. */
  static Block identity() {
    return Blocks.identityBlock();
  }

  /**
   * The sum of two branches, made of a block that can be looked into. The branch with the weights
   * is first, as its weights are in the Python originals.
   */
  static Block sum(Block branch, Block shortcut) {
    ParallelBlock sum =
        new ParallelBlock(
            outputs ->
                new NDList(
                    outputs.get(0).singletonOrThrow().add(outputs.get(1).singletonOrThrow())));
    return sum.add(branch).add(shortcut);
  }
}
