package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;
import java.util.ArrayList;
import java.util.List;

/**
 * factor * G (x) A + prior * I, exactly: with G = Q L Q^T and A = R M R^T its eigenvalues are
 * factor l_i m_j + prior and its eigenvectors q_i (x) r_j. No damping is split between the factors.
 */
final class KroneckerPrecision implements LayerPrecision {
  private final SymmetricEigen out;
  private final SymmetricEigen in;
  private final double factor;
  private final double prior;

  KroneckerPrecision(KroneckerCurvature curvature, double factor, double prior) {
    this.out = curvature.outputEigen();
    this.in = curvature.inputEigen();
    this.factor = factor;
    this.prior = prior;
  }

  private double eigenvalue(int i, int j) {
    return factor * out.value(i) * in.value(j) + prior;
  }

  @Override
  public double logDet() {
    double sum = 0;
    for (int i = 0; i < out.size(); i++) {
      for (int j = 0; j < in.size(); j++) {
        sum += StrictMath.log(eigenvalue(i, j));
      }
    }
    return sum;
  }

  @Override
  public void colour(double[] z) {
    int m = out.size();
    int n = in.size();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        z[i * n + j] /= Math.sqrt(eigenvalue(i, j));
      }
    }
    double[] rotated = DenseMatrix.product(z, in.vectors(), m, n, n);
    double[] sample = DenseMatrix.transposedProduct(out.vectors(), rotated, m, m, n);
    System.arraycopy(sample, 0, z, 0, m * n);
  }

  /** Variance of the output along each eigenvector of G. */
  private double[] rotatedVariances(double[] a) {
    double[] u = new double[in.size()];
    in.rotate(a, u);
    double[] v = new double[out.size()];
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < u.length; j++) {
        v[i] += u[j] * u[j] / eigenvalue(i, j);
      }
    }
    return v;
  }

  @Override
  public void covariance(double[] a, double[] covariance) {
    int m = out.size();
    double[] v = rotatedVariances(a);
    double[] q = out.vectors();
    for (int c = 0; c < m; c++) {
      for (int d = c; d < m; d++) {
        double sum = 0;
        for (int i = 0; i < m; i++) {
          sum += q[i * m + c] * v[i] * q[i * m + d];
        }
        covariance[c * m + d] = sum;
        covariance[d * m + c] = sum;
      }
    }
  }

  @Override
  public void variances(double[] a, double[] variances) {
    double[] v = rotatedVariances(a);
    System.arraycopy(squaredSum(out, v), 0, variances, 0, v.length);
  }

  /**
   * Adds J P^-1 J^T, the covariance of a model's outputs under these weights, to a matrix. With g_c
   * the gradient of output c it is g_c^T P^-1 g_d; in the eigenvectors' axes P is diagonal.
   *
   * @param jacobian the g, factored
   * @param covariance {@code [model's outputs][model's outputs]}
   */
  void addCovariance(LayerJacobian jacobian, double[] covariance) {
    int places = jacobian.places();
    int n = in.size();
    double[] rotated = DenseMatrix.product(in.vectors(), jacobian.inputs(), n, n, places);
    List<double[]> whitened = new ArrayList<>();
    if (places == 1) {
      double[] deviations = new double[out.size()];
      for (int i = 0; i < deviations.length; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
          sum += rotated[j] * rotated[j] / eigenvalue(i, j);
        }
        deviations[i] = Math.sqrt(sum);
      }
      for (double[] gradient : jacobian.gradients()) {
        double[] z = new double[out.size()];
        out.rotate(gradient, z);
        for (int i = 0; i < z.length; i++) {
          z[i] *= deviations[i];
        }
        whitened.add(z);
      }
    } else {
      double[] inputs = DenseMatrix.transposed(rotated, n, places);
      double[] roots = new double[out.size() * n];
      for (int i = 0; i < roots.length; i++) {
        roots[i] = Math.sqrt(eigenvalue(i / n, i % n));
      }
      for (double[] gradient : jacobian.gradients()) {
        int m = out.size();
        double[] turned = DenseMatrix.product(out.vectors(), gradient, m, m, places);
        double[] z = DenseMatrix.product(turned, inputs, m, places, n);
        for (int i = 0; i < z.length; i++) {
          z[i] /= roots[i];
        }
        whitened.add(z);
      }
    }
    int outputs = whitened.size();
    for (int c = 0; c < outputs; c++) {
      for (int d = c; d < outputs; d++) {
        double product =
            DotProduct.of(whitened.get(c), 0, whitened.get(d), 0, whitened.get(c).length);
        covariance[c * outputs + d] += product;
        if (d > c) {
          covariance[d * outputs + c] += product;
        }
      }
    }
  }

  /** sum_i v_i q_i^2, by element. */
  private static double[] squaredSum(SymmetricEigen eigen, double[] v) {
    int n = eigen.size();
    double[] q = eigen.vectors();
    double[] sums = new double[n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < n; c++) {
        sums[c] += q[i * n + c] * q[i * n + c] * v[i];
      }
    }
    return sums;
  }

  @Override
  public double[] weightVariances() {
    int m = out.size();
    int n = in.size();
    double[] squares = new double[n * n];
    double[] r = in.vectors();
    for (int i = 0; i < squares.length; i++) {
      squares[i] = r[i] * r[i];
    }
    double[] inverse = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        inverse[i * n + j] = 1 / eigenvalue(i, j);
      }
    }
    double[] q = out.vectors();
    double[] outSquares = new double[m * m];
    for (int i = 0; i < outSquares.length; i++) {
      outSquares[i] = q[i] * q[i];
    }
    double[] rotated = DenseMatrix.product(inverse, squares, m, n, n);
    return DenseMatrix.transposedProduct(outSquares, rotated, m, m, n);
  }
}
