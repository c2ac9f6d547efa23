package io.github.swag4j.vision.data;

/**
 * What grey levels in [0, 1] are scaled by, {@code (level - mean) / standardDeviation}.
 *
 * @param mean their mean over the training images
 * @param standardDeviation their standard deviation
 */
public record Normalisation(double mean, double standardDeviation) {

  /**
   * The scaling that gives images mean 0 and standard deviation 1.
   *
   * @param images the training images
   * @return mean and standard deviation of their levels, the latter 1e-6 at least
   */
  public static Normalisation of(ImageData images) {
    // Grey levels are integers: their sums are exact in a long.
    long sum = 0;
    long squares = 0;
    byte[] pixels = images.pixels();
    for (byte pixel : pixels) {
      int level = pixel & 0xff;
      sum += level;
      squares += (long) level * level;
    }
    double mean = (double) sum / pixels.length;
    double variance = (double) squares / pixels.length - mean * mean;
    return new Normalisation(mean / 255, Math.max(Math.sqrt(variance) / 255, 1e-6));
  }
}
