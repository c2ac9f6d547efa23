package io.github.swag4j.vision.data;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reader of IDX files, the format of MNIST and Fashion-MNIST, plain or gzip.
 *
 * <p>Images: big-endian ints 2051, count, height, width, then unsigned bytes {@code
 * [count][height][width]}. Colour images: 2052, count, then {@code height, width, 3} or {@code 3,
 * height, width} and as many bytes in that order. Labels: big-endian ints 2049, count, then one
 * unsigned byte each. Gzip is known by its first two bytes, not by the file's name. A file is taken
 * whole or refused: a wrong magic number, a truncated file, bytes after the end, counts that differ
 * and labels without a class are errors that name the file and the place. Memory follows what a
 * file holds, not what its header says.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">The MNIST database, file formats</a>
 */
public final class IdxFiles {
  private static final int IMAGES = 2051;
  private static final int COLOUR_IMAGES = 2052;
  private static final int LABELS = 2049;

  /** One Java array holds a file: 2^31 less room for the header and the array's own. */
  private static final int MOST_VALUES = Integer.MAX_VALUE - 64;

  private IdxFiles() {}

  /**
   * Reads images and their labels.
   *
   * @param name what to call the data set
   * @param images file of images
   * @param labels file of labels
   * @param classNames names of the classes, {@code [classes]}
   * @return the data set
   * @throws IOException if a file cannot be read or is not what it must be, or the two do not fit
   */
  public static ImageData read(String name, Path images, Path labels, List<String> classNames)
      throws IOException {
    return read(name, images, labels, classNames, null);
  }

  /**
   * Reads images, grey or in colour, and their labels if there are any.
   *
   * @param name what to call the data set
   * @param images file of images
   * @param labels file of labels, null if there are none
   * @param classNames names of the classes, {@code [classes]}
   * @param layout axes of colour images, null if they say so themselves
   * @return the data set
   * @throws IOException if a file cannot be read or is not what it must be, or the two do not fit
   */
  public static ImageData read(
      String name, Path images, Path labels, List<String> classNames, Conversion.Layout layout)
      throws IOException {
    return read(
        name,
        Files.readAllBytes(images),
        images.toString(),
        labels == null ? null : Files.readAllBytes(labels),
        String.valueOf(labels),
        classNames,
        layout);
  }

  /**
   * Reads images and their labels that are in memory.
   *
   * @param name what to call the data set
   * @param imageFile all bytes of the file of images
   * @param imagePlace what to call it in messages
   * @param labelFile all bytes of the file of labels
   * @param labelPlace what to call it in messages
   * @param classNames names of the classes, {@code [classes]}
   * @return the data set
   * @throws IOException if one is not what it must be, or the two do not fit
   */
  public static ImageData read(
      String name,
      byte[] imageFile,
      String imagePlace,
      byte[] labelFile,
      String labelPlace,
      List<String> classNames)
      throws IOException {
    return read(name, imageFile, imagePlace, labelFile, labelPlace, classNames, null);
  }

  private static ImageData read(
      String name,
      byte[] imageFile,
      String imagePlace,
      byte[] labelFile,
      String labelPlace,
      List<String> classNames,
      Conversion.Layout layout)
      throws IOException {
    boolean colour = magic(imageFile, imagePlace) == COLOUR_IMAGES;
    Content images =
        content(imageFile, imagePlace, colour ? COLOUR_IMAGES : IMAGES, colour ? 4 : 3);
    long[] shape = Arrays.stream(images.sizes).asLongStream().toArray();
    Conversion.Layout axes;
    try {
      axes = colour ? Axes.of(shape, layout) : null;
    } catch (IllegalArgumentException e) {
      throw new IOException(at(imagePlace, 4) + e.getMessage(), e);
    }
    ImageSize size = Axes.size(shape, axes);
    byte[] levels = Axes.planes(images.values, size, axes);
    int[] classes =
        labelFile == null
            ? null
            : labels(labelFile, labelPlace, images.sizes[0], imagePlace, classNames);
    return ImageData.taking(name, levels, classes, size, classes == null ? List.of() : classNames);
  }

