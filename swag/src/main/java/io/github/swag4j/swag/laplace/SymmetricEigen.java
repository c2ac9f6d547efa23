package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, A = sum_i values[i] v_i v_i^T: Householder
 * reflections to tridiagonal form, then implicit QL. Eigenvectors are rows, so that every step runs
 * along memory; commons-math keeps them as columns. Each value is computed by one thread in a fixed
 * order, so the bits do not depend on the threads.
 *
 * @see <a href="https://doi.org/10.1007/BF02162166">Dubrulle, Martin, Wilkinson 1968, The implicit
 *     QL algorithm</a>
 */
final class SymmetricEigen {
  private static final double EPSILON = 0x1p-52;
  private static final int MOST_STEPS = 80;

  private final int n;
  private final double[] values;
  private final double[] vectors;

  private SymmetricEigen(int n, double[] values, double[] vectors) {
    this.n = n;
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * Decomposes a matrix that has no negative eigenvalues but by rounding; those become 0.
   *
   * @param matrix {@code [n][n]}, symmetric; left as it is
   * @param n its order
   */
  static SymmetricEigen ofPositive(double[] matrix, int n) {
    SymmetricEigen eigen = of(matrix, n);
    for (int i = 0; i < n; i++) {
      eigen.values[i] = Math.max(eigen.values[i], 0);
    }
    return eigen;
  }

  static SymmetricEigen of(double[] matrix, int n) {
    double[] a = matrix.clone();
    double[] diagonal = new double[n];
    double[] beside = new double[n];
    double[] z = reduce(a, n, diagonal, beside);
    diagonalise(diagonal, beside, z, n);
    return new SymmetricEigen(n, diagonal, z);
  }

  int size() {
    return n;
  }

  /** Eigenvalue i, in no order. */
  double value(int i) {
    return values[i];
  }

  /** {@code [n][n]}, row i is eigenvector i; not copied. */
  double[] vectors() {
    return vectors;
  }

  /** {@code out[i] = v_i . x}. */
  void rotate(double[] x, double[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = DotProduct.of(vectors, i * n, x, 0, n);
    }
  }

  /** Tridiagonal form; gives Q^T with A = Q T Q^T. */
  private static double[] reduce(double[] a, int n, double[] diagonal, double[] beside) {
    double[][] reflections = new double[Math.max(n - 2, 0)][];
    double[] w = new double[n];
    for (int k = 0; k < n - 2; k++) {
      int m = n - k - 1;
      double[] v = Arrays.copyOfRange(a, k * n + k + 1, k * n + n);
      double norm = Math.sqrt(DotProduct.of(v, 0, v, 0, m));
      if (norm == 0) {
        continue;
      }
      double alpha = v[0] > 0 ? -norm : norm;
      beside[k] = alpha;
      v[0] -= alpha;
      double length = Math.sqrt(DotProduct.of(v, 0, v, 0, m));
      for (int i = 0; i < m; i++) {
        v[i] /= length;
      }
      reflections[k] = v;
      reflectTrailing(a, n, k + 1, v, w);
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i * n + i];
    }
    if (n > 1) {
      beside[n - 2] = a[(n - 2) * n + n - 1];
    }
    return accumulate(reflections, n);
  }

  /** B -> H B H with H = I - 2 v v^T, for the square B from row and column {@code from}. */
  private static void reflectTrailing(double[] a, int n, int from, double[] v, double[] w) {
    int m = n - from;
    DenseMatrix.rows(0, m)
        .forEach(i -> w[i] = 2 * DotProduct.of(a, (from + i) * n + from, v, 0, m));
    double half = DotProduct.of(w, 0, v, 0, m);
    for (int i = 0; i < m; i++) {
      w[i] -= half * v[i];
    }
    DenseMatrix.rows(0, m).forEach(i -> subtractTwo(a, (from + i) * n + from, w, v[i], v, w[i], m));
  }

  private static void subtractTwo(
      double[] row, int at, double[] w, double ofW, double[] v, double ofV, int length) {
    for (int j = 0; j < length; j++) {
      row[at + j] -= ofW * w[j] + ofV * v[j];
    }
  }

