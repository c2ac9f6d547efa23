package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** A function of predictions and its name. */
record FunctionMetric(String name, Direction direction, ToDoubleFunction<Predictions> function)
    implements Metric {

  FunctionMetric {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(function, "function");
  }

  @Override
  public double of(Predictions predictions) {
    return function.applyAsDouble(predictions);
  }
}
