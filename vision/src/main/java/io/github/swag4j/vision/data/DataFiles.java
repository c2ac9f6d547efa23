package io.github.swag4j.vision.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Data sets by file or directory: which kind it is, its first bytes or what the directory holds
 * say. A directory that could be of two kinds is refused.
 */
public final class DataFiles {
  private static final String CLASS_FILE = "classes.txt";

  /** A kind of data set. */
  public enum Kind {
    /** Files named as those of MNIST, {@link IdxFolder}. */
    IDX("IDX files"),
    /** {@link CifarFiles}. */
    CIFAR("CIFAR binary files"),
    /** {@link ImageFolders}. */
    FOLDERS("folders of PNG or JPEG files"),
    /** {@link NpzArrays}. */
    NPZ("an NPZ file"),
    /** {@link FeatureTables}. */
    CSV("CSV files of features");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /**
     * What it is called.
     *
     * @return words for messages
     */
    public String words() {
      return words;
    }
  }

  private DataFiles() {}

  /**
   * The kind of a file or directory.
   *
   * @param place a file or directory
   * @return its kind, empty if it is none of them
   * @throws IOException if it cannot be read, or could be of two kinds
   */
  public static Optional<Kind> kind(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return Optional.ofNullable(ofFile(place));
    }
    List<Kind> kinds = new ArrayList<>();
    if (IdxFolder.holds(place, Split.TRAIN) || IdxFolder.holds(place, Split.TEST)) {
      kinds.add(Kind.IDX);
    }
    if (CifarFiles.holds(place)) {
      kinds.add(Kind.CIFAR);
    }
    if (FeatureTables.holds(place)) {
      kinds.add(Kind.CSV);
    }
    if (ImageFolders.holds(place)) {
      kinds.add(Kind.FOLDERS);
    }
    if (kinds.size() > 1) {
      throw new IOException(
          place
              + " must hold one data set, it has "
              + kinds.get(0).words()
              + " and "
              + kinds.get(1).words()
              + ": put them into directories of their own");
    }
    return kinds.stream().findFirst();
  }

  private static Kind ofFile(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    if (NpzArrays.isZip(file)) {
      return Kind.NPZ;
    }
    return file.toString().endsWith(".csv") ? Kind.CSV : null;
  }

  /**
   * Reads a split.
   *
   * @param name what to call the data set
   * @param place a file or directory
   * @param split which part
   * @param conversion what to do with images that are not as they are wanted
   * @return its rows
   * @throws IOException if it is of no kind, of two, lacks the split, or a file is not what it must
   *     be
   */
  public static ImageData read(String name, Path place, Split split, Conversion conversion)
      throws IOException {
    Kind kind =
        kind(place)
            .orElseThrow(
                () ->
                    Files.isDirectory(place)
                        ? new FileNotFoundException(
                            place
                                + " must hold "
                                + IdxFolder.names(split)
                                + ", CIFAR binary files, folders of PNG or JPEG files, or train.csv"
                                + " and test.csv, found none of them")
                        : new NotDirectoryException(
                            place + " must be a directory, an NPZ file or a CSV file"));
    return switch (kind) {
      case IDX ->
          converted(
              place,
              IdxFolder.read(name, place, split, classNames(place), conversion.layout()),
              conversion);
      case CIFAR -> converted(place, CifarFiles.read(name, place, split), conversion);
      case FOLDERS -> ImageFolders.read(name, place, split, conversion);
      case NPZ -> NpzArrays.read(name, place, split, conversion);
      case CSV -> converted(place, FeatureTables.read(name, place, split), conversion);
    };
  }

  private static ImageData converted(Path place, ImageData images, Conversion conversion)
      throws IOException {
    try {
      return conversion.apply(images);
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  /** One name a line, else as many indices as the labels of both splits need. */
  private static List<String> classNames(Path folder) throws IOException {
    Path file = folder.resolve(CLASS_FILE);
    if (Files.exists(file)) {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    }
    int classes = 0;
    for (Split split : Split.values()) {
      Optional<Path> labels = IdxFolder.labels(folder, split);
      if (labels.isPresent()) {
        classes = Math.max(classes, IdxFiles.classes(labels.get()));
      }
    }
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }
}
