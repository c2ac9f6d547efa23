package io.github.swag4j.vision.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reader of CIFAR-10 and CIFAR-100 in their binary version: directories {@code
 * cifar-10-batches-bin} and {@code cifar-100-binary}.
 *
 * <p>A file is rows of one label byte (CIFAR-10) or of a coarse and a fine one (CIFAR-100, of which
 * the fine label is taken), then 3,072 bytes {@code [3][32][32]}: red, green, blue. CIFAR-10 is
 * {@code data_batch_1.bin} and so on and {@code test_batch.bin}, with names in {@code
 * batches.meta.txt}; CIFAR-100 {@code train.bin}, {@code test.bin} and {@code
 * fine_label_names.txt}. Training files are read in the order of their numbers, of which none may
 * be missing. A file is taken whole or refused with the row.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky 2009</a>
 */
public final class CifarFiles {
  private static final ImageSize SIZE = new ImageSize(3, 32, 32);

  /** The two kinds of files. */
  private enum Kind {
    CIFAR_10("CIFAR-10", 1, 10, "batches.meta.txt"),
    CIFAR_100("CIFAR-100", 2, 100, "fine_label_names.txt");

    private final String title;
    private final int labelBytes;
    private final int classes;
    private final String names;

    Kind(String title, int labelBytes, int classes, String names) {
      this.title = title;
      this.labelBytes = labelBytes;
      this.classes = classes;
      this.names = names;
    }
  }

  private CifarFiles() {}

  /**
   * Whether a directory has files of any split.
   *
   * @param folder a directory
   * @return whether a file is there
   */
  public static boolean holds(Path folder) {
    return kind(folder, Split.TRAIN).isPresent() || kind(folder, Split.TEST).isPresent();
  }

  private static Optional<Kind> kind(Path folder, Split split) {
    String ten = split == Split.TRAIN ? "data_batch_1.bin" : "test_batch.bin";
    String hundred = split == Split.TRAIN ? "train.bin" : "test.bin";
    if (Files.isRegularFile(folder.resolve(ten))) {
      return Optional.of(Kind.CIFAR_10);
    }
    return Files.isRegularFile(folder.resolve(hundred))
        ? Optional.of(Kind.CIFAR_100)
        : Optional.empty();
  }

  /**
   * Reads a split.
   *
   * @param name what to call the data set
   * @param folder a directory
   * @param split which part
   * @return its rows
   * @throws IOException if a file is missing, cannot be read or is not what it must be
   */
  public static ImageData read(String name, Path folder, Split split) throws IOException {
    Kind kind =
        kind(folder, split)
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        folder
                            + " must hold CIFAR's "
                            + (split == Split.TRAIN
                                ? "data_batch_1.bin or train.bin"
                                : "test_batch.bin or test.bin")
                            + ", found neither"));
    List<Path> files = files(folder, kind, split);
    int rowBytes = kind.labelBytes + SIZE.values();
    long rows = 0;
    for (Path file : files) {
      long bytes = Files.size(file);
      if (bytes == 0 || bytes % rowBytes != 0) {
        throw new IOException(
            file
                + ", byte "
                + bytes / rowBytes * rowBytes
                + ": rows of "
                + kind.title
                + " must have "
                + rowBytes
                + " bytes, got "
                + bytes % rowBytes
                + " after "
                + bytes / rowBytes
                + " rows: the file is truncated or another, fetch it again");
      }
      rows += bytes / rowBytes;
    }
    if (rows * SIZE.values() > Integer.MAX_VALUE - 8) {
      throw new IOException(
          folder + ": must have at most 699,000 rows, got " + rows + ": take fewer files");
    }
    byte[] levels = new byte[(int) rows * SIZE.values()];
    int[] labels = new int[(int) rows];
    int at = 0;
    for (Path file : files) {
      at = read(file, kind, levels, labels, at);
    }
    return ImageData.taking(name, levels, labels, SIZE, classNames(folder, kind));
  }

  private static List<Path> files(Path folder, Kind kind, Split split) throws IOException {
    if (kind == Kind.CIFAR_100) {
      return List.of(folder.resolve(split == Split.TRAIN ? "train.bin" : "test.bin"));
    }
    if (split != Split.TRAIN) {
      return List.of(folder.resolve("test_batch.bin"));
    }
    List<Path> files = new ArrayList<>();
    int last = 1;
    for (int i = 1; i <= 99; i++) {
      Path file = folder.resolve("data_batch_" + i + ".bin");
      if (Files.isRegularFile(file)) {
        files.add(file);
        last = i;
      }
    }
    if (files.size() != last) {
      throw new FileNotFoundException(
          folder
              + " must hold data_batch_1.bin to data_batch_"
              + last
              + ".bin, found "
              + files.size()
              + " of them: fetch the others, or take the last away");
    }
    return files;
  }

  private static int read(Path file, Kind kind, byte[] levels, int[] labels, int first)
      throws IOException {
    byte[] content = Files.readAllBytes(file);
    int rowBytes = kind.labelBytes + SIZE.values();
    for (int r = 0; r < content.length / rowBytes; r++) {
      int start = r * rowBytes;
      int label = content[start + kind.labelBytes - 1] & 0xff;
      if (label >= kind.classes) {
        throw new IOException(
            file
                + ", row "
                + r
                + " (byte "
                + (start + kind.labelBytes - 1)
                + "): the label of "
                + kind.title
                + " must be below "
                + kind.classes
                + ", got "
                + label
                + ": the file is damaged or another, fetch it again");
      }
      labels[first + r] = label;
      System.arraycopy(
          content, start + kind.labelBytes, levels, (first + r) * SIZE.values(), SIZE.values());
    }
    return first + content.length / rowBytes;
  }

  private static List<String> classNames(Path folder, Kind kind) throws IOException {
    Path file = folder.resolve(kind.names);
    if (!Files.isRegularFile(file)) {
      return IntStream.range(0, kind.classes).mapToObj(Integer::toString).toList();
    }
    List<String> names =
        Files.readAllLines(file).stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
    if (names.size() != kind.classes || names.stream().distinct().count() < names.size()) {
      throw new IOException(
          file
              + ": must name "
              + kind.classes
              + " different classes, one a line, got "
              + Arrays.toString(names.stream().limit(12).toArray())
              + " of "
              + names.size()
              + " lines");
    }
    return names;
  }
}
