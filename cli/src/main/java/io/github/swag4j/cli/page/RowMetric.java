package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.List;

/**
 * A metric that is a mean of a number of each row.
 *
 * @param key its name in JSON
 * @param name its name in tables
 * @param value the number of a row
 */
record RowMetric(String key, String name, Value value) {

  /** The number of a row. */
  interface Value {
    double of(Predictions predictions, int row);
  }

  static final RowMetric ACCURACY =
      new RowMetric("accuracy", "accuracy", (p, row) -> p.isCorrect(row) ? 1 : 0);

  static final RowMetric NLL =
      new RowMetric(
          "nll",
          "NLL",
          (p, row) ->
              -Math.log(Math.max(p.probability(row, p.label(row)), ProperScores.NLL_FLOOR)));

  static final RowMetric BRIER = new RowMetric("brier", "Brier", RowMetric::brier);

  static final RowMetric OVERCONFIDENCE =
      new RowMetric(
          "overconfidence",
          "overconfidence",
          (p, row) -> p.confidence(row) - (p.isCorrect(row) ? 1 : 0));

  /** Those of every table. */
  static final List<RowMetric> TABLE = List.of(ACCURACY, NLL, BRIER);

  /** The numbers of the given rows, in their order. */
  double[] of(Predictions predictions, int[] rows) {
    double[] out = new double[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = value.of(predictions, rows[i]);
    }
    return out;
  }

  /** The weights of the given rows, in their order. */
  static double[] weights(Predictions predictions, int[] rows) {
    double[] out = new double[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = predictions.weight(rows[i]);
    }
    return out;
  }

  private static double brier(Predictions p, int row) {
    int label = p.label(row);
    double sum = 0;
    for (int k = 0; k < p.classes(); k++) {
      double d = p.probability(row, k) - (k == label ? 1 : 0);
      sum += d * d;
    }
    return sum;
  }
}
