package io.github.swag4j.vision.networks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import java.util.List;

/**
 * Networks for image classification as blocks of DJL, from {@code [rows][channels][height][width]}
 * to logits {@code [rows][classes]}.
 *
 * <p>VGG16, PreResNet and WideResNet are those of the articles' programs (Izmailov et al. 2018,
 * github.com/timgaripov/swa; Maddox et al. 2019, github.com/wjmaddox/swa_gaussian): the same
 * layers, numbers of weights and initial distributions, and their trainable weights stand in the
 * order of the originals' {@code parameters()}. Blocks have no values until they are initialised;
 * the number of input channels is then that of the images. They are built of {@link
 * SequentialBlock} and {@link ai.djl.nn.ParallelBlock} only.
 */
public final class Networks {
  private static final int[] VGG16 = {
    64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0
  };
  private static final int VGG_UNITS = 512;
  private static final double VGG_DROPOUT = 0.5;
  private static final int STEM = 16;
  private static final int LEAST_BOTTLENECK_DEPTH = 44;

  private Networks() {}

  /**
   * Stages of convolution 3 x 3, batch normalisation, ReLU and maximum over 2 x 2, then a linear
   * layer. Weights begin as He et al. 2015 say for rectified layers.
   *
   * @param classes number of logits, at least 1
   * @param dropout share of units dropped after each stage, Gal and Ghahramani 2016; 0 for none
   * @param channels channels of each stage
   * @return the block; takes images whose sides are at least 2 to the number of stages
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Block cnn(int classes, double dropout, int... channels) {
    require(classes, dropout, channels);
    SequentialBlock block = new SequentialBlock();
    for (int filters : channels) {
      block
          .add(Layers.convolution(3, filters, 1, false, heIn()))
          .add(BatchNorm.builder().build())
          .add(Activation::relu)
          .add(halved());
      Layers.addDropout(block, dropout);
    }
    return headOf(block.add(Blocks.batchFlattenBlock()), classes);
  }

  /**
   * Fully connected layers with ReLU and a linear layer, without batch normalisation. Weights begin
   * as He et al. 2015 say for rectified layers.
   *
   * @param classes number of logits, at least 1
   * @param dropout share of units dropped after each hidden layer; 0 for none
   * @param units units of each hidden layer
   * @return the block; takes images of any size, and features
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Block mlp(int classes, double dropout, int... units) {
    require(classes, dropout, units);
    SequentialBlock block = new SequentialBlock().add(Blocks.batchFlattenBlock());
    for (int width : units) {
      block.add(Linear.builder().setUnits(width).build()).add(Activation::relu);
      Layers.addDropout(block, dropout);
    }
    return headOf(block, classes);
  }

  /**
   * VGG16 for images of 32 x 32 (Simonyan and Zisserman 2015): thirteen convolutions 3 x 3 with
   * bias, five maxima over 2 x 2, and a classifier of two hidden layers of 512 units, each after
   * dropout of a half.
   *
   * <p>Convolutions begin as N(0, 2 / (9 filters)) with bias 0, linear layers as PyTorch's default.
   *
   * @param classes number of logits, at least 1
   * @param batchNorm whether each convolution is followed by batch normalisation
   * @param dropout 0 for the original; above 0 the variant of Maddox et al. 2019 for Monte Carlo
   *     dropout (their rate is 0.05), which drops before each convolution and, at the same rate, in
   *     the classifier
   * @return the block; takes images of 32 to 63 pixels a side
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Block vgg16(int classes, boolean batchNorm, double dropout) {
    require(classes, dropout);
    SequentialBlock block = new SequentialBlock();
    for (int filters : VGG16) {
      if (filters == 0) {
        block.add(halved());
        continue;
      }
      Layers.addDropout(block, dropout);
      block.add(Layers.convolution(3, filters, 1, true, Layers.HE_OUT));
      if (batchNorm) {
        block.add(Layers.batchNorm());
      }
      block.add(Activation::relu);
    }
    block.add(Blocks.batchFlattenBlock());
    for (int hidden = 0; hidden < 2; hidden++) {
      Layers.addDropout(block, dropout > 0 ? dropout : VGG_DROPOUT);
      block.add(Layers.linear(VGG_UNITS, VGG_UNITS)).add(Activation::relu);
    }
    return block.add(Layers.linear(VGG_UNITS, classes));
  }

  /**
   * A residual network with activation before weights (He et al. 2016, Identity Mappings in Deep
   * Residual Networks), three stages of 16, 32 and 64 channels. From depth 44 on of bottlenecks, 9
   * n + 2 layers; below of pairs of convolutions 3 x 3, 6 n + 2 layers.
   *
   * <p>Convolutions have no bias and begin as N(0, 2 / (kernel * filters)), the linear layer as
   * PyTorch's default.
   *
   * @param depth layers with weights: 20, 56, 110 and 164 are those of the articles
   * @param classes number of logits, at least 1
   * @param dropout 0 for the original; above 0 what is dropped before each layer with weights but
   *     the first (Maddox et al. 2019 have 0.01; their program makes 6 n + 2 bottlenecks of a depth
   *     then, which is another depth, and this one does not)
   * @return the block; ends in a mean over height and width, so takes any size from 8 x 8
   * @throws IllegalArgumentException if a number is out of range or there is no network of that
   *     depth
   */
  public static Block preResNet(int depth, int classes, double dropout) {
    require(classes, dropout);
    boolean bottleneck = depth >= LEAST_BOTTLENECK_DEPTH;
    int unit = bottleneck ? 9 : 6;
    if (depth < unit + 2 || (depth - 2) % unit != 0) {
      throw new IllegalArgumentException(
          "depth must be 6 n + 2 below 44 and 9 n + 2 from there on, got "
              + depth
              + ": take 20, 56, 110 or 164");
    }
    SequentialBlock block = new SequentialBlock();
    block.add(Layers.convolution(3, STEM, 1, false, Layers.HE_OUT));
    int channels = STEM;
    for (int planes : List.of(16, 32, 64)) {
      for (int i = 0; i < (depth - 2) / unit; i++) {
        int stride = i == 0 && planes > 16 ? 2 : 1;
        int out = bottleneck ? 4 * planes : planes;
        Block branch =
            bottleneck
                ? ResidualBranches.bottleneck(planes, stride, dropout)
                : ResidualBranches.basic(planes, stride, dropout);
        block.add(
            Layers.sum(
                branch,
                stride == 1 && channels == out
                    ? Layers.identity()
                    : ResidualBranches.projection(out, stride, dropout)));
        channels = out;
      }
    }
    block.add(Layers.batchNorm()).add(Activation::relu).add(Pool.globalAvgPool2dBlock());
    Layers.addDropout(block, dropout);
    return block.add(Layers.linear(channels, classes));
  }

