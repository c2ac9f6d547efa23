/**
 * Bayesian model averages of live DJL models: posterior and data in, predictions out.
 *
 * <p>What a prediction is worth is judged by {@code io.github.swag4j.calibration}.
 */
package io.github.swag4j.swag.djl;
