package io.github.swag4j.calibration.monitoring;

/**
 * The numbers of a window.
 *
 * @param rows rows predicted
 * @param meanConfidence mean of the largest probability of each row, NaN without rows
 * @param meanEntropy mean entropy of the rows' distributions in nats, NaN without rows
 * @param labelled rows of which the label is known
 * @param accuracy share of the labelled rows whose most probable class is the label, NaN without
 *     labels, as all that follow
 * @param ece expected calibration error of the labelled rows in 15 bins of equal width; windows of
 *     few rows have a greater one by chance alone
 * @param nll mean negative log-likelihood of the labelled rows, in nats
 * @param labelledConfidence mean confidence of the labelled rows
 */
public record WindowNumbers(
    long rows,
    double meanConfidence,
    double meanEntropy,
    long labelled,
    double accuracy,
    double ece,
    double nll,
    double labelledConfidence) {}
