package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.error.SmoothErrorOnRows;

/**
 * Smooth calibration error for many evaluations on the same rows: a resample gives rows other
 * weights, and its error follows from that of the rows as they are to first order.
 */
record SmoothMetric() implements Metric {

  @Override
  public String name() {
    return "smooth ECE";
  }

  @Override
  public double of(Predictions predictions) {
    return SmoothCalibrationError.of(predictions).value();
  }

  @Override
  public OnRows on(Predictions predictions) {
    JudgedRows rows = JudgedRows.of(predictions, predictions.isBinary());
    SmoothErrorOnRows error = new SmoothErrorOnRows(rows.forecasts(), rows.came(), rows.weights());
    return times -> error.of(rows.timesByPlace(times));
  }
}
