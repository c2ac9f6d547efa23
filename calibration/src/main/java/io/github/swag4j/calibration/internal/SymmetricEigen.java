package io.github.swag4j.calibration.internal;

import io.github.swag4j.base.DotProduct;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reflections to a tridiagonal
 * matrix, then implicit QR steps with Wilkinson's shift.
 *
 * <p>Off-diagonal elements count as 0 below 2^-53 of the norm of the whole matrix and not of their
 * neighbours: rank-deficient matrices, whose small eigenvalues are all rounding, converge too.
 * (That of commons-math 3.6 compares with the neighbours, allows 30 steps an eigenvalue and fails
 * on the covariance of fewer rows than features.) Eigenvalues are right to about that share of the
 * norm.
 *
 * <p>Vectors are rows of an array and every long loop runs along rows. Rows, and in the QR steps
 * blocks of columns, are worked on in parallel; each number is computed by one thread in one order,
 * so the bits do not depend on the number of threads.
 *
 * @see "Golub and Van Loan 2013, Matrix Computations, 4th edition, algorithms 8.3.1 to 8.3.3"
 */
public final class SymmetricEigen {
  private static final double EPSILON = 0x1p-53;
  private static final int STEPS_PER_VALUE = 64; // 1 to 2 are usual
  private static final int PARALLEL_FROM = 128; // rows and columns
  private static final int BLOCK = 64; // columns of all vectors that stay in cache
  private static final int ROTATIONS = 1 << 15; // kept before they are applied

  private final int n;
  private final double[] diagonal;
  private final double[] beside; // element i couples i and i + 1
  private final double[][] vectors;

  // Rotations of the rows i and i + 1 of the vectors that are still to be applied.
  private final int[] rotated = new int[ROTATIONS];
  private final double[] cosines = new double[ROTATIONS];
  private final double[] sines = new double[ROTATIONS];
  private int pending;

  private SymmetricEigen(double[][] matrix) {
    n = matrix.length;
    diagonal = new double[n];
    beside = new double[Math.max(0, n - 1)];
    vectors = new double[n][n];
    int exponent = exponent(matrix);
    tridiagonalise(
        Arrays.stream(matrix).map(row -> scaled(row, -exponent)).toArray(double[][]::new));
    diagonalise();
    sort();
    System.arraycopy(scaled(diagonal, exponent), 0, diagonal, 0, n);
  }

  /** That of the largest element: near 1, products of small elements do not become 0. */
  private static int exponent(double[][] matrix) {
    double largest =
        Arrays.stream(matrix).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
    return largest > 0 ? Math.getExponent(largest) : 0;
  }

  private static double[] scaled(double[] values, int exponent) {
    return Arrays.stream(values).map(v -> Math.scalb(v, exponent)).toArray();
  }

