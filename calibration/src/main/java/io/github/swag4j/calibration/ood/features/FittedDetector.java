package io.github.swag4j.calibration.ood.features;

/**
 * A detector that learned something from in-distribution rows. A value: immutable, and saved and
 * loaded by {@link DetectorFiles} with the same bits.
 */
public sealed interface FittedDetector permits FeatureDetector, KlMatching {

  /**
   * The detector's name in tables.
   *
   * @return a short name in lower case
   */
  String name();
}
