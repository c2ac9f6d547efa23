package io.github.swag4j.vision.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reader of folders of PNG and JPEG files: a folder for each class, named as it, or one folder of
 * images without labels.
 *
 * <p>{@code DIR/train/CLASS/*.png} and {@code DIR/test/CLASS/*.png} are the two splits, and must
 * have the same classes; of {@code DIR/CLASS/*.png} a share is the test split (see {@link
 * UndividedSplit}). Folders {@code train} and {@code test} of images are no classes, but refused.
 * Classes and files are taken in the order of their names. The set is grey if every file is, else
 * colour, with grey files repeated in each channel. All images must have one size unless another is
 * asked for. Files whose names begin with a dot, and {@code Thumbs.db}, are passed over; everything
 * else must be an image.
 */
public final class ImageFolders {
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg");
  private static final List<String> SPLITS = List.of("train", "test");

  /** A file and the index of its class, -1 without classes. */
  private record Entry(Path file, int label) {}

  private ImageFolders() {}

  /**
   * Whether a directory has images in folders of classes, divided or not, or images itself.
   *
   * @param folder a directory
   * @return whether {@link #read} can be tried
   * @throws IOException if it cannot be listed
   */
  public static boolean holds(Path folder) throws IOException {
    if (isDivided(folder)) {
      return true;
    }
    for (Path entry : entries(folder)) {
      if (Files.isDirectory(entry) ? holdsImages(entry) : isImageName(entry)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDivided(Path folder) throws IOException {
    for (String split : SPLITS) {
      Path part = folder.resolve(split);
      if (!Files.isDirectory(part)) {
        continue;
      }
      for (Path entry : entries(part)) {
        if (Files.isDirectory(entry) && holdsImages(entry)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean holdsImages(Path folder) throws IOException {
    for (Path entry : entries(folder)) {
      if (isImageName(entry) && Files.isRegularFile(entry)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isImageName(Path file) {
    String name = name(file);
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** What is in a folder in the order of names, but for what systems leave there. */
  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      return listed
          .filter(f -> !name(f).startsWith(".") && !name(f).equals("Thumbs.db"))
          .sorted((a, b) -> name(a).compareTo(name(b)))
          .toList();
    }
  }

  /**
   * Reads a split.
   *
   * @param name what to call the data set
   * @param folder a directory
   * @param split which part
   * @param conversion what to do with images of another size or other channels
   * @return its images, without labels if there are no folders of classes
   * @throws IOException if a split or file is missing or not what it must be, or sizes differ
   */
  public static ImageData read(String name, Path folder, Split split, Conversion conversion)
      throws IOException {
    if (isDivided(folder)) {
      Path part = folder.resolve(SPLITS.get(split == Split.TRAIN ? 0 : 1));
      if (!Files.isDirectory(part)) {
        throw new FileNotFoundException(
            folder + " must hold train and test, found no " + part.getFileName());
      }
      List<String> classes = classes(part);
      for (String other : SPLITS) {
        Path beside = folder.resolve(other);
        if (Files.isDirectory(beside) && !classes(beside).equals(classes)) {
          throw new IOException(
              beside
                  + " must have the classes "
                  + classes
                  + " as "
                  + part
                  + ", got "
                  + classes(beside));
        }
      }
      return read(name, part, classes, conversion);
    }
    List<String> classes = classes(folder);
    requireNoSplits(folder, classes);
    ImageData all = read(name, folder, classes, conversion);
    return classes.isEmpty() ? all : UndividedSplit.part(all, split);
  }

  /** Splits without folders of classes would be taken for the classes. */
  private static void requireNoSplits(Path folder, List<String> classes) throws IOException {
    if (classes.containsAll(SPLITS)) {
      throw new IOException(
          folder
              + ": train and test must hold a folder for each class, they hold files: sort these"
              + " into folders, or name one of the two as --ood for images without labels");
    }
  }

  private static List<String> classes(Path folder) throws IOException {
    return entries(folder).stream().filter(Files::isDirectory).map(ImageFolders::name).toList();
  }

  private static ImageData read(
      String name, Path folder, List<String> classes, Conversion conversion) throws IOException {
    List<Entry> files = files(folder, classes);
    if (files.isEmpty()) {
      throw new FileNotFoundException(folder + " must hold PNG or JPEG files, found none");
    }
    EncodedImages images = new EncodedImages(conversion);
    for (Entry entry : files) {
      images.add(entry.file.toString(), Files.readAllBytes(entry.file));
    }
    int[] labels = classes.isEmpty() ? null : files.stream().mapToInt(Entry::label).toArray();
    return images.build(folder.toString(), name, labels, classes);
  }

  private static List<Entry> files(Path folder, List<String> classes) throws IOException {
    List<Entry> files = new ArrayList<>();
    Optional<Path> stray = entries(folder).stream().filter(f -> !Files.isDirectory(f)).findFirst();
    if (!classes.isEmpty() && stray.isPresent()) {
      throw new IOException(
          stray.get()
              + ": beside folders of classes there must be no files: put it into a folder, or away");
    }
    if (classes.isEmpty()) {
      for (Path file : entries(folder)) {
        files.add(new Entry(file, -1));
      }
    }
    for (int c = 0; c < classes.size(); c++) {
      for (Path file : entries(folder.resolve(classes.get(c)))) {
        if (Files.isDirectory(file)) {
          throw new IOException(
              file + ": a folder of a class must hold images, not folders: move them up");
        }
        files.add(new Entry(file, c));
      }
    }
    return files;
  }
}
