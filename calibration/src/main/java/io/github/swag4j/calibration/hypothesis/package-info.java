/**
 * Tests of the hypothesis that forecasts are calibrated. All are two-sided: over- and
 * under-confidence both give small p-values. A large p-value is not a proof of calibration.
 *
 * <p>{@code TestedForecasts} are those tested when predictions are given: of the positive class of
 * one column, else of the top label.
 */
package io.github.swag4j.calibration.hypothesis;
