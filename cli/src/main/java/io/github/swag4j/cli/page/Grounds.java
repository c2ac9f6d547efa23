package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.findings.Evidence;

/**
 * What a page's sentences and intervals are made of, taken from the rows while they are there.
 *
 * @param judged what the conclusion follows from
 * @param intervals of the metrics of the table, and of others; empty of weighted streamed rows
 * @param rows what each row adds to the metrics; null of streamed rows, weighted, or very many
 */
public record Grounds(Evidence judged, MetricIntervals intervals, RowValues rows) {

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
  static Grounds of(String name, CalibrationSummary summary, MetricIntervals intervals) {
    return new Grounds(
        Evidence.of(
            name, summary.reliabilityDiagram(), summary.accuracy(), summary.meanConfidence()),
        intervals,
        null);
  }

  /**
   * The intervals of the table, or of all metrics, with fewer resamples of many rows. Of very many
   * that have weights, or bins of their own, there are none.
   */
  public static MetricIntervals intervals(
      Predictions predictions,
      BinningConvention binning,
      MetricIntervals.Options options,
      boolean all) {
    boolean many = predictions.rows() > MetricIntervals.MOST_ROWS;
    if (many && (predictions.hasWeights() || !binning.hasFixedBins())) {
      return MetricIntervals.none(predictions.rows(), options);
    }
    int fewest = (int) Math.ceil(BEYOND / (1 - options.level()));
    int replicates =
        many
            ? options.replicates()
            : Math.max(fewest, Math.min(options.replicates(), DRAWN_ROWS / predictions.rows()));
    MetricIntervals.Options how =
        new MetricIntervals.Options(replicates, options.level(), options.seed());
    return all && !many
        ? MetricIntervals.ofAll(predictions, binning, how)
        : MetricIntervals.ofTable(predictions, binning, how);
  }
}
