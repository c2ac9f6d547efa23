package io.github.swag4j.swa.state;

/**
 * How far training has come, so that what counts along it can go on there: after a restart, with a
 * new trainer, from a checkpoint.
 *
 * @param epochs epochs finished, at least 0
 * @param steps optimiser steps finished, those of a running epoch included, at least 0
 */
public record TrainingPosition(long epochs, long steps) {

  /** Nothing has been trained. */
  public static final TrainingPosition START = new TrainingPosition(0, 0);

  /**
   * Checks the numbers.
   *
   * @param epochs epochs finished, at least 0
   * @param steps optimiser steps finished, at least 0
   * @throws IllegalArgumentException if one is negative
   */
  public TrainingPosition {
    if (epochs < 0 || steps < 0) {
      throw new IllegalArgumentException(
          "epochs and steps must be at least 0, got " + epochs + " and " + steps);
    }
  }
}