  /** The transposed product of the reflections, first one outermost; each row for itself. */
  private static double[] accumulate(double[][] reflections, int n) {
    double[] z = new double[n * n];
    DenseMatrix.rows(0, n)
        .forEach(
            row -> {
              z[row * n + row] = 1;
              for (int k = Math.min(reflections.length, row) - 1; k >= 0; k--) {
                double[] v = reflections[k];
                if (v != null) {
                  int at = row * n + k + 1;
                  int m = n - k - 1;
                  DenseMatrix.addMultiple(z, at, v, 0, -2 * DotProduct.of(z, at, v, 0, m), m);
                }
              }
            });
    return z;
  }

  private static void diagonalise(double[] d, double[] e, double[] z, int n) {
    double norm = 0;
    for (int i = 0; i < n; i++) {
      norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
    }
    double negligible = EPSILON * norm;
    Rotations rotations = new Rotations(z, n);
    for (int l = 0; l < n; l++) {
      for (int step = 0; ; step++) {
        int m = l;
        while (m < n - 1 && Math.abs(e[m]) > negligible) {
          m++;
        }
        if (m == l) {
          break;
        }
        if (step == MOST_STEPS) {
          throw new IllegalStateException(
              "eigenvalue " + l + " of " + n + " did not converge: is the matrix finite?");
        }
        sweep(d, e, rotations, l, m);
      }
    }
    rotations.apply();
  }

  /** One implicit QL sweep over rows l to m of the tridiagonal matrix. */
  private static void sweep(double[] d, double[] e, Rotations rotations, int l, int m) {
    rotations.begin(m);
    double g = (d[l + 1] - d[l]) / (2 * e[l]);
    double r = Math.sqrt(g * g + 1);
    g = d[m] - d[l] + e[l] / (g + Math.copySign(r, g));
    double sine = 1;
    double cosine = 1;
    double p = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = sine * e[i];
      double b = cosine * e[i];
      r = Math.sqrt(f * f + g * g);
      e[i + 1] = r;
      if (r == 0) {
        // The matrix falls into two before this row.
        d[i + 1] -= p;
        e[m] = 0;
        return;
      }
      sine = f / r;
      cosine = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * sine + 2 * cosine * b;
      p = sine * r;
      d[i + 1] = g + p;
      g = cosine * r - b;
      rotations.add(sine, cosine);
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
  }

  /**
   * Rotations of neighbouring rows, kept for some sweeps and then applied to a few columns at a
   * time: these stay in the cache for all of them, where one sweep alone would go through the whole
   * matrix.
   */
  private static final class Rotations {
    private static final int SWEEPS = 32;
    private static final int COLUMNS = 32;

    private final double[] z;
    private final int n;
    private final double[][] sines = new double[SWEEPS][];
    private final double[][] cosines = new double[SWEEPS][];
    private final int[] starts = new int[SWEEPS];
    private final int[] counts = new int[SWEEPS];
    private int sweeps;

    Rotations(double[] z, int n) {
      this.z = z;
      this.n = n;
    }

    /** A sweep that begins with rows start - 1 and start, and goes up. */
    void begin(int start) {
      if (sweeps == SWEEPS) {
        apply();
      }
      if (sines[sweeps] == null) {
        sines[sweeps] = new double[n];
        cosines[sweeps] = new double[n];
      }
      starts[sweeps] = start;
      counts[sweeps] = 0;
      sweeps++;
    }

    void add(double sine, double cosine) {
      int at = counts[sweeps - 1]++;
      sines[sweeps - 1][at] = sine;
      cosines[sweeps - 1][at] = cosine;
    }

    void apply() {
      int chunks = (n + COLUMNS - 1) / COLUMNS;
      IntStream all = IntStream.range(0, chunks);
      (n < DenseMatrix.PARALLEL ? all : all.parallel())
          .forEach(c -> apply(c * COLUMNS, Math.min(n, (c + 1) * COLUMNS)));
      sweeps = 0;
    }

    private void apply(int from, int to) {
      for (int s = 0; s < sweeps; s++) {
        int lower = starts[s] * n + from;
        for (int r = 0; r < counts[s]; r++) {
          rotate(lower - n, lower, sines[s][r], cosines[s][r], to - from);
          lower -= n;
        }
      }
    }

    private void rotate(int upper, int lower, double sine, double cosine, int length) {
      for (int k = 0; k < length; k++) {
        double f = z[lower + k];
        double u = z[upper + k];
        z[lower + k] = sine * u + cosine * f;
        z[upper + k] = cosine * u - sine * f;
      }
    }
  }
}
