package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Running mean over samples of a data set's class probabilities, and of their entropies. Whatever
 * can be refused is refused in the first batch it shows in, before more samples are drawn.
 */
final class PredictiveMean {

  /** Hears of each row's probabilities under each sample; the array is used again. */
  interface Rows {
    void accept(int sample, int row, double[] probabilities);
  }

  private final Output output;
  private final int[] labels;
  private final Rows listener;
  private final List<double[][]> kept;
  private int classes;
  private double[] probabilities = new double[0];
  private double[] entropies = new double[0];
  private int rows;
  private int samples;
  private int row;
  private boolean allDistributions = true;

  /**
   * A mean of no samples.
   *
   * @param output what the model gives
   * @param labels {@code [rows]}, or null
   * @param keepSamples whether single samples' probabilities are kept
   * @param listener hears of each row
   */
  PredictiveMean(Output output, int[] labels, boolean keepSamples, Rows listener) {
    this.output = output;
    this.labels = labels;
    this.kept = keepSamples ? new ArrayList<>() : null;
    this.listener = listener;
  }

  /** Begins the next sample's pass over the rows. */
  void nextSample() {
    samples++;
    row = 0;
  }

  /** Ends a sample's pass. */
  void endSample() {
    if (samples == 1) {
      rows = row;
      if (rows == 0) {
        throw new IllegalArgumentException("predictions need at least 1 row, got 0");
      }
      if (labels != null && labels.length != rows) {
        throw new IllegalArgumentException(
            "labels must be one a row, got " + labels.length + " for " + rows + " rows");
      }
      requireLogits();
    } else if (row != rows) {
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, sample "
              + (samples - 1)
              + " gave "
              + row
              + " of "
              + rows);
    }
  }

  /** Takes in a batch of the running sample's outputs, {@code [rows][classes]}. */
  void add(NDArray outputs) {
    requireShape(outputs);
    float[] values = outputs.toFloatArray();
    int added = values.length / classes;
    grow(added);
    boolean first = samples == 1 && row == 0 && added > 0;
    double[] p = new double[classes];
    for (int r = 0; r < added; r++) {
      for (int k = 0; k < classes; k++) {
        p[k] = values[r * classes + k];
      }
      if (output == Output.LOGITS) {
        allDistributions &= isDistribution(p);
        softmax(p, row + r);
      } else {
        requireDistribution(p, row + r);
      }
      take(p, row + r);
    }
    if (first) {
      requireLogits();
    }
    row += added;
  }

  private void requireShape(NDArray outputs) {
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
      requireLabels();
    }
    if (width != classes) {
      throw new IllegalArgumentException(
          "every batch must have the classes of the first, "
              + classes
              + ", got "
              + width
              + " from row "
              + row);
    }
  }

  private void requireLabels() {
    for (int r = 0; labels != null && r < labels.length; r++) {
      if (labels[r] < 0 || labels[r] >= classes) {
        throw new IllegalArgumentException(
            "labels["
                + r
                + "] must be a class index below "
                + classes
                + ", as the model gives that many classes, got "
                + labels[r]);
      }
    }
  }

  private void grow(int added) {
    long needed = (long) row + added;
    if (samples > 1 && needed > rows) {
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, sample "
              + (samples - 1)
              + " gave more than the "
              + rows
              + " of the first");
    }
    if (labels != null && needed > labels.length) {
      throw new IllegalArgumentException(
          "labels must be one a row, got " + labels.length + " for " + needed + " rows or more");
    }
    if (needed > entropies.length) {
      int capacity =
          capacity(needed, entropies.length, classes, labels == null ? 0 : labels.length);
      entropies = Arrays.copyOf(entropies, capacity);
      probabilities = Arrays.copyOf(probabilities, capacity * classes);
    }
  }

  /**
   * Rows to make room for: all if their number is known, else at least twice as many as there were,
   * so that each value is moved twice at most on average.
   */
  static int capacity(long needed, int now, int classes, int known) {
    long most = (Integer.MAX_VALUE - 8L) / classes;
    if (needed > most) {
      throw new IllegalArgumentException(
          "predictions must have fewer than 2^31 values, got "
              + needed
              + " rows or more of "
              + classes
              + " classes: predict the data in parts");
    }
    return (int) Math.min(most, Math.max(needed, Math.max(known, 2L * now)));
  }

  private void take(double[] p, int at) {
    double entropy = 0;
    for (int k = 0; k < classes; k++) {
      probabilities[at * classes + k] += (p[k] - probabilities[at * classes + k]) / samples;
      entropy -= p[k] > 0 ? p[k] * StrictMath.log(p[k]) : 0;
    }
    entropies[at] += (Math.max(entropy, 0) - entropies[at]) / samples;
    if (kept != null) {
      keep(p, at);
    }
    listener.accept(samples - 1, at, p);
  }

  private void keep(double[] p, int at) {
    if (kept.size() < samples) {
      kept.add(new double[Math.max(rows, 16)][]);
    }
    double[][] sample = kept.get(samples - 1);
    if (at >= sample.length) {
      sample = Arrays.copyOf(sample, capacity(at + 1L, sample.length, classes, 0));
      kept.set(samples - 1, sample);
    }
    sample[at] = p.clone();
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

  private static void requireDistribution(double[] p, int row) {
    double sum = 0;
    for (double v : p) {
      if (!(v >= -Predictions.RANGE_TOLERANCE && v <= 1 + Predictions.RANGE_TOLERANCE)) {
        throw new IllegalArgumentException(
            "the model's output must be probabilities in [0, 1], got "
                + v
                + " in row "
                + row
                + ": say output(Output.LOGITS) if the model ends without a softmax");
      }
      sum += v;
    }
    if (Math.abs(sum - 1) > Predictions.SUM_LIMIT) {
      throw new IllegalArgumentException(
          "the model's output must be probabilities that sum to 1, got "
              + sum
              + " in row "
              + row
              + ": say output(Output.LOGITS) if the model ends without a softmax");
    }
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

  private void requireLogits() {
    if (output == Output.LOGITS && allDistributions) {
      throw new IllegalArgumentException(
          "the model's outputs are taken for logits, but each row is a distribution already: say"
              + " output(Output.PROBABILITIES) if the model ends in a softmax");
    }
  }

  Predictions predictions() {
    float[] rounded = new float[rows * classes];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) probabilities[i];
    }
    PredictionsBuilder builder =
        Predictions.builder()
            .probabilities(rounded, classes)
            .expectedEntropy(Arrays.copyOf(entropies, rows));
    if (kept != null) {
      builder.samples(kept.stream().map(s -> Arrays.copyOf(s, rows)).toArray(double[][][]::new));
    }
    return labels == null ? builder.build() : builder.labels(labels).build();
  }
}
