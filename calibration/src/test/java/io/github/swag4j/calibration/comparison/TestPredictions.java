package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Seeded predictions for tests. */
final class TestPredictions {

  private TestPredictions() {}

  /** Softmax of noise, sharpened; labels agree with the most probable class about half the time. */
  static Predictions random(int rows, int classes, double sharpness, long seed) {
    return builder(rows, classes, sharpness, seed).build();
  }

  static PredictionsBuilder builder(int rows, int classes, double sharpness, long seed) {
    Random random = new Random(seed);
    double[][] p = new double[rows][];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      p[row] = softmax(random, classes, sharpness);
      double u = new Random(row).nextDouble();
      labels[row] = u < 0.6 ? argmax(p[row]) : (int) (u * 1000) % classes;
    }
    return Predictions.builder().probabilities(p).labels(labels);
  }

  /** The same labels with probabilities pulled towards uniform by a share. */
  static Predictions softened(Predictions p, double share) {
    double[][] soft = new double[p.rows()][];
    int[] labels = new int[p.rows()];
    for (int row = 0; row < p.rows(); row++) {
      soft[row] =
          Arrays.stream(p.probabilities(row))
              .map(v -> (1 - share) * v + share / p.classes())
              .toArray();
      labels[row] = p.label(row);
    }
    return Predictions.of(soft, labels);
  }

  /** With posterior samples whose mean is the prediction. */
  static Predictions withSamples(int rows, int classes, int samples, long seed) {
    Random random = new Random(seed);
    double[][][] draws = new double[samples][rows][];
    for (double[][] draw : draws) {
      Arrays.setAll(draw, row -> softmax(random, classes, 2));
    }
    int[] labels = IntStream.range(0, rows).map(row -> random.nextInt(classes)).toArray();
    return Predictions.builder().samples(draws).labels(labels).build();
  }

  static Predictions ofRows(Predictions p, int... rows) {
    return p.select(rows);
  }

  private static double[] softmax(Random random, int classes, double sharpness) {
    double[] z =
        IntStream.range(0, classes)
            .mapToDouble(k -> Math.exp(sharpness * random.nextGaussian()))
            .toArray();
    double sum = Arrays.stream(z).sum();
    return Arrays.stream(z).map(v -> v / sum).toArray();
  }

  private static int argmax(double[] p) {
    int best = 0;
    for (int k = 1; k < p.length; k++) {
      best = p[k] > p[best] ? k : best;
    }
    return best;
  }
}
