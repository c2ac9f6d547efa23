/**
 * Predictions as they are served, window by window, against a reference: what each window holds in
 * memory that does not grow with its rows, and tests of change whose rate of false alarms is known.
 * No files and no clocks: rows and labels come from the caller.
 */
package io.github.swag4j.calibration.monitoring;
