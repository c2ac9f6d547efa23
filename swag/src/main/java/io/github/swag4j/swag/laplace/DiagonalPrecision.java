package io.github.swag4j.swag.laplace;

import java.util.Arrays;

/** Independent weights. */
final class DiagonalPrecision implements LayerPrecision {
  private final LaplaceLayer layer;
  private final double[] precision;

  DiagonalPrecision(DiagonalCurvature curvature, double factor, double prior) {
    this.layer = curvature.layer();
    this.precision = Arrays.stream(curvature.shared()).map(h -> factor * h + prior).toArray();
  }

  @Override
  public double logDet() {
    double sum = 0;
    for (double p : precision) {
      sum += StrictMath.log(p);
    }
    return sum;
  }

  @Override
  public void colour(double[] z) {
    for (int i = 0; i < precision.length; i++) {
      z[i] /= Math.sqrt(precision[i]);
    }
  }

  @Override
  public void covariance(double[] a, double[] out) {
    int outputs = layer.outputs();
    double[] variances = new double[outputs];
    variances(a, variances);
    Arrays.fill(out, 0, outputs * outputs, 0);
    for (int c = 0; c < outputs; c++) {
      out[c * outputs + c] = variances[c];
    }
  }

  @Override
  public void variances(double[] a, double[] out) {
    int columns = layer.columns();
    for (int c = 0; c < layer.outputs(); c++) {
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += a[i] * a[i] / precision[c * columns + i];
      }
      out[c] = sum;
    }
  }

  @Override
  public double[] weightVariances() {
    return Arrays.stream(precision).map(p -> 1 / p).toArray();
  }
}
