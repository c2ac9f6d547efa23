package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.RowWeights;

/**
 * What is known of rows of which only the class predicted and its confidence were kept: the
 * confidence, and whether the class was right. Accuracy, top-label calibration and selective risk
 * follow from it; NLL, the Brier score of all classes and whatever else needs the probabilities of
 * the other classes do not.
 *
 * <p>Immutable.
 */
public final class TopLabels {
  /** Classes that a stand-in may have at most, each of the rows as many numbers. */
  private static final int MOST_VALUES = 50_000_000;

  private final double[] confidences;
  private final boolean[] correct;
  private final double[] weights;

  private TopLabels(double[] confidences, boolean[] correct, double[] weights) {
    this.confidences = confidences;
    this.correct = correct;
    this.weights = weights;
  }

  /**
   * Rows.
   *
   * @param confidences {@code [rows]}, the probability of the class predicted, in [0, 1]
   * @param correct {@code [rows]}, whether that class is the label
   * @param weights {@code [rows]}, finite, at least 0 and not all 0; null for 1 each
   * @return the rows
   * @throws IllegalArgumentException if a value is not valid, there is no row, or lengths differ
   */
  public static TopLabels of(double[] confidences, boolean[] correct, double[] weights) {
    Forecasts.check(confidences, correct, weights);
    return new TopLabels(
        confidences.clone(), correct.clone(), weights == null ? null : weights.clone());
  }

  /**
   * How many there are.
   *
   * @return number of rows
   */
  public int rows() {
    return confidences.length;
  }

  /**
   * The confidence of a row.
   *
   * @param row its number from 0
   * @return the probability of the class predicted
   */
  public double confidence(int row) {
    return confidences[row];
  }

  /**
   * Whether the class predicted is the label.
   *
   * @param row its number from 0
   * @return true if so
   */
  public boolean isCorrect(int row) {
    return correct[row];
  }

  /**
   * How often a row counts.
   *
   * @param row its number from 0
   * @return its weight, 1 unless weights were given
   */
  public double weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /**
   * Whether rows may count differently.
   *
   * @return true if weights were given
   */
  public boolean hasWeights() {
    return weights != null;
  }

  /**
   * The forecasts "the class predicted is right", from which accuracy and calibration follow.
   *
   * @return one forecast a row, of the event {@link Forecasts#TOP_LABEL}
   */
  public Forecasts forecasts() {
    return Forecasts.topLabel(confidences, correct, weights);
  }

  /**
   * Mean of (confidence - [right])^2, weighted: the Brier score of the event that the class
   * predicted is right, in [0, 1]. It is not the Brier score of all classes.
   *
   * @return the score
   */
  public double confidenceBrier() {
    double sum = 0;
    double total = 0;
    for (int row = 0; row < rows(); row++) {
      double gap = confidences[row] - (correct[row] ? 1 : 0);
      sum += weight(row) * gap * gap;
      total += weight(row);
    }
    return sum / total;
  }

  /**
   * Whether {@link #standIn} can be made: a small confidence takes many classes.
   *
   * @return true if its numbers are not too many
   */
  public boolean hasStandIn() {
    return classes() * rows() <= MOST_VALUES;
  }

  /** So many classes that the others, which share what is left, have less than the first. */
  private double classes() {
    double least = 1;
    for (double confidence : confidences) {
      least = Math.min(least, confidence);
    }
    return Math.max(3, Math.ceil(1 / least) + 1);
  }

  /**
   * Predictions with these confidences, and right in the same rows, to be resampled: the first
   * class is predicted in every row, the others share what is left. Only what looks at the class
   * predicted and its confidence means anything of them.
   *
   * @return labelled predictions, of class columns
   * @throws IllegalStateException if there is no {@link #hasStandIn}
   */
  public Predictions standIn() {
    if (!hasStandIn()) {
      throw new IllegalStateException(
          "a stand-in must have at most " + MOST_VALUES + " numbers, got confidences near 0");
    }
    int classes = (int) classes();
    double[] scaled = weights == null ? null : RowWeights.inRange(rows(), row -> weights[row]);
    int[] labels = new int[rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = correct[row] ? 0 : 1;
    }
    PredictionsBuilder builder =
        Predictions.builder()
            .probabilities(
                rows(),
                classes,
                false,
                (row, into, from) -> {
                  into[from] = confidences[row];
                  for (int k = 1; k < classes; k++) {
                    into[from + k] = (1 - confidences[row]) / (classes - 1);
                  }
                })
            .labels(labels);
    return (scaled == null ? builder : builder.weights(scaled)).build();
  }
}
