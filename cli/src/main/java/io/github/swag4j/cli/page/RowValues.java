package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.comparison.SharedBootstrap;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.cli.findings.Ranking;
import io.github.swag4j.cli.findings.RowMetric;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Rows drawn in all resamples of the ECE together. */
  private static final long DRAWN_ROWS = 40_000_000;

  /** Of more probabilities the ECE of two files is not compared. */
  private static final long MOST_PROBABILITIES = 8_000_000;

  /** The ECE of the page's bins. */
  static final String ECE = "ECE";

  private final int[] labels;

  /** The rows themselves, to compare the ECE by; null where they are too many. */
  private final Predictions kept;

  private final Map<String, double[]> byMetric = new LinkedHashMap<>();

  private RowValues(Predictions p) {
    labels = new int[p.rows()];
    Arrays.setAll(labels, p::label);
    kept = (long) p.rows() * p.classes() > MOST_PROBABILITIES ? null : p;
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

  /**
   * Which is the best by accuracy, NLL and Brier score, and whether beyond chance.
   *
   * @param binning also by the ECE of these bins, by a paired bootstrap of the rows, where they are
   *     not too many; null to leave it out
   */
  static Map<String, Ranking> rankings(List<RowValues> all, BinningConvention binning) {
    Map<String, Ranking> rankings = new LinkedHashMap<>();
    for (String metric : List.of(ACCURACY, NLL, BRIER)) {
      double[][] values = all.stream().map(v -> v.byMetric.get(metric)).toArray(double[][]::new);
      rankings.put(metric, Ranking.ofRows(values, !metric.equals(ACCURACY)));
    }
    if (binning != null) {
      ece(all, binning).ifPresent(ranking -> rankings.put(ECE, ranking));
    }
    return rankings;
  }

  private static Optional<Ranking> ece(List<RowValues> all, BinningConvention binning) {
    if (all.stream().anyMatch(each -> each.kept == null)) {
      return Optional.empty();
    }
    Map<String, Predictions> methods = new LinkedHashMap<>();
    all.forEach(each -> methods.put(Integer.toString(methods.size()), each.kept));
    long rows = (long) all.size() * all.get(0).labels.length;
    Bootstrap.Options how =
        Bootstrap.Options.defaults()
            .withMethod(IntervalMethod.PERCENTILE)
            .withReplicates((int) Math.max(200, Math.min(1000, DRAWN_ROWS / rows)));
    SharedBootstrap drawn;
    try {
      drawn = SharedBootstrap.of(List.of(Metric.ece(binning)), methods, how);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // other ids or classes: the labels are the same by chance
    }
    double[] values =
        all.stream().mapToDouble(each -> CalibrationError.of(each.kept, binning).ece()).toArray();
    return Optional.of(
        Ranking.of(
            values,
            (a, b) -> {
              PairedComparison of =
                  drawn.difference(
                      0, Integer.toString(a), Integer.toString(b), IntervalMethod.PERCENTILE);
              return new double[] {of.difference(), of.standardError()};
            },
            true));
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
