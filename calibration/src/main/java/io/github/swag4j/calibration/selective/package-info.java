/**
 * Prediction with the option to abstain: risk against coverage, and thresholds with a guarantee.
 *
 * <p>How sure a row is comes from elsewhere; here rows are only ordered by it.
 */
package io.github.swag4j.calibration.selective;
