package io.github.swag4j.vision.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Labelled grey-level images of one size.
 *
 * <p>Pixels are unsigned bytes, row-major {@code [images][height][width]}. Immutable; safe for use
 * by several threads. Slices share the pixels of the set they were cut from.
 */
public final class ImageData {
  private final String name;
  private final byte[] pixels;
  private final int[] labels;
  private final int from;
  private final int size;
  private final int height;
  private final int width;
  private final List<String> classNames;

  private ImageData(ImageData whole, int from, int size) {
    this.name = whole.name;
    this.pixels = whole.pixels;
    this.labels = whole.labels;
    this.from = from;
    this.size = size;
    this.height = whole.height;
    this.width = whole.width;
    this.classNames = whole.classNames;
  }

  /** Takes the arrays as they are: the caller keeps no reference. */
  ImageData(
      String name, byte[] pixels, int[] labels, int height, int width, List<String> classNames) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "height and width must be at least 1, got " + height + " x " + width);
    }
    if (pixels.length != (long) labels.length * height * width) {
      throw new IllegalArgumentException(
          "pixels.length must be labels.length * height * width = "
              + (long) labels.length * height * width
              + ", got "
              + pixels.length);
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "labels["
                + i
                + "] must be a class index below "
                + classNames.size()
                + ", got "
                + labels[i]);
      }
    }
    this.name = Objects.requireNonNull(name, "name");
    this.pixels = pixels;
    this.labels = labels;
    this.from = 0;
    this.size = labels.length;
    this.height = height;
    this.width = width;
    this.classNames = List.copyOf(classNames);
  }

  /**
   * Images given as arrays.
   *
   * @param name what to call them
   * @param pixels {@code [images * height * width]}, unsigned; copied
   * @param labels {@code [images]}, class indices; copied
   * @param height pixels from top to bottom, at least 1
   * @param width pixels from left to right, at least 1
   * @param classNames {@code [classes]}
   * @return the data set
   * @throws IllegalArgumentException if a size is below 1, lengths do not fit or a label is out of
   *     range
   */
  public static ImageData of(
      String name, byte[] pixels, int[] labels, int height, int width, List<String> classNames) {
    return new ImageData(name, pixels.clone(), labels.clone(), height, width, classNames);
  }

  /**
   * What the data set is called, {@code fashion-mnist} for one.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Number of images.
   *
   * @return at least 0
   */
  public int size() {
    return size;
  }

  /**
   * Height of every image.
   *
   * @return pixels, at least 1
   */
  public int height() {
    return height;
  }

  /**
   * Width of every image.
   *
   * @return pixels, at least 1
   */
  public int width() {
    return width;
  }

  /**
   * Number of classes, whether or not each occurs.
   *
   * @return at least 1 unless the set is empty
   */
  public int classes() {
    return classNames.size();
  }

  /**
   * Names of the classes in the order of their indices.
   *
   * @return {@code [classes]}
   */
  public List<String> classNames() {
    return classNames;
  }

  /**
   * All pixels.
   *
   * @return {@code [images * height * width]}, unsigned, a copy
   */
  public byte[] pixels() {
    int image = height * width;
    return Arrays.copyOfRange(pixels, from * image, (from + size) * image);
  }

  /**
   * All labels.
   *
   * @return {@code [images]}, class indices, a copy
   */
  public int[] labels() {
    return Arrays.copyOfRange(labels, from, from + size);
  }

  /**
   * The label of an image.
   *
   * @param image its index
   * @return its class index
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public int label(int image) {
    return labels[from + Objects.checkIndex(image, size)];
  }

  /**
   * Writes one image as {@code pixel / 255}, the float next to the exact quotient.
   *
   * @param image its index
   * @param target where to
   * @param offset index in {@code target} of the first pixel; {@code height * width} are written
   * @throws IndexOutOfBoundsException if there is no such image or no such room
   */
  public void copyScaled(int image, float[] target, int offset) {
    int length = height * width;
    Objects.checkFromIndexSize(offset, length, target.length);
    int first = (from + Objects.checkIndex(image, size)) * length;
    for (int i = 0; i < length; i++) {
      target[offset + i] = (pixels[first + i] & 0xff) / 255f;
    }
  }

  /**
   * The first images.
   *
   * @param images how many at most, at least 0
   * @return this set if it has no more than that
   * @throws IllegalArgumentException if {@code images} is negative
   */
  public ImageData limit(int images) {
    if (images < 0) {
      throw new IllegalArgumentException("limit must be at least 0, got " + images);
    }
    return images >= size ? this : slice(0, images);
  }

  /**
   * Consecutive images.
   *
   * @param begin index of the first
   * @param end one past the index of the last
   * @return a view of them
   * @throws IndexOutOfBoundsException unless {@code 0 <= begin <= end <= size()}
   */
  public ImageData slice(int begin, int end) {
    Objects.checkFromToIndex(begin, end, size);
    return new ImageData(this, from + begin, end - begin);
  }

  /**
   * Images in another order, or some of them.
   *
   * @param rows {@code [images]}, index of each image to take, in order
   * @return a copy of them
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public ImageData select(int[] rows) {
    int image = height * width;
    byte[] selected = new byte[Math.multiplyExact(rows.length, image)];
    int[] classes = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      classes[i] = label(rows[i]);
      System.arraycopy(pixels, (from + rows[i]) * image, selected, i * image, image);
    }
    return new ImageData(name, selected, classes, height, width, classNames);
  }

  /**
   * SHA-256 of the content: size, height and width as big-endian ints, the pixels, the labels as
   * big-endian ints. Names do not count; equal images and labels have equal hashes.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String sha256() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
    int image = height * width;
    digest.update(ByteBuffer.allocate(12).putInt(size).putInt(height).putInt(width).array());
    digest.update(pixels, from * image, size * image);
    ByteBuffer numbers = ByteBuffer.allocate(4 * size);
    numbers.asIntBuffer().put(labels, from, size);
    digest.update(numbers.array());
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Name, number of images, their size and the number of classes. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: %,d images of %d x %d, %d classes", name, size, height, width, classes());
  }
}
