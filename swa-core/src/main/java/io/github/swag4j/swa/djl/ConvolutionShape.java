package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.convolutional.Convolution;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * All that oneDNN's choice of code for a convolution can depend on, but for the number of threads.
 *
 * @param input {@code [rows][channels][places...]} as its model was initialised
 * @param weight {@code [channels out][channels in][kernel...]}
 * @param bias whether it adds a bias
 * @param stride {@code [places...]}
 * @param padding {@code [places...]}, at both ends
 * @param dilation {@code [places...]}
 */
record ConvolutionShape(
    Shape input, Shape weight, boolean bias, Shape stride, Shape padding, Shape dilation) {
  private static final int BLOCK = 16;

  /** The shape of a layer without groups. */
  static ConvolutionShape of(Convolution layer, Shape input, Shape weight) {
    return new ConvolutionShape(
        input,
        weight,
        layer.isIncludeBias(),
        layer.getStride(),
        layer.getPadding(),
        layer.getDilation());
  }

  /**
   * Whether no sum over channels ends in part of a block of 16: sums over channels in are taken one
   * by one below 16. Where one does, wrong code may give right values, by what another convolution
   * left behind: of 12 to 12 channels 1 comparison in 3 found nothing.
   */
  boolean fillsBlocks() {
    return weight.get(0) % BLOCK == 0 && (weight.get(1) % BLOCK == 0 || weight.get(1) < BLOCK);
  }

  /** The same convolution with a bias, as predictions run it with batch norm folded. */
  ConvolutionShape withBias() {
    return new ConvolutionShape(input, weight, true, stride, padding, dilation);
  }

  /** The same convolution of other inputs. */
  ConvolutionShape with(long rows, long[] places) {
    long[] sizes = input.getShape().clone();
    sizes[0] = rows;
    System.arraycopy(places, 0, sizes, 2, places.length);
    return new ConvolutionShape(new Shape(sizes), weight, bias, stride, padding, dilation);
  }

  /** Sizes of the axes that are convolved. */
  long[] places() {
    return Arrays.copyOfRange(input.getShape(), 2, input.dimension());
  }

  /** The least size of an axis that gives an output. */
  long leastPlaces(int axis) {
    return Math.max(1, dilation.get(axis) * (weight.get(axis + 2) - 1) + 1 - 2 * padding.get(axis));
  }

  /** The shape of the outputs. */
  Shape output() {
    long[] sizes = input.getShape().clone();
    sizes[1] = weight.get(0);
    for (int a = 0; a < sizes.length - 2; a++) {
      long covered = dilation.get(a) * (weight.get(a + 2) - 1) + 1;
      sizes[a + 2] = (sizes[a + 2] + 2 * padding.get(a) - covered) / stride.get(a) + 1;
    }
    return new Shape(sizes);
  }

  /** Multiplications of a forward pass. */
  double work() {
    return (double) output().size() / weight.get(0) * weight.size();
  }

  /** What the engine computes for it. */
  NDArray outputs(NDArray x, NDArray w, NDArray b) {
    NDList outputs =
        switch (weight.dimension()) {
          case 3 -> Conv1d.conv1d(x, w, b, stride, padding, dilation);
          case 4 -> Conv2d.conv2d(x, w, b, stride, padding, dilation);
          default -> Conv3d.conv3d(x, w, b, stride, padding, dilation);
        };
    return outputs.singletonOrThrow();
  }

  @Override
  public String toString() {
    return "a convolution of "
        + weight.get(1)
        + " channels in and "
        + weight.get(0)
        + " out, kernel "
        + times(Arrays.copyOfRange(weight.getShape(), 2, weight.dimension()))
        + ", "
        + input.get(0)
        + " rows of "
        + times(places());
  }

  private static String times(long[] sizes) {
    return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }
}
