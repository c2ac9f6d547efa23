package io.github.swag4j.calibration.hypothesis;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;

/** The forecasts that are tested when predictions are given. */
final class TestedForecasts {
  private TestedForecasts() {}

  static Forecasts of(Predictions predictions) {
    return predictions.isBinary()
        ? Forecasts.ofClass(predictions, 1)
        : Forecasts.topLabel(predictions);
  }
}
