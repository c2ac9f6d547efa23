package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import io.github.swag4j.swag.laplace.Softmax;

/**
 * A batch's logits, checked, and their probabilities.
 *
 * @param rows rows
 * @param classes classes
 * @param probabilities {@code [rows][classes]} row-major
 * @param logLikelihood of the labels, summed over the rows
 */
record Logits(int rows, int classes, double[] probabilities, double logLikelihood) {

  /**
   * Reads a model's outputs.
   *
   * @param outputs of the model
   * @param labels {@code [rows]}
   * @param firstRow row of the data set, for messages
   * @param evidence of the rows so far, which these are added to; null if they are in it already
   * @throws IllegalArgumentException if the outputs are no logits, not finite, or a label no class
   */
  static Logits of(NDList outputs, int[] labels, long firstRow, LogitEvidence evidence) {
    NDArray array = outputs.singletonOrThrow();
    Shape shape = array.getShape();
    if (shape.dimension() != 2
        || shape.get(0) != labels.length
        || shape.get(1) < 2
        || array.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the model's outputs must be FLOAT32 ["
              + labels.length
              + " rows][2 classes or more], got "
              + array.getDataType().name()
              + " "
              + shape);
    }
    int classes = Math.toIntExact(shape.get(1));
    float[] values = array.toFloatArray();
    double[] probabilities = new double[values.length];
    double logLikelihood = 0;
    double[] row = new double[classes];
    for (int r = 0; r < labels.length; r++) {
      requireLabel(labels[r], classes, firstRow + r);
      for (int c = 0; c < classes; c++) {
        row[c] = requireFinite(values[r * classes + c], firstRow + r);
      }
      if (evidence != null) {
        evidence.add(row, 0, classes);
      }
      double target = row[labels[r]];
      logLikelihood += target - Softmax.of(row, row);
      System.arraycopy(row, 0, probabilities, r * classes, classes);
    }
    if (evidence != null) {
      evidence.requireLogits(true);
    }
    return new Logits(labels.length, classes, probabilities, logLikelihood);
  }

  private static double requireFinite(float value, long row) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(
          "the model's outputs must be finite, got " + value + " in row " + row);
    }
    return value;
  }

  private static void requireLabel(int label, int classes, long row) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "labels must be class indices below " + classes + ", got " + label + " in row " + row);
    }
  }
}
