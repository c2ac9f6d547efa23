package io.github.swag4j.calibration.scores;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Labels against predicted classes, counted and weighed, and the accuracies that follow. The
 * predicted class is the most probable one, the lowest index among equals.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class ConfusionMatrix {
  private final long[][] counts;
  private final double[][] weights;
  private final List<String> names;

  private ConfusionMatrix(Predictions predictions) {
    int classes = predictions.classes();
    names = predictions.classNames();
    counts = new long[classes][classes];
    CompensatedSum[][] sums = new CompensatedSum[classes][classes];
    double[] rowWeights = RowWeights.inRange(predictions.rows(), predictions::weight);
    for (int i = 0; i < predictions.rows(); i++) {
      int label = predictions.label(i);
      int predicted = predictions.predictedClass(i);
      counts[label][predicted]++;
      if (sums[label][predicted] == null) {
        sums[label][predicted] = new CompensatedSum();
      }
      sums[label][predicted].add(rowWeights[i]);
    }
    weights = new double[classes][classes];
    for (int y = 0; y < classes; y++) {
      for (int k = 0; k < classes; k++) {
        weights[y][k] = sums[y][k] == null ? 0 : sums[y][k].value();
      }
    }
  }

  /**
   * Counts labelled predictions.
   *
   * @param predictions labelled predictions
   * @return the matrix
   * @throws IllegalStateException if there are no labels
   */
  public static ConfusionMatrix of(Predictions predictions) {
    return new ConfusionMatrix(predictions);
  }

  /**
   * Share of rows whose label is among the k most probable classes; of equally probable classes
   * those of lower index come first, so that k = 1 is the accuracy.
   *
   * @param predictions labelled predictions
   * @param k from 1 to the number of classes
   * @return weighted share, in [0, 1]
   * @throws IllegalArgumentException if k is out of range
   * @throws IllegalStateException if there are no labels
   */
  public static double topKAccuracy(Predictions predictions, int k) {
    if (k < 1 || k > predictions.classes()) {
      throw new IllegalArgumentException(
          "k must be between 1 and the number of classes, " + predictions.classes() + ", got " + k);
    }
    CompensatedSum hits = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    double[] weights = RowWeights.inRange(predictions.rows(), predictions::weight);
    for (int i = 0; i < weights.length; i++) {
      hits.add(rank(predictions, i) < k ? weights[i] : 0);
      total.add(weights[i]);
    }
    return hits.value() / total.value();
  }

  /**
   * Number of classes.
   *
   * @return the classes
   */
  public int classes() {
    return counts.length;
  }

  /**
   * Rows of a label that were predicted as a class.
   *
   * @param label the label
   * @param predicted the predicted class
   * @return the count
   */
  public long count(int label, int predicted) {
    return counts[label][predicted];
  }

  /**
   * Weight of the rows of a label that were predicted as a class.
   *
   * @param label the label
   * @param predicted the predicted class
   * @return the weight, the count without weights; weights of which the largest is beyond 2^-300 or
   *     2^300 are brought there by a power of two
   */
  public double weight(int label, int predicted) {
    return weights[label][predicted];
  }

  /**
   * Weighted share of right rows.
   *
   * @return in [0, 1]
   */
  public double accuracy() {
    CompensatedSum hits = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    for (int y = 0; y < weights.length; y++) {
      hits.add(weights[y][y]);
      for (double w : weights[y]) {
        total.add(w);
      }
    }
    return hits.value() / total.value();
  }

  /**
   * Balanced accuracy: mean recall over the classes that occur among the labels.
   *
   * @return in [0, 1]
   */
  public double balancedAccuracy() {
    CompensatedSum sum = new CompensatedSum();
    int seen = 0;
    for (int y = 0; y < weights.length; y++) {
      double recall = recall(y);
      if (!Double.isNaN(recall)) {
        sum.add(recall);
        seen++;
      }
    }
    return sum.value() / seen;
  }

  /**
   * Share of a label's rows that were predicted so.
   *
   * @param label the label
   * @return in [0, 1], NaN if no row of positive weight has the label
   */
  public double recall(int label) {
    CompensatedSum total = new CompensatedSum();
    for (double w : weights[Objects.checkIndex(label, weights.length)]) {
      total.add(w);
    }
    return total.value() > 0 ? weights[label][label] / total.value() : Double.NaN;
  }

  /**
   * Share of the rows predicted as a class that are of it.
   *
   * @param predicted the predicted class
   * @return in [0, 1], NaN if no row of positive weight was predicted so
   */
  public double precision(int predicted) {
    CompensatedSum total = new CompensatedSum();
    for (double[] row : weights) {
      total.add(row[predicted]);
    }
    return total.value() > 0 ? weights[predicted][predicted] / total.value() : Double.NaN;
  }

  /**
   * The counts as a table, labels down, predicted classes across.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    int width = 1;
    for (int y = 0; y < counts.length; y++) {
      width = Math.max(width, names.get(y).length());
      for (long count : counts[y]) {
        width = Math.max(width, Long.toString(count).length());
      }
    }
    String cell = "%" + (width + 1) + "s";
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT, cell, ""));
    names.forEach(name -> out.append(String.format(Locale.ROOT, cell, name)));
    for (int y = 0; y < counts.length; y++) {
      out.append('\n').append(String.format(Locale.ROOT, cell, names.get(y)));
      for (long count : counts[y]) {
        out.append(String.format(Locale.ROOT, cell, count));
      }
    }
    return out.toString();
  }

  private static int rank(Predictions predictions, int row) {
    int label = predictions.label(row);
    double p = predictions.probability(row, label);
    int rank = 0;
    for (int k = 0; k < predictions.classes(); k++) {
      double other = predictions.probability(row, k);
      rank += other > p || other == p && k < label ? 1 : 0;
    }
    return rank;
  }
}
