package io.github.swag4j.vision.data;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is done to images that are not as they are wanted, and how arrays are read whose axes do not
 * say what they are. Nothing is converted that is not asked for.
 *
 * <p>Images get another size by bilinear interpolation with a triangle as wide as the scale when
 * shrinking, as Pillow's {@code BILINEAR}; sides change independently, nothing is cropped. Grey
 * becomes colour by repeating the level, colour grey as 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
 *
 * @param height height wanted, null for that of the files
 * @param width width wanted, null with the height
 * @param channels 1 for grey, 3 for colour, null for what the files have
 * @param layout axes of arrays of four dimensions, null if they say so themselves
 */
public record Conversion(Integer height, Integer width, Integer channels, Layout layout) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");
  private static final int MOST = 4096;

  /** As the files are. */
  public static final Conversion NONE = new Conversion(null, null, null, null);

  /** Axes of an array of images. */
  public enum Layout {
    /** Rows, height, width, channels. */
    NHWC,
    /** Rows, channels, height, width. */
    NCHW
  }

  /**
   * Checks the numbers.
   *
   * @param height height wanted, null for that of the files
   * @param width width wanted, null with the height
   * @param channels 1 for grey, 3 for colour, null for what the files have
   * @param layout axes of arrays of four dimensions, null if they say so themselves
   * @throws IllegalArgumentException if a side is not between 1 and 4096, one is missing, or
   *     channels are neither 1 nor 3
   */
  public Conversion {
    if ((height == null) != (width == null)) {
      throw new IllegalArgumentException("height and width must be given together");
    }
    if (height != null && (height < 1 || height > MOST || width < 1 || width > MOST)) {
      throw new IllegalArgumentException(
          "a size must be between 1 and " + MOST + " pixels a side, got " + height + "x" + width);
    }
    if (channels != null && channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "channels must be 1 (grey) or 3 (colour), got " + channels);
    }
  }

  /**
   * Another size.
   *
   * @param size {@code 32} or {@code 32x48}, height first; null for that of the files
   * @return this with it
   * @throws IllegalArgumentException if it is not of that form
   */
  public Conversion withSize(String size) {
    if (size == null) {
      return new Conversion(null, null, channels, layout);
    }
    Matcher parts = SIZE.matcher(size);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a size must be HEIGHTxWIDTH or one number for both, 32x32 for one, got " + size);
    }
    int tall = Integer.parseInt(parts.group(1));
    int wide = parts.group(2) == null ? tall : Integer.parseInt(parts.group(2));
    return new Conversion(tall, wide, channels, layout);
  }

  /**
   * Other channels.
   *
   * @param wanted 1, 3 or null
   * @return this with them
   * @throws IllegalArgumentException if it is none of these
   */
  public Conversion withChannels(Integer wanted) {
    return new Conversion(height, width, wanted, layout);
  }

  /**
   * Axes of arrays.
   *
   * @param axes their order, null if the arrays say so themselves
   * @return this with them
   */
  public Conversion withLayout(Layout axes) {
    return new Conversion(height, width, channels, axes);
  }

  /**
   * Converts a set.
   *
   * @param images the set
   * @return the set itself if it is as wanted
   * @throws IllegalArgumentException if rows of features are to be images, or channels cannot be
   *     made of those there are
   */
  public ImageData apply(ImageData images) {
    Objects.requireNonNull(images, "images");
    ImageSize now = images.imageSize();
    ImageSize wanted =
        new ImageSize(
            channels == null ? now.channels() : channels,
            height == null ? now.height() : height,
            width == null ? now.width() : width);
    if (wanted.equals(now)) {
      return images;
    }
    if (now.isFeatures() && now.channels() != 1) {
      throw new IllegalArgumentException(
          images.name() + " has rows of " + now + ", which cannot be resized or coloured");
    }
    if (wanted.channels() != now.channels() && now.channels() != 1 && now.channels() != 3) {
      throw new IllegalArgumentException(
          images.name() + " must have 1 or 3 channels to be converted, got " + now.channels());
    }
    return Resizing.of(images, wanted);
  }
}
