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

  /** How far floats beside those from 0 to 1 may go beyond: resampling overshoots. */
  private static final float SLACK = 1;

  /** The scale of some images. */
  public static ValueScale of(ImageData images) {
    if (images.isLevels()) {
      return LEVELS;
    }
    return firstBeyond(images, 0) < 0 ? UNIT : FLOATS;
  }

  /**
   * Refuses images of another scale than this.
   *
   * @param other what has this scale, for the message
   * @throws IOException if they are; names the image
   */
  void require(ImageData images, String other) throws IOException {
    if (images.isLevels()) {
      if (this == FLOATS) {
        throw new IOException(
            "levels of "
                + images.name()
                + " are divided by 255, and floats of "
                + other
                + " go beyond 0 to 1: store both as uint8, or both as floats of one scale");
      }
      return;
    }
    boolean images01 = this == UNIT && !images.imageSize().isFeatures();
    if (this != LEVELS && !images01) {
      return;
    }
    int beyond = firstBeyond(images, this == LEVELS ? 0 : SLACK);
    if (beyond >= 0) {
      throw new IOException(
          "floats of "
              + images.name()
              + " must be from 0 to 1 beside the "
              + (this == LEVELS
                  ? "levels of " + other + ", which are divided by 255"
                  : "floats of " + other + ", which are")
              + ", got "
              + value(images, beyond)
              + " in image "
              + beyond / images.imageSize().values()
              + ": store both as uint8, or both as floats of one scale");
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
