package io.github.swag4j.calibration.ood;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/** Second moments and their eigenvectors, for distances under a Gaussian. */
final class Whitening {
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

  /** (1/rows) sum x x^T of rows from which centre(row) was taken, exactly symmetric. */
  static double[][] covariance(double[][] rows, double[][] centres, int[] centreOf) {
    int dimensions = rows[0].length;
    double[][] columns = new double[dimensions][rows.length]; // contiguous for the dot products
    for (int r = 0; r < rows.length; r++) {
      double[] centre = centres[centreOf == null ? 0 : centreOf[r]];
      for (int i = 0; i < dimensions; i++) {
        columns[i][r] = rows[r][i] - centre[i];
      }
    }
    double[][] covariance = new double[dimensions][dimensions];
    IntStream.range(0, dimensions)
        .parallel()
        .forEach(
            i -> {
              for (int j = 0; j <= i; j++) {
                covariance[i][j] = dot(columns[i], columns[j]) / rows.length;
              }
            });
    for (int i = 0; i < dimensions; i++) {
      for (int j = 0; j < i; j++) {
        covariance[j][i] = covariance[i][j];
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
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance, false));
    double[] values = eigen.getRealEigenvalues();
    double largest = Arrays.stream(values).max().orElse(0);
    double least = values.length * Math.ulp(1.0) * largest;
    return IntStream.range(0, values.length)
        .filter(i -> values[i] > least)
        .mapToObj(i -> eigen.getEigenvector(i).mapDivide(Math.sqrt(values[i])).toArray())
        .toArray(double[][]::new);
  }

  /** Eigenvectors of the smallest eigenvalues. */
  static double[][] smallest(double[][] covariance, int count) {
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance, false));
    double[] values = eigen.getRealEigenvalues();
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Double.compare(values[a], values[b]))
        .limit(count)
        .map(i -> eigen.getEigenvector(i).toArray())
        .toArray(double[][]::new);
  }

  /** matrix (x - centre). */
  static double[] apply(double[][] matrix, double[] x, double[] centre) {
    double[] centred = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      centred[i] = x[i] - centre[i];
    }
    double[] out = new double[matrix.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = dot(matrix[i], centred);
    }
    return out;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
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
