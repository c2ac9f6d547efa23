package io.github.swag4j.cli.run;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Brings images that a run did not know to what its model takes: features by their names, labels by
 * the names of their classes. What does not fit is refused; what is assumed is said in a line.
 *
 * @param input what the model takes
 * @param err told what is assumed
 */
public record InputFit(RunDescription.Input input, PrintWriter err) {
  private static final String DIGITS = "\\d{1,9}";

  /**
   * Images as the run's.
   *
   * @param images of any data set
   * @return the same rows; features in the run's order, labels as its indices where names say so
   * @throws IOException if their size, scale, features or classes are others
   */
  public ImageData of(ImageData images) throws IOException {
    return classes(unlike(images));
  }

  /**
   * Images that are not of the run's classes, as its model takes them.
   *
   * @param images of any data set
   * @return the same rows; features in the run's order, labels as they are
   * @throws IOException if their size, scale or features are others
   */
  public ImageData unlike(ImageData images) throws IOException {
    ImageData ordered = features(images);
    RunImages.requireSize(ordered, input.imageSize());
    if (input.scale() != null) {
      input.scale().require(ordered);
    } else {
      note(
          ordered,
          "the run is of a version that does not say whether it was trained on levels or floats;"
              + " these are "
              + ValueScale.of(ordered).words());
    }
    return ordered;
  }

  private ImageData features(ImageData images) throws IOException {
    List<String> wanted = input.featureNames();
    List<String> got = images.featureNames();
    if (got.equals(wanted) || !input.imageSize().isFeatures()) {
      return images;
    }
    if (wanted.isEmpty()) {
      note(images, "the run does not name its features; columns are taken in the order " + got);
      return images;
    }
    if (got.isEmpty()) {
      if (!images.imageSize().equals(input.imageSize())) {
        return images;
      }
      note(images, "features have no names and are taken in the order " + wanted);
      return images.withFeatureNames(wanted);
    }
    List<String> missing = without(wanted, got);
    List<String> others = without(got, wanted);
    if (!missing.isEmpty()) {
      throw new IOException(
          images.name()
              + " must have the features of the training data, it has no "
              + String.join(", ", missing)
              + (others.isEmpty() ? "" : ", but " + String.join(", ", others))
              + ": name its columns as those of the training data");
    }
    if (!others.isEmpty()) {
      note(
          images, "the training data have no features " + String.join(", ", others) + ", left out");
    }
    int[] from = wanted.stream().mapToInt(got::indexOf).toArray();
    float[] all = floats(images);
    float[] values = new float[Math.multiplyExact(images.size(), from.length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = all[i / from.length * got.size() + from[i % from.length]];
    }
    int[] labels = images.hasLabels() ? images.labels() : null;
    return ImageData.ofFloats(
            images.name(), values, labels, ImageSize.features(from.length), images.classNames())
        .withFeatureNames(wanted);
  }

  private ImageData classes(ImageData images) throws IOException {
    List<String> run = input.classNames();
    List<String> names = images.classNames();
    if (!images.hasLabels() || names.equals(run)) {
      return images;
    }
    List<String> used = used(images);
    if (run.containsAll(used)) {
      return labelled(images, run::indexOf);
    }
    if (areDigits(used) && !areDigits(run)) {
      if (used.stream().allMatch(name -> Integer.parseInt(name) < run.size())) {
        note(images, "labels are taken for indices of the run's classes, " + run);
        return labelled(images, Integer::parseInt);
      }
    }
    throw new IOException(
        images.name()
            + " must have classes of the run, "
            + run
            + ", got "
            + String.join(", ", without(used, run))
            + ": name classes as the run's, or leave rows of others out"
            + (areDigits(run)
                ? ""
                : ", or write labels as indices of the run's classes from 0 on"));
  }

  /** Names of classes that rows have. */
  private static List<String> used(ImageData images) {
    return Arrays.stream(images.labels()).distinct().mapToObj(images.classNames()::get).toList();
  }

  private ImageData labelled(ImageData images, ToIntFunction<String> index) {
    int[] of = images.classNames().stream().mapToInt(name -> -1).toArray();
    used(images).forEach(name -> of[images.classNames().indexOf(name)] = index.applyAsInt(name));
    int[] labels = Arrays.stream(images.labels()).map(label -> of[label]).toArray();
    List<String> classes = input.classNames();
    if (images.isLevels()) {
      return ImageData.ofLevels(
          images.name(), images.pixels(), labels, images.imageSize(), classes);
    }
    ImageData named =
        ImageData.ofFloats(images.name(), floats(images), labels, images.imageSize(), classes);
    return images.featureNames().isEmpty() ? named : named.withFeatureNames(images.featureNames());
  }

  private static float[] floats(ImageData images) {
    int width = images.imageSize().values();
    float[] values = new float[Math.multiplyExact(images.size(), width)];
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, values, i * width);
    }
    return values;
  }

  private static boolean areDigits(List<String> names) {
    return names.stream().allMatch(name -> name.matches(DIGITS));
  }

  private static List<String> without(List<String> some, List<String> others) {
    List<String> left = new ArrayList<>(some);
    left.removeAll(others);
    return left;
  }

  private void note(ImageData images, String text) {
    err.println("swag4j: note: " + images.name() + ": " + text);
  }
}
