package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Random predictions with everything that is awkward: ties, edges, saturation, zeros, gaps. */
final class SketchCases {
  private SketchCases() {}

  /** Rows of a problem of several classes, float32 or float64, weighted or not. */
  static Predictions columns(int rows, int classes, int bins, boolean weighted, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean float32 = random.nextBoolean();
    double[] p = new double[rows * classes];
    int[] labels = new int[rows];
    int known = random.nextInt(4) == 0 ? classes - 1 : classes; // the last class may be missing
    for (int r = 0; r < rows; r++) {
      double[] row = row(random, classes, bins);
      System.arraycopy(row, 0, p, r * classes, classes);
      labels[r] = random.nextInt(known);
    }
    PredictionsBuilder builder = Predictions.builder().labels(labels);
    if (float32) {
      float[] narrow = new float[p.length];
      for (int i = 0; i < p.length; i++) {
        narrow[i] = (float) p[i];
      }
      builder.probabilities(narrow, classes);
    } else {
      builder.probabilities(p, classes);
    }
    return (weighted ? builder.weights(weights(random, rows)) : builder).build();
  }

  /** Rows of a binary problem given as one column. */
  static Predictions oneColumn(int rows, int bins, boolean weighted, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] p = new double[rows];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      p[r] = row(random, 2, bins)[1];
      labels[r] = random.nextInt(2);
    }
    PredictionsBuilder builder = Predictions.builder().positiveProbabilities(p).labels(labels);
    return (weighted ? builder.weights(weights(random, rows)) : builder).build();
  }

  private static double[] row(SplittableRandom random, int classes, int bins) {
    double[] row = new double[classes];
    switch (random.nextInt(4)) {
      case 0 -> row[random.nextInt(classes)] = 1;
      case 1 -> Arrays.fill(row, 1.0 / classes);
      case 2 -> { // on the edges of bins
        int[] parts = new int[classes];
        for (int i = 0; i < bins; i++) {
          parts[random.nextInt(classes)]++;
        }
        for (int k = 0; k < classes; k++) {
          row[k] = random.nextBoolean() ? (double) parts[k] / bins : parts[k] * (1.0 / bins);
        }
      }
      default -> {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
          row[k] = Math.exp(8 * random.nextDouble());
          sum += row[k];
        }
        for (int k = 0; k < classes; k++) {
          row[k] /= sum;
        }
      }
    }
    return row;
  }

  /** Weights of 0, 1, whole numbers, anything, and now and then of any size; not all 0. */
  static double[] weights(SplittableRandom random, int rows) {
    int size = random.nextInt(4) == 0 ? 100 : 3;
    double[] weights = new double[rows];
    for (int r = 0; r < rows; r++) {
      weights[r] =
          switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> random.nextInt(9);
            case 3 -> random.nextDouble() + 0x1p-60;
            default -> Math.scalb(1.0, random.nextInt(-size, size + 1));
          };
    }
    weights[random.nextInt(rows)] = 1.5;
    return weights;
  }
}
