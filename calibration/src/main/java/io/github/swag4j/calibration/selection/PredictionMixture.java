package io.github.swag4j.calibration.selection;

import io.github.swag4j.base.MixtureWeights;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.List;

/**
 * Predictions of several predictors as those of their mixture, p(y | x) = sum_m w_m p_m(y | x),
 * with exactly the weights given: a linear opinion pool.
 *
 * <p>Of members that are posteriors the expected entropy is sum_m w_m E_m[H], where all know
 * theirs; of a single network it is the entropy of its prediction. Single samples are not kept,
 * since those of different members do not count alike.
 */
public final class PredictionMixture {

  /** How far weights may sum from 1. */
  public static final double SUM_TOLERANCE = MixtureWeights.SUM_TOLERANCE;

  private PredictionMixture() {}

  /**
   * The weighted mean of predictions.
   *
   * @param members predictions of the same rows, at least 1
   * @param weights one a member, at least 0, sum 1 within {@value #SUM_TOLERANCE}
   * @return the mixture's, with labels, ids, weights and class names of the first
   * @throws IllegalArgumentException if rows or classes differ, or the weights are not as said
   */
  public static Predictions of(List<Predictions> members, double[] weights) {
    List<Predictions> all = List.copyOf(members);
    SameRows.check("members", all);
    double[] shares = MixtureWeights.shares(weights, all.size(), "member");
    Predictions first = all.get(0);
    int rows = first.rows();
    int classes = first.classes();
    PredictionsBuilder builder = Predictions.builder().observations(first.observations());
    if (first.isBinary()) {
      double[] positive = new double[rows];
      for (int r = 0; r < rows; r++) {
        positive[r] = mean(all, shares, r, 1);
      }
      builder.positiveProbabilities(positive);
    } else {
      builder.probabilities(
          rows,
          classes,
          false,
          (row, into, from) -> {
            for (int k = 0; k < classes; k++) {
              into[from + k] = mean(all, shares, row, k);
            }
          });
    }
    if (all.stream().allMatch(Predictions::hasExpectedEntropy)) {
      double[] entropy = new double[rows];
      for (int m = 0; m < shares.length; m++) {
        for (int r = 0; r < rows; r++) {
          entropy[r] += shares[m] * all.get(m).expectedEntropy(r);
        }
      }
      builder.expectedEntropy(entropy);
    }
    if (first.hasClassNames()) {
      builder.classNames(first.classNames());
    }
    return builder.build();
  }

  private static double mean(List<Predictions> all, double[] shares, int row, int k) {
    double sum = 0;
    for (int m = 0; m < shares.length; m++) {
      sum += shares[m] * all.get(m).probability(row, k);
    }
    return Math.min(1, sum);
  }
}
