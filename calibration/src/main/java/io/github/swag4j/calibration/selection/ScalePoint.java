package io.github.swag4j.calibration.selection;

import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import java.util.Objects;

/**
 * What validation rows say of one scale.
 *
 * @param scale factor of the posterior's covariance, at least 0
 * @param nll mean negative log-likelihood of the predictions as they are, in nats
 * @param standardError its standard error over rows
 * @param temperature the temperature fitted on the same rows
 * @param outcome whether that lies inside its limits
 * @param calibratedNll mean negative log-likelihood at that temperature
 * @param calibratedStandardError its standard error over rows
 * @param difference calibrated NLL minus that of the best scale, at least 0
 * @param differenceStandardError standard error of the difference, row by row: the two have their
 *     rows and their noise in common, so it is far below that of each
 */
public record ScalePoint(
    double scale,
    double nll,
    double standardError,
    double temperature,
    TemperatureScaling.Outcome outcome,
    double calibratedNll,
    double calibratedStandardError,
    double difference,
    double differenceStandardError) {

  /**
   * Checks the numbers.
   *
   * @param scale factor of the posterior's covariance, at least 0
   * @param nll mean negative log-likelihood of the predictions as they are, in nats
   * @param standardError its standard error over rows
   * @param temperature the temperature fitted on the same rows
   * @param outcome whether that lies inside its limits
   * @param calibratedNll mean negative log-likelihood at that temperature
   * @param calibratedStandardError its standard error over rows
   * @param difference calibrated NLL minus that of the best scale, at least 0
   * @param differenceStandardError standard error of the difference, row by row
   * @throws IllegalArgumentException if one is negative or not finite, or the temperature is 0
   */
  public ScalePoint {
    Objects.requireNonNull(outcome, "outcome");
    require("scale", scale);
    require("NLL", nll);
    require("standard error", standardError);
    require("temperature", temperature);
    require("calibrated NLL", calibratedNll);
    require("standard error of the calibrated NLL", calibratedStandardError);
    require("difference", difference);
    require("standard error of the difference", differenceStandardError);
    if (temperature == 0) {
      throw new IllegalArgumentException("temperature must be above 0, got 0");
    }
  }

  static void require(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be finite and at least 0, got " + value);
    }
  }

  /**
   * Whether the validation rows cannot tell this scale from the best one: the difference is at most
   * its standard error.
   *
   * @return true of the best scale itself
   */
  public boolean isAsGoodAsTheBest() {
    return difference <= differenceStandardError;
  }
}
