/**
 * Prediction sets that hold the true class with a chosen probability, whatever the classifier, as
 * long as calibration rows and new rows are exchangeable.
 *
 * <p>{@link io.github.swag4j.calibration.conformal.ConformalClassifier} learns thresholds from
 * held-out rows and turns predictions into {@link
 * io.github.swag4j.calibration.conformal.PredictionSets}. Randomness is a function of seed and row.
 */
package io.github.swag4j.calibration.conformal;
