/**
 * Predictions in, numbers out: how far a classifier's probabilities can be trusted.
 *
 * <p>{@link io.github.swag4j.calibration.Predictions} are distributions over classes, row by row;
 * {@link io.github.swag4j.calibration.Observations} are what is known of the same rows (label,
 * weight, group, id) and go with them; {@link io.github.swag4j.calibration.Forecasts} are one
 * yes-or-no event of each row, in ascending order.
 *
 * <p>Everything here works on arrays and needs no engine. What draws, writes pages or runs models
 * belongs to other modules.
 */
package io.github.swag4j.calibration;
