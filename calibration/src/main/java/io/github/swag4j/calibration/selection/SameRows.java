package io.github.swag4j.calibration.selection;

import io.github.swag4j.calibration.Predictions;
import java.util.List;

/** The check that several predictions speak of the same rows and classes. */
final class SameRows {

  private SameRows() {}

  /** Refuses none, and the first that cannot be of the rows of the one before all. */
  static void check(String what, List<Predictions> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("there must be at least 1 of " + what + ", got 0");
    }
    for (int m = 1; m < all.size(); m++) {
      check(what + "[0] and [" + m + "]", all.get(0), all.get(m));
    }
  }

  static void check(String both, Predictions a, Predictions b) {
    if (a.classes() != b.classes() || a.isBinary() != b.isBinary()) {
      throw new IllegalArgumentException(
          both + " must have the same classes, got " + classes(a) + " and " + classes(b));
    }
    if (a.hasClassNames() && b.hasClassNames() && !a.classNames().equals(b.classNames())) {
      throw new IllegalArgumentException(
          both
              + " must have the same classes in one order, got "
              + a.classNames()
              + " and "
              + b.classNames());
    }
    a.observations()
        .difference(b.observations())
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  both
                      + " must be predictions of the same rows in the same order, got "
                      + difference);
            });
  }

  private static String classes(Predictions p) {
    return p.isBinary() ? "one column of a binary problem" : p.classes() + " columns";
  }
}
