package io.github.swag4j.swag.laplace;

import java.util.Arrays;

/**
 * What a convolution's kernel sees: its inputs unfolded into a matrix {@code [columns][rows *
 * places]}, a row for each weight of a filter (channel, then place in the kernel), a column for
 * each place of each image. A convolution is then a matrix product, and its layer a linear one.
 * Zeroes stand for the padding.
 */
public final class Patches {
  private static final int DIMENSIONS = 3;

  private final int channels;
  private final int[] size;
  private final int[] kernel;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final int[] out;

  /**
   * The patches of a convolution.
   *
   * @param channels channels of the inputs
   * @param size height and width of the inputs, or as many dimensions as there are, 1 to 3
   * @param kernel of the kernel, for each dimension
   * @param stride steps of the kernel, for each dimension
   * @param padding zeroes on both sides, for each dimension
   * @param dilation distance of the kernel's inputs, for each dimension
   * @throws IllegalArgumentException if the kernel fits nowhere
   */
  public Patches(
      int channels, long[] size, long[] kernel, long[] stride, long[] padding, long[] dilation) {
    this.channels = channels;
    this.size = three(size, 1);
    this.kernel = three(kernel, 1);
    this.stride = three(stride, 1);
    this.padding = three(padding, 0);
    this.dilation = three(dilation, 1);
    this.out = new int[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      int reach = this.dilation[d] * (this.kernel[d] - 1) + 1;
      out[d] = (this.size[d] + 2 * this.padding[d] - reach) / this.stride[d] + 1;
      if (this.size[d] + 2 * this.padding[d] < reach) {
        throw new IllegalArgumentException(
            "inputs must be at least as large as the kernel, got "
                + Arrays.toString(size)
                + " for "
                + Arrays.toString(kernel));
      }
    }
  }

  private static int[] three(long[] values, int missing) {
    int[] all = new int[DIMENSIONS];
    Arrays.fill(all, missing);
    for (int i = 0; i < values.length; i++) {
      all[DIMENSIONS - values.length + i] = Math.toIntExact(values[i]);
    }
    return all;
  }

  /**
   * Weights of a filter.
   *
   * @return channels times the kernel's size
   */
  public int columns() {
    return channels * kernel[0] * kernel[1] * kernel[2];
  }

  /**
   * Places of the kernel on an image.
   *
   * @return outputs of a filter
   */
  public int places() {
    return out[0] * out[1] * out[2];
  }

  /**
   * Unfolds images.
   *
   * @param images {@code [rows][channels][size]} row-major
   * @param first the first image
   * @param count how many
   * @return {@code [columns][count * places]} row-major
   */
  public float[] unfold(float[] images, int first, int count) {
    int width = count * places();
    float[] matrix = new float[Math.multiplyExact(columns(), width)];
    int row = 0;
    for (int c = 0; c < channels; c++) {
      for (int kz = 0; kz < kernel[0]; kz++) {
        for (int ky = 0; ky < kernel[1]; ky++) {
          for (int kx = 0; kx < kernel[2]; kx++) {
            for (int n = 0; n < count; n++) {
              int from = ((first + n) * channels + c) * size[0] * size[1] * size[2];
              copy(images, from, matrix, row * width + n * places(), kz, ky, kx);
            }
            row++;
          }
        }
      }
    }
    return matrix;
  }

  /** What one weight of a filter sees of one channel of one image. */
  private void copy(float[] images, int channel, float[] matrix, int at, int kz, int ky, int kx) {
    int to = at;
    for (int z = 0; z < out[0]; z++) {
      int inZ = z * stride[0] - padding[0] + kz * dilation[0];
      for (int y = 0; y < out[1]; y++) {
        int inY = y * stride[1] - padding[1] + ky * dilation[1];
        if (inZ >= 0 && inZ < size[0] && inY >= 0 && inY < size[1]) {
          int line = channel + (inZ * size[1] + inY) * size[2];
          for (int x = 0; x < out[2]; x++) {
            int inX = x * stride[2] - padding[2] + kx * dilation[2];
            if (inX >= 0 && inX < size[2]) {
              matrix[to + x] = images[line + inX];
            }
          }
        }
        to += out[2];
      }
    }
  }
}
