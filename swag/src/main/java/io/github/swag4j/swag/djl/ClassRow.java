package io.github.swag4j.swag.djl;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;

/** One row of a classifier's output as class probabilities. */
final class ClassRow {

  private ClassRow() {}

  /**
   * Turns outputs into probabilities, in place.
   *
   * @throws IllegalArgumentException if they are not finite, or not what they were said to be
   */
  static void decode(Output output, double[] row) {
    double sum = 0;
    boolean unit = true;
    double max = Double.NEGATIVE_INFINITY;
    for (double v : row) {
      if (!Double.isFinite(v)) {
        throw new IllegalArgumentException("the model's output must be finite, got " + v);
      }
      unit &= v >= -Predictions.RANGE_TOLERANCE && v <= 1 + Predictions.RANGE_TOLERANCE;
      sum += v;
      max = Math.max(max, v);
    }
    boolean distribution = unit && Math.abs(sum - 1) <= Predictions.SUM_LIMIT;
    if (output == Output.LOGITS) {
      if (unit && Math.abs(sum - 1) < Predictions.SUM_TOLERANCE) {
        throw new IllegalArgumentException(
            "the model's outputs are taken for logits, but the row is a distribution already: say"
                + " output(Output.PROBABILITIES) if the model ends in a softmax");
      }
      softmax(row, max);
    } else if (!distribution) {
      throw new IllegalArgumentException(
          "the model's output must be probabilities in [0, 1] that sum to 1, got a sum of "
              + sum
              + ": say output(Output.LOGITS) if the model ends without a softmax");
    }
  }

  private static void softmax(double[] logits, double max) {
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = StrictMath.exp(logits[k] - max);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
  }
}
