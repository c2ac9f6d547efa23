package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.internal.Simplex;

/** The rules of a single row of a sketch, those of {@link Predictions}. */
final class SketchInputRules {
  private SketchInputRules() {}

  /** Refuses a row that is not valid; clamps to [0, 1] what is beyond by rounding. */
  static void validate(double[] row, int label, int index) {
    if (check(row, label, index)) {
      for (int k = 0; k < row.length; k++) {
        row[k] = Math.min(Math.max(row[k], 0.0), 1) + 0.0;
      }
    }
  }

  private static boolean check(double[] row, int label, int index) {
    double sum = 0;
    boolean odd = false;
    for (int k = 0; k < row.length; k++) {
      double v = row[k];
      if (!(v >= -Predictions.RANGE_TOLERANCE && v <= 1 + Predictions.RANGE_TOLERANCE)) {
        throw new InvalidRowException(
            "probabilities[" + index + "][" + k + "] must be in [0, 1], got " + v, index, k);
      }
      odd |= v < 0 || v > 1;
      sum += v;
    }
    if (!Simplex.sumsToOne(sum)) {
      throw new InvalidRowException(
          "probabilities["
              + index
              + "] sums to "
              + sum
              + ", probabilities must sum to 1 within "
              + Predictions.SUM_TOLERANCE
              + ": take the softmax first if these are logits",
          index,
          -1);
    }
    if (label < 0 || label >= row.length) {
      throw new InvalidRowException(
          "labels[" + index + "] must be " + ClassIndex.ruleAndGot(label, row.length), index, -1);
    }
    return odd;
  }
}
