package io.github.swag4j.studies.frame;

import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;

/** The two parts of an image set. */
public final class ImageParts {

  private ImageParts() {}

  /**
   * Checks that a set's test images can judge what its training images have taught.
   *
   * @param train images to train on
   * @param test images to judge by
   * @throws IOException if one part has no labels, or they are of other classes, sizes or scales
   */
  public static void requireFit(ImageData train, ImageData test) throws IOException {
    RunImages.requireLabels(train);
    RunImages.requireLabels(test);
    if (!test.classNames().equals(train.classNames())
        || !test.imageSize().equals(train.imageSize())
        || test.isLevels() != train.isLevels()) {
      throw new IOException(
          "test images of "
              + train.name()
              + " must have the classes and the size of its training images, "
              + words(train)
              + ", got "
              + words(test)
              + ": give a set whose two parts belong together");
    }
  }

  private static String words(ImageData images) {
    return images.classNames()
        + " and "
        + images.imageSize()
        + (images.isLevels() ? " of levels" : " of floats");
  }
}
