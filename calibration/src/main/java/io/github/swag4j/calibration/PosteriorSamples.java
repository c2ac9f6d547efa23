package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.RowMajor;
import io.github.swag4j.calibration.internal.Simplex;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the samples of a posterior say of the rows of predictions: their probabilities one by one,
 * or only the mean of their entropies, or neither. Immutable but for {@link #check}, which its
 * builder calls before anyone else sees it.
 */
final class PosteriorSamples {
  static final PosteriorSamples NONE = new PosteriorSamples(new double[0][], 0, 0, null);

  /** {@code [samples][rows * classes]}. */
  private final double[][] probabilities;

  private final int rows;
  private final int classes;

  /** {@code [rows]}, in nats; null to compute it from the samples. */
  private final double[] expectedEntropy;

  private PosteriorSamples(
      double[][] probabilities, int rows, int classes, double[] expectedEntropy) {
    this.probabilities = probabilities;
    this.rows = rows;
    this.classes = classes;
    this.expectedEntropy = expectedEntropy;
  }

  /** Copies {@code [samples][rows][classes]}; refuses samples that differ in shape. */
  static PosteriorSamples of(double[][][] values) {
    if (values.length == 0) {
      return NONE;
    }
    int rows = values[0].length;
    int classes = rows == 0 ? 0 : values[0][0].length;
    RowMajor.checkSize(rows, classes);
    double[][] copy = new double[values.length][rows * classes];
    for (int s = 0; s < values.length; s++) {
      RowMajor.checkLength("samples[" + s + "]", values[s].length, rows);
      for (int r = 0; r < rows; r++) {
        if (values[s][r].length != classes) {
          RowMajor.checkLength("samples[" + s + "][" + r + "]", values[s][r].length, classes);
        }
        System.arraycopy(values[s][r], 0, copy[s], r * classes, classes);
      }
    }
    return new PosteriorSamples(copy, rows, classes, null);
  }

  /** The same samples with an expected entropy that was given beside them; null for none. */
  PosteriorSamples withExpectedEntropy(double[] given) {
    return new PosteriorSamples(probabilities, rows, classes, given);
  }

  /** Checks the samples against the predictions they belong to, clamps and renormalises them. */
  void check(PredictionChecks checks, int numRows, int numClasses, boolean renormalise) {
    if (isEmpty()) {
      return;
    }
    RowMajor.checkLength("rows of samples", rows, numRows);
    RowMajor.checkLength("classes of samples", classes, numClasses);
    for (int s = 0; s < probabilities.length; s++) {
      checks.checkDistributions(probabilities[s], "samples[" + s + "]", renormalise, false);
    }
  }

  boolean isEmpty() {
    return probabilities.length == 0;
  }

  int count() {
    return probabilities.length;
  }

  int rows() {
    return rows;
  }

  int classes() {
    return classes;
  }

  /** Probability under one sample, by the index of row and class in its row-major table. */
  double probability(int sample, int index) {
    if (isEmpty()) {
      throw new IllegalStateException("predictions have no posterior samples");
    }
    return probabilities[sample][index];
  }

  /** Mean over samples, updated sample by sample. */
  double[] mean() {
    double[] mean = new double[rows * classes];
    for (int s = 0; s < probabilities.length; s++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (probabilities[s][i] - mean[i]) / (s + 1);
      }
    }
    return mean;
  }

  boolean hasExpectedEntropy() {
    return expectedEntropy != null || !isEmpty();
  }

  /** Mean over samples of the entropy of a row, in nats: as given, else as computed. */
  double expectedEntropy(int row) {
    if (expectedEntropy != null || isEmpty()) {
      double[] known = Predictions.require(expectedEntropy, "expected entropies");
      return known[Objects.checkIndex(row, known.length)];
    }
    int from = Objects.checkIndex(row, rows) * classes;
    double sum = 0;
    for (double[] sample : probabilities) {
      sum += Simplex.entropy(sample, from, classes);
    }
    return sum / probabilities.length;
  }

  /** The same samples of the selected rows. */
  PosteriorSamples select(int[] selected) {
    double[][] chosen = new double[probabilities.length][];
    Arrays.setAll(chosen, s -> RowMajor.gather(probabilities[s], selected, classes));
    return new PosteriorSamples(
        chosen,
        isEmpty() ? 0 : selected.length,
        classes,
        RowMajor.gather(expectedEntropy, selected, 1));
  }
}
