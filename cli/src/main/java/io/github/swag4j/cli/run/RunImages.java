package io.github.swag4j.cli.run;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.RowOrder;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The images of a run.
 *
 * @param train rows to train on
 * @param validation rows held out of the training data
 * @param test rows to judge by
 * @param rows which rows of the training data the first two are
 */
public record RunImages(ImageData train, ImageData validation, ImageData test, Rows rows) {

  /**
   * Rows of the training data by their indices, in the order that they are taken in.
   *
   * @param all how many there are
   * @param train those to train on
   * @param validation those held out
   */
  public record Rows(int all, int[] train, int[] validation) {}

  /** Name of the rows held out of the training data. */
  public static final String VALIDATION = "validation";

  private static final Set<String> RESERVED = Set.of("train", VALIDATION, "test");

  /** Loads and checks the images of a run to come. */
  public static RunImages load(RunConfig config) throws IOException {
    Datasets datasets = Datasets.ofThisMachine();
    RunConfig.Data data = config.data();
    ImageData all = datasets.load(data.name(), Split.TRAIN, data.path(), data.conversion());
    ImageData test = datasets.load(data.name(), Split.TEST, data.path(), data.conversion());
    requireName(test);
    requireLabels(test);
    requireSize(test, all.imageSize());
    ValueScale.of(all).require(test);
    if (!test.classNames().equals(all.classNames())) {
      throw new IOException(
          "test images of "
              + test.name()
              + " must have the classes of its training images, "
              + all.classNames()
              + ", got "
              + test.classNames());
    }
    if (!config.fromTrained()) {
      ModelArchitecture.requireImageSize(
          ModelArchitecture.named(config.model()), test.height(), test.width());
    }
    data.augmentation(all.imageSize());
    return split(all, test, config);
  }

  /** Refuses a name that has a meaning in a run. */
  public static void requireName(ImageData images) {
    if (RESERVED.contains(images.name())) {
      throw new UsageException(
          "a data set must not be called "
              + String.join(", ", new TreeSet<>(RESERVED))
              + ", got "
              + images.name()
              + ": rename its directory");
    }
  }

  /**
   * Refuses images to be judged by that have no labels.
   *
   * @throws IOException if there are none
   */
  public static void requireLabels(ImageData images) throws IOException {
    if (!images.hasLabels()) {
      throw new IOException(
          "data set "
              + images.name()
              + " must have labels to be judged by, it has none: give it as --ood, or put images"
              + " into a folder for each class");
    }
  }

  /**
   * Refuses images that a model does not take.
   *
   * @throws IOException if their size is another; says which options bring them to it
   */
  static void requireSize(ImageData images, ImageSize size) throws IOException {
    if (images.imageSize().equals(size)) {
      return;
    }
    List<String> options = new ArrayList<>();
    if (images.height() != size.height() || images.width() != size.width()) {
      options.add("--resize " + size.height() + "x" + size.width());
    }
    if (images.channels() != size.channels()) {
      options.add("--channels " + size.channels());
    }
    boolean convertible =
        !images.imageSize().isFeatures()
            && !size.isFeatures()
            && (size.channels() == 1 || size.channels() == 3);
    throw new IOException(
        "images of "
            + images.name()
            + " must be "
            + size
            + " as the model's, got "
            + images.imageSize()
            + (convertible
                ? ": give " + String.join(" ", options)
                : ": give data of the same kind"));
  }

  /**
   * Takes the training rows in the run's order, leaves out what is past its limit and holds out the
   * last.
   */
  public static RunImages split(ImageData all, ImageData test, RunConfig config) {
    RunConfig.Data data = config.data();
    int rows = data.trainLimit() == null ? all.size() : Math.min(all.size(), data.trainLimit());
    int held = data.validationRows() == null ? rows / 10 : data.validationRows();
    int kept = rows - held;
    if (kept < 2) {
      throw new UsageException(
          "--validation must leave at least 2 of the " + rows + " training rows, got " + held);
    }
    int[] order = data.order().of(all.labels(), config.seed());
    ImageData taken = all.select(Arrays.copyOf(order, rows));
    return new RunImages(
        taken.slice(0, kept),
        taken.slice(kept, rows),
        test,
        new Rows(all.size(), Arrays.copyOf(order, kept), Arrays.copyOfRange(order, kept, rows)));
  }

  /**
   * Some of the images to judge by, in their order: the classes in proportion, drawn by a seed. Not
   * the first ones: those of folders are all of one class.
   */
  public static ImageData some(ImageData test, int rows, long seed) {
    if (rows >= test.size()) {
      return test;
    }
    int[] some = Arrays.copyOf(RowOrder.STRATIFIED.of(test.labels(), seed), rows);
    Arrays.sort(some);
    return test.select(some);
  }

  /**
   * Loads the sets to be told apart from the test images, by name: all rows of those that are not
   * divided.
   *
   * @param test what the test images are called
   * @param fit brings them to what the model takes
   */
  public static Map<String, ImageData> ood(
      List<String> names, List<Path> directories, String test, Conversion conversion, InputFit fit)
      throws IOException {
    if (directories.size() > names.size()) {
      throw new UsageException(
          "--ood-dir must follow an --ood each, got "
              + directories.size()
              + " directories for "
              + names.size()
              + " data sets");
    }
    Map<String, ImageData> ood = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Optional<Path> directory =
          i < directories.size() ? Optional.of(directories.get(i)) : Optional.empty();
      ImageData images =
          fit.unlike(
              Datasets.ofThisMachine()
                  .load(names.get(i), Split.TEST_OR_ALL, directory, conversion));
      requireName(images);
      if (images.name().equals(test) || ood.put(images.name(), images) != null) {
        throw new UsageException(
            "--ood must name data sets other than the test set and each other, got "
                + images.name()
                + " twice");
      }
    }
    return ood;
  }

  /** The sets with labels, by the names their predictions have. */
  public Map<String, ImageData> labelled() {
    Map<String, ImageData> labelled = new LinkedHashMap<>();
    labelled.put(test.name(), test);
    if (validation.size() > 0) {
      labelled.put(VALIDATION, validation);
    }
    return labelled;
  }

  /** Every set by the part it plays. */
  public Map<String, ImageData> parts(Map<String, ImageData> ood) {
    Map<String, ImageData> parts = new LinkedHashMap<>();
    parts.put("train", train);
    parts.put(VALIDATION, validation);
    parts.put("test", test);
    ood.forEach((name, set) -> parts.put("ood/" + name, set));
    return parts;
  }
}
