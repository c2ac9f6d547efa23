/**
 * How far predicted distributions of a number can be trusted: proper scores, coverage, quantile and
 * variance calibration, the probability integral transform, and recalibration of quantiles.
 *
 * <p>A prediction is a Gaussian or a set of draws for each row. Point forecasts without a
 * distribution, and classification, do not belong here. {@code Columns} checks and averages values
 * that come one for each row.
 */
package io.github.swag4j.calibration.regression;
