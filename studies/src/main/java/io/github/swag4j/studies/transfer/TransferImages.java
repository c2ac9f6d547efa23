package io.github.swag4j.studies.transfer;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.ImageParts;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.RowOrder;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * An image set in three: rows to draw training rows from, rows to choose settings and temperatures
 * by, and test rows. No row is in two of them, whatever the seed.
 *
 * @param pool training rows that are not held out
 * @param validation held-out training rows, the classes in proportion
 * @param test rows to be judged by, the classes in proportion
 */
record TransferImages(ImageData pool, ImageData validation, ImageData test) {

  /** Who is held out and judged by is the same under every seed. */
  private static final long HELD_OUT = 0;

  /**
   * Loads a set.
   *
   * @param directory where its files are, or null for the usual places
   * @param validation rows to hold out
   * @param test test rows to take at most
   * @throws IOException if it cannot be read, or its test rows are of other classes or sizes
   */
  static TransferImages load(String name, Path directory, int validation, int test)
      throws IOException {
    Datasets datasets = Datasets.ofThisMachine();
    Optional<Path> place = Optional.ofNullable(directory);
    ImageData all = datasets.load(name, Split.TRAIN, place, Conversion.NONE);
    ImageData judged = datasets.load(name, Split.TEST, place, Conversion.NONE);
    return of(all, judged, validation, test);
  }

  /** Divides a set that is loaded. */
  static TransferImages of(ImageData all, ImageData judged, int validation, int test)
      throws IOException {
    ImageParts.requireFit(all, judged);
    if (validation < 2 || validation > all.size() - 2 || test < 2) {
      throw new UsageException(
          "--validation must leave training rows, and it and --test must be at least 2, got "
              + validation
              + " of "
              + all.size()
              + " rows of "
              + all.name()
              + ", and "
              + test);
    }
    int[] order = RowOrder.STRATIFIED.of(all.labels(), HELD_OUT);
    int kept = all.size() - validation;
    return new TransferImages(
        all.select(sorted(Arrays.copyOf(order, kept))),
        all.select(sorted(Arrays.copyOfRange(order, kept, all.size()))),
        RunImages.some(judged, test, HELD_OUT));
  }

  private static int[] sorted(int[] rows) {
    Arrays.sort(rows);
    return rows;
  }

  /**
   * Rows to train on, the classes in proportion, others under another seed.
   *
   * @throws UsageException if there are not as many, or not one of each class
   */
  ImageData draw(int rows, int seed) {
    if (rows < 2 * pool.classes() || rows > pool.size()) {
      throw new UsageException(
          "training rows of "
              + pool.name()
              + " must be from "
              + 2 * pool.classes()
              + ", two of each class, to "
              + pool.size()
              + ", got "
              + rows
              + ": change --rows, --source-rows or --validation");
    }
    return pool.select(Arrays.copyOf(RowOrder.STRATIFIED.of(pool.labels(), seed), rows));
  }

  /**
   * Checks that a network of these images can go on with those of another set.
   *
   * @throws UsageException if they are of another size or another scale
   */
  void requireTransfersTo(TransferImages target) {
    ImageData other = target.pool();
    if (!other.imageSize().equals(pool.imageSize())) {
      throw new UsageException(
          "images of --target must be of the size of those of --source, "
              + pool.imageSize()
              + " in "
              + pool.name()
              + ", got "
              + other.imageSize()
              + " in "
              + other.name()
              + ": bring one of the sets to the other's size first");
    }
    if (other.isLevels() != pool.isLevels()) {
      throw new UsageException(
          "both sets must be levels from 0 to 255 or both floats, got "
              + (pool.isLevels() ? "levels" : "floats")
              + " in "
              + pool.name()
              + " and "
              + (other.isLevels() ? "levels" : "floats")
              + " in "
              + other.name()
              + ": store both alike");
    }
  }
}
