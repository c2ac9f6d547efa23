package io.github.swag4j.calibration.ood.features;

import java.util.Map;

/** The matrices of a saved detector, with checks of their shapes. */
record DetectorState(Map<String, double[][]> matrices) {

  double[][] matrix(String name) {
    double[][] matrix = matrixOrEmpty(name, -1);
    if (matrix.length == 0) {
      throw new IllegalArgumentException(name + " must have at least 1 row, got 0");
    }
    return matrix;
  }

  double[][] matrix(String name, int columns) {
    double[][] matrix = matrixOrEmpty(name, columns);
    if (matrix.length == 0) {
      throw new IllegalArgumentException(name + " must have at least 1 row, got 0");
    }
    return matrix;
  }

  double[][] matrixOrEmpty(String name, int columns) {
    double[][] matrix = matrices.get(name);
    if (matrix == null) {
      throw new IllegalArgumentException(name + " is missing, found " + matrices.keySet());
    }
    if (columns >= 0 && matrix.length > 0 && matrix[0].length != columns) {
      throw new IllegalArgumentException(
          name + " must have " + columns + " columns, got " + matrix[0].length);
    }
    return matrix;
  }

  double[] row(String name) {
    double[][] matrix = matrix(name);
    if (matrix.length != 1) {
      throw new IllegalArgumentException(name + " must have 1 row, got " + matrix.length);
    }
    return matrix[0];
  }

  double[] row(String name, int columns) {
    matrix(name, columns);
    return row(name);
  }

  double number(String name) {
    double v = row(name, 1)[0];
    if (!Double.isFinite(v)) {
      throw new IllegalArgumentException(name + " must be finite, got " + v);
    }
    return v;
  }

  int count(String name) {
    double v = number(name);
    if (v < 0 || v != (int) v) {
      throw new IllegalArgumentException(name + " must be a whole number, got " + v);
    }
    return (int) v;
  }
}
