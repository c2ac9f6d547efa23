package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.RowMajor;
import java.util.Objects;

/**
 * Rows of probabilities with their labels, as a {@link CalibrationSketch} reads them: in place, not
 * copied, with weights or without. The arrays must not change while a sketch reads them.
 */
public final class LabelledRows {
  private final SketchInput rows;
  private final int classes;
  private final int count;

  private LabelledRows(SketchInput rows, int classes, int count) {
    this.rows = rows;
    this.classes = classes;
    this.count = count;
  }

  /**
   * Rows of float32.
   *
   * @param probabilities {@code [rows * classes]}, row-major
   * @param labels {@code [rows]}
   * @param classes number of classes, at least 2
   * @return the rows, of weight 1 each
   * @throws IllegalArgumentException if the lengths do not agree
   */
  public static LabelledRows of(float[] probabilities, int[] labels, int classes) {
    int values = Objects.requireNonNull(probabilities, "probabilities").length;
    return new LabelledRows(
        new SketchInput.Floats(probabilities, labels, null),
        classes,
        count(values, labels, classes));
  }

  /**
   * Rows of float64.
   *
   * @param probabilities {@code [rows * classes]}, row-major
   * @param labels {@code [rows]}
   * @param classes number of classes, at least 2
   * @return the rows, of weight 1 each
   * @throws IllegalArgumentException if the lengths do not agree
   */
  public static LabelledRows of(double[] probabilities, int[] labels, int classes) {
    int values = Objects.requireNonNull(probabilities, "probabilities").length;
    return new LabelledRows(
        new SketchInput.Doubles(probabilities, labels, null),
        classes,
        count(values, labels, classes));
  }

  /**
   * Rows of a binary problem given as one column, of which the positive class is judged.
   *
   * @param positive {@code [rows]}, the probability of class 1
   * @param labels {@code [rows]}, 0 or 1
   * @return the rows, of weight 1 each
   * @throws IllegalArgumentException if the lengths differ
   */
  public static LabelledRows ofPositive(double[] positive, int[] labels) {
    int values = Objects.requireNonNull(positive, "positive").length;
    int expected = Objects.requireNonNull(labels, "labels").length;
    RowMajor.checkLength("positive probabilities", values, expected);
    return new LabelledRows(new SketchInput.Positives(positive, labels, null), 2, expected);
  }

  /**
   * The rows of predictions with their weights; rows given as one column are judged by the positive
   * class.
   *
   * @param predictions with labels
   * @return their rows
   * @throws IllegalArgumentException if there are no labels
   */
  public static LabelledRows of(Predictions predictions) {
    Objects.requireNonNull(predictions, "predictions");
    if (!predictions.hasLabels()) {
      throw new IllegalArgumentException("a sketch needs labels, got predictions without labels");
    }
    return new LabelledRows(
        SketchInput.Of.predictions(predictions), predictions.classes(), predictions.rows());
  }

  /**
   * The same rows with weights, which act as frequencies.
   *
   * @param weights {@code [rows]}, each 0 or between 2^-100 and 2^100; null for 1 each
   * @return the rows
   * @throws IllegalArgumentException if the length is not the number of rows
   */
  public LabelledRows weights(double[] weights) {
    RowMajor.checkLength("weights", weights == null ? count : weights.length, count);
    return new LabelledRows(rows.withWeights(weights), classes, count);
  }

  /**
   * Number of rows.
   *
   * @return the rows
   */
  public int rows() {
    return count;
  }

  /**
   * Number of classes.
   *
   * @return the classes, 2 for one column
   */
  public int classes() {
    return classes;
  }

  SketchInput content() {
    return rows;
  }

  private static int count(int values, int[] targets, int classes) {
    int labels = Objects.requireNonNull(targets, "labels").length;
    if ((long) labels * classes != values) {
      throw new IllegalArgumentException(
          "probabilities must have rows x classes = "
              + (long) labels * classes
              + " values, got "
              + values);
    }
    return labels;
  }

  @Override
  public String toString() {
    return count + " rows of " + classes + " classes";
  }
}
