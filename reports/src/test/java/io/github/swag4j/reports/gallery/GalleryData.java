package io.github.swag4j.reports.gallery;

import io.github.swag4j.calibration.Predictions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Made-up predictions of ten classes by three methods, whose labels are drawn from probabilities
 * that are known: SGD sharpens them and adds much noise, SWA less of both, SWAG averages many noisy
 * looks. Always the same.
 */
final class GalleryData {
  static final List<String> CLASSES =
      List.of(
          "T-shirt",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "boot");

  private static final int ROWS = 1000;
  private static final int SAMPLES = 20;

  private GalleryData() {}

  /** Test rows by method. */
  static Map<String, Predictions> methods() {
    Map<String, Predictions> methods = new LinkedHashMap<>();
    methods.put("SGD", predictions(1, ROWS, true, 1.9, 1.0));
    methods.put("SWA", predictions(1, ROWS, true, 1.45, 0.6));
    methods.put("SWAG", swag(1, ROWS, true));
    return methods;
  }

  /** Unknown rows by method, without labels. */
  static Map<String, Predictions> unknown() {
    Map<String, Predictions> methods = new LinkedHashMap<>();
    methods.put("SGD", predictions(2, ROWS, false, 1.9, 1.0));
    methods.put("SWA", predictions(2, ROWS, false, 1.45, 0.6));
    methods.put("SWAG", swag(2, ROWS, false));
    return methods;
  }

  private static Predictions predictions(
      long seed, int rows, boolean known, double sharpness, double noise) {
    Random truth = new Random(seed);
    Random own = new Random(Math.round(100 * sharpness));
    double[][] logits = new double[rows][];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double[] right = logits(truth, known);
      labels[row] = draw(right, truth.nextDouble());
      logits[row] = noisy(right, own, sharpness, noise);
    }
    return known
        ? Predictions.builder().logits(logits).labels(labels).classNames(CLASSES).build()
        : Predictions.builder().logits(logits).classNames(CLASSES).build();
  }

  private static Predictions swag(long seed, int rows, boolean known) {
    Random truth = new Random(seed);
    Random own = new Random(99);
    double[][][] samples = new double[SAMPLES][rows][];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double[] right = logits(truth, known);
      labels[row] = draw(right, truth.nextDouble());
      for (int s = 0; s < SAMPLES; s++) {
        samples[s][row] = softmax(noisy(right, own, 1.3, known ? 0.8 : 1.6));
      }
    }
    return known
        ? Predictions.builder().samples(samples).labels(labels).classNames(CLASSES).build()
        : Predictions.builder().samples(samples).classNames(CLASSES).build();
  }

  private static double[] logits(Random random, boolean known) {
    double[] z = new double[CLASSES.size()];
    for (int k = 0; k < z.length; k++) {
      z[k] = 0.9 * random.nextGaussian();
    }
    int k = random.nextInt(z.length);
    z[k] += known ? 1 + 6 * random.nextDouble() : 1.5 * random.nextDouble();
    return z;
  }

  private static double[] noisy(double[] z, Random random, double sharpness, double noise) {
    double[] result = new double[z.length];
    for (int k = 0; k < z.length; k++) {
      result[k] = sharpness * (z[k] + noise * random.nextGaussian());
    }
    return result;
  }

  private static int draw(double[] logits, double u) {
    double[] p = softmax(logits);
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      sum += p[k];
      if (u < sum) {
        return k;
      }
    }
    return p.length - 1;
  }

  private static double[] softmax(double[] z) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : z) {
      max = Math.max(max, value);
    }
    double[] p = new double[z.length];
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      p[k] = StrictMath.exp(z[k] - max);
      sum += p[k];
    }
    for (int k = 0; k < z.length; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
