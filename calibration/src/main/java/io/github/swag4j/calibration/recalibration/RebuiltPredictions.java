package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;

/** Rebuilds predictions: the same rows with other probabilities. */
final class RebuiltPredictions {
  private RebuiltPredictions() {}

  /** The same rows, labels and names with new distributions {@code [rows][classes]}. */
  static Predictions withProbabilities(Predictions source, double[][] probabilities) {
    PredictionsBuilder builder = Predictions.builder();
    if (source.isBinary()) {
      double[] positive = new double[source.rows()];
      for (int row = 0; row < positive.length; row++) {
        positive[row] = probabilities[row][1];
      }
      builder.positiveProbabilities(positive);
    } else {
      builder.probabilities(probabilities);
    }
    return describe(builder, source).build();
  }

  /** The same rows, labels and names with new logits {@code [rows][classes]}. */
  static Predictions withLogits(Predictions source, double[][] logits) {
    return describe(Predictions.builder().logits(logits), source).build();
  }

  private static PredictionsBuilder describe(PredictionsBuilder builder, Predictions source) {
    builder.observations(source.observations());
    return source.hasClassNames() ? builder.classNames(source.classNames()) : builder;
  }
}
