package io.github.swag4j.swag.djl;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Mean over the samples of a posterior of a classifier's logits, with their variance, and the
 * logits of each sample if they were kept.
 *
 * <p>The softmax of mean logits is another predictor than the mean of the samples' softmaxes, the
 * normalised geometric mean of their probabilities; {@link #predictions} gives it where logits are
 * asked for, as by energy scores. Immutable.
 */
public final class MeanLogits {
  private final double[] mean;
  private final double[] variance;
  private final double[][] samples;
  private final int classes;
  private final int[] labels;
  private final List<String> classNames;

  /** Of no class names if they are not known, and labels null if they are not. */
  MeanLogits(
      double[] mean,
      double[] variance,
      double[][] samples,
      int classes,
      int[] labels,
      List<String> classNames) {
    this.mean = mean;
    this.variance = variance;
    this.samples = samples;
    this.classes = classes;
    this.labels = labels;
    this.classNames = classNames;
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return mean.length / classes;
  }

  /** {@return the number of columns: classes, or 1 for a binary network of one output} */
  public int classes() {
    return classes;
  }

  /** {@return the number of samples kept, 0 if they were not} */
  public int samples() {
    return samples.length;
  }

  /**
   * Mean logit.
   *
   * @param row the row
   * @param k the class
   * @return mean over samples
   */
  public double mean(int row, int k) {
    return mean[index(row, k)];
  }

  /**
   * Variance of a logit over samples, divided by their number.
   *
   * @param row the row
   * @param k the class
   * @return at least 0
   */
  public double variance(int row, int k) {
    return variance[index(row, k)];
  }

  /**
   * Logit under one sample.
   *
   * @param sample the sample
   * @param row the row
   * @param k the class
   * @return the logit
   * @throws IllegalStateException if samples were not kept
   */
  public double sample(int sample, int row, int k) {
    if (samples.length == 0) {
      throw new IllegalStateException("samples were not kept: call keepSamples before logits");
    }
    return samples[sample][index(row, k)];
  }

  /**
   * The softmax of the mean logits as predictions, with the logits, and the labels and class names
   * if they are known.
   *
   * @return the predictions
   * @throws IllegalStateException if there is one column: its sigmoid has no place for logits
   */
  public Predictions predictions() {
    if (classes < 2) {
      throw new IllegalStateException(
          "predictions with logits need a column for each class, got 1: take the sigmoid of the"
              + " means for a binary network");
    }
    double[][] rows = new double[rows()][];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(mean, r * classes, (r + 1) * classes));
    PredictionsBuilder builder = Predictions.builder().logits(rows);
    if (!classNames.isEmpty()) {
      builder.classNames(classNames);
    }
    return labels == null ? builder.build() : builder.labels(labels).build();
  }

  private int index(int row, int k) {
    return Objects.checkIndex(row, rows()) * classes + Objects.checkIndex(k, classes);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "mean logits of %,d rows and %,d columns", rows(), classes);
  }
}
