package io.github.swag4j.cli.run;

import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;

/**
 * What the values of images are, which decides whether other images mean the same by theirs: levels
 * are divided by 255 before a network gets them, floats are not.
 */
public enum ValueScale {
  /** Whole levels from 0 to 255. */
  LEVELS,
  /** Floats from 0 to 1, as levels are once divided. */
  UNIT,
  /** Floats that go beyond. */
  FLOATS;

  /** How far floats from 0 to 1 may go beyond: resampling overshoots. */
  private static final float OVERSHOOT = 0.25f;

  /** How far others beside floats from 0 to 1 may go beyond: noise does, but not as levels do. */
  private static final float NOISE = 8;

  /** The scale of some images. */
  public static ValueScale of(ImageData images) {
    if (images.isLevels()) {
      return LEVELS;
    }
    return firstBeyond(images, OVERSHOOT) < 0 ? UNIT : FLOATS;
  }

  /**
   * Refuses images that are plainly of another scale than this, the one that a model was trained
   * on: floats beyond 0 to 1 beside levels, levels beside floats beyond 0 to 1, and images of
   * floats as large as levels beside those from 0 to 1. Nothing is said of floats beside floats
   * else.
   *
   * @throws IOException if they are; names the image
   */
  void require(ImageData images) throws IOException {
    if (images.isLevels()) {
      if (this == FLOATS) {
        throw new IOException(
            images.name()
                + " must be floats of the scale that was trained on, got levels from 0 to 255, which"
                + " are divided by 255: store them as floats");
      }
      return;
    }
    if (this == FLOATS || this == UNIT && images.imageSize().isFeatures()) {
      return;
    }
    int beyond = firstBeyond(images, this == LEVELS ? OVERSHOOT : NOISE);
    if (beyond >= 0) {
      throw new IOException(
          images.name()
              + " must have floats from 0 to 1, as what was trained on is "
              + (this == LEVELS ? "levels divided by 255" : "floats from 0 to 1")
              + ", got "
              + value(images, beyond)
              + " in image "
              + beyond / images.imageSize().values()
              + ": divide levels by 255 or store them as uint8, clip others");
    }
  }

  /** Index of the first value further than that from 0 to 1, -1 if there is none. */
  private static int firstBeyond(ImageData images, float slack) {
    float[] values = new float[images.imageSize().values()];
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, values, 0);
      for (int v = 0; v < values.length; v++) {
        if (values[v] < -slack || values[v] > 1 + slack) {
          return i * values.length + v;
        }
      }
    }
    return -1;
  }

  private static float value(ImageData images, int index) {
    float[] values = new float[images.imageSize().values()];
    images.copyScaled(index / values.length, values, 0);
    return values[index % values.length];
  }

  /** In words. */
  public String words() {
    return switch (this) {
      case LEVELS -> "levels from 0 to 255";
      case UNIT -> "floats from 0 to 1";
      case FLOATS -> "floats";
    };
  }
}
