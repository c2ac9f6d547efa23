/**
 * Prediction with the option to abstain: risk against coverage, and thresholds with a guarantee.
 *
 * <p>{@code ConfidenceRanking} is the rows in the order in which they are accepted, {@code
 * RiskAtCoverage} what accepting the first of them gives, and {@code RiskCoverageCurve} all of
 * those.
 *
 * <p>How sure a row is comes from elsewhere; here rows are only ordered by it.
 */
package io.github.swag4j.calibration.selective;
