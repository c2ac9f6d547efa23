package io.github.swag4j.swag.laplace;

/**
 * The whole matrix H of a layer, {@code [size][size]}. With the posterior made of it it takes 16
 * size^2 bytes, and 8 size^2 more where logits' covariances are asked for; a factorisation costs
 * size^3 / 3 multiplications for each prior precision.
 */
public final class FullCurvature implements LayerCurvature {

  /** Most weights of a layer: 8,192, which take 1 GiB. */
  public static final int MOST_WEIGHTS = CurvatureChecks.MOST;

  private final LaplaceLayer layer;
  private final double[] matrix;

  private FullCurvature(LaplaceLayer layer, double[] matrix) {
    this.layer = layer;
    this.matrix = matrix;
  }

  /**
   * A curvature.
   *
   * @param layer the layer
   * @param matrix {@code [size][size]}, symmetric, row-major; copied
   * @return the curvature
   * @throws IllegalArgumentException if the layer is too large, or the matrix is of another size,
   *     not finite or not symmetric
   */
  public static FullCurvature of(LaplaceLayer layer, double[] matrix) {
    requireFits(layer);
    return new FullCurvature(
        layer,
        CurvatureChecks.symmetric("curvature of layer " + layer.name(), matrix, layer.size()));
  }

  /**
   * Checks that a layer is small enough for a whole matrix.
   *
   * @param layer the layer
   * @throws IllegalArgumentException if it has more than {@link #MOST_WEIGHTS} weights
   */
  public static void requireFits(LaplaceLayer layer) {
    if (layer.size() > MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "a full covariance must be of at most "
              + MOST_WEIGHTS
              + " weights, layer "
              + layer.name()
              + " has "
              + layer.size()
              + ", which would take "
              + (16L * layer.size() * layer.size() >> 20)
              + " MiB: use the Kronecker structure");
    }
  }

  @Override
  public LaplaceLayer layer() {
    return layer;
  }

  /**
   * The matrix.
   *
   * @return {@code [size][size]}, a copy
   */
  public double[] matrix() {
    return matrix.clone();
  }

  double[] shared() {
    return matrix;
  }
}
