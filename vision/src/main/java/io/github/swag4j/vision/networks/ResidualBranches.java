package io.github.swag4j.vision.networks;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;

/** The branches with weights of residual blocks: normalise, activate, convolve, and again. */
final class ResidualBranches {
  private ResidualBranches() {}

  /** Two convolutions 3 x 3. */
  static Block basic(int planes, int stride, double dropout) {
    SequentialBlock branch = new SequentialBlock();
    add(branch, 3, planes, stride, dropout);
    add(branch, 3, planes, 1, dropout);
    return branch;
  }

  /** Convolutions 1 x 1, 3 x 3 and 1 x 1, the last to four times the planes. */
  static Block bottleneck(int planes, int stride, double dropout) {
    SequentialBlock branch = new SequentialBlock();
    add(branch, 1, planes, 1, dropout);
    add(branch, 3, planes, stride, dropout);
    add(branch, 1, 4 * planes, 1, dropout);
    return branch;
  }

  private static void add(
      SequentialBlock branch, int kernel, int filters, int stride, double dropout) {
    branch.add(Layers.batchNorm()).add(Activation::relu);
    Layers.addDropout(branch, dropout);
    branch.add(Layers.convolution(kernel, filters, stride, false, Layers.HE_OUT));
  }

  /** The shortcut of a block whose channels or size change: a convolution 1 x 1 of its input. */
  static Block projection(int filters, int stride, double dropout) {
    SequentialBlock shortcut = new SequentialBlock();
    Layers.addDropout(shortcut, dropout);
    return shortcut.add(Layers.convolution(1, filters, stride, false, Layers.HE_OUT));
  }

  /** Two convolutions 3 x 3 with bias; the second has the stride, dropout is between them. */
  static Block wide(int channels, int planes, int stride, double dropout) {
    SequentialBlock branch = new SequentialBlock();
    branch
        .add(Layers.batchNorm())
        .add(Activation::relu)
        .add(Layers.torchConvolution(3, channels, planes, 1));
    Layers.addDropout(branch, dropout);
    return branch
        .add(Layers.batchNorm())
        .add(Activation::relu)
        .add(Layers.torchConvolution(3, planes, planes, stride));
  }
}
