package io.github.swag4j.cli.data;

import io.github.swag4j.calibration.io.table.TableValues;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The numbers of rows, as many in each: levels as long as all of them are whole and from 0 to 255,
 * unless they are features, else floats. Mutable, for one thread.
 */
final class TablePixels implements TableValues {
  /** No network takes smaller images, and few features are so many. */
  private static final int LEAST_SIDE = 8;

  private final Path place;
  private final long rows;
  private final boolean features;
  private byte[] levels;
  private float[] floats;

  /** Of a row; 0 until the first has ended. */
  private int width;

  private int count;
  private String problem;

  TablePixels(Path place, long rows, boolean features) {
    this.place = place;
    this.rows = rows;
    this.features = features;
    levels = new byte[features ? 0 : 64];
    floats = features ? new float[64] : null;
  }

  /** Ends a row, of which {@code at} says where it is. */
  void endRow(String at, long done) throws IOException {
    if (problem != null) {
      throw new IOException(at + ": must be numbers, got " + problem + ": fill it, or take it out");
    }
    if (width == 0) {
      width = count;
      if (width == 0) {
        throw new IOException(at + ": must be numbers, got none");
      }
      if (rows * width > Integer.MAX_VALUE - 8) {
        throw new IOException(
            place + " must have fewer than 2^31 numbers, got " + rows + " rows of " + width);
      }
      resize((int) rows * width);
    }
    if (count != done * width) {
      throw new IOException(
          at
              + ": must have "
              + width
              + " numbers as the first row, got "
              + (count - (done - 1) * width));
    }
  }

  private void resize(int size) {
    if (floats == null) {
      levels = java.util.Arrays.copyOf(levels, size);
    } else {
      floats = java.util.Arrays.copyOf(floats, size);
    }
  }

  private int next() {
    int size = floats == null ? levels.length : floats.length;
    if (count == size) {
      resize(2 * size);
    }
    return count++;
  }

  @Override
  public void number(double value) {
    if (floats == null) {
      floats = new float[levels.length];
      for (int i = 0; i < count; i++) {
        floats[i] = levels[i] & 0xff;
      }
      levels = null;
    }
    int at = next(); // which may make a larger array
    floats[at] = (float) value;
  }

  @Override
  public void whole(long value) {
    if (floats == null && value >= 0 && value <= 255) {
      int at = next();
      levels[at] = (byte) value;
    } else {
      number(value);
    }
  }

  @Override
  public void digits(String decimal) {
    double value = Double.parseDouble(decimal);
    if (decimal.indexOf('.') < 0 && value >= 0 && value <= 255) {
      whole((long) value); // of a type whose whole numbers may go beyond a long
    } else {
      number(value);
    }
  }

  @Override
  public void truth(boolean value) {
    whole(value ? 1 : 0);
  }

  @Override
  public void text(String text) {
    problem = "a text";
  }

  @Override
  public void bytes(java.nio.ByteBuffer value) {
    problem = "bytes";
  }

  @Override
  public void nothing() {
    problem = "null";
  }

  /** The data set. */
  ImageData build(String name, int[] labels, List<String> names, Conversion.Layout layout)
      throws IOException {
    ImageSize size = size(layout);
    if (size.isFeatures() && floats == null) {
      // Whether numbers are divided by 255 must not depend on which there are.
      floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = levels[i] & 0xff;
      }
    }
    boolean turned = layout == Conversion.Layout.NHWC && size.channels() == 3 && !size.isFeatures();
    try {
      return floats == null
          ? ImageData.ofLevels(name, turned ? planes(levels, size) : levels, labels, size, names)
          : ImageData.ofFloats(name, turned ? planes(floats, size) : floats, labels, size, names);
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  /** Levels as many as a square has are one; other numbers only where axes were named. */
  private ImageSize size(Conversion.Layout layout) throws IOException {
    int side = (int) Math.round(Math.sqrt(width));
    int third = (int) Math.round(Math.sqrt(width / 3.0));
    boolean grey = side * side == width;
    boolean colour = 3 * third * third == width;
    if (features || layout == null && floats != null) {
      return ImageSize.features(width);
    }
    if (layout == null && colour && third >= LEAST_SIDE) {
      throw new IOException(
          place
              + ": "
              + width
              + " levels may be an image of "
              + third
              + " x "
              + third
              + " in colour, whose axes nothing says: give --layout nhwc or nchw");
    }
    if (grey && (layout != null || side >= LEAST_SIDE)) {
      return ImageSize.grey(side, side);
    }
    if (layout == null) {
      return ImageSize.features(width);
    }
    if (!colour) {
      throw new IOException(
          place
              + ": images in lists must be squares of 1 or 3 channels, got "
              + width
              + " numbers: leave out --layout if they are features, or store images as PNG");
    }
    return new ImageSize(3, third, third);
  }

  private static int planar(int at, ImageSize size) {
    int length = size.values();
    int within = at % length;
    return at - within + within % 3 * (length / 3) + within / 3;
  }

  private static byte[] planes(byte[] values, ImageSize size) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[planar(i, size)] = values[i];
    }
    return out;
  }

  private static float[] planes(float[] values, ImageSize size) {
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      out[planar(i, size)] = values[i];
    }
    return out;
  }
}