  /**
   * A wide residual network (Zagoruyko and Komodakis 2016), three stages of 16, 32 and 64 times the
   * widening factor.
   *
   * <p>Convolutions have a bias, and begin as PyTorch's by default, as those of the articles'
   * program do. The last batch normalisation moves by 0.9 of each batch, there as here.
   *
   * @param depth layers, 6 n + 4
   * @param widening factor of the channels, at least 1
   * @param classes number of logits, at least 1
   * @param dropout what is dropped between the two convolutions of a block, as in the paper, and
   *     before the last layer, as Maddox et al. 2019 (rate 0.05); 0 for none
   * @return the block; ends in a mean over height and width, so takes any size from 8 x 8
   * @throws IllegalArgumentException if a number is out of range or there is no network of that
   *     depth
   */
  public static Block wideResNet(int depth, int widening, int classes, double dropout) {
    require(classes, dropout, widening);
    if (depth < 10 || (depth - 4) % 6 != 0) {
      throw new IllegalArgumentException(
          "depth must be 6 n + 4, at least 10, got " + depth + ": take 28");
    }
    SequentialBlock block = new SequentialBlock();
    // The images' channels: their number is not known yet, the bias' bound is that of colours.
    block.add(Layers.torchConvolution(3, 3, STEM, 1));
    int channels = STEM;
    for (int planes : List.of(16 * widening, 32 * widening, 64 * widening)) {
      for (int i = 0; i < (depth - 4) / 6; i++) {
        int stride = i == 0 && planes > 16 * widening ? 2 : 1;
        block.add(
            Layers.sum(
                ResidualBranches.wide(channels, planes, stride, dropout),
                stride == 1 && channels == planes
                    ? Layers.identity()
                    : Layers.torchConvolution(1, channels, planes, stride)));
        channels = planes;
      }
    }
    block
        .add(BatchNorm.builder().optMomentum(0.1f).build())
        .add(Activation::relu)
        .add(Pool.globalAvgPool2dBlock());
    Layers.addDropout(block, dropout);
    return block.add(Layers.linear(channels, classes));
  }

  private static Block halved() {
    return Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
  }

  private static XavierInitializer heIn() {
    return new XavierInitializer(RandomType.GAUSSIAN, FactorType.IN, 2);
  }

  private static Block headOf(SequentialBlock block, int classes) {
    block.add(Linear.builder().setUnits(classes).build());
    block.setInitializer(heIn(), Parameter.Type.WEIGHT);
    return block;
  }

  private static void require(int classes, double dropout, int... widths) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes must be at least 1, got " + classes);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
    }
    for (int width : widths) {
      if (width < 1) {
        throw new IllegalArgumentException("widths must be at least 1, got " + width);
      }
    }
  }
}
