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
    List<ImageFile> images = new ArrayList<>(files.size());
    boolean colour = false;
    for (Entry entry : files) {
      ImageFile.SizeRule rule =
          images.isEmpty() || conversion.height() != null
              ? (height, width) -> {}
              : (height, width) ->
                  requireSize(entry.file, height, width, files.get(0).file, images.get(0).size());
      ImageFile image = converted(ImageFile.read(entry.file, rule), conversion);
      colour |= image.size().channels() == 3;
      images.add(image);
    }
    ImageSize first = images.get(0).size();
    ImageSize size = new ImageSize(colour ? 3 : 1, first.height(), first.width());
    long values = (long) size.values() * images.size();
    if (values > Integer.MAX_VALUE - 8) {
      throw new IOException(
          folder
              + ": must have fewer than 2^31 levels, got "
              + values
              + ": give --resize a smaller size");
    }
    byte[] levels = new byte[(int) values];
    int plane = size.height() * size.width();
    for (int i = 0; i < images.size(); i++) {
      byte[] from = images.get(i).levels();
      for (int k = 0; k < size.values(); k++) {
        levels[i * size.values() + k] = from.length == plane ? from[k % plane] : from[k];
      }
    }
    int[] labels = classes.isEmpty() ? null : files.stream().mapToInt(Entry::label).toArray();
    return ImageData.taking(name, levels, labels, size, classes);
  }

  private static ImageFile converted(ImageFile file, Conversion conversion) {
    ImageData one =
        conversion.apply(ImageData.taking("image", file.levels(), null, file.size(), List.of()));
    return new ImageFile(one.imageSize(), one.pixels());
  }

  private static void requireSize(Path file, int height, int width, Path other, ImageSize expected)
      throws IOException {
    if (height != expected.height() || width != expected.width()) {
      throw new IOException(
          file
              + ": images must have one size, "
              + expected.height()
              + " x "
              + expected.width()
              + " as "
              + other
              + ", got "
              + height
              + " x "
              + width
              + ": give --resize the size all should have");
    }
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