  /**
   * Decomposes a matrix.
   *
   * @param matrix {@code [n][n]}, finite and exactly symmetric, left as it is
   * @return its eigenvalues and eigenvectors
   * @throws IllegalArgumentException if an element is not finite
   */
  public static SymmetricEigen of(double[][] matrix) {
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        if (!Double.isFinite(matrix[i][j])) {
          throw new IllegalArgumentException(
              "matrix[" + i + "][" + j + "] must be finite, got " + matrix[i][j]);
        }
      }
    }
    return new SymmetricEigen(matrix);
  }

  /**
   * The eigenvalues.
   *
   * @return {@code [n]}, ascending, a copy
   */
  public double[] values() {
    return diagonal.clone();
  }

  /**
   * The eigenvector of an eigenvalue.
   *
   * @param i its place among the ascending values
   * @return {@code [n]}, of unit length, a copy
   */
  public double[] vector(int i) {
    return vectors[i].clone();
  }

  /** Q^T A Q is tridiagonal; the vectors become Q^T = I H_last ... H_first. */
  private void tridiagonalise(double[][] a) {
    double[][] reflections = new double[n][];
    for (int k = 0; k + 2 < n; k++) {
      reflections[k] = reflection(a[k], k);
      if (reflections[k] != null) {
        reflect(a, reflections[k], k + 1);
      }
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i][i];
      vectors[i][i] = 1;
    }
    if (n > 1) {
      beside[n - 2] = a[n - 2][n - 1];
    }
    for (int k = n - 3; k >= 0; k--) {
      double[] v = reflections[k];
      int from = k + 1;
      if (v != null) {
        rows(from)
            .forEach(
                i -> addScaled(vectors[i], -DotProduct.of(vectors[i], v, from, n), v, from, n));
      }
    }
  }

  /** The v of I - v v^T that leaves of row k nothing beyond its neighbour; null if nothing is. */
  private double[] reflection(double[] row, int k) {
    double largest = 0;
    for (int i = k + 2; i < n; i++) {
      largest = Math.max(largest, Math.abs(row[i]));
    }
    if (largest == 0) {
      beside[k] = row[k + 1];
      return null;
    }
    largest = Math.max(largest, Math.abs(row[k + 1]));
    double[] v = new double[n];
    for (int i = k + 1; i < n; i++) {
      v[i] = row[i] / largest;
    }
    double length = Math.sqrt(DotProduct.of(v, v, k + 1, n));
    double first = v[k + 1] > 0 ? v[k + 1] + length : v[k + 1] - length; // no cancellation
    double scale = Math.sqrt(length * Math.abs(first)); // |v|^2 = 2
    beside[k] = v[k + 1] > 0 ? -length * largest : length * largest;
    v[k + 1] = first;
    for (int i = k + 1; i < n; i++) {
      v[i] /= scale;
    }
    return v;
  }

  /** A becomes (I - v v^T) A (I - v v^T) = A - v w^T - w v^T, w = A v - v (v^T A v) / 2. */
  private void reflect(double[][] a, double[] v, int from) {
    double[] w = new double[n];
    rows(from).forEach(i -> w[i] = DotProduct.of(a[i], v, from, n));
    addScaled(w, -0.5 * DotProduct.of(v, w, from, n), v, from, n);
    rows(from)
        .forEach(
            i -> {
              double[] row = a[i];
              double vi = v[i];
              double wi = w[i];
              for (int j = from; j < row.length; j++) {
                row[j] -= vi * w[j] + wi * v[j];
              }
            });
  }

  private IntStream rows(int from) {
    IntStream rows = IntStream.range(from, n);
    return n - from >= PARALLEL_FROM ? rows.parallel() : rows;
  }

  private void diagonalise() {
    double norm = 0;
    for (int i = 0; i < n; i++) {
      double left = i > 0 ? Math.abs(beside[i - 1]) : 0;
      double right = i + 1 < n ? Math.abs(beside[i]) : 0;
      norm = Math.max(norm, left + Math.abs(diagonal[i]) + right);
    }
    double least = EPSILON * norm;
    int steps = 0;
    int last = n - 1;
    while (last > 0) {
      if (Math.abs(beside[last - 1]) <= least) {
        last--;
        continue;
      }
      int first = last - 1;
      while (first > 0 && Math.abs(beside[first - 1]) > least) {
        first--;
      }
      if (++steps > (long) STEPS_PER_VALUE * n) {
        throw new IllegalStateException("eigenvalues of a symmetric matrix did not converge");
      }
      step(first, last);
    }
    applyRotations();
  }

  /** One QR step on the elements from first to last, none of which is coupled by 0. */
  private void step(int first, int last) {
    double half = (diagonal[last - 1] - diagonal[last]) / 2;
    double coupling = beside[last - 1];
    // Wilkinson's shift: the eigenvalue of the last two that is nearer to the last.
    double root = Math.hypot(half, coupling);
    double away = half + Math.copySign(root, half);
    double x = diagonal[first] - (diagonal[last] - coupling / away * coupling);
    double bulge = beside[first];
    for (int k = first; k < last; k++) {
      double length = Math.hypot(x, bulge);
      double c = length == 0 ? 1 : x / length;
      double s = length == 0 ? 0 : bulge / length;
      if (k > first) {
        beside[k - 1] = length;
      }
      double upper = diagonal[k];
      double lower = diagonal[k + 1];
      double between = beside[k];
      double shared = s * (upper - lower) - 2 * c * between;
      diagonal[k] = upper - s * shared;
      diagonal[k + 1] = lower + s * shared;
      beside[k] = -c * shared - between;
      x = beside[k];
      if (k + 1 < last) {
        bulge = s * beside[k + 1];
        beside[k + 1] *= c;
      }
      keepRotation(k, c, s);
    }
  }

  private void keepRotation(int row, double c, double s) {
    if (pending == ROTATIONS) {
      applyRotations();
    }
    rotated[pending] = row;
    cosines[pending] = c;
    sines[pending++] = s;
  }

  private void applyRotations() {
    IntStream blocks = IntStream.range(0, (n + BLOCK - 1) / BLOCK);
    (n >= PARALLEL_FROM ? blocks.parallel() : blocks)
        .forEach(
            b -> {
              int from = b * BLOCK;
              int to = Math.min(n, from + BLOCK);
              for (int r = 0; r < pending; r++) {
                rotate(
                    vectors[rotated[r]], vectors[rotated[r] + 1], cosines[r], sines[r], from, to);
              }
            });
    pending = 0;
  }

  private static void rotate(double[] a, double[] b, double c, double s, int from, int to) {
    for (int j = from; j < to; j++) {
      double x = a[j];
      double y = b[j];
      a[j] = c * x + s * y;
      b[j] = c * y - s * x;
    }
  }

  private void sort() {
    int[] order = ValueOrder.of(diagonal);
    double[][] rows = Arrays.stream(order).mapToObj(i -> vectors[i]).toArray(double[][]::new);
    System.arraycopy(ValueOrder.apply(order, diagonal), 0, diagonal, 0, n);
    System.arraycopy(rows, 0, vectors, 0, n);
  }

  private static void addScaled(double[] to, double scale, double[] v, int from, int n) {
    for (int i = from; i < n; i++) {
      to[i] += scale * v[i];
    }
  }
}
