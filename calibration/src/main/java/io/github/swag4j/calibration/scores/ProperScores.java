package io.github.swag4j.calibration.scores;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Locale;

/**
 * Proper scores of predicted distributions, and accuracy: weighted means over the rows, with p_k
 * the probability of class k and y the label.
 *
 * <ul>
 *   <li>NLL = -ln max(p_y, {@value #NLL_FLOOR}), in nats; rows with p_y = 0 are counted, see {@link
 *       #zeroProbabilityRows()}. In [0, 690.8], lower is better.
 *   <li>Brier = sum_k (p_k - [k = y])^2, in [0, 2], lower is better.
 *   <li>Top-label Brier = (max_k p_k - [argmax is y])^2, in [0, 1], lower is better.
 *   <li>Spherical = p_y / ||p||_2, in [0, 1], higher is better.
 *   <li>Accuracy: share of rows whose most probable class (the lowest index among equals) is y.
 * </ul>
 *
 * @see <a href="https://doi.org/10.1198/016214506000001437">Gneiting and Raftery 2007, Strictly
 *     Proper Scoring Rules</a>
 * @see <a href="https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2">Brier 1950</a>
 */
public final class ProperScores {

  /** Smallest probability of a label that the NLL tells from 0. */
  public static final double NLL_FLOOR = 1e-300;

  private final long rows;
  private final double weight;
  private final double accuracy;
  private final double nll;
  private final double brier;
  private final double topLabelBrier;
  private final double spherical;
  private final double meanConfidence;
  private final long zeroProbabilityRows;
  private final long saturatedRows;

  private ProperScores(Predictions predictions) {
    CompensatedSum total = new CompensatedSum();
    CompensatedSum hits = new CompensatedSum();
    CompensatedSum logs = new CompensatedSum();
    CompensatedSum squares = new CompensatedSum();
    CompensatedSum topSquares = new CompensatedSum();
    CompensatedSum cosines = new CompensatedSum();
    CompensatedSum confidences = new CompensatedSum();
    long zero = 0;
    long saturated = 0;
    rows = predictions.rows();
    double[] weights = RowWeights.inRange(predictions.rows(), predictions::weight);
    for (int i = 0; i < rows; i++) {
      double w = weights[i];
      int y = predictions.label(i);
      int top = predictions.predictedClass(i);
      double py = predictions.probability(i, y);
      double confidence = predictions.probability(i, top);
      double hit = top == y ? 1 : 0;
      total.add(w);
      hits.add(w * hit);
      logs.add(w * -Math.log(Math.max(py, NLL_FLOOR)));
      squares.add(w * brier(predictions, i, y));
      topSquares.add(w * (confidence - hit) * (confidence - hit));
      cosines.add(w * py / Math.sqrt(squaredNorm(predictions, i)));
      confidences.add(w * confidence);
      zero += py == 0 ? 1 : 0;
      saturated += confidence == 1 ? 1 : 0;
    }
    weight = total.value();
    accuracy = hits.value() / weight;
    nll = logs.value() / weight;
    brier = squares.value() / weight;
    topLabelBrier = topSquares.value() / weight;
    spherical = cosines.value() / weight;
    meanConfidence = confidences.value() / weight;
    zeroProbabilityRows = zero;
    saturatedRows = saturated;
  }

  /**
   * Scores of labelled predictions.
   *
   * @param predictions labelled predictions
   * @return the scores
   * @throws IllegalStateException if there are no labels
   */
  public static ProperScores of(Predictions predictions) {
    return new ProperScores(predictions);
  }

  /**
   * Number of rows judged.
   *
   * @return the rows
   */
  public long rows() {
    return rows;
  }

  /**
   * Sum of the rows' weights.
   *
   * @return W, the number of rows without weights; weights of which the largest is beyond 2^-300 or
   *     2^300 are brought there by a power of two
   */
  public double weight() {
    return weight;
  }

  /**
   * Share of rows whose most probable class is the label.
   *
   * @return in [0, 1]
   */
  public double accuracy() {
    return accuracy;
  }

  /**
   * Mean negative log-likelihood in nats, with the floor {@value #NLL_FLOOR}.
   *
   * @return at least 0
   */
  public double nll() {
    return nll;
  }

  /**
   * Brier score, the sum over classes. Of two classes, given as one column or as two, this is twice
   * the mean of (p - y)^2 that scikit-learn's {@code brier_score_loss} gives; that is {@link
   * #topLabelBrier()}.
   *
   * @return in [0, 2]
   */
  public double brier() {
    return brier;
  }

  /**
   * Brier score of the top-label confidence. Of two classes this is the mean of (p - y)^2 of the
   * positive class, half of {@link #brier()}.
   *
   * @return in [0, 1]
   */
  public double topLabelBrier() {
    return topLabelBrier;
  }

  /**
   * Spherical score; higher is better.
   *
   * @return in [0, 1]
   */
  public double spherical() {
    return spherical;
  }

  /**
   * Mean top-label confidence.
   *
   * @return in [1 / classes, 1]
   */
  public double meanConfidence() {
    return meanConfidence;
  }

  /**
   * Rows whose label has probability exactly 0: the NLL takes the floor there, and is no longer the
   * likelihood.
   *
   * @return the number of such rows
   */
  public long zeroProbabilityRows() {
    return zeroProbabilityRows;
  }

  /**
   * Rows whose confidence is exactly 1.
   *
   * @return the number of such rows
   */
  public long saturatedRows() {
    return saturatedRows;
  }

  /**
   * Accuracy, NLL and Brier on one line, with what the NLL's floor touched.
   *
   * @return such as "accuracy 0.5520, NLL 1.1282, Brier 0.6083 (500 rows)"
   */
  @Override
  public String toString() {
    String zeros =
        zeroProbabilityRows == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", %,d with p(label) = 0 floored at %.0e",
                zeroProbabilityRows,
                NLL_FLOOR);
    return String.format(
        Locale.ROOT,
        "accuracy %.4f, NLL %.4f, Brier %.4f (%s%s)",
        accuracy,
        nll,
        brier,
        RowCount.words(rows),
        zeros);
  }

  private static double brier(Predictions predictions, int row, int label) {
    double sum = 0;
    for (int k = 0; k < predictions.classes(); k++) {
      double d = predictions.probability(row, k) - (k == label ? 1 : 0);
      sum += d * d;
    }
    return sum;
  }

  private static double squaredNorm(Predictions predictions, int row) {
    double sum = 0;
    for (int k = 0; k < predictions.classes(); k++) {
      double p = predictions.probability(row, k);
      sum += p * p;
    }
    return sum;
  }
}
