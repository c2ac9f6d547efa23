package io.github.swag4j.calibration.ood.features;

import java.util.Objects;

/**
 * Features of rows, usually a network's penultimate activations {@code [rows][dimensions]}, with
 * the logits and labels that some detectors need. Immutable; arrays are copied in.
 */
public final class FeatureBatch {
  private final double[][] features;
  private final double[][] logits;
  private final int[] labels;

  private FeatureBatch(double[][] features, double[][] logits, int[] labels) {
    this.features = features;
    this.logits = logits;
    this.labels = labels;
  }

  /**
   * Bare features.
   *
   * @param features {@code [rows][dimensions]}, finite
   * @return the batch
   * @throws IllegalArgumentException if there are no rows or dimensions, rows differ in length, or
   *     a value is not finite
   */
  public static FeatureBatch of(double[][] features) {
    return new FeatureBatch(checked("features", features), null, null);
  }

  /**
   * The same features with logits.
   *
   * @param values {@code [rows][classes]}, finite
   * @return a new batch
   * @throws IllegalArgumentException if there are not as many rows, or a value is not finite
   */
  public FeatureBatch withLogits(double[][] values) {
    checkRows("logits", values.length);
    return new FeatureBatch(features, checked("logits", values), labels);
  }

  /**
   * The same features with labels.
   *
   * @param values {@code [rows]}, class indices of at least 0
   * @return a new batch
   * @throws IllegalArgumentException if there are not as many rows, or a label is negative
   */
  public FeatureBatch withLabels(int[] values) {
    checkRows("labels", values.length);
    for (int r = 0; r < values.length; r++) {
      if (values[r] < 0) {
        throw new IllegalArgumentException(
            "labels[" + r + "] must be a class index of at least 0, got " + values[r]);
      }
    }
    return new FeatureBatch(features, logits, values.clone());
  }

  private void checkRows(String what, int got) {
    if (got != rows()) {
      throw new IllegalArgumentException(what + " must have " + rows() + " rows, got " + got);
    }
  }

  /** A copy of values that are finite and have the same number in each row. */
  static double[][] checked(String what, double[][] values) {
    if (values.length == 0 || values[0].length == 0) {
      throw new IllegalArgumentException(what + " must have at least 1 row and 1 column, got none");
    }
    double[][] copy = new double[values.length][];
    for (int r = 0; r < values.length; r++) {
      if (values[r].length != values[0].length) {
        throw new IllegalArgumentException(
            what
                + "["
                + r
                + "] must have "
                + values[0].length
                + " values as row 0, got "
                + values[r].length);
      }
      for (int c = 0; c < values[r].length; c++) {
        if (!Double.isFinite(values[r][c])) {
          throw new IllegalArgumentException(
              what + "[" + r + "][" + c + "] must be finite, got " + values[r][c]);
        }
      }
      copy[r] = values[r].clone();
    }
    return copy;
  }

  /**
   * Number of rows.
   *
   * @return the rows, at least 1
   */
  public int rows() {
    return features.length;
  }

  /**
   * Number of features of a row.
   *
   * @return the dimensions, at least 1
   */
  public int dimensions() {
    return features[0].length;
  }

  /**
   * The features of a row.
   *
   * @param row the row
   * @return {@code [dimensions]}, a copy
   */
  public double[] features(int row) {
    return features[Objects.checkIndex(row, rows())].clone();
  }

  /**
   * Whether there are logits.
   *
   * @return false if {@link #logits} has none to give
   */
  public boolean hasLogits() {
    return logits != null;
  }

  /**
   * The logits of a row.
   *
   * @param row the row
   * @return {@code [classes]}, a copy
   * @throws IllegalStateException if the batch has none
   */
  public double[] logits(int row) {
    if (logits == null) {
      throw new IllegalStateException("the features must have logits, got none: add withLogits");
    }
    return logits[Objects.checkIndex(row, rows())].clone();
  }

  /** The features, shared. */
  double[][] features() {
    return features;
  }

  /** The logits, shared. */
  double[][] logits(String who) {
    if (logits == null) {
      throw new IllegalArgumentException(
          who + " needs logits beside the features, got none: add them with withLogits");
    }
    return logits;
  }

  /** The labels, shared. */
  int[] labels(String who) {
    if (labels == null) {
      throw new IllegalArgumentException(
          who + " needs the training rows' labels, got none: add them with withLabels");
    }
    return labels;
  }

  /** Refuses features that a detector was not fitted for. */
  void needDimensions(String who, int dimensions) {
    if (dimensions() != dimensions) {
      throw new IllegalArgumentException(
          who
              + " was fitted on "
              + dimensions
              + " features a row, got "
              + dimensions()
              + ": take them from the same layer");
    }
  }
}
