package io.github.swag4j.swag.djl;

import io.github.swag4j.calibration.Predictions;

/**
 * What outputs that are taken for logits look like together. Where every row is a distribution, or
 * where many values span [0, 1] and none lies outside, the model ends in a softmax or sigmoids
 * already, and another one would give wrong probabilities that nobody sees.
 */
final class LogitEvidence {
  /** Fewer values than these in [0, 1] show nothing. */
  private static final long MANY = 100;

  private static final double NEAR = 0.1;

  private final String afterSoftmax;
  private final String afterSigmoid;
  private boolean allDistributions = true;
  private boolean allInUnit = true;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private long values;

  /**
   * Evidence of no rows.
   *
   * @param afterSoftmax the option for distributions, or null where one column cannot be one
   * @param afterSigmoid the option for the outputs of sigmoids
   */
  LogitEvidence(String afterSoftmax, String afterSigmoid) {
    this.afterSoftmax = afterSoftmax;
    this.afterSigmoid = afterSigmoid;
  }

  void add(double[] logits, int from, int width) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      allInUnit &= logits[i] >= 0 && logits[i] <= 1;
      least = Math.min(least, logits[i]);
      most = Math.max(most, logits[i]);
      sum += logits[i];
    }
    allDistributions &= allInUnit && Math.abs(sum - 1) < Predictions.SUM_TOLERANCE;
    values += width;
  }

  void requireLogits() {
    if (values == 0) {
      return;
    }
    if (afterSoftmax != null && allDistributions) {
      throw new IllegalArgumentException(
          "the model's outputs are taken for logits, but each row is a distribution already: say"
              + " output(Output."
              + afterSoftmax
              + ") if the model ends in a softmax");
    }
    if (allInUnit && values >= MANY && least < NEAR && most > 1 - NEAR) {
      throw new IllegalArgumentException(
          "the model's outputs are taken for logits, but all "
              + values
              + " of the first rows lie between 0 and 1: say output(Output."
              + afterSigmoid
              + ") if the model ends in a sigmoid, or outputAsSaid if these are logits all the same");
    }
  }
}
