package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.cli.findings.Ranking;
import io.github.swag4j.cli.findings.RowMetric;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each row adds to the metrics that are means over rows, to compare predictions of the same
 * rows by.
 */
final class RowValues {

  /** More rows than these are not kept for a comparison on a page. */
  private static final int MOST_ROWS = 2_000_000;

  static final String ACCURACY = RowMetric.ACCURACY.name();
  static final String NLL = RowMetric.NLL.name();
  static final String BRIER = RowMetric.BRIER.name();

  private final int[] labels;
  private final Map<String, double[]> byMetric = new LinkedHashMap<>();

  private RowValues(Predictions p) {
    labels = new int[p.rows()];
    Arrays.setAll(labels, p::label);
    RowMetric.TABLE.forEach(metric -> byMetric.put(metric.name(), metric.of(p)));
  }

  /** The values; null where the rows are too many, or have weights. */
  static RowValues of(Predictions p) {
    return p.rows() > MOST_ROWS || p.hasWeights() ? null : new RowValues(p);
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
    for (String metric : List.of(ACCURACY, NLL, BRIER)) {
      double[][] values = all.stream().map(v -> v.byMetric.get(metric)).toArray(double[][]::new);
      rankings.put(metric, Ranking.ofRows(values, !metric.equals(ACCURACY)));
    }
    return rankings;
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
