package io.github.swag4j.calibration.selective;

/**
 * What a threshold on the confidence gives: a point of a {@code RiskCoverageCurve}.
 *
 * @param threshold rows with at least this confidence are accepted
 * @param accepted number of rows accepted
 * @param errors number of errors among them
 * @param coverage accepted / all rows, in weight where rows have it
 * @param risk errors / accepted, in weight
 * @param generalisedRisk errors / all rows, in weight
 */
public record RiskAtCoverage(
    double threshold,
    long accepted,
    long errors,
    double coverage,
    double risk,
    double generalisedRisk) {}
