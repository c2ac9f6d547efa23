package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import java.util.Arrays;

/** Running mean over samples of a data set's class probabilities, and of their entropies. */
final class PredictiveMean {
  private final Output output;
  private int classes;
  private double[] probabilities = new double[0];
  private double[] entropies = new double[0];
  private int samples;
  private int row;
  private boolean allDistributions = true;

  PredictiveMean(Output output) {
    this.output = output;
  }

  int rows() {
    return row;
  }

  /** Begins the next sample's pass over the rows. */
  void nextSample() {
    if (samples > 0) {
      requireAllRows();
    }
    samples++;
    row = 0;
  }

  /** Takes in a batch of the running sample's outputs, {@code [rows][classes]}. */
  void add(NDArray outputs) {
    Shape shape = outputs.getShape();
    if (shape.dimension() != 2 || shape.get(1) < 2) {
      throw new IllegalArgumentException(
          "the model's output must have shape [rows][classes] with 2 classes or more, got "
              + shape);
    }
    if (outputs.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the model's output must be FLOAT32, got " + outputs.getDataType().name());
    }
    int width = (int) shape.get(1);
    if (classes == 0) {
      classes = width;
    }
    float[] values = outputs.toFloatArray();
    int rows = values.length / width;
    grow(rows);
    double[] p = new double[width];
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < width; k++) {
        p[k] = values[r * width + k];
      }
      allDistributions &= isDistribution(p);
      if (output == Output.LOGITS) {
        softmax(p, row + r);
      }
      take(p, row + r);
    }
    row += rows;
  }

  private void grow(int rows) {
    int needed = row + rows;
    if (needed <= entropies.length) {
      return;
    }
    if (samples > 1) {
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, sample "
              + (samples - 1)
              + " gave more than the "
              + entropies.length
              + " of the first");
    }
    entropies = Arrays.copyOf(entropies, needed);
    probabilities = Arrays.copyOf(probabilities, Math.multiplyExact(needed, classes));
  }

  private void take(double[] p, int at) {
    double entropy = 0;
    for (int k = 0; k < classes; k++) {
      probabilities[at * classes + k] += (p[k] - probabilities[at * classes + k]) / samples;
      entropy -= p[k] > 0 ? p[k] * StrictMath.log(p[k]) : 0;
    }
    entropies[at] += (Math.max(entropy, 0) - entropies[at]) / samples;
  }

  private static boolean isDistribution(double[] p) {
    double sum = 0;
    for (double v : p) {
      if (!(v >= 0 && v <= 1)) {
        return false;
      }
      sum += v;
    }
    return Math.abs(sum - 1) < Predictions.SUM_TOLERANCE;
  }

  private static void softmax(double[] logits, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : logits) {
      if (!Double.isFinite(v)) {
        throw new IllegalArgumentException(
            "the model's output must be finite, got " + v + " in row " + row);
      }
      max = Math.max(max, v);
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = StrictMath.exp(logits[k] - max);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
  }

  private void requireAllRows() {
    if (row != entropies.length) {
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, sample "
              + (samples - 1)
              + " gave "
              + row
              + " of "
              + entropies.length);
    }
  }

  Predictions predictions(int[] labels) {
    requireAllRows();
    if (row == 0) {
      throw new IllegalArgumentException("predictions need at least 1 row, got 0");
    }
    if (output == Output.LOGITS && allDistributions) {
      throw new IllegalArgumentException(
          "the model's outputs are taken for logits, but each row is a distribution already: say"
              + " output(Output.PROBABILITIES) if the model ends in a softmax");
    }
    float[] rounded = new float[probabilities.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) probabilities[i];
    }
    Predictions.Builder builder =
        Predictions.builder().probabilities(rounded, classes).expectedEntropy(entropies);
    return labels == null ? builder.build() : builder.labels(labels).build();
  }
}
