package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;

/** The check that two methods were judged on the same rows in the same order. */
final class Pairing {

  private Pairing() {}

  static void check(String first, Predictions a, String second, Predictions b) {
    String methods = first + " and " + second;
    if (a.rows() != b.rows()) {
      throw new IllegalArgumentException(
          "a paired comparison needs the same rows, got "
              + a.rows()
              + " of "
              + first
              + " and "
              + b.rows()
              + " of "
              + second);
    }
    if (a.classes() != b.classes()) {
      throw new IllegalArgumentException(
          methods + " must have the same classes, got " + a.classes() + " and " + b.classes());
    }
    a.observations()
        .difference(b.observations())
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  methods
                      + " must be predictions of the same rows in the same order, got "
                      + difference);
            });
  }
}
