package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.findings.Evidence;

/**
 * What a page's sentences and intervals are made of, taken from the rows while they are there.
 *
 * @param judged what the conclusion follows from
 * @param intervals of the metrics of the table; empty of streamed rows, and of very many
 * @param rows what each row adds to the metrics; null of streamed rows, weighted, or very many
 */
public record Grounds(Evidence judged, MetricIntervals intervals, RowValues rows) {

  /** A bootstrap of more rows takes longer than a page should. */
  private static final int MOST_ROWS = 500_000;

  /** Rows drawn in all resamples together, as far as there are resamples enough. */
  private static final int DRAWN_ROWS = 40_000_000;

  /** Of resamples beyond the ends of an interval, both together, there are at least as many. */
  private static final int BEYOND = 10;

  /** Of rows in memory, with intervals that are known already. */
  static Grounds of(
      String name, Predictions predictions, BinningConvention binning, MetricIntervals intervals) {
    return new Grounds(
        Evidence.of(name, predictions, binning), intervals, RowValues.of(predictions));
  }

  /** Of streamed rows. */
  static Grounds of(String name, CalibrationSummary summary) {
    return new Grounds(
        Evidence.of(
            name, summary.reliabilityDiagram(), summary.accuracy(), summary.meanConfidence()),
        MetricIntervals.none(summary.rows(), MetricIntervals.Options.defaults()),
        null);
  }

  /** The intervals of the table, with fewer resamples of many rows, and none of very many. */
  public static MetricIntervals intervals(
      Predictions predictions, BinningConvention binning, MetricIntervals.Options options) {
    if (predictions.rows() > MOST_ROWS) {
      return MetricIntervals.none(predictions.rows(), options);
    }
    int fewest = (int) Math.ceil(BEYOND / (1 - options.level()));
    int replicates =
        Math.max(fewest, Math.min(options.replicates(), DRAWN_ROWS / predictions.rows()));
    return MetricIntervals.ofTable(
        predictions,
        binning,
        new MetricIntervals.Options(replicates, options.level(), options.seed()));
  }
}
