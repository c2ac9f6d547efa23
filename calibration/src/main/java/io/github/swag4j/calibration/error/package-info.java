/**
 * Calibration errors beyond the binned top-label ones: by class, given the predicted class,
 * debiased, with swept bins, smooth, by kernel and cumulative. Each is computed from forecasts and
 * prints the convention it rests on.
 */
package io.github.swag4j.calibration.error;
