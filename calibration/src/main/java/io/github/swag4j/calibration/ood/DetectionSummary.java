package io.github.swag4j.calibration.ood;

/**
 * The numbers of a {@link DetectionCurve}.
 *
 * @param inRows number of in-distribution rows, those of weight 0 left out
 * @param outRows number of out-of-distribution rows, those of weight 0 left out
 * @param auroc area under the ROC, ties counted half
 * @param aurocStandardError DeLong's standard error; NaN when a sample has only one row
 * @param auprIn average precision, in-distribution positive
 * @param auprOut average precision, out-of-distribution positive
 * @param fpr95 false-positive rate at 95 % true-positive rate, out-of-distribution positive
 * @param fpr95IdPositive the same with in-distribution positive
 * @param detectionError least mean error rate
 */
public record DetectionSummary(
    long inRows,
    long outRows,
    double auroc,
    double aurocStandardError,
    double auprIn,
    double auprOut,
    double fpr95,
    double fpr95IdPositive,
    double detectionError) {

  static DetectionSummary of(DetectionCurve curve) {
    return new DetectionSummary(
        curve.inRows(),
        curve.outRows(),
        curve.auroc(),
        curve.aurocStandardError(),
        curve.auprIn(),
        curve.auprOut(),
        curve.fpr95(),
        curve.fpr95IdPositive(),
        curve.detectionError());
  }
}
