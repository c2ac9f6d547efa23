package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;

/** A whole matrix, by its Cholesky factor. */
final class FullPrecision implements LayerPrecision {
  private final LaplaceLayer layer;
  private final CholeskyFactor factor;
  private double[] inverse;

  FullPrecision(FullCurvature curvature, double scale, double prior) {
    this.layer = curvature.layer();
    int n = layer.size();
    double[] h = curvature.shared();
    double[] p = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        p[i * n + j] = scale * h[i * n + j];
      }
      p[i * n + i] += prior;
    }
    this.factor = CholeskyFactor.inPlace(p, n);
  }

  @Override
  public double logDet() {
    return factor.logDet();
  }

  @Override
  public void colour(double[] z) {
    factor.colour(z);
  }

  private synchronized double[] inverse() {
    if (inverse == null) {
      inverse = factor.inverse();
    }
    return inverse;
  }

  @Override
  public void covariance(double[] a, double[] out) {
    int outputs = layer.outputs();
    for (int c = 0; c < outputs; c++) {
      for (int d = c; d < outputs; d++) {
        out[c * outputs + d] = form(a, c, d);
        out[d * outputs + c] = out[c * outputs + d];
      }
    }
  }

  @Override
  public void variances(double[] a, double[] out) {
    for (int c = 0; c < layer.outputs(); c++) {
      out[c] = form(a, c, c);
    }
  }

  /** a^T S a with S the block of the covariance between the weights of outputs c and d. */
  private double form(double[] a, int c, int d) {
    double[] covariance = inverse();
    int columns = layer.columns();
    int n = layer.size();
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      sum += a[i] * DotProduct.of(covariance, (c * columns + i) * n + d * columns, a, 0, columns);
    }
    return sum;
  }

  @Override
  public double[] weightVariances() {
    int n = layer.size();
    double[] covariance = inverse();
    double[] variances = new double[n];
    for (int i = 0; i < n; i++) {
      variances[i] = covariance[i * n + i];
    }
    return variances;
  }
}
