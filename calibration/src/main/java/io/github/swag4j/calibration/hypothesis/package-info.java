/**
 * Tests of the hypothesis that forecasts are calibrated. All are two-sided: over- and
 * under-confidence both give small p-values. A large p-value is not a proof of calibration.
 */
package io.github.swag4j.calibration.hypothesis;
