package io.github.swag4j.swag.laplace;

/** The diagonal of H: every weight for itself. */
public final class DiagonalCurvature implements LayerCurvature {
  private final LaplaceLayer layer;
  private final double[] diagonal;

  private DiagonalCurvature(LaplaceLayer layer, double[] diagonal) {
    this.layer = layer;
    this.diagonal = diagonal;
  }

  /**
   * A curvature.
   *
   * @param layer the layer
   * @param diagonal {@code [size]}, each at least 0; copied
   * @return the curvature
   * @throws IllegalArgumentException if the length differs, or a value is negative or not finite
   */
  public static DiagonalCurvature of(LaplaceLayer layer, double[] diagonal) {
    String what = "curvature of layer " + layer.name();
    double[] copy = CurvatureChecks.requireFinite(what, diagonal.clone(), layer.size());
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] < 0) {
        throw new IllegalArgumentException(
            what + " must be at least 0, got " + copy[i] + " at " + i);
      }
    }
    return new DiagonalCurvature(layer, copy);
  }

  @Override
  public LaplaceLayer layer() {
    return layer;
  }

  /**
   * The diagonal.
   *
   * @return {@code [size]}, a copy
   */
  public double[] diagonal() {
    return diagonal.clone();
  }

  double[] shared() {
    return diagonal;
  }
}
