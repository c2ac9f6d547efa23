package io.github.swag4j.studies.semisupervised.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.initializer.XavierInitializer;

/**
 * Two convolutions of 16 and 32 channels that halve the sides, each with batch norm and a
 * rectifier, dropout of a half, and a linear layer: 20,800 weights for 28 x 28 grey pixels. Dropout
 * is the noise in the weights that the Pi model needs.
 */
public final class SmallNetwork {
  private SmallNetwork() {}

  /**
   * The network.
   *
   * @param classes number of logits
   * @return a new block without values
   */
  public static Block of(int classes) {
    SequentialBlock block =
        new SequentialBlock()
            .add(halving(5, 16))
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(halving(3, 32))
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Blocks.batchFlattenBlock())
            .add(Dropout.builder().optRate(0.5f).build())
            .add(Linear.builder().setUnits(classes).build());
    block.setInitializer(
        new XavierInitializer(
            XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
        Parameter.Type.WEIGHT);
    return block;
  }

  private static Block halving(int kernel, int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .setFilters(filters)
        .optStride(new Shape(2, 2))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .optBias(false)
        .build();
  }
}
