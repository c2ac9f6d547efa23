package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.findings.Evidence;
import java.util.Map;

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

  private static final int FEWEST_REPLICATES = 200;

  /** Of rows in memory. */
  static Grounds of(String name, Predictions predictions, BinningConvention binning) {
    return new Grounds(
        Evidence.of(name, predictions, binning),
        intervals(predictions, binning),
        RowValues.of(predictions));
  }

  /** Of streamed rows. */
  static Grounds of(String name, CalibrationSummary summary) {
    return new Grounds(
        Evidence.of(
            name, summary.reliabilityDiagram(), summary.accuracy(), summary.meanConfidence()),
        none(summary.rows()),
        null);
  }

  /** The intervals of the table, with fewer resamples of many rows. */
  static MetricIntervals intervals(Predictions predictions, BinningConvention binning) {
    MetricIntervals.Options options = MetricIntervals.Options.defaults();
    if (predictions.rows() > MOST_ROWS) {
      return none(predictions.rows());
    }
    int replicates =
        Math.max(
            FEWEST_REPLICATES, Math.min(options.replicates(), DRAWN_ROWS / predictions.rows()));
    return MetricIntervals.ofTable(
        predictions,
        binning,
        new MetricIntervals.Options(replicates, options.level(), options.seed()));
  }

  private static MetricIntervals none(long rows) {
    return new MetricIntervals(rows, MetricIntervals.Options.defaults(), Double.NaN, Map.of());
  }
}
