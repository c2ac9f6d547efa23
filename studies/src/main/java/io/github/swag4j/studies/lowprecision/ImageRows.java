package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Grey images as rows of numbers in [0, 1]; those in colour are made grey.
 *
 * @param name of the data set
 * @param sha256 of its pixels and labels
 * @param pixels {@code [rows][height * width]}
 * @param labels {@code [rows]}
 * @param height of an image
 * @param width of an image
 * @param classes how many there are
 */
record ImageRows(
    String name,
    String sha256,
    float[][] pixels,
    int[] labels,
    int height,
    int width,
    int classes) {

  private static final Conversion GREY = new Conversion(null, null, 1, null);

  /** What a study learns from, what it chooses settings by, and what it is judged by. */
  record Parts(ImageRows train, ImageRows validation, ImageRows test) {}

  /**
   * The first rows of the training files to train on, the last ones to choose settings by, and all
   * test rows.
   */
  static Parts load(String name, Path directory, int train, int validation) throws IOException {
    Datasets datasets = Datasets.ofThisMachine();
    ImageData all = datasets.load(name, Split.TRAIN, Optional.ofNullable(directory), GREY);
    if (train < 1 || validation < 1 || (long) train + validation > all.size()) {
      throw new UsageException(
          "rows to train on and to choose by must be at least 1 each and no more than the "
              + all.size()
              + " of "
              + name
              + " together, got "
              + train
              + " and "
              + validation);
    }
    ImageData test = datasets.load(name, Split.TEST, Optional.ofNullable(directory), GREY);
    Parts parts =
        new Parts(
            of(all.slice(0, train)), of(all.slice(all.size() - validation, all.size())), of(test));
    requireMixed(parts);
    return parts;
  }

  /** Of rows that are sorted by class, the first and the last are of some classes only. */
  private static void requireMixed(Parts parts) {
    long learnt = classesIn(parts.train());
    long asked = classesIn(parts.test());
    long chosenBy = classesIn(parts.validation());
    if (learnt < asked || asked > 1 && chosenBy < 2) {
      throw new UsageException(
          "rows of "
              + parts.train().name()
              + " must be mixed, its first "
              + parts.train().rows()
              + " training rows have "
              + learnt
              + " of "
              + asked
              + " classes and its last "
              + parts.validation().rows()
              + " have "
              + chosenBy
              + ": shuffle the rows into an NPZ file with x_train, y_train, x_test and y_test, or"
              + " take more of them");
    }
  }

  private static long classesIn(ImageRows rows) {
    return Arrays.stream(rows.labels()).distinct().count();
  }

  private static ImageRows of(ImageData images) {
    float[][] pixels = new float[images.size()][images.height() * images.width()];
    for (int i = 0; i < pixels.length; i++) {
      images.copyScaled(i, pixels[i], 0);
    }
    return new ImageRows(
        images.name(),
        images.sha256(),
        pixels,
        images.labels(),
        images.height(),
        images.width(),
        images.classes());
  }

  int rows() {
    return labels.length;
  }
}
