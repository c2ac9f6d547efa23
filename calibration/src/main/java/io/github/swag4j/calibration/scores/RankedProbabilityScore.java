package io.github.swag4j.calibration.scores;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Locale;

/**
 * Ranked probability score of ordered classes (grades, stages, counts): with F_k the predicted
 * probability of class k or lower, the weighted mean over rows of sum over k below the last of (F_k
 * - [y &lt;= k])^2. It is the CRPS of classes one unit apart; a miss by one class costs less than a
 * miss by three. Proper; in [0, classes - 1], lower is better; with two classes the Brier score of
 * one.
 *
 * @see <a href="https://doi.org/10.1175/1520-0450(1969)008%3C0985:ASSFPF%3E2.0.CO;2">Epstein
 *     1969</a>
 * @see <a href="https://doi.org/10.1198/016214506000001437">Gneiting and Raftery 2007, section
 *     4.2</a>
 */
public final class RankedProbabilityScore {
  private final double value;
  private final int classes;
  private final long rows;

  private RankedProbabilityScore(double value, int classes, long rows) {
    this.value = value;
    this.classes = classes;
    this.rows = rows;
  }

  /**
   * Score of predictions whose classes are ordered by their index.
   *
   * @param predictions labelled predictions
   * @return the score
   * @throws IllegalStateException if there are no labels
   */
  public static RankedProbabilityScore of(Predictions predictions) {
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    double[] weights = RowWeights.inRange(predictions.rows(), predictions::weight);
    for (int i = 0; i < predictions.rows(); i++) {
      double cumulative = 0;
      double score = 0;
      for (int k = 0; k + 1 < predictions.classes(); k++) {
        cumulative += predictions.probability(i, k);
        double d = cumulative - (predictions.label(i) <= k ? 1 : 0);
        score += d * d;
      }
      sum.add(weights[i] * score);
      total.add(weights[i]);
    }
    return new RankedProbabilityScore(
        sum.value() / total.value(), predictions.classes(), predictions.rows());
  }

  /**
   * The score, the CRPS of classes one unit apart.
   *
   * @return in [0, classes - 1]
   */
  public double value() {
    return value;
  }

  /**
   * The score over its largest value.
   *
   * @return value / (classes - 1), in [0, 1]
   */
  public double normalised() {
    return value / (classes - 1);
  }

  /**
   * The score.
   *
   * @return such as "RPS 0.3120 (4 ordered classes, 500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "RPS %.4f (%d ordered classes, %s)", value, classes, RowCount.words(rows));
  }
}
