package io.github.swag4j.calibration.io.internal;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.PredictionsBuilder;

/**
 * Logits of minus infinity, as models give classes that cannot be: their softmax is 0. Rows of a
 * file that has some are kept as probabilities, since arithmetic with such logits has no value.
 */
public final class MaskedLogits {
  private MaskedLogits() {}

  /** Whether a logit is minus infinity. */
  public static boolean isAmong(double[] logits, int count) {
    for (int i = 0; i < count; i++) {
      if (logits[i] == Double.NEGATIVE_INFINITY) {
        return true;
      }
    }
    return false;
  }

  /** Gives a builder the softmax of rows for their logits: the same bits as a builder's own. */
  public static void give(PredictionsBuilder builder, double[] logits, int rows, int classes) {
    builder.probabilities(
        rows, classes, false, (r, into, from) -> softmax(logits, r, classes, into, from));
  }

  private static void softmax(double[] logits, int row, int classes, double[] into, int from) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      double logit = logits[row * classes + k];
      if (!(logit < Double.POSITIVE_INFINITY)) {
        throw new InvalidRowException(
            "logits[" + row + "][" + k + "] must be finite, or minus infinity, got " + logit,
            row,
            k);
      }
      max = Math.max(max, logit);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      throw new InvalidRowException("logits[" + row + "] must not all be minus infinity", row, -1);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      into[from + k] = Math.exp(logits[row * classes + k] - max);
      sum += into[from + k];
    }
    for (int k = 0; k < classes; k++) {
      into[from + k] /= sum;
    }
  }
}
