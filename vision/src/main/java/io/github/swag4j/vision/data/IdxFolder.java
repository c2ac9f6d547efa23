package io.github.swag4j.vision.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory with the files of MNIST's names: {@code train-images-idx3-ubyte}, {@code
 * t10k-labels-idx1-ubyte} and so on, with a dot before {@code idx} as some archives have it ({@code
 * train-images.idx3-ubyte}), with or without {@code .gz}. Colour images are {@code idx4}.
 */
public final class IdxFolder {
  private IdxFolder() {}

  /**
   * Whether a directory has images of a split.
   *
   * @param folder a directory
   * @param split which part
   * @return whether one of the spellings is there
   */
  public static boolean holds(Path folder, Split split) {
    return images(folder, split).isPresent();
  }

  /**
   * The labels of a split.
   *
   * @param folder a directory
   * @param split which part
   * @return their file, if the directory has it
   */
  public static Optional<Path> labels(Path folder, Split split) {
    return find(folder, split, "labels", 1);
  }

  /**
   * What the files of a split are called, for messages.
   *
   * @param split which part
   * @return both names
   */
  public static String names(Split split) {
    return spellings(split, "images", 3).get(0)
        + "[.gz] and "
        + spellings(split, "labels", 1).get(0)
        + "[.gz]";
  }

  /**
   * Reads a split from a directory that holds its images; without a file of labels they have none.
   *
   * @param name what to call the data set
   * @param folder the directory
   * @param split which part
   * @param classNames names of the classes, {@code [classes]}
   * @param layout axes of colour images, null if they say so themselves
   * @return the data set
   * @throws IOException if a file is missing, cannot be read or is not what it must be, or there
   *     are images both in grey and in colour
   */
  public static ImageData read(
      String name, Path folder, Split split, List<String> classNames, Conversion.Layout layout)
      throws IOException {
    Path images =
        images(folder, split)
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        folder + " must hold " + names(split) + ", found no images"));
    Optional<Path> colour = find(folder, split, "images", 4);
    if (colour.isPresent() && !colour.get().equals(images)) {
      throw new IOException(
          folder
              + " must hold one file of images of a split, it has "
              + images.getFileName()
              + " and "
              + colour.get().getFileName()
              + ": take one away");
    }
    Optional<Path> labels = labels(folder, split);
    if (labels.isEmpty() && split == Split.TRAIN) {
      throw new FileNotFoundException(folder + " must hold " + names(split) + ", found no labels");
    }
    return IdxFiles.read(name, images, labels.orElse(null), classNames, layout);
  }

  private static Optional<Path> images(Path folder, Split split) {
    return find(folder, split, "images", 3).or(() -> find(folder, split, "images", 4));
  }

  private static Optional<Path> find(Path folder, Split split, String what, int dimensions) {
    return spellings(split, what, dimensions).stream()
        .flatMap(spelling -> List.of(spelling, spelling + ".gz").stream())
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static List<String> spellings(Split split, String what, int dimensions) {
    String start = split.filePrefix() + "-" + what;
    String end = "idx" + dimensions + "-ubyte";
    return List.of(start + "-" + end, start + "." + end);
  }
}
