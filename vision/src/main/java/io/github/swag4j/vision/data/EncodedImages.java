package io.github.swag4j.vision.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A data set of PNG and JPEG images that are given one after another. It is grey if every image is,
 * else colour, with grey ones repeated in each channel. All must have one size unless another is
 * asked for. Mutable, for one thread.
 */
public final class EncodedImages {
  private final Conversion conversion;
  private final List<ImageFile> images = new ArrayList<>();
  private String first;
  private boolean colour;

  /**
   * Begins without images.
   *
   * @param conversion what to do with images of another size or other channels
   */
  public EncodedImages(Conversion conversion) {
    this.conversion = Objects.requireNonNull(conversion, "conversion");
  }

  /**
   * Adds an image.
   *
   * @param place where it comes from, for messages: a file, or a row of one
   * @param content the bytes of a PNG or JPEG file
   * @throws IOException if it is none, damaged, transparent or of another size than the first
   */
  public void add(String place, byte[] content) throws IOException {
    ImageFile.SizeRule rule =
        images.isEmpty() || conversion.height() != null
            ? (height, width) -> {}
            : (height, width) -> requireSize(place, height, width);
    if (images.isEmpty()) {
      first = place;
    }
    ImageFile file = ImageFile.read(place, content, rule);
    ImageData one =
        conversion.apply(ImageData.taking("image", file.levels(), null, file.size(), List.of()));
    colour |= one.channels() == 3;
    images.add(new ImageFile(one.imageSize(), one.pixels()));
  }

  private void requireSize(String place, int height, int width) throws IOException {
    ImageSize expected = images.get(0).size();
    if (height != expected.height() || width != expected.width()) {
      throw new IOException(
          place
              + ": images must have one size, "
              + expected.height()
              + " x "
              + expected.width()
              + " as "
              + first
              + ", got "
              + height
              + " x "
              + width
              + ": give --resize the size all should have");
    }
  }

  /**
   * The data set of the images added, which are forgotten here.
   *
   * @param place what holds them, for messages
   * @param name what to call the data set
   * @param labels {@code [images]}, class indices, copied; null if there are none
   * @param classNames {@code [classes]}; empty where there are no labels
   * @return the images in the order in which they were added
   * @throws IOException if they have 2^31 levels or more
   * @throws IllegalArgumentException if a label is out of range or labels are not as many
   * @throws IllegalStateException if no image was added
   */
  public ImageData build(String place, String name, int[] labels, List<String> classNames)
      throws IOException {
    if (images.isEmpty()) {
      throw new IllegalStateException("there must be an image, got none");
    }
    ImageSize one = images.get(0).size();
    ImageSize size = new ImageSize(colour ? 3 : 1, one.height(), one.width());
    long values = (long) size.values() * images.size();
    if (values > Integer.MAX_VALUE - 8) {
      throw new IOException(
          place
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
    images.clear();
    return ImageData.taking(name, levels, labels == null ? null : labels.clone(), size, classNames);
  }
}
