package io.github.swag4j.vision.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What values are scaled by, {@code (value - mean[c]) / standardDeviation[c]} in channel c; levels
 * are in [0, 1] before.
 *
 * @param mean mean of each channel over the training images, {@code [channels]}
 * @param standardDeviation standard deviation of each channel, above 0
 */
public record Normalisation(List<Double> mean, List<Double> standardDeviation) {

  /** Levels that deviate by less than this are all the same but for a few: nothing to scale by. */
  private static final double LEAST = 1e-6;

  /**
   * Checks the numbers.
   *
   * @param mean mean of each channel over the training images, {@code [channels]}
   * @param standardDeviation standard deviation of each channel, above 0
   * @throws IllegalArgumentException if there are not as many of both, a mean is not finite or a
   *     standard deviation not above 0
   */
  public Normalisation {
    mean = List.copyOf(Objects.requireNonNull(mean, "mean"));
    standardDeviation = List.copyOf(Objects.requireNonNull(standardDeviation, "standardDeviation"));
    if (mean.isEmpty() || mean.size() != standardDeviation.size()) {
      throw new IllegalArgumentException(
          "there must be a mean and a standard deviation for each channel, got "
              + mean.size()
              + " and "
              + standardDeviation.size());
    }
    for (int c = 0; c < mean.size(); c++) {
      double deviation = standardDeviation.get(c);
      if (!Double.isFinite(mean.get(c)) || !(deviation > 0 && Double.isFinite(deviation))) {
        throw new IllegalArgumentException(
            "a mean must be finite and a standard deviation above 0, got "
                + mean.get(c)
                + " and "
                + deviation
                + " of channel "
                + c);
      }
    }
  }

  /**
   * The same scaling for every channel of some.
   *
   * @param mean what is subtracted
   * @param standardDeviation what is divided by
   * @param channels how many channels
   * @return the scaling
   */
  public static Normalisation same(double mean, double standardDeviation, int channels) {
    return new Normalisation(
        Collections.nCopies(channels, mean), Collections.nCopies(channels, standardDeviation));
  }

  /**
   * The scaling that gives each channel of images mean 0 and standard deviation 1.
   *
   * @param images the training images, at least one
   * @return mean and standard deviation (of the population) of each channel; 1 for one whose values
   *     are all the same (of levels, deviate by less than 1e-6), which says nothing about how far
   *     others lie from it
   */
  public static Normalisation of(ImageData images) {
    return images.isLevels() ? ofLevels(images) : ofFloats(images);
  }

  private static Normalisation ofLevels(ImageData images) {
    int channels = images.channels();
    int plane = images.height() * images.width();
    // Levels are integers: their sums are exact in a long.
    long[] sum = new long[channels];
    long[] squares = new long[channels];
    for (int i = 0; i < images.size(); i++) {
      byte[] pixels = images.pixels(i);
      for (int k = 0; k < pixels.length; k++) {
        int level = pixels[k] & 0xff;
        sum[k / plane] += level;
        squares[k / plane] += (long) level * level;
      }
    }
    double count = (double) images.size() * plane;
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double mean = sum[c] / count;
      double variance = squares[c] / count - mean * mean;
      means.add(mean / 255);
      double deviation = Math.sqrt(variance) / 255;
      deviations.add(deviation >= LEAST ? deviation : 1);
    }
    return new Normalisation(means, deviations);
  }

  private static Normalisation ofFloats(ImageData images) {
    int channels = images.channels();
    int plane = images.height() * images.width();
    float[] values = new float[images.imageSize().values()];
    double[] mean = new double[channels];
    double[] squares = new double[channels];
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, values, 0);
      for (int k = 0; k < values.length; k++) {
        // Welford 1962, over the values of a channel.
        int c = k / plane;
        long seen = (long) i * plane + k % plane + 1;
        double from = values[k] - mean[c];
        mean[c] += from / seen;
        squares[c] += from * (values[k] - mean[c]);
      }
    }
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double deviation = Math.sqrt(squares[c] / ((double) images.size() * plane));
      means.add(mean[c]);
      deviations.add(deviation > 0 ? deviation : 1);
    }
    return new Normalisation(means, deviations);
  }
}
