package io.github.swag4j.vision.data;

import java.util.Arrays;

/** Which axis of an array of images is which. */
final class Axes {
  private Axes() {}

  /**
   * The layout of an array of four dimensions: the axis of 1 or 3 is that of the channels.
   *
   * @param shape {@code [rows, a, b, c]}
   * @param given what was said about it, null for nothing
   * @throws IllegalArgumentException if neither axis can be that of the channels, or both can and
   *     nothing was said
   */
  static Conversion.Layout of(long[] shape, Conversion.Layout given) {
    boolean first = shape[1] == 1 || shape[1] == 3;
    boolean last = shape[3] == 1 || shape[3] == 3;
    boolean possible = given == null || (given == Conversion.Layout.NCHW ? first : last);
    if (!first && !last || !possible) {
      throw new IllegalArgumentException(
          "images must have 1 or 3 channels, got the shape "
              + Arrays.toString(shape)
              + (given == null ? "" : " as " + given)
              + ": the axes must be rows, height, width, channels or rows, channels, height, width");
    }
    if (first && last && given == null) {
      throw new IllegalArgumentException(
          "the shape "
              + Arrays.toString(shape)
              + " does not say which axis has the channels: give --layout nhwc or nchw");
    }
    return given != null ? given : first ? Conversion.Layout.NCHW : Conversion.Layout.NHWC;
  }

  /** The size of the images of an array of two to four dimensions; of two the rows are features. */
  static ImageSize size(long[] shape, Conversion.Layout layout) {
    int[] sides = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    return switch (shape.length) {
      case 2 -> ImageSize.features(sides[1]);
      case 3 -> ImageSize.grey(sides[1], sides[2]);
      default ->
          layout == Conversion.Layout.NCHW
              ? new ImageSize(sides[1], sides[2], sides[3])
              : new ImageSize(sides[3], sides[1], sides[2]);
    };
  }

  /** Index in {@code [channels][height][width]} of a value of {@code [height][width][channels]}. */
  static int planar(int interleaved, ImageSize size) {
    return interleaved % size.channels() * size.height() * size.width()
        + interleaved / size.channels();
  }

  /** Levels of images in the order {@code [images][channels][height][width]}. */
  static byte[] planes(byte[] values, ImageSize size, Conversion.Layout layout) {
    if (layout != Conversion.Layout.NHWC || size.channels() == 1) {
      return values;
    }
    int length = size.values();
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i / length * length + planar(i % length, size)] = values[i];
    }
    return out;
  }

  /** Values of images in the order {@code [images][channels][height][width]}. */
  static float[] planes(float[] values, ImageSize size, Conversion.Layout layout) {
    if (layout != Conversion.Layout.NHWC || size.channels() == 1) {
      return values;
    }
    int length = size.values();
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i / length * length + planar(i % length, size)] = values[i];
    }
    return out;
  }
}