  private static int[] labels(
      byte[] labelFile, String labelPlace, int rows, String imagePlace, List<String> classNames)
      throws IOException {
    Content labels = content(labelFile, labelPlace, LABELS, 1);
    if (rows != labels.sizes[0]) {
      throw new IOException(
          labelPlace
              + ", byte 4: there must be one label for each of the "
              + rows
              + " images of "
              + imagePlace
              + ", got "
              + labels.sizes[0]
              + ": give images and labels of the same split");
    }
    int[] classes = new int[labels.values.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = labels.values[i] & 0xff;
      if (classes[i] >= classNames.size()) {
        throw new IOException(
            labelPlace
                + ", label "
                + i
                + ": must be a class index below "
                + classNames.size()
                + ", got "
                + classes[i]
                + ": give labels of this data set");
      }
    }
    return classes;
  }

  /** The number a file starts with; 0 if it is too short to have one. */
  private static int magic(byte[] file, String place) throws IOException {
    byte[] start = Gzip.isGzip(file) ? Gzip.expand(file, 4, place) : file;
    return start.length < 4 ? 0 : ByteBuffer.wrap(start).getInt(0);
  }

  /**
   * The number of classes a file of labels needs.
   *
   * @param labels file of labels
   * @return its largest label plus 1; 0 if it has none
   * @throws IOException if the file cannot be read or is not an IDX file of labels
   */
  public static int classes(Path labels) throws IOException {
    int classes = 0;
    for (byte label : content(Files.readAllBytes(labels), labels.toString(), LABELS, 1).values) {
      classes = Math.max(classes, (label & 0xff) + 1);
    }
    return classes;
  }

  private record Content(int[] sizes, byte[] values) {}

  private static Content content(byte[] file, String place, int magic, int dimensions)
      throws IOException {
    int header = 4 + 4 * dimensions;
    boolean gzip = Gzip.isGzip(file);
    ByteBuffer start = ByteBuffer.wrap(gzip ? Gzip.expand(file, header, place) : file);
    checkMagic(start, place, magic);
    if (start.remaining() < header) {
      throw new IOException(
          at(place, start.remaining())
              + ("the header must have " + header + " bytes, got " + start.remaining())
              + ": fetch the file again");
    }
    int[] sizes = new int[dimensions];
    for (int d = 0; d < dimensions; d++) {
      sizes[d] = start.getInt(4 + 4 * d);
      int least = d == 0 ? 0 : 1; // there may be no images, but no image without pixels
      if (sizes[d] < least) {
        throw new IOException(
            at(place, 4 + 4 * d)
                + ("size " + d + " must be at least " + least + ", got " + sizes[d])
                + ": fetch the file again");
      }
    }
    int length = header + values(sizes, place);
    byte[] all = gzip ? Gzip.expand(file, length + 1, place) : file;
    if (all.length < length) {
      throw new IOException(
          at(place, all.length)
              + ("the header declares " + length + " bytes, got " + all.length)
              + ": the file is truncated, fetch it again");
    }
    if (all.length > length) {
      throw new IOException(
          at(place, length)
              + ("the header declares " + length + " bytes, got more")
              + ": nothing may follow the last value");
    }
    return new Content(sizes, Arrays.copyOfRange(all, header, length));
  }

  private static void checkMagic(ByteBuffer start, String place, int magic) throws IOException {
    String rule =
        (magic == LABELS ? "labels" : "images") + " as IDX must start with the number " + magic;
    if (start.remaining() < 4) {
      throw new IOException(
          at(place, 0)
              + (rule + ", got " + start.remaining() + " bytes")
              + ": give an IDX file, plain or gzip");
    }
    int got = start.getInt(0);
    if (got != magic) {
      throw new IOException(
          at(place, 0)
              + (rule + ", got " + got)
              + (got == IMAGES + LABELS - magic
                  ? ": images and labels are exchanged"
                  : ": give an IDX file, plain or gzip"));
    }
  }

  private static int values(int[] sizes, String place) throws IOException {
    long values = 1;
    for (int size : sizes) {
      values *= size;
      if (values > MOST_VALUES) {
        throw new IOException(
            at(place, 4)
                + ("a file may declare at most " + MOST_VALUES + " values, got ")
                + Arrays.stream(sizes).mapToObj(Integer::toString).collect(joining(" x "))
                + ": split the file");
      }
    }
    return (int) values;
  }

  private static String at(String place, int position) {
    return place + ", byte " + position + ": ";
  }
}
