package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.base.DotProduct;
import io.github.swag4j.calibration.internal.SymmetricEigen;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Second moments and their eigenvectors, for distances under a Gaussian. */
final class Whitening {
  private static final int STRIP = 256; // rows
  private static final int PARALLEL_FROM = 64; // features

  private Whitening() {}

  /** Column means. */
  static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (rows[r][i] - mean[i]) / (r + 1);
      }
    }
    return mean;
  }

  /**
   * (1/rows) sum x x^T of rows from which centre(row) was taken, exactly symmetric. Summed by
   * strips of rows that stay in cache, strip by strip: sums of strips round less than one long sum,
   * so that directions in which nothing varies stay near 0.
   */
  static double[][] covariance(double[][] rows, double[][] centres, int[] centreOf) {
    int dimensions = rows[0].length;
    double[][] covariance = new double[dimensions][dimensions];
    double[][] strip = new double[dimensions][STRIP]; // contiguous for the dot products
    for (int first = 0; first < rows.length; first += STRIP) {
      int count = Math.min(STRIP, rows.length - first);
      for (int r = 0; r < count; r++) {
        double[] row = rows[first + r];
        double[] centre = centres[centreOf == null ? 0 : centreOf[first + r]];
        for (int i = 0; i < dimensions; i++) {
          strip[i][r] = row[i] - centre[i];
        }
      }
      IntStream all = IntStream.range(0, dimensions);
      (dimensions >= PARALLEL_FROM ? all.parallel() : all)
          .forEach(
              i -> {
                for (int j = 0; j <= i; j++) {
                  covariance[i][j] += DotProduct.of(strip[i], strip[j], 0, count);
                }
              });
    }
    for (int i = 0; i < dimensions; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i][j] /= rows.length;
        covariance[j][i] = covariance[i][j];
        if (!Double.isFinite(covariance[i][j])) {
          throw new IllegalArgumentException(
              "products of features must be finite, got "
                  + covariance[i][j]
                  + " for features "
                  + j
                  + " and "
                  + i
                  + ": scale the features down");
        }
      }
    }
    return covariance;
  }

  /**
   * Rows v_i / sqrt(lambda_i) over the eigenvalues that are not 0 in double precision: squared
   * lengths after it are Mahalanobis distances by the pseudo-inverse (constant features, such as
   * dead ReLU units, are left out).
   */
  static double[][] of(double[][] covariance) {
    SymmetricEigen eigen = SymmetricEigen.of(covariance);
    double[] values = eigen.values();
    double least = rounding(values);
    return IntStream.range(0, values.length)
        .filter(i -> values[i] > least)
        .mapToObj(
            i -> {
              double root = Math.sqrt(values[i]);
              return Arrays.stream(eigen.vector(i)).map(v -> v / root).toArray();
            })
        .toArray(double[][]::new);
  }

  /** What is 0 among ascending eigenvalues in double precision. */
  private static double rounding(double[] values) {
    return values.length * Math.ulp(1.0) * Math.max(0, values[values.length - 1]);
  }

  /** Eigenvectors of the smallest eigenvalues; none if these are all 0 in double precision. */
  static double[][] smallest(double[][] covariance, int count) {
    SymmetricEigen eigen = SymmetricEigen.of(covariance);
    double[] values = eigen.values();
    if (values[count - 1] <= rounding(values)) {
      return new double[0][];
    }
    return IntStream.range(0, count).mapToObj(eigen::vector).toArray(double[][]::new);
  }

  /** matrix (x - centre). */
  static double[] apply(double[][] matrix, double[] x, double[] centre) {
    double[] centred = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      centred[i] = x[i] - centre[i];
    }
    double[] out = new double[matrix.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = DotProduct.of(matrix[i], centred);
    }
    return out;
  }

  static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = a[i] - b[i];
      sum += d * d;
    }
    return sum;
  }
}
