package io.github.swag4j.swa.schedule;

/** Ranges the numbers of schedules must keep. */
final class Checks {

  /** Steps counted in fractions of an epoch miss whole numbers by rounding: far below a step. */
  private static final double ROUNDING = 1e-6;

  private Checks() {}

  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and above 0, got " + value);
    }
  }

  static void notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, got " + value);
    }
  }

  /** Whole units finished. */
  static double floor(double time) {
    return Math.floor(time + ROUNDING);
  }
}
