/**
 * Predictions in, numbers out: how far a classifier's probabilities can be trusted.
 *
 * <p>Everything here works on arrays and needs no engine. What draws, writes pages or runs models
 * belongs to other modules.
 */
package io.github.swag4j.calibration;
