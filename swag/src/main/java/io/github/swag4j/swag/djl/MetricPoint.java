package io.github.swag4j.swag.djl;

/**
 * How good the mean of the first samples is: a point of the metric-against-samples curve, recorded
 * while predicting. The mean is in float64 here; predictions are rounded to float32.
 *
 * @param samples how many samples
 * @param nll mean negative log-likelihood of the labels, in nats, with the floor of {@code
 *     ProperScores}
 * @param accuracy share of rows whose most probable class is the label, the lowest index among
 *     equals
 * @param brier mean over rows of the sum over classes of (p - [label])^2, in [0, 2]
 */
public record MetricPoint(int samples, double nll, double accuracy, double brier) {}
