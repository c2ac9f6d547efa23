package io.github.swag4j.swag.laplace;

/** P = factor * H + prior * I of one layer, in a form that samples are drawn from. */
sealed interface LayerPrecision permits FullPrecision, KroneckerPrecision, DiagonalPrecision {

  /** The precision of a curvature. */
  static LayerPrecision of(LayerCurvature curvature, double factor, double prior) {
    if (curvature instanceof FullCurvature full) {
      return new FullPrecision(full, factor, prior);
    }
    if (curvature instanceof KroneckerCurvature kronecker) {
      return new KroneckerPrecision(kronecker, factor, prior);
    }
    return new DiagonalPrecision((DiagonalCurvature) curvature, factor, prior);
  }

  /** log det P. */
  double logDet();

  /**
   * Turns standard normal numbers into a sample of N(0, P^-1).
   *
   * @param z {@code [size]}, overwritten
   */
  void colour(double[] z);

  /**
   * Covariance of the layer's outputs W a under N(0, P^-1) of its weights.
   *
   * @param a {@code [columns]} inputs, 1 appended where there is a bias
   * @param out {@code [outputs][outputs]}, overwritten
   */
  void covariance(double[] a, double[] out);

  /**
   * Variances of the layer's outputs: the diagonal of {@link #covariance}.
   *
   * @param a {@code [columns]} inputs, 1 appended where there is a bias
   * @param out {@code [outputs]}, overwritten
   */
  void variances(double[] a, double[] out);

  /** Marginal variances of the weights, {@code [size]}: the diagonal of P^-1. */
  double[] weightVariances();
}
