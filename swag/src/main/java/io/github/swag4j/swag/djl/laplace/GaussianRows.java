package io.github.swag4j.swag.djl.laplace;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.swag.laplace.GaussianLogits;
import java.util.Arrays;

/** Predictions of rows whose logits are Gaussian. Batches begin in order, rows come in any. */
final class GaussianRows {
  private final GaussianLogits predictive;
  private float[] probabilities = new float[0];
  private double[] entropies = new double[0];
  private int[] labels = new int[0];
  private boolean labelled = true;
  private int rows;
  private int classes;

  GaussianRows(GaussianLogits predictive) {
    this.predictive = predictive;
  }

  /** Makes room for a batch; labels are null where they are not known. */
  void begin(int more, int classesOfBatch, int[] labelsOfBatch) {
    classes = classesOfBatch;
    probabilities = Arrays.copyOf(probabilities, Math.multiplyExact(rows + more, classes));
    entropies = Arrays.copyOf(entropies, rows + more);
    labelled &= labelsOfBatch != null;
    if (labelled) {
      labels = Arrays.copyOf(labels, rows + more);
      System.arraycopy(labelsOfBatch, 0, labels, rows, more);
    }
    rows += more;
  }

  /** A row of the batches that began. */
  void add(int row, double[] means, double[] covariance) {
    double[] p = new double[classes];
    entropies[row] = predictive.predict(row, means, covariance, p);
    for (int c = 0; c < classes; c++) {
      probabilities[row * classes + c] = (float) p[c];
    }
  }

  /** All that is known of them. */
  PredictionsBuilder builder() {
    if (rows == 0) {
      throw new IllegalArgumentException("predictions need at least 1 row, got 0");
    }
    PredictionsBuilder builder = Predictions.builder().probabilities(probabilities, classes);
    if (predictive.samples() > 0) {
      builder.expectedEntropy(entropies);
    }
    return labelled ? builder.labels(labels) : builder;
  }
}
