package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import java.util.List;

/**
 * A metric that is a mean of a number of each row.
 *
 * @param key its name in JSON
 * @param name its name in tables
 * @param value the number of a row
 */
public record RowMetric(String key, String name, Value value) {

  /** The number of a row. */
  @FunctionalInterface
  public interface Value {
    /** The number of this row. */
    double of(Predictions predictions, int row);
  }

  public static final RowMetric ACCURACY =
      new RowMetric("accuracy", "accuracy", (p, row) -> p.isCorrect(row) ? 1 : 0);

  public static final RowMetric NLL =
      new RowMetric(
          "nll",
          "NLL",
          (p, row) ->
              -Math.log(Math.max(p.probability(row, p.label(row)), ProperScores.NLL_FLOOR)));

  public static final RowMetric BRIER = new RowMetric("brier", "Brier", RowMetric::brier);

  public static final RowMetric OVERCONFIDENCE =
      new RowMetric(
          "overconfidence",
          "overconfidence",
          (p, row) -> p.confidence(row) - (p.isCorrect(row) ? 1 : 0));

  /** Those of every table. */
  public static final List<RowMetric> TABLE = List.of(ACCURACY, NLL, BRIER);

  /** The numbers of all rows. */
  public double[] of(Predictions predictions) {
    double[] out = new double[predictions.rows()];
    Arrays.setAll(out, row -> value.of(predictions, row));
    return out;
  }

  /** The numbers of the given rows, in their order. */
  public double[] of(Predictions predictions, int[] rows) {
    double[] out = new double[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = value.of(predictions, rows[i]);
    }
    return out;
  }

  /** The weights of the given rows, in their order. */
  public static double[] weights(Predictions predictions, int[] rows) {
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
