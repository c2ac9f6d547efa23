package io.github.swag4j.calibration.conformal;

import io.github.swag4j.calibration.conformal.RiskControl.Choice;
import io.github.swag4j.calibration.conformal.RiskControl.Correction;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Threshold on the probabilities of a multi-label classifier, each class on its own: a class is
 * predicted where its probability is at least the threshold.
 *
 * <ul>
 *   <li>{@link #forRecall}: the share of a new row's labels that is missed is at most alpha in
 *       expectation over calibration rows and the new row together (conformal risk control, with
 *       all classes as what is always safe), at the greatest probability of a calibration row's
 *       label that keeps it, found exactly rather than on a grid. A row without labels misses none.
 *   <li>{@link #forPrecision}: the share of a new row's predicted classes that are wrong is at most
 *       alpha in expectation, with probability 1 - delta over the calibration rows
 *       (learn-then-test), at the threshold of the greatest mean recall among those that qualify. A
 *       row for which nothing is predicted counts as all wrong, so predicting nothing is not safe.
 * </ul>
 *
 * @param threshold classes with at least this probability are predicted; minus infinity for all
 * @param loss what is kept small
 * @param risk mean loss on the calibration rows
 * @param alpha greatest expected loss asked for
 * @param delta probability, over the calibration rows, with which the expected loss may be greater;
 *     0 where the promise is on average over them
 * @param rows calibration rows
 */
public record MultiLabelThreshold(
    double threshold, Loss loss, double risk, double alpha, double delta, long rows) {

  /** A loss of a row. */
  public enum Loss {
    /** Share of the row's labels that are not predicted, 1 - recall; 0 without labels. */
    LABELS_MISSED("share of labels missed"),
    /** Share of the predicted classes that are no labels, 1 - precision; 1 without predictions. */
    PREDICTIONS_WRONG("share of predictions wrong");

    private final String label;

    Loss(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * Checks the threshold.
   *
   * @param threshold classes with at least this probability are predicted; minus infinity for all
   * @param loss what is kept small
   * @param risk mean loss on the calibration rows
   * @param alpha greatest expected loss asked for
   * @param delta probability, over the calibration rows, with which the expected loss may be
   *     greater; 0 where the promise is on average over them
   * @param rows calibration rows
   * @throws IllegalArgumentException if the threshold is NaN
   */
  public MultiLabelThreshold {
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("threshold must be a number, got NaN");
    }
  }

  /**
   * Threshold that keeps recall.
   *
   * @param probabilities {@code [rows][classes]}, each in [0, 1]
   * @param labels {@code [rows][classes]}, whether the class is a label of the row
   * @param alpha greatest expected share of labels missed, in (0, 1)
   * @return the threshold; minus infinity, all classes, where nothing else can be promised or no
   *     row has a label
   * @throws IllegalArgumentException if there are no rows, shapes differ, or a value is out of
   *     range
   */
  public static MultiLabelThreshold forRecall(
      double[][] probabilities, boolean[][] labels, double alpha) {
    check(probabilities, labels, alpha);
    int n = probabilities.length;
    // The probability of every label, and the share of its row's labels that it is.
    double[][] hits =
        IntStream.range(0, n)
            .boxed()
            .flatMap(
                row -> {
                  int count = count(labels[row]);
                  return IntStream.range(0, labels[row].length)
                      .filter(k -> labels[row][k])
                      .mapToObj(k -> new double[] {probabilities[row][k] + 0.0, 1.0 / count});
                })
            .sorted(Comparator.<double[]>comparingDouble(h -> h[0]).thenComparingDouble(h -> h[1]))
            .toArray(double[][]::new);
    double allowed = alpha * (n + 1.0) - 1;
    double threshold = Double.NEGATIVE_INFINITY;
    double missed = 0;
    double risk = 0;
    for (int i = 0; i < hits.length; ) {
      // Shares such as 1/3 sum with rounding, which must not cost a whole row.
      if (missed > allowed + 1e-9) {
        break;
      }
      threshold = hits[i][0];
      risk = missed / n;
      int from = i;
      while (i < hits.length && hits[i][0] == hits[from][0]) {
        missed += hits[i++][1];
      }
    }
    return new MultiLabelThreshold(threshold, Loss.LABELS_MISSED, risk, alpha, 0, n);
  }

  /**
   * Threshold that keeps precision.
   *
   * @param probabilities {@code [rows][classes]}, each in [0, 1]
   * @param labels {@code [rows][classes]}, whether the class is a label of the row
   * @param alpha greatest expected share of predicted classes that are wrong, in (0, 1)
   * @param delta probability with which the guarantee may fail, in (0, 1)
   * @param thresholds thresholds to try, chosen without looking at these rows
   * @return the threshold with the greatest mean recall among those that qualify, the lower of
   *     equals; empty if none does
   * @throws IllegalArgumentException if there are no rows or thresholds, shapes differ, or a value
   *     is out of range
   */
  public static Optional<MultiLabelThreshold> forPrecision(
      double[][] probabilities,
      boolean[][] labels,
      double alpha,
      double delta,
      double... thresholds) {
    check(probabilities, labels, alpha);
    RiskControl.requireNumbers("thresholds", thresholds);
    int n = probabilities.length;
    double[][] losses = new double[n][thresholds.length];
    double[] recalls = new double[thresholds.length];
    for (int row = 0; row < n; row++) {
      int count = count(labels[row]);
      for (int i = 0; i < thresholds.length; i++) {
        int predicted = 0;
        int right = 0;
        for (int k = 0; k < labels[row].length; k++) {
          if (probabilities[row][k] >= thresholds[i]) {
            predicted++;
            right += labels[row][k] ? 1 : 0;
          }
        }
        losses[row][i] = predicted == 0 ? 1 : 1 - (double) right / predicted;
        recalls[i] += count == 0 ? 1 : (double) right / count;
      }
    }
    List<Choice> safe =
        RiskControl.learnThenTest(thresholds, losses, alpha, delta, Correction.BONFERRONI);
    return safe.stream()
        .max(
            Comparator.<Choice>comparingDouble(c -> recalls[c.index()])
                .thenComparing(Comparator.comparingDouble(Choice::lambda).reversed()))
        .map(
            c ->
                new MultiLabelThreshold(
                    c.lambda(), Loss.PREDICTIONS_WRONG, c.risk(), alpha, delta, n));
  }

  /**
   * The classes predicted for a row.
   *
   * @param probabilities {@code [classes]}
   * @return ascending classes with at least the threshold's probability
   */
  public int[] predict(double... probabilities) {
    return IntStream.range(0, probabilities.length)
        .filter(k -> probabilities[k] >= threshold)
        .toArray();
  }

  private static int count(boolean[] labels) {
    int count = 0;
    for (boolean label : labels) {
      count += label ? 1 : 0;
    }
    return count;
  }

  private static void check(double[][] probabilities, boolean[][] labels, double alpha) {
    RiskControl.requireOpen("alpha", alpha);
    if (probabilities.length == 0 || probabilities.length != labels.length) {
      throw new IllegalArgumentException(
          "probabilities and labels must have the same number of rows, at least 1, got "
              + probabilities.length
              + " and "
              + labels.length);
    }
    for (int row = 0; row < labels.length; row++) {
      if (probabilities[row].length != labels[row].length) {
        throw new IllegalArgumentException(
            "probabilities["
                + row
                + "] must have a value for each of "
                + labels[row].length
                + " classes, got "
                + probabilities[row].length);
      }
      for (int k = 0; k < labels[row].length; k++) {
        if (!(probabilities[row][k] >= 0 && probabilities[row][k] <= 1)) {
          throw new IllegalArgumentException(
              "probabilities["
                  + row
                  + "]["
                  + k
                  + "] must be in [0, 1], got "
                  + probabilities[row][k]
                  + ": apply the sigmoid to logits first");
        }
      }
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "threshold %s, mean %s %.4f on %,d calibration rows, at most %s expected%s",
        threshold,
        loss,
        risk,
        rows,
        alpha,
        delta > 0 ? " with probability 1 - " + delta : "");
  }
}
