package io.github.swag4j.studies.semisupervised.images;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;

/**
 * Images as a network in training sees them, each time otherwise: moved by whole pixels with the
 * border mirrored, perhaps turned left to right, normalised, with normal noise. For grey images and
 * those in colour; all channels move together.
 *
 * <p>A view is a pure function of (seed, pass, image, view): the same whatever the batch, and the
 * two views of an image in a step are independent of each other.
 *
 * @param translate largest move in each direction, in pixels, at least 0; 2 for images of 28 pixels
 *     a side, 4 for those of 32
 * @param flip whether half of the views are turned left to right; digits must not be
 * @param noise standard deviation of the noise, in those of the images, at least 0
 * @param normalisation of the training images
 */
public record Views(int translate, boolean flip, double noise, Normalisation normalisation) {
  private static final int STORED = 1 << 16;

  /** Normal numbers, half of them the others' negatives, of variance 1. */
  private static final float[] NORMAL = normal();

  /**
   * Checks the numbers.
   *
   * @param translate largest move, in pixels, at least 0
   * @param flip whether half of the views are turned left to right
   * @param noise standard deviation of the noise, at least 0
   * @param normalisation of the training images
   * @throws IllegalArgumentException if a number is negative
   */
  public Views {
    if (translate < 0 || !(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "translate and noise must be finite and at least 0, got " + translate + " and " + noise);
    }
  }

  /**
   * The image as it is, normalised: what networks are judged by.
   *
   * @param images where it is
   * @param image its index
   * @param out where to
   * @param offset index of the first value
   */
  public void plain(ImageData images, int image, float[] out, int offset) {
    images.copyScaled(image, out, offset);
    normalise(images.imageSize(), out, offset);
  }

  /**
   * A view of an image.
   *
   * @param images where it is
   * @param image its index there
   * @param seed of the training, and of the set of images if there are several
   * @param pass how often the image has been shown before
   * @param view 0 for the student's, 1 for the teacher's
   * @param out where to
   * @param offset index of the first of {@code channels * height * width} values
   * @throws IllegalArgumentException if the image is smaller than the largest move
   */
  public void view(
      ImageData images, int image, long seed, long pass, int view, float[] out, int offset) {
    ImageSize size = images.imageSize();
    SplitMix random = new SplitMix(FewLabels.hash(FewLabels.hash(seed, image, pass), view, 3));
    int range = 2 * translate + 1;
    int down = (int) (random.uniform() * range) - translate;
    int right = (int) (random.uniform() * range) - translate;
    boolean turned = random.uniform() < 0.5 && flip;
    if (down == 0 && right == 0 && !turned) {
      images.copyScaled(image, out, offset);
    } else {
      float[] whole = new float[size.values()];
      images.copyScaled(image, whole, 0);
      move(whole, size, down, right, turned, out, offset);
    }
    normalise(size, out, offset);
    if (noise > 0) {
      addNoise(random, (float) noise, out, offset, size.values());
    }
  }

  /** Value (y, x) of the moved image is (y + down, x + right) of the mirrored one. */
  static void move(
      float[] image, ImageSize size, int down, int right, boolean turned, float[] out, int offset) {
    int height = size.height();
    int width = size.width();
    if (Math.abs(down) > height || Math.abs(right) > width) {
      throw new IllegalArgumentException(
          "an image of " + size + " cannot be moved by " + down + " and " + right);
    }
    for (int c = 0; c < size.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int row = (c * height + mirrored(y + down, height)) * width;
        int to = offset + (c * height + y) * width;
        for (int x = 0; x < width; x++) {
          int from = mirrored(x + right, width);
          out[to + x] = image[row + (turned ? width - 1 - from : from)];
        }
      }
    }
  }

  /** Place in an image that is continued by its mirror image, the border's pixels twice. */
  static int mirrored(int at, int size) {
    return at < 0 ? -1 - at : at >= size ? 2 * size - 1 - at : at;
  }

  private void normalise(ImageSize size, float[] out, int offset) {
    int plane = size.height() * size.width();
    for (int c = 0; c < size.channels(); c++) {
      float mean = normalisation.mean().get(c).floatValue();
      float scale = (float) (1 / normalisation.standardDeviation().get(c));
      int from = offset + c * plane;
      for (int i = from; i < from + plane; i++) {
        out[i] = (out[i] - mean) * scale;
      }
    }
  }

  /** Four numbers of each draw, from the stored ones: a logarithm and a sine each cost more. */
  private static void addNoise(SplitMix random, float noise, float[] out, int offset, int count) {
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits = i % 4 == 0 ? random.nextLong() : bits >>> 16;
      out[offset + i] += noise * NORMAL[(int) (bits & (STORED - 1))];
    }
  }

  private static float[] normal() {
    SplitMix random = new SplitMix(0);
    double[] half = new double[STORED / 2];
    double squares = 0;
    for (int i = 0; i < half.length; i++) {
      half[i] = random.gaussian();
      squares += half[i] * half[i];
    }
    double scale = Math.sqrt(half.length / squares);
    float[] out = new float[STORED];
    for (int i = 0; i < half.length; i++) {
      out[2 * i] = (float) (scale * half[i]);
      out[2 * i + 1] = -out[2 * i];
    }
    return out;
  }
}
