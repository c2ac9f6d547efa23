package io.github.swag4j.vision.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reader of NPZ files of NumPy with images or features and labels.
 *
 * <p>The arrays are {@code x} and {@code y}, of which a share is the test split (see {@link
 * UndividedSplit}), or {@code x_train}, {@code y_train}, {@code x_test} and {@code y_test}, as
 * Keras has them. Images are unsigned bytes, levels from 0 to 255, or floats, taken as they are; of
 * shape {@code [rows, height, width]}, or of four dimensions with the axis of 1 or 3 that of the
 * channels ({@link Conversion.Layout} where both could be); {@code [rows, features]} are features.
 * Labels are whole numbers from 0 on; without them images are taken as unlabelled, all for testing.
 */
public final class NpzArrays {
  private NpzArrays() {}

  /**
   * Reads a split.
   *
   * @param name what to call the data set
   * @param file an NPZ file
   * @param split which part
   * @param conversion axes, and what to do with images of another size or other channels
   * @return its rows
   * @throws IOException if an array is missing or not what it must be
   */
  public static ImageData read(String name, Path file, Split split, Conversion conversion)
      throws IOException {
    Map<String, NpyArray> arrays = arrays(file);
    String end = split == Split.TRAIN ? "_train" : "_test";
    boolean divided = arrays.containsKey("x_train") || arrays.containsKey("x_test");
    String x = divided ? "x" + end : "x";
    String y = divided ? "y" + end : "y";
    if (!arrays.containsKey(x)) {
      throw new FileNotFoundException(
          file
              + " must hold the array "
              + x
              + (divided ? "" : " (and y), or x_train, y_train, x_test and y_test")
              + ", it has "
              + arrays.keySet());
    }
    NpyArray labels = arrays.get(y);
    ImageData all;
    try {
      all = conversion.apply(set(name, arrays.get(x), labels, classes(arrays), conversion));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(file + ", array " + x + ": " + e.getMessage(), e);
    }
    return divided || labels == null ? all : UndividedSplit.part(all, split);
  }

  private static ImageData set(
      String name, NpyArray x, NpyArray y, int classes, Conversion conversion) throws IOException {
    if (x.shape().length < 2 || x.shape().length > 4) {
      throw new IllegalArgumentException(
          "must have 2 to 4 dimensions, got " + Arrays.toString(x.shape()));
    }
    Conversion.Layout layout =
        x.shape().length == 4 ? Axes.of(x.shape(), conversion.layout()) : null;
    ImageSize size = Axes.size(x.shape(), layout);
    int[] labels = y == null ? null : y.labels();
    if (labels != null && labels.length != x.shape()[0]) {
      throw new IllegalArgumentException(
          "there must be one label for each of the "
              + x.shape()[0]
              + " rows, got "
              + labels.length);
    }
    List<String> names =
        labels == null
            ? List.of()
            : IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    if (x.isBytes()) {
      return ImageData.taking(name, Axes.planes(x.bytes(), size, layout), labels, size, names);
    }
    if (x.isFloats()) {
      return ImageData.taking(name, Axes.planes(x.floats(), size, layout), labels, size, names);
    }
    throw new IllegalArgumentException(
        "must be uint8 (levels from 0 to 255), float32 or float64, got the type " + x.type());
  }

  /** As many as the labels of all splits need. */
  private static int classes(Map<String, NpyArray> arrays) throws IOException {
    int classes = 0;
    for (String y : List.of("y", "y_train", "y_test")) {
      if (arrays.containsKey(y)) {
        for (int label : arrays.get(y).labels()) {
          classes = Math.max(classes, label + 1);
        }
      }
    }
    return classes;
  }

  private static Map<String, NpyArray> arrays(Path file) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        String member = entry.getName();
        if (!member.endsWith(".npy")) {
          throw new IOException(
              file
                  + ": must hold arrays of NumPy only, got "
                  + member
                  + ": save it by numpy.savez");
        }
        if (entry.getSize() > Integer.MAX_VALUE - 64) {
          throw new IOException(
              file + ", " + member + ": must have fewer than 2^31 bytes, got " + entry.getSize());
        }
        String place = file + ", " + member;
        byte[] content = content(zip, entry, place);
        arrays.put(member.substring(0, member.length() - 4), NpyArray.of(content, place));
      }
    } catch (ZipException e) {
      throw new IOException(
          file + ": must be a whole NPZ file (" + e.getMessage() + "): save it again", e);
    }
    return arrays;
  }

  /** The bytes of a member, whose checksum the JDK does not look at. */
  private static byte[] content(ZipFile zip, ZipEntry entry, String place) throws IOException {
    byte[] content;
    try (InputStream in = zip.getInputStream(entry)) {
      // Not more than it says: a small archive can unpack to gigabytes.
      content = in.readNBytes((int) Math.max(0, entry.getSize()) + 1);
    }
    CRC32 crc = new CRC32();
    crc.update(content);
    if (content.length != entry.getSize() || crc.getValue() != entry.getCrc()) {
      throw new IOException(
          place + ": the array's checksum is wrong, the file is damaged: save it again");
    }
    return content;
  }

  /** Whether a file starts as a ZIP archive, which NPZ files are. */
  static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3;
    }
  }
}
