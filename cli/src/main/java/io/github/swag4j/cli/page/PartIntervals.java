package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.run.UsageException;

/**
 * A part of the rows, such as a group or a window of time, with its metrics.
 *
 * @param name what the part is called
 * @param rows rows in it
 * @param scores its metrics, NaN where its rows have no weight
 * @param intervals their intervals; without any of one row or of rows without weight
 */
public record PartIntervals(
    String name, int rows, Evaluation.Scores scores, MetricIntervals intervals) {

  /**
   * The part of these rows.
   *
   * @throws UsageException if the convention cannot bin so few rows
   */
  static PartIntervals of(
      String name,
      Predictions all,
      int[] rows,
      BinningConvention convention,
      MetricIntervals.Options options) {
    double weight = 0;
    for (int row : rows) {
      weight += all.weight(row);
    }
    if (!(weight > 0)) {
      return new PartIntervals(
          name,
          rows.length,
          new Evaluation.Scores(Double.NaN, Double.NaN, Double.NaN, Double.NaN),
          MetricIntervals.none(rows.length, options));
    }
    Predictions part = all.select(rows);
    try {
      return new PartIntervals(
          name,
          rows.length,
          Evaluation.Scores.of(part, convention),
          MetricIntervals.ofTable(part, convention, options));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--convention "
              + convention.name()
              + " cannot judge the "
              + rows.length
              + " rows of '"
              + name
              + "' by themselves: "
              + e.getMessage());
    }
  }
}
