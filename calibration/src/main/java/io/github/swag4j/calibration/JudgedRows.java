package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.SortedScores;
import io.github.swag4j.calibration.internal.TieGroups;
import io.github.swag4j.calibration.internal.WeightedScores;
import java.util.Arrays;

/**
 * Rows sorted by falling confidence, right and wrong ones apart.
 *
 * @param right negated confidences of the right rows
 * @param wrong negated confidences of the wrong rows
 */
record JudgedRows(WeightedScores right, WeightedScores wrong) {

  /** Checked rows; without weights every row counts 1. */
  static JudgedRows of(double[] confidences, boolean[] correct, double[] weights) {
    check(confidences, correct);
    if (weights != null) {
      RowWeights.check(weights, correct.length, "row");
    }
    int rows = 0;
    int errors = 0;
    for (int r = 0; r < correct.length; r++) {
      boolean present = weights == null || weights[r] > 0;
      rows += present ? 1 : 0;
      errors += present && !correct[r] ? 1 : 0;
    }
    double[][] scores = {new double[rows - errors], new double[errors]};
    double[][] weighing = {new double[rows - errors], new double[errors]};
    int[] filled = new int[2];
    for (int r = 0; r < correct.length; r++) {
      int part = correct[r] ? 0 : 1;
      if (weights == null || weights[r] > 0) {
        weighing[part][filled[part]] = weights == null ? 1 : weights[r];
        scores[part][filled[part]++] = -confidences[r];
      }
    }
    // Equal weights of at most 1 would be brought to 1, see RiskCoverageAreas.
    boolean counted =
        weights == null
            || (Arrays.stream(weights).max().orElseThrow() <= 1 && RowWeights.allEqual(weights));
    return new JudgedRows(
        part(scores[0], counted ? null : weighing[0], "right rows'"),
        part(scores[1], counted ? null : weighing[1], "wrong rows'"));
  }

  private static WeightedScores part(double[] scores, double[] weights, String name) {
    if (scores.length == 0) {
      return WeightedScores.NONE;
    }
    return weights == null
        ? WeightedScores.counted(SortedScores.of(scores, name))
        : WeightedScores.of(scores, weights, name);
  }

  private static void check(double[] confidences, boolean[] correct) {
    if (confidences.length != correct.length) {
      throw new IllegalArgumentException(
          "confidences and correct must have the same length, got "
              + confidences.length
              + " and "
              + correct.length);
    }
    if (confidences.length == 0) {
      throw new IllegalArgumentException("confidences must not be empty, got 0 rows");
    }
    for (int r = 0; r < confidences.length; r++) {
      if (Double.isNaN(confidences[r])) {
        throw new IllegalArgumentException("confidences[" + r + "] must be a number, got NaN");
      }
    }
  }

  long rows() {
    return (long) right.size() + wrong.size();
  }

  double weight() {
    return right.total() + wrong.total();
  }

  boolean hasWeights() {
    return right.hasWeights() || wrong.hasWeights();
  }

  /** Plateaus by falling confidence, right rows first. */
  TieGroups plateaus() {
    return new TieGroups(right.values(), wrong.values());
  }

  /** Weight of the right rows up to the plateau. */
  double rightThrough(TieGroups plateau) {
    return right.below(plateau.firstBelow() + plateau.firstEqual());
  }

  /** Weight of the wrong rows up to the plateau. */
  double wrongThrough(TieGroups plateau) {
    return wrong.below(plateau.secondBelow() + plateau.secondEqual());
  }
}
