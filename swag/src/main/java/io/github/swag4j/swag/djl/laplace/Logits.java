package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
   * @throws IllegalArgumentException if the outputs are no logits, not finite, or a label no class
   */
  static Logits of(NDList outputs, int[] labels, long firstRow) {
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
    boolean distributions = true;
    for (int r = 0; r < labels.length; r++) {
      requireLabel(labels[r], classes, firstRow + r);
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        row[c] = requireFinite(values[r * classes + c], firstRow + r);
        distributions &= row[c] >= 0;
        sum += row[c];
      }
      distributions &= Math.abs(sum - 1) < 1e-5;
      double target = row[labels[r]];
      logLikelihood += target - Softmax.of(row, row);
      System.arraycopy(row, 0, probabilities, r * classes, classes);
    }
    if (distributions && labels.length > 0) {
      throw new IllegalArgumentException(
          "the model's outputs must be logits, but each row is a distribution already: take off the"
              + " softmax at its end");
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
