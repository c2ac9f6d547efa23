package io.github.swag4j.calibration.monitoring;

/**
 * What is a false alarm of a {@link MiscalibrationDetector}, and how often there may be one.
 *
 * @param spacing panes between false alarms, on average at least; above 1
 * @param tolerance how far the probability of being right may lie from the confidence without being
 *     worth an alarm, in [0, 0.5); 0 for none
 */
public record MiscalibrationOptions(double spacing, double tolerance) {
  /**
   * Checks the numbers.
   *
   * @param spacing panes between false alarms, on average at least
   * @param tolerance how far from the confidence is no change
   * @throws IllegalArgumentException if the spacing is not above 1 and finite, or the tolerance not
   *     in [0, 0.5)
   */
  public MiscalibrationOptions {
    if (!(spacing > 1 && spacing < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "spacing must be a number of panes above 1, got " + spacing);
    }
    if (!(tolerance >= 0 && tolerance < 0.5)) {
      throw new IllegalArgumentException(
          "tolerance must be a difference of probabilities in [0, 0.5), got " + tolerance);
    }
  }

  /**
   * No tolerance: confidences are to be right as they are.
   *
   * @param spacing panes between false alarms, on average at least
   * @return the options
   */
  public static MiscalibrationOptions spacing(double spacing) {
    return new MiscalibrationOptions(spacing, 0);
  }

  /**
   * Sets the tolerance.
   *
   * @param newTolerance in [0, 0.5)
   * @return options with it
   */
  public MiscalibrationOptions withTolerance(double newTolerance) {
    return new MiscalibrationOptions(spacing, newTolerance);
  }
}
