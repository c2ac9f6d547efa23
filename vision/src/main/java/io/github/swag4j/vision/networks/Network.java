package io.github.swag4j.vision.networks;

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
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The networks that can be had by name. */
public enum Network {
  /** Three convolution stages of 16, 32 and 64 channels and a linear layer. */
  CNN_SMALL("cnn-small", true, 16, 32, 64),
  /** Three convolution stages of 32, 64 and 128 channels and a linear layer. */
  CNN("cnn", true, 32, 64, 128),
  /** Two hidden layers of 256 and 128 units, without batch normalisation. */
  MLP("mlp", false, 256, 128);

  private final String id;
  private final boolean convolutional;
  private final int[] widths;

  Network(String id, boolean convolutional, int... widths) {
    this.id = id;
    this.convolutional = convolutional;
    this.widths = widths;
  }

  /**
   * The name that users give.
   *
   * @return {@code cnn} for one
   */
  public String id() {
    return id;
  }

  /**
   * All names, in the order to show them.
   *
   * @return the names
   */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Network::id).toList();
  }

  /**
   * The network of a name.
   *
   * @param id a name as {@link #id} gives it
   * @return the network, empty if none is called so
   */
  public static Optional<Network> named(String id) {
    return Arrays.stream(values()).filter(n -> n.id.equals(id)).findFirst();
  }

  /**
   * A block without values yet, that maps {@code [rows][channels][height][width]} to logits {@code
   * [rows][classes]}. Weights begin as He et al. 2015 say for rectified layers.
   *
   * @param classes number of logits, at least 1
   * @param dropout share of units dropped before each layer with weights but the first, as Gal and
   *     Ghahramani 2016; 0 for no dropout
   * @return the block
   */
  public Block block(int classes, double dropout) {
    SequentialBlock block = new SequentialBlock();
    if (convolutional) {
      for (int channels : widths) {
        block
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(3, 3))
                    .setFilters(channels)
                    .optPadding(new Shape(1, 1))
                    .optBias(false)
                    .build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        addDropout(block, dropout);
      }
      block.add(Blocks.batchFlattenBlock());
    } else {
      block.add(Blocks.batchFlattenBlock());
      for (int units : widths) {
        block.add(Linear.builder().setUnits(units).build()).add(Activation::relu);
        addDropout(block, dropout);
      }
    }
    block.add(Linear.builder().setUnits(classes).build());
    block.setInitializer(
        new XavierInitializer(
            XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
        Parameter.Type.WEIGHT);
    return block;
  }

  /** Without dropout no layer is added: names of weights hang on the number of layers before. */
  private static void addDropout(SequentialBlock block, double rate) {
    if (rate > 0) {
      block.add(Dropout.builder().optRate((float) rate).build());
    }
  }

  /**
   * Checks that images survive the pooling.
   *
   * @param height their height in pixels
   * @param width their width in pixels
   * @throws IllegalArgumentException if they are too small; says what takes them
   */
  public void requireImageSize(int height, int width) {
    if (convolutional && Math.min(height, width) < 8) {
      throw new IllegalArgumentException(
          "images must be at least 8 x 8 for "
              + id
              + ", got "
              + height
              + " x "
              + width
              + ": use mlp");
    }
  }
}
