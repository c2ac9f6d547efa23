/**
 * Calibration errors beyond the binned top-label ones: by class, given the predicted class,
 * debiased, with swept bins, smooth, by kernel and cumulative. Each is computed from forecasts and
 * prints the convention it rests on.
 *
 * <p>All but one take {@link io.github.swag4j.calibration.Forecasts}, sorted by probability; {@link
 * io.github.swag4j.calibration.error.GroupingLoss} takes {@code UnsortedForecasts}, which stay in
 * the order of the rows so that their features can be found.
 */
package io.github.swag4j.calibration.error;
