package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;

/** The arithmetic of scores that look at one row of predictions. */
public final class PredictionScores {
  private PredictionScores() {}

  static void needLogits(Predictions predictions) {
    if (!predictions.hasLogits()) {
      throw new IllegalArgumentException(
          "this score needs logits, got probabilities only: save the network's outputs before the"
              + " softmax, and read them as logits");
    }
  }

  static void needSamplesOrExpectedEntropy(Predictions predictions) {
    if (!predictions.hasExpectedEntropy()) {
      throw new IllegalArgumentException(
          "mutual information needs posterior samples or the expected entropy, got neither: keep"
              + " the column expected_entropy when predicting with a posterior");
    }
  }

  static void needSamples(Predictions predictions) {
    if (predictions.samples() < 2) {
      throw new IllegalArgumentException(
          "variation ratio needs at least 2 posterior samples, got "
              + predictions.samples()
              + ": keep the probabilities of single samples when predicting");
    }
  }

  /** 1 - (p_1st - p_2nd). */
  static double margin(Predictions p, int row) {
    double first = 0;
    double second = 0;
    for (int k = 0; k < p.classes(); k++) {
      double v = p.probability(row, k);
      if (v > first) {
        second = first;
        first = v;
      } else if (v > second) {
        second = v;
      }
    }
    return 1 - (first - second);
  }

  static double maximumLogit(Predictions p, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < p.classes(); k++) {
      max = Math.max(max, p.logit(row, k));
    }
    return -max;
  }

  /**
   * The energy of a row that has logits.
   *
   * @param p the predictions
   * @param row the row
   * @param temperature T, above 0
   * @return the energy; higher is more out-of-distribution
   */
  public static double energy(Predictions p, int row, double temperature) {
    double[] logits = new double[p.classes()];
    for (int k = 0; k < logits.length; k++) {
      logits[k] = p.logit(row, k);
    }
    return energy(logits, temperature);
  }

  /**
   * The energy of logits, -T ln sum exp(z / T).
   *
   * @param logits {@code [classes]}
   * @param temperature T, above 0
   * @return the energy; higher is more out-of-distribution
   * @see <a href="https://arxiv.org/abs/2010.03759">Liu et al. 2020, eq. 3</a>
   */
  public static double energy(double[] logits, double temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (double z : logits) {
      max = Math.max(max, z);
    }
    double sum = 0;
    for (double z : logits) {
      sum += Math.exp((z - max) / temperature);
    }
    return -(max + temperature * Math.log(sum));
  }

  /** sum over the M largest of p^gamma (1 - p)^gamma. */
  static double generalisedEntropy(Predictions p, int row, double gamma, int largest) {
    double[] sorted = p.probabilities(row);
    Arrays.sort(sorted);
    double sum = 0;
    for (int k = Math.max(0, sorted.length - largest); k < sorted.length; k++) {
      sum += Math.pow(sorted[k] * (1 - sorted[k]), gamma);
    }
    return sum;
  }
}
