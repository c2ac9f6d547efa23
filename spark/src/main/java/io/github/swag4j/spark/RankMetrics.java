package io.github.swag4j.spark;

/**
 * How well a score separates out-of-distribution rows (positive, high scores) from in-distribution
 * rows, with the definitions of {@link io.github.swag4j.calibration.ood.DetectionCurve}.
 *
 * @param inRows in-distribution rows, at least 1
 * @param outRows out-of-distribution rows, at least 1
 * @param auroc area under the receiver operating characteristic, ties counted half: in [0, 1]
 * @param auprOut average precision with out-of-distribution rows as the positives, in (0, 1], each
 *     term rounded to 2^-40 so that their sum depends on no order
 * @param fpr95 share of in-distribution rows called out at the highest threshold that calls out at
 *     least 95 % of the out-of-distribution rows
 */
public record RankMetrics(long inRows, long outRows, double auroc, double auprOut, double fpr95) {}
