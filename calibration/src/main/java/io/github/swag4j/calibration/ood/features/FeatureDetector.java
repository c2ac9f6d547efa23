package io.github.swag4j.calibration.ood.features;

/**
 * A detector that looks at features, usually a network's penultimate activations. Higher = more
 * out-of-distribution.
 */
public sealed interface FeatureDetector extends FittedDetector
    permits ActivationShaping,
        DecisionBoundaryDistance,
        DirectedSparsification,
        HopfieldEnergy,
        Mahalanobis,
        NearestNeighbours,
        ReAct,
        VirtualLogitMatching {

  /**
   * Scores each row.
   *
   * @param batch features from the layer the detector was fitted on
   * @return {@code [rows]}
   * @throws IllegalArgumentException if the number of features differs from the fitted one, or
   *     something the detector needs is missing
   */
  double[] score(FeatureBatch batch);
}
