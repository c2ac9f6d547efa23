package io.github.swag4j.calibration.io.internal;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.Simplex;
import io.github.swag4j.calibration.io.format.PredictionFileException;

/**
 * Numbers that are to be read as logits and can hardly be: every row of them is a distribution.
 * Their softmax would be one too, and flat.
 */
public final class LogitCheck {
  private LogitCheck() {}

  /** Whether all of some rows are distributions. */
  public static boolean areDistributions(double[] values, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int i = r * columns; i < (r + 1) * columns; i++) {
        if (!(values[i] >= 0 && values[i] <= 1)) {
          return false;
        }
        sum += values[i];
      }
      if (!Simplex.sumsToOne(sum)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all of some rows are distributions, or probabilities of the positive class. */
  public static boolean areProbabilities(double[] values, int rows, int columns) {
    if (columns > 1) {
      return areDistributions(values, rows, columns);
    }
    for (int r = 0; r < rows; r++) {
      if (!(values[r] >= 0 && values[r] <= 1)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Refuses predictions read as logits of which all are distributions.
   *
   * @param named whether the file itself calls its numbers logits
   */
  public static void require(Predictions read, boolean named, Source source)
      throws PredictionFileException {
    if (!read.hasLogits()) {
      return;
    }
    double[] row = new double[read.classes()];
    for (int r = 0; r < read.rows(); r++) {
      for (int k = 0; k < row.length; k++) {
        row[k] = read.logit(r, k);
      }
      if (!areDistributions(row, 1, row.length)) {
        return;
      }
    }
    throw refusal(named, source);
  }

  /**
   * The refusal.
   *
   * @param named whether the file itself calls its numbers logits
   */
  public static PredictionFileException refusal(boolean named, Source source) {
    String problem = "the numbers must be logits, got rows that are distributions already: ";
    return source.refuse(
        named
            ? Refusal.of(problem + "call them 'probs' in the file")
            : Refusal.of(problem, PredictionRemedy.NOT_AS_LOGITS));
  }
}
