package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.cli.findings.Ranking;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each row adds to the metrics that are means over rows, to compare predictions of the same
 * rows by: whether it is right, its negative log likelihood, its squared error summed over the
 * classes.
 */
final class RowValues {
  private final int[] labels;
  private final double[] correct;
  private final double[] nll;
  private final double[] brier;

  private RowValues(int rows) {
    labels = new int[rows];
    correct = new double[rows];
    nll = new double[rows];
    brier = new double[rows];
  }

  /** More rows than these are not kept for a comparison on a page. */
  private static final int MOST_ROWS = 2_000_000;

  static final String ACCURACY = "accuracy";
  static final String NLL = "NLL";
  static final String BRIER = "Brier";

  /** The values; null where the rows are too many, or have weights. */
  static RowValues of(Predictions p) {
    if (p.rows() > MOST_ROWS || p.hasWeights()) {
      return null;
    }
    int n = p.rows();
    RowValues values = new RowValues(n);
    for (int row = 0; row < n; row++) {
      int label = p.label(row);
      values.labels[row] = label;
      values.correct[row] = p.isCorrect(row) ? 1 : 0;
      values.nll[row] = -Math.log(Math.max(p.probability(row, label), ProperScores.NLL_FLOOR));
      double sum = 0;
      for (int k = 0; k < p.classes(); k++) {
        double d = p.probability(row, k) - (k == label ? 1 : 0);
        sum += d * d;
      }
      values.brier[row] = sum;
    }
    return values;
  }

  /** Whether all are there and of rows with the same labels in the same order. */
  static boolean areOfTheSameRows(List<RowValues> all) {
    return all.size() > 1
        && all.stream().allMatch(v -> v != null && Arrays.equals(v.labels, all.get(0).labels))
        && all.get(0).labels.length > 1;
  }

  /** Which is the best by accuracy, NLL and Brier score, and whether beyond chance. */
  static Map<String, Ranking> rankings(List<RowValues> all) {
    Map<String, Ranking> rankings = new LinkedHashMap<>();
    rankings.put(ACCURACY, Ranking.ofRows(columns(all, ACCURACY), false));
    rankings.put(NLL, Ranking.ofRows(columns(all, NLL), true));
    rankings.put(BRIER, Ranking.ofRows(columns(all, BRIER), true));
    return rankings;
  }

  private static double[][] columns(List<RowValues> all, String metric) {
    return all.stream()
        .map(
            values ->
                switch (metric) {
                  case ACCURACY -> values.correct;
                  case NLL -> values.nll;
                  default -> values.brier;
                })
        .toArray(double[][]::new);
  }

  /** The same rankings with their metrics in the words of a sentence. */
  static Map<String, Ranking> inWords(Map<String, Ranking> rankings) {
    Map<String, Ranking> words = new LinkedHashMap<>();
    rankings.forEach(
        (metric, ranking) -> {
          if (!metric.equals(BRIER)) {
            words.put((metric.equals(ACCURACY) ? "the highest " : "the lowest ") + metric, ranking);
          }
        });
    return words;
  }
}
