package io.github.swag4j.vision.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Images of one size, with labels or without; rows of features are images of one pixel and as many
 * channels as features.
 *
 * <p>Values are unsigned bytes, levels from 0 to 255, or floats taken as they are, row-major {@code
 * [images][channels][height][width]}. Immutable; safe for use by several threads. Slices share the
 * values of the set they were cut from.
 */
public final class ImageData {
  private final String name;
  private final byte[] levels;
  private final float[] floats;
  private final int[] labels;
  private final int from;
  private final int size;
  private final ImageSize imageSize;
  private final List<String> classNames;
  private final List<String> featureNames;

  private ImageData(
      String name,
      byte[] levels,
      float[] floats,
      int[] labels,
      int from,
      int size,
      ImageSize imageSize,
      List<String> classNames,
      List<String> featureNames) {
    this.name = Objects.requireNonNull(name, "name");
    this.levels = levels;
    this.floats = floats;
    this.labels = labels;
    this.from = from;
    this.size = size;
    this.imageSize = imageSize;
    this.classNames = List.copyOf(classNames);
    this.featureNames = List.copyOf(featureNames);
  }

  /** Takes the arrays as they are: the caller keeps no reference. Labels may be null. */
  static ImageData taking(
      String name, byte[] levels, int[] labels, ImageSize size, List<String> classNames) {
    int rows = ImageChecks.rows(levels.length, labels, size);
    ImageChecks.requireLabels(labels, classNames);
    return new ImageData(name, levels, null, labels, 0, rows, size, classNames, List.of());
  }

  /** Takes the arrays as they are: the caller keeps no reference. Labels may be null. */
  static ImageData taking(
      String name, float[] values, int[] labels, ImageSize size, List<String> classNames) {
    int rows = ImageChecks.rows(values.length, labels, size);
    ImageChecks.requireLabels(labels, classNames);
    ImageChecks.requireFinite(values, size);
    return new ImageData(name, null, values, labels, 0, rows, size, classNames, List.of());
  }

  /**
   * Grey images given as arrays.
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
    return taking(name, pixels.clone(), labels.clone(), ImageSize.grey(height, width), classNames);
  }

  /**
   * Images given as levels.
   *
   * @param name what to call them
   * @param levels {@code [images * channels * height * width]}, unsigned; copied
   * @param labels {@code [images]}, class indices, copied; null if there are none
   * @param size size of each
   * @param classNames {@code [classes]}; empty where there are no labels
   * @return the data set
   * @throws IllegalArgumentException if lengths do not fit or a label is out of range
   */
  public static ImageData ofLevels(
      String name, byte[] levels, int[] labels, ImageSize size, List<String> classNames) {
    return taking(name, levels.clone(), labels == null ? null : labels.clone(), size, classNames);
  }

