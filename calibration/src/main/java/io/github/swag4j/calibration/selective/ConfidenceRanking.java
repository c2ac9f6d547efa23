package io.github.swag4j.calibration.selective;

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
 * @param unit the weight that stands for one row, see {@link RowWeights#unit}
 * @param hasWeights whether some rows weigh more than others
 */
record ConfidenceRanking(
    WeightedScores right, WeightedScores wrong, double unit, boolean hasWeights) {
  /** Checked rows; without weights every row counts 1. */
  static ConfidenceRanking of(double[] confidences, boolean[] correct, double[] weights) {
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
    boolean equal = weights == null || RowWeights.allEqual(weights);
    // Equal weights of at most 1 are one row each.
    if (equal && (weights == null || Arrays.stream(weights).max().orElseThrow() <= 1)) {
      return new ConfidenceRanking(
          counted(scores[0], "right"), counted(scores[1], "wrong"), 1, false);
    }
    int exponent = RowWeights.exponent(weights);
    return new ConfidenceRanking(
        weighted(scores[0], RowWeights.scaled(weighing[0], exponent), "right"),
        weighted(scores[1], RowWeights.scaled(weighing[1], exponent), "wrong"),
        RowWeights.unit(RowWeights.scaled(weights, exponent)),
        !equal);
  }

  private static WeightedScores counted(double[] scores, String name) {
    return scores.length == 0
        ? WeightedScores.NONE
        : WeightedScores.counted(SortedScores.of(scores, name));
  }

  private static WeightedScores weighted(double[] scores, double[] weights, String name) {
    return scores.length == 0 ? WeightedScores.NONE : WeightedScores.of(scores, weights, name);
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

  /** Whether numbers are sums of weights, so rounded, and not counts. */
  boolean isRounded() {
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
