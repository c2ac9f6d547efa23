package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;

/**
 * A positive definite matrix as P = U^T U with U upper triangular. Rows are finished eight at a
 * time and taken off all later ones in one pass, on all cores; each value is computed by one thread
 * in a fixed order, so the bits do not depend on the threads.
 */
final class CholeskyFactor {
  private static final int PANEL = 8;

  private final int n;
  private final double[] u;

  private CholeskyFactor(int n, double[] u) {
    this.n = n;
    this.u = u;
  }

  /**
   * Factorises a matrix in its own memory.
   *
   * @param matrix {@code [n][n]}; only the upper triangle is read, all is overwritten
   * @param n its order
   * @throws IllegalArgumentException if it is not positive definite
   */
  static CholeskyFactor inPlace(double[] matrix, int n) {
    for (int k = 0; k < n; k += PANEL) {
      int first = k;
      int end = Math.min(k + PANEL, n);
      for (int i = k; i < end; i++) {
        for (int p = k; p < i; p++) {
          DenseMatrix.addMultiple(matrix, i * n + i, matrix, p * n + i, -matrix[p * n + i], n - i);
        }
        finishRow(matrix, n, i);
      }
      DenseMatrix.rows(end, n).forEach(i -> subtractPanel(matrix, n, first, end, i));
    }
    return new CholeskyFactor(n, matrix);
  }

  private static void finishRow(double[] matrix, int n, int i) {
    double pivot = matrix[i * n + i];
    if (!(pivot > 0) || Double.isInfinite(pivot)) {
      throw new IllegalArgumentException(
          "the posterior precision must be positive definite, got pivot "
              + pivot
              + " at "
              + i
              + ": raise the prior precision");
    }
    double root = Math.sqrt(pivot);
    matrix[i * n + i] = root;
    for (int j = i + 1; j < n; j++) {
      matrix[i * n + j] /= root;
    }
  }

  private static void subtractPanel(double[] a, int n, int from, int end, int i) {
    int p = from;
    for (; p + 3 < end; p += 4) {
      subtractFour(a, n, p, i);
    }
    for (; p < end; p++) {
      DenseMatrix.addMultiple(a, i * n + i, a, p * n + i, -a[p * n + i], n - i);
    }
  }

  private static void subtractFour(double[] a, int n, int p, int i) {
    int r0 = p * n;
    int r1 = r0 + n;
    int r2 = r1 + n;
    int r3 = r2 + n;
    double f0 = a[r0 + i];
    double f1 = a[r1 + i];
    double f2 = a[r2 + i];
    double f3 = a[r3 + i];
    int at = i * n;
    for (int j = i; j < n; j++) {
      a[at + j] -= f0 * a[r0 + j] + f1 * a[r1 + j] + (f2 * a[r2 + j] + f3 * a[r3 + j]);
    }
  }

  /** log det P. */
  double logDet() {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += StrictMath.log(u[i * n + i]);
    }
    return 2 * sum;
  }

  /** z -> U^-1 z in place: standard normal numbers become a sample of N(0, P^-1). */
  void colour(double[] z) {
    for (int i = n - 1; i >= 0; i--) {
      double rest = z[i] - DotProduct.of(u, i * n + i + 1, z, i + 1, n - i - 1);
      z[i] = rest / u[i * n + i];
    }
  }

  /** {@code [n][n]}: P^-1 = U^-1 U^-T, both triangles. */
  double[] inverse() {
    double[] v = new double[n * n];
    for (int i = n - 1; i >= 0; i--) {
      double reciprocal = 1 / u[i * n + i];
      v[i * n + i] = reciprocal;
      for (int k = i + 1; k < n; k++) {
        DenseMatrix.addMultiple(v, i * n + k, v, k * n + k, -u[i * n + k], n - k);
      }
      for (int j = i + 1; j < n; j++) {
        v[i * n + j] *= reciprocal;
      }
    }
    double[] inverse = new double[n * n];
    DenseMatrix.rows(0, n)
        .forEach(
            i -> {
              for (int j = i; j < n; j++) {
                inverse[i * n + j] = DotProduct.of(v, i * n + j, v, j * n + j, n - j);
              }
            });
    DenseMatrix.mirrorUpper(inverse, n);
    return inverse;
  }
}
