package io.github.swag4j.swag.laplace;

import java.util.stream.IntStream;

/**
 * Loops over rows of row-major double matrices. Each is a plain loop over neighbouring values, so
 * that it becomes vector instructions; sums are in a fixed order, the same on every machine.
 */
final class DenseMatrix {

  /** Rows below this many are not worth a thread. */
  static final int PARALLEL = 256;

  private DenseMatrix() {}

  /** Rows to work on, each for itself, on all cores if they are many. */
  static IntStream rows(int from, int to) {
    IntStream rows = IntStream.range(from, to);
    return to - from < PARALLEL ? rows : rows.parallel();
  }

  /** out[at + i] += factor * in[from + i]. */
  static void addMultiple(double[] out, int at, double[] in, int from, double factor, int length) {
    for (int i = 0; i < length; i++) {
      out[at + i] += factor * in[from + i];
    }
  }

  /** out[at + i] += in[from + i], single precision into double. */
  static void add(double[] out, int at, float[] in, int from, int length) {
    for (int i = 0; i < length; i++) {
      out[at + i] += in[from + i];
    }
  }

  /** Makes the lower triangle a copy of the upper one. */
  static void mirrorUpper(double[] matrix, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        matrix[j * n + i] = matrix[i * n + j];
      }
    }
  }

  /**
   * {@code out[n][m] = matrix[m][n]^T}.
   *
   * @return a new matrix
   */
  static double[] transposed(double[] matrix, int m, int n) {
    double[] out = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        out[j * m + i] = matrix[i * n + j];
      }
    }
    return out;
  }

  /**
   * {@code out[m][n] = left[k][m]^T right[k][n]}.
   *
   * @return a new matrix
   */
  static double[] transposedProduct(double[] left, double[] right, int k, int m, int n) {
    double[] out = new double[m * n];
    for (int r = 0; r < k; r++) {
      for (int i = 0; i < m; i++) {
        addMultiple(out, i * n, right, r * n, left[r * m + i], n);
      }
    }
    return out;
  }

  /**
   * {@code out[m][n] = left[m][k] right[k][n]}.
   *
   * @return a new matrix
   */
  static double[] product(double[] left, double[] right, int m, int k, int n) {
    double[] out = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int r = 0; r < k; r++) {
        addMultiple(out, i * n, right, r * n, left[i * k + r], n);
      }
    }
    return out;
  }
}
