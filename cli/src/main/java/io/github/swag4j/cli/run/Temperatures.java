package io.github.swag4j.cli.run;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The temperature of each method, fitted on the rows that are held out of its training, and what
 * the method predicts with it. No row is scaled by a temperature that it was fitted on.
 */
public final class Temperatures {

  /** A temperature outside says that the held-out rows are too few or all right. */
  private static final TemperatureScaling.Options WITHIN =
      TemperatureScaling.Options.defaults().within(0.05, 20);

  private final Map<Method, TemperatureScaling> fitted = new EnumMap<>(Method.class);
  private final Map<Method, Predictions> scaled = new EnumMap<>(Method.class);

  private final Map<Method, String> refused = new EnumMap<>(Method.class);

  /** None yet. */
  Temperatures() {}

  /**
   * Fits one; where it cannot be fitted, or test rows are among the held-out ones, says why.
   *
   * @param validation what the method predicts for the held-out rows
   * @param test what it predicts for the rows it is judged by
   */
  void fit(Method method, Predictions validation, Predictions test) {
    try {
      TemperatureScaling temperature = TemperatureScaling.fit(validation, WITHIN);
      Predictions judged = temperature.apply(test);
      fitted.put(method, temperature);
      scaled.put(method, judged);
    } catch (IllegalArgumentException | IllegalStateException e) {
      refused.put(method, e.getMessage());
    }
  }

  /** Why methods have none that predicted held-out rows. */
  public Map<Method, String> refused() {
    return refused;
  }

  /** What is to be said of temperatures that were not found inside the limits, by method. */
  public Map<Method, String> atLimits() {
    Map<Method, String> out = new EnumMap<>(Method.class);
    fitted.forEach(
        (method, temperature) -> {
          TemperatureScaling.Outcome outcome = temperature.outcome();
          if (outcome == TemperatureScaling.Outcome.AT_MINIMUM
              || outcome == TemperatureScaling.Outcome.AT_MAXIMUM) {
            out.put(method, outcome.words());
          }
        });
    return out;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return fitted.isEmpty();
  }

  /** A method's temperature, if it has one. */
  public Optional<TemperatureScaling> of(Method method) {
    return Optional.ofNullable(fitted.get(method));
  }

  /** What a method predicts for the test rows with its temperature, if it has one. */
  public Optional<Predictions> scaled(Method method) {
    return Optional.ofNullable(scaled.get(method));
  }
}
