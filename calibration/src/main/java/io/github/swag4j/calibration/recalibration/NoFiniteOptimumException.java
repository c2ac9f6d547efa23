package io.github.swag4j.calibration.recalibration;

/**
 * The likelihood of a recalibration has no finite optimum on the fitting rows: they are separable,
 * or their scores say nothing about the labels.
 */
public final class NoFiniteOptimumException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param message what has no optimum, why, and what to do
   */
  public NoFiniteOptimumException(String message) {
    super(message);
  }
}
