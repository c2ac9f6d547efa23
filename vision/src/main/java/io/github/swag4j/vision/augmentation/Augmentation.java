package io.github.swag4j.vision.augmentation;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageSize;
import java.util.ArrayList;
import java.util.List;

/**
 * The standard augmentation of small images: a mirror image in half of the cases, and a crop of its
 * own size out of the image with a border of 0 around it: black of levels and of floats in [0, 1],
 * of other floats whatever 0 is there.
 *
 * <p>Both are functions of (seed, epoch, row): the same whatever the batch size, the order or the
 * thread. For CIFAR the articles flip and crop with a border of 4 pixels; digits and letters must
 * not be flipped.
 *
 * @param flip whether to mirror left and right with probability 1/2
 * @param padding pixels of the border to crop from, 0 for no crop
 */
public record Augmentation(boolean flip, int padding) {
  private static final String FLIP = "flip";
  private static final String CROP = "crop";

  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(false, 0);

  /**
   * Checks the number.
   *
   * @param flip whether to mirror left and right with probability 1/2
   * @param padding pixels of the border to crop from, 0 for no crop
   * @throws IllegalArgumentException if padding is negative
   */
  public Augmentation {
    if (padding < 0) {
      throw new IllegalArgumentException("padding must be at least 0, got " + padding);
    }
  }

  /**
   * The augmentation of some words.
   *
   * @param words any of {@code flip} and {@code crop}; the border of the crop is an eighth of the
   *     shorter side, which is 4 pixels of 32
   * @param size size of the images
   * @return the augmentation
   * @throws IllegalArgumentException if a word is none of them, stands twice, or there is nothing
   *     to crop or flip in rows of features
   */
  public static Augmentation of(List<String> words, ImageSize size) {
    List<String> left = new ArrayList<>(words);
    boolean flips = left.remove(FLIP);
    boolean crops = left.remove(CROP);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "augmentation must be flip, crop or flip,crop, got " + String.join(",", words));
    }
    if ((flips || crops) && size.isFeatures()) {
      throw new IllegalArgumentException("augmentation must be of images, got " + size);
    }
    int border = Math.max(1, Math.min(size.height(), size.width()) / 8);
    return new Augmentation(flips, crops ? border : 0);
  }

  /**
   * Changes an image.
   *
   * @param image values {@code [channels][height][width]} from {@code offset} on, before
   *     normalisation; what comes from outside is 0
   * @param offset index of its first value
   * @param size size of the image
   * @param seed seed of the training
   * @param epoch epoch from 0
   * @param row index of the image among the training rows
   */
  public void apply(float[] image, int offset, ImageSize size, long seed, int epoch, int row) {
    if (!flip && padding == 0) {
      return;
    }
    SplitMix random =
        new SplitMix(
            SplitMix.mix(seed + SplitMix.GAMMA) ^ SplitMix.mix(((long) epoch << 32) + row + 1));
    // Drawn whether they are used or not: a crop is the same with flips and without.
    boolean mirrored = random.uniform() < 0.5 && flip;
    int down = (int) (random.uniform() * (2 * padding + 1)) - padding;
    int right = (int) (random.uniform() * (2 * padding + 1)) - padding;
    if (!mirrored && down == 0 && right == 0) {
      return;
    }
    int height = size.height();
    int width = size.width();
    float[] plane = new float[height * width];
    for (int c = 0; c < size.channels(); c++) {
      int first = offset + c * plane.length;
      System.arraycopy(image, first, plane, 0, plane.length);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int fromY = y + down;
          int fromX = (mirrored ? width - 1 - x : x) + right;
          boolean inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
          image[first + y * width + x] = inside ? plane[fromY * width + fromX] : 0;
        }
      }
    }
  }
}
