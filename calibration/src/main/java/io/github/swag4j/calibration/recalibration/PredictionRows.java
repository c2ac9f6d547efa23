package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;

/** Rebuilds predictions: the same rows with other probabilities, or some of the rows. */
final class PredictionRows {
  private PredictionRows() {}

  /** The same rows, labels and names with new distributions {@code [rows][classes]}. */
  static Predictions withProbabilities(Predictions source, double[][] probabilities) {
    Predictions.Builder builder = Predictions.builder();
    if (source.isBinary()) {
      double[] positive = new double[source.rows()];
      for (int row = 0; row < positive.length; row++) {
        positive[row] = probabilities[row][1];
      }
      builder.positiveProbabilities(positive);
    } else {
      builder.probabilities(probabilities);
    }
    return describe(builder, source, all(source.rows())).build();
  }

  /** The same rows, labels and names with new logits {@code [rows][classes]}. */
  static Predictions withLogits(Predictions source, double[][] logits) {
    return describe(Predictions.builder().logits(logits), source, all(source.rows())).build();
  }

  /** Some of the rows, with everything but posterior samples and expected entropies. */
  static Predictions select(Predictions source, int[] rows) {
    double[][] values = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      values[i] =
          source.hasLogits()
              ? ScoreInput.LOGITS.row(source, rows[i])
              : source.probabilities(rows[i]);
    }
    Predictions.Builder builder = Predictions.builder();
    if (source.hasLogits()) {
      builder.logits(values);
    } else if (source.isBinary()) {
      double[] positive = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        positive[i] = values[i][1];
      }
      builder.positiveProbabilities(positive);
    } else {
      builder.probabilities(values);
    }
    return describe(builder, source, rows).build();
  }

  private static Predictions.Builder describe(
      Predictions.Builder builder, Predictions source, int[] rows) {
    int[] labels = new int[rows.length];
    double[] weights = new double[rows.length];
    String[] groups = new String[rows.length];
    String[] ids = new String[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = source.hasLabels() ? source.label(rows[i]) : 0;
      weights[i] = source.weight(rows[i]);
      groups[i] = source.hasGroups() ? source.group(rows[i]) : null;
      ids[i] = source.hasIds() ? source.id(rows[i]) : null;
    }
    if (source.hasLabels()) {
      builder.labels(labels);
    }
    if (source.hasWeights()) {
      builder.weights(weights);
    }
    if (source.hasGroups()) {
      builder.groups(groups);
    }
    if (source.hasIds()) {
      builder.ids(ids);
    }
    return builder.classNames(source.classNames());
  }

  private static int[] all(int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }
}
