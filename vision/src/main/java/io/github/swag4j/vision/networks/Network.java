package io.github.swag4j.vision.networks;

import ai.djl.nn.Block;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The networks that can be had by name; {@link Networks} builds others of their kind. */
public enum Network {
  /** Three convolution stages of 16, 32 and 64 channels and a linear layer. */
  CNN_SMALL("cnn-small", 8, Integer.MAX_VALUE, d -> c -> Networks.cnn(c, d, 16, 32, 64)),
  /** Three convolution stages of 32, 64 and 128 channels and a linear layer. */
  CNN("cnn", 8, Integer.MAX_VALUE, d -> c -> Networks.cnn(c, d, 32, 64, 128)),
  /** Two hidden layers of 256 and 128 units, without batch normalisation. */
  MLP("mlp", 1, Integer.MAX_VALUE, d -> c -> Networks.mlp(c, d, 256, 128)),
  /** VGG16 as in Izmailov et al. 2018. */
  VGG16("vgg16", 32, 63, d -> c -> Networks.vgg16(c, false, d)),
  /** VGG16 with batch normalisation. */
  VGG16_BN("vgg16-bn", 32, 63, d -> c -> Networks.vgg16(c, true, d)),
  /** Pre-activation residual network of 20 layers. */
  PRERESNET20("preresnet20", 8, Integer.MAX_VALUE, d -> c -> Networks.preResNet(20, c, d)),
  /** Pre-activation residual network of 56 layers, of bottlenecks. */
  PRERESNET56("preresnet56", 8, Integer.MAX_VALUE, d -> c -> Networks.preResNet(56, c, d)),
  /** Pre-activation residual network of 110 layers, of bottlenecks. */
  PRERESNET110("preresnet110", 8, Integer.MAX_VALUE, d -> c -> Networks.preResNet(110, c, d)),
  /** Pre-activation residual network of 164 layers, of bottlenecks. */
  PRERESNET164("preresnet164", 8, Integer.MAX_VALUE, d -> c -> Networks.preResNet(164, c, d)),
  /** Wide residual network of 28 layers, ten times as wide. */
  WIDERESNET28X10(
      "wideresnet28x10", 8, Integer.MAX_VALUE, d -> c -> Networks.wideResNet(28, 10, c, d));

  /** A network of a share of dropout, and then of a number of classes. */
  @FunctionalInterface
  private interface Recipe {
    IntFunction<Block> of(double dropout);
  }

  private final String id;
  private final int least;
  private final int most;
  private final Recipe recipe;

  Network(String id, int least, int most, Recipe recipe) {
    this.id = id;
    this.least = least;
    this.most = most;
    this.recipe = recipe;
  }

  /**
   * The name that users give.
   *
   * @return {@code preresnet20} for one
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
   * [rows][classes]}.
   *
   * @param classes number of logits, at least 1
   * @param dropout share of units dropped, where is said in {@link Networks}; 0 for the network as
   *     it is without
   * @return the block
   * @throws IllegalArgumentException if a number is out of range
   */
  public Block block(int classes, double dropout) {
    return recipe.of(dropout).apply(classes);
  }

  /**
   * Checks that images have a size the network takes. VGG16 halves five times and then takes what
   * is left as one pixel: 32 to 63 pixels a side. The residual networks end in a mean over what is
   * left, and the small ones in a layer made for the size: from 8 on.
   *
   * @param height their height in pixels
   * @param width their width in pixels
   * @throws IllegalArgumentException if it does not; says which do
   */
  public void requireImageSize(int height, int width) {
    if (Math.min(height, width) < least) {
      throw new IllegalArgumentException(
          "images must be at least " + least + " x " + least + " for " + id + got(height, width));
    }
    if (Math.max(height, width) > most) {
      throw new IllegalArgumentException(
          "images must be at most " + most + " x " + most + " for " + id + got(height, width));
    }
  }

  private static String got(int height, int width) {
    return ", got " + height + " x " + width + ": resize them, or use mlp";
  }
}
