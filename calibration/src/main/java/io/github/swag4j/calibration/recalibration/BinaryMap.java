package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.fit.Softmax;
import java.util.Map;

/** A fitted map from the score of one class against the rest to its probability. */
sealed interface BinaryMap
    permits Sigmoid, BetaMap, IsotonicRegression, StepFunction, BinnedSigmoid, VennAbersMap {

  /** Probability of the class. */
  double apply(double score);

  /** Adds the parameters under names that start with the prefix. */
  void describe(String prefix, Map<String, double[]> out);

  /** The formula with its numbers, f the score; or how many pieces there are. */
  String inWords();

  /** What the score of a class against the rest is. */
  enum Score {
    /** The probability of the class. */
    PROBABILITY {
      @Override
      double of(Predictions predictions, int row, int k) {
        return predictions.probability(row, k);
      }
    },
    /**
     * ln(p / (1 - p)): exact from logits, else from probabilities not below {@link
     * Recalibrator#PROBABILITY_FLOOR}.
     */
    LOG_ODDS {
      @Override
      double of(Predictions predictions, int row, int k) {
        int classes = predictions.classes();
        if (predictions.hasLogits()) {
          double[] others = new double[classes - 1];
          for (int j = 0; j < others.length; j++) {
            others[j] = predictions.logit(row, j < k ? j : j + 1);
          }
          return predictions.logit(row, k) - Softmax.logSumExp(others, 0, others.length);
        }
        double rest = 0;
        for (int j = 0; j < classes; j++) {
          rest += j == k ? 0 : predictions.probability(row, j);
        }
        double floor = Recalibrator.PROBABILITY_FLOOR;
        return Math.log(Math.max(predictions.probability(row, k), floor))
            - Math.log(Math.max(rest, floor));
      }
    };

    abstract double of(Predictions predictions, int row, int k);

    double[] column(Predictions predictions, int k) {
      double[] out = new double[predictions.rows()];
      for (int row = 0; row < out.length; row++) {
        out[row] = of(predictions, row, k);
      }
      return out;
    }
  }
}
