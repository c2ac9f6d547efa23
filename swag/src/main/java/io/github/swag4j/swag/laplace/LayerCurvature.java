package io.github.swag4j.swag.laplace;

/**
 * Curvature of the negative log likelihood, summed over the training rows, in the weights of one
 * layer: a positive semi-definite approximation H of its Hessian. Curvature between layers is taken
 * for 0. Immutable.
 */
public sealed interface LayerCurvature
    permits FullCurvature, KroneckerCurvature, DiagonalCurvature {

  /**
   * The weights it speaks of.
   *
   * @return the layer
   */
  LaplaceLayer layer();
}
