package io.github.swag4j.vision.data;

/**
 * The size every image of a set has.
 *
 * @param channels 1 for grey levels, 3 for red, green and blue; of rows of features, their number
 * @param height pixels from top to bottom
 * @param width pixels from left to right
 */
public record ImageSize(int channels, int height, int width) {

  /**
   * Checks the numbers.
   *
   * @param channels 1 for grey levels, 3 for red, green and blue; of rows of features, their number
   * @param height pixels from top to bottom
   * @param width pixels from left to right
   * @throws IllegalArgumentException if one is below 1, or an image has 2^31 values or more
   */
  public ImageSize {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "height and width must be at least 1, got " + height + " x " + width);
    }
    if (channels < 1) {
      throw new IllegalArgumentException("channels must be at least 1, got " + channels);
    }
    if ((double) channels * height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "an image must have fewer than 2^31 values, got "
              + channels
              + " x "
              + height
              + " x "
              + width);
    }
  }

  /**
   * The size of grey images.
   *
   * @param height pixels from top to bottom
   * @param width pixels from left to right
   * @return one channel of it
   */
  public static ImageSize grey(int height, int width) {
    return new ImageSize(1, height, width);
  }

  /**
   * The size of rows of features, which have no height and width.
   *
   * @param features numbers in a row
   * @return as many channels of one pixel
   */
  public static ImageSize features(int features) {
    return new ImageSize(features, 1, 1);
  }

  /**
   * Whether these are rows of features rather than images.
   *
   * @return true for one pixel
   */
  public boolean isFeatures() {
    return height == 1 && width == 1;
  }

  /**
   * Values of an image.
   *
   * @return channels * height * width
   */
  public int values() {
    return channels * height * width;
  }

  /** As messages have it: {@code 32 x 32 in colour}, {@code 28 x 28}, {@code 5 features}. */
  @Override
  public String toString() {
    if (isFeatures() && channels != 1) {
      return channels + " features";
    }
    String pixels = height + " x " + width;
    return switch (channels) {
      case 1 -> pixels;
      case 3 -> pixels + " in colour";
      default -> pixels + " of " + channels + " channels";
    };
  }
}
