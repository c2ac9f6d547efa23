package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;

/** The check that two methods were judged on the same rows in the same order. */
final class SameRows {

  private SameRows() {}

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
    for (int row = 0; row < a.rows(); row++) {
      if (a.hasIds() && b.hasIds() && !a.id(row).equals(b.id(row))) {
        throw differ(methods, "id", row, a.id(row), b.id(row));
      }
      if (a.hasLabels() && b.hasLabels() && a.label(row) != b.label(row)) {
        throw differ(methods, "label", row, a.label(row), b.label(row));
      }
      if (a.weight(row) != b.weight(row)) {
        throw differ(methods, "weight", row, a.weight(row), b.weight(row));
      }
    }
  }

  private static IllegalArgumentException differ(
      String methods, String what, int row, Object a, Object b) {
    return new IllegalArgumentException(
        methods
            + " must be predictions of the same rows in the same order, got "
            + what
            + "s "
            + a
            + " and "
            + b
            + " in row "
            + row);
  }
}
