/**
 * Groups of forecasts: how confidences are cut into bins, and what each bin holds.
 *
 * <p>Every metric that needs bins takes its convention from here; no metric may enter.
 */
package io.github.swag4j.calibration.binning;
