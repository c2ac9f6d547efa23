package io.github.swag4j.vision.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * One PNG or JPEG file, or the bytes of one, as levels {@code [channels][height][width]}, grey if
 * the file is.
 *
 * <p>Which of the two it is, its first bytes say. Levels of more than 8 bits lose the lower ones.
 * Refused are files of other formats, damaged ones (the JDK's readers fill what is missing with
 * grey and do not check a PNG's checksums) and images with transparent pixels, which have no
 * levels.
 *
 * @param size size of the image
 * @param levels its levels
 */
record ImageFile(ImageSize size, byte[] levels) {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final long MOST_PIXELS = 1L << 26;

  /** Looks at the size of an image before its pixels take memory. */
  @FunctionalInterface
  interface SizeRule {
    /** Throws if an image of this size is not to be read. */
    void check(int height, int width) throws IOException;
  }

  /**
   * Reads an image whose size the rule takes.
   *
   * @param file where it is, for messages
   * @param content the bytes of a PNG or JPEG file
   */
  static ImageFile read(String file, byte[] content, SizeRule rule) throws IOException {
    boolean png = startsWith(content, PNG);
    boolean jpeg = content.length > 3 && content[0] == (byte) 0xff && content[1] == (byte) 0xd8;
    if (!png && !jpeg) {
      throw new IOException(
          file
              + ", byte 0: an image must be a PNG or JPEG file, this starts as neither: convert it,"
              + " or take it out");
    }
    if (png) {
      requireWhole(file, content);
    }
    BufferedImage image = decoded(file, content, png ? "png" : "jpeg", rule);
    return levels(file, image);
  }

  private static boolean startsWith(byte[] content, byte[] start) {
    return content.length >= start.length
        && ByteBuffer.wrap(content, 0, start.length).equals(ByteBuffer.wrap(start));
  }

  /** Every chunk with its checksum, and the end chunk. */
  private static void requireWhole(String file, byte[] content) throws IOException {
    ByteBuffer chunks = ByteBuffer.wrap(content);
    int at = PNG.length;
    while (at < content.length) {
      long length = content.length - at < 12 ? -1 : chunks.getInt(at) & 0xffffffffL;
      if (length < 0 || length > content.length - at - 12) {
        throw new IOException(file + ", byte " + at + ": the PNG file is truncated: copy it again");
      }
      CRC32 crc = new CRC32();
      crc.update(content, at + 4, (int) length + 4);
      if ((int) crc.getValue() != chunks.getInt(at + 8 + (int) length)) {
        throw new IOException(
            file + ", byte " + at + ": a PNG chunk's checksum is wrong: copy the file again");
      }
      boolean end = chunks.getInt(at + 4) == 0x49454e44;
      at += 12 + (int) length;
      if (end) {
        return;
      }
    }
    throw new IOException(
        file + ", byte " + at + ": the PNG file is truncated, it has no end: copy it again");
  }

  private static BufferedImage decoded(String file, byte[] content, String format, SizeRule rule)
      throws IOException {
    String name = file + ": the " + format.toUpperCase(Locale.ROOT) + " image ";
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    String[] warning = new String[1];
    reader.addIIOReadWarningListener((source, text) -> warning[0] = text);
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      reader.setInput(in, true, true);
      int height = attempt(name, () -> reader.getHeight(0));
      int width = attempt(name, () -> reader.getWidth(0));
      long pixels = (long) height * width;
      if (pixels > MOST_PIXELS) {
        throw new IOException(
            name + "must have at most " + MOST_PIXELS + " pixels, got " + pixels + ": shrink it");
      }
      rule.check(height, width);
      BufferedImage image = attempt(name, () -> reader.read(0));
      if (warning[0] != null) {
        throw new IOException(name + "is damaged (" + warning[0] + "): copy it again");
      }
      return image;
    } finally {
      reader.dispose();
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T get() throws IOException;
  }

  /** Of damaged files the JDK's readers throw anything. */
  private static <T> T attempt(String name, Reading<T> reading) throws IOException {
    try {
      return reading.get();
    } catch (IOException | RuntimeException e) {
      throw new IOException(name + "cannot be read (" + e + "): copy it again", e);
    }
  }

  private static ImageFile levels(String file, BufferedImage image) throws IOException {
    ColorModel model = image.getColorModel();
    int height = image.getHeight();
    int width = image.getWidth();
    int plane = height * width;
    if (model.hasAlpha()) {
      requireOpaque(file, image);
    }
    // The models' own conversions to sRGB brighten grey and round 16 bits: samples are taken as
    // they are.
    int colours = model instanceof ComponentColorModel ? model.getNumColorComponents() : 0;
    if (colours == 1 || colours == 3) {
      Raster raster = image.getRaster();
      byte[] levels = new byte[colours * plane];
      for (int c = 0; c < colours; c++) {
        int shift = Math.max(0, raster.getSampleModel().getSampleSize(c) - 8);
        int[] samples = raster.getSamples(0, 0, width, height, c, (int[]) null);
        for (int i = 0; i < plane; i++) {
          levels[c * plane + i] = (byte) (samples[i] >> shift);
        }
      }
      return new ImageFile(new ImageSize(colours, height, width), levels);
    }
    int[] argb = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] levels = new byte[3 * plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < 3; c++) {
        levels[c * plane + i] = (byte) (argb[i] >> 16 - 8 * c);
      }
    }
    ImageFile made = new ImageFile(new ImageSize(3, height, width), levels);
    return model instanceof IndexColorModel palette && isGrey(palette) ? made.grey() : made;
  }

  private static boolean isGrey(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  private ImageFile grey() {
    return new ImageFile(
        ImageSize.grey(size.height(), size.width()),
        Arrays.copyOf(levels, size.height() * size.width()));
  }

  private static void requireOpaque(String file, BufferedImage image) throws IOException {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if (image.getRGB(x, y) >>> 24 != 255) {
          throw new IOException(
              file
                  + ", pixel ("
                  + y
                  + ", "
                  + x
                  + "): must be opaque, got alpha "
                  + (image.getRGB(x, y) >>> 24)
                  + " of 255: put the image on a background first");
        }
      }
    }
  }
}