  /**
   * Images or features given as floats, which networks get as they are but for normalisation.
   *
   * @param name what to call them
   * @param values {@code [images * channels * height * width]}, finite; copied
   * @param labels {@code [images]}, class indices, copied; null if there are none
   * @param size size of each
   * @param classNames {@code [classes]}; empty where there are no labels
   * @return the data set
   * @throws IllegalArgumentException if lengths do not fit, a value is not finite or a label is out
   *     of range
   */
  public static ImageData ofFloats(
      String name, float[] values, int[] labels, ImageSize size, List<String> classNames) {
    return taking(name, values.clone(), labels == null ? null : labels.clone(), size, classNames);
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
   * Size of every image.
   *
   * @return channels, height and width
   */
  public ImageSize imageSize() {
    return imageSize;
  }

  /**
   * Channels of every image.
   *
   * @return 1 for grey levels, 3 for colours
   */
  public int channels() {
    return imageSize.channels();
  }

  /**
   * Height of every image.
   *
   * @return pixels, at least 1
   */
  public int height() {
    return imageSize.height();
  }

  /**
   * Width of every image.
   *
   * @return pixels, at least 1
   */
  public int width() {
    return imageSize.width();
  }

  /**
   * Number of classes, whether or not each occurs.
   *
   * @return at least 1 unless the set is empty or without labels
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
   * Names of the features in the order of the values.
   *
   * @return {@code [features]}; empty for images, and for features that nobody named
   */
  public List<String> featureNames() {
    return featureNames;
  }

  /**
   * Whether the images have labels.
   *
   * @return whether {@link #labels} can be asked for
   */
  public boolean hasLabels() {
    return labels != null;
  }

  /**
   * Whether values are levels from 0 to 255 rather than floats.
   *
   * @return whether {@link #pixels} can be asked for
   */
  public boolean isLevels() {
    return levels != null;
  }

  /**
   * All levels.
   *
   * @return {@code [images * channels * height * width]}, unsigned, a copy
   * @throws IllegalStateException if values are floats
   */
  public byte[] pixels() {
    ImageChecks.requireLevels(isLevels(), name);
    return Arrays.copyOfRange(levels, first(0), first(size));
  }

  /**
   * The levels of an image.
   *
   * @param image its index
   * @return {@code [channels * height * width]}, unsigned, a copy
   * @throws IndexOutOfBoundsException if there is no such image
   * @throws IllegalStateException if values are floats
   */
  public byte[] pixels(int image) {
    ImageChecks.requireLevels(isLevels(), name);
    int at = first(Objects.checkIndex(image, size));
    return Arrays.copyOfRange(levels, at, at + imageSize.values());
  }

  /**
   * All labels.
   *
   * @return {@code [images]}, class indices, a copy
   * @throws IllegalStateException if there are none
   */
  public int[] labels() {
    ImageChecks.requireLabels(hasLabels(), name);
    return Arrays.copyOfRange(labels, from, from + size);
  }

  /**
   * The label of an image.
   *
   * @param image its index
   * @return its class index
   * @throws IndexOutOfBoundsException if there is no such image
   * @throws IllegalStateException if there are no labels
   */
  public int label(int image) {
    ImageChecks.requireLabels(hasLabels(), name);
    return labels[from + Objects.checkIndex(image, size)];
  }

  /**
   * Writes one image as a network takes it before normalisation: levels as {@code level / 255}, the
   * float next to the exact quotient, floats as they are.
   *
   * @param image its index
   * @param target where to
   * @param offset index in {@code target} of the first value; {@code channels * height * width} are
   *     written
   * @throws IndexOutOfBoundsException if there is no such image or no such room
   */
  public void copyScaled(int image, float[] target, int offset) {
    int length = imageSize.values();
    Objects.checkFromIndexSize(offset, length, target.length);
    int first = first(Objects.checkIndex(image, size));
    if (levels == null) {
      System.arraycopy(floats, first, target, offset, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      target[offset + i] = (levels[first + i] & 0xff) / 255f;
    }
  }

  private int first(int image) {
    return (from + image) * imageSize.values();
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
    return new ImageData(
        name,
        levels,
        floats,
        labels,
        from + begin,
        end - begin,
        imageSize,
        classNames,
        featureNames);
  }

  /**
   * Images in another order, or some of them.
   *
   * @param rows {@code [images]}, index of each image to take, in order
   * @return a copy of them
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public ImageData select(int[] rows) {
    int image = imageSize.values();
    int length = Math.multiplyExact(rows.length, image);
    byte[] someLevels = levels == null ? null : new byte[length];
    float[] someFloats = floats == null ? null : new float[length];
    int[] some = labels == null ? null : new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int at = first(Objects.checkIndex(rows[i], size));
      if (levels != null) {
        System.arraycopy(levels, at, someLevels, i * image, image);
      } else {
        System.arraycopy(floats, at, someFloats, i * image, image);
      }
      if (some != null) {
        some[i] = labels[from + rows[i]];
      }
    }
    return new ImageData(
        name, someLevels, someFloats, some, 0, rows.length, imageSize, classNames, featureNames);
  }

  /**
   * The same images under another name.
   *
   * @param other the name
   * @return a view of them
   */
  public ImageData named(String other) {
    return new ImageData(
        other, levels, floats, labels, from, size, imageSize, classNames, featureNames);
  }

  /**
   * The same rows of features under names.
   *
   * @param names {@code [features]}, each another, in the order of the values
   * @return a view of them
   * @throws IllegalArgumentException if these are images, or names are not as many or not different
   */
  public ImageData withFeatureNames(List<String> names) {
    ImageChecks.requireFeatures(names, imageSize);
    return new ImageData(name, levels, floats, labels, from, size, imageSize, classNames, names);
  }

  /**
   * SHA-256 of the content: number, height and width as big-endian ints, unless the images are grey
   * levels channels and kind, the values, the labels as big-endian ints. Names do not count; equal
   * images and labels have equal hashes.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String sha256() {
    return ContentHash.of(this, levels, floats, labels, from);
  }

  /** Name, number of images, their size and the number of classes. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        imageSize.isFeatures() ? "%s: %,d rows of %s, %s" : "%s: %,d images of %s, %s",
        name,
        size,
        imageSize,
        hasLabels() ? classes() + " classes" : "no labels");
  }
}
