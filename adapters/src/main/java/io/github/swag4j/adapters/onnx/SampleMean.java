package io.github.swag4j.adapters.onnx;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Running mean over samples of rows' class probabilities and of their entropies. Holds 8 bytes a
 * row and class.
 */
final class SampleMean {
  private final OnnxOptions options;
  private final List<Predictions> batches = new ArrayList<>();
  private double[] mean;
  private double[] entropies;
  private int classes;
  private boolean binary;
  private int samples;
  private int row;

  SampleMean(OnnxOptions options) {
    this.options = options;
  }

  /** Begins a sample. */
  void begin(int sample) {
    samples = sample + 1;
    row = 0;
  }

  /** Takes the next rows of the sample. */
  void add(Predictions batch) {
    if (samples == 1) {
      batches.add(batch);
      return;
    }
    if (batch.classes() != classes || row + batch.rows() > entropies.length) {
      throw otherRows(row + batch.rows());
    }
    fold(batch);
  }

  private void fold(Predictions batch) {
    for (int r = 0; r < batch.rows(); r++, row++) {
      double own = 0;
      for (int k = 0; k < classes; k++) {
        double p = batch.probability(r, k);
        int i = row * classes + k;
        mean[i] += (p - mean[i]) / samples;
        own -= p > 0 ? p * StrictMath.log(p) : 0;
      }
      entropies[row] += (Math.max(own, 0) - entropies[row]) / samples;
    }
  }

  /** Ends a sample. */
  void end() {
    if (samples == 1) {
      begun();
    }
    if (row != entropies.length) {
      throw otherRows(row);
    }
  }

  private void begun() {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("inputs must have at least 1 row, got none");
    }
    classes = batches.get(0).classes();
    binary = batches.get(0).isBinary();
    int rows = batches.stream().mapToInt(Predictions::rows).sum();
    mean = new double[Math.multiplyExact(rows, classes)];
    entropies = new double[rows];
    batches.forEach(this::fold);
    batches.clear();
  }

  private IllegalArgumentException otherRows(int got) {
    return new IllegalArgumentException(
        "every pass over the inputs must give the same "
            + entropies.length
            + " rows of "
            + classes
            + " classes, got "
            + got
            + " in that of sample "
            + (samples - 1));
  }

  /** Mean over samples of a row that was alone. */
  double[] probabilities() {
    return Arrays.copyOf(mean, classes);
  }

  /** Mean over samples of the entropy of a row that was alone. */
  double entropy() {
    return entropies[0];
  }

  Predictions predictions(int[] labels) {
    PredictionsBuilder builder = Predictions.builder().expectedEntropy(entropies);
    if (binary) {
      double[] positive = new double[entropies.length];
      for (int r = 0; r < positive.length; r++) {
        positive[r] = mean[2 * r + 1];
      }
      builder.positiveProbabilities(positive);
    } else {
      float[] rounded = new float[mean.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (float) mean[i];
      }
      builder.probabilities(rounded, classes);
    }
    if (!options.classNames().isEmpty()) {
      builder.classNames(options.classNames());
    }
    return labels == null ? builder.build() : builder.labels(labels).build();
  }
}
