package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;

/**
 * The order in which seeded draws take the rows of two methods: the same whichever of them is named
 * first, and whatever they are called. What the methods hold decides which of them is looked at
 * first.
 *
 * @param rows {@code [rows]}, the row at each place
 * @param turned whether the second method is looked at first
 */
record PairedOrder(int[] rows, boolean turned) {

  /**
   * The order of two methods.
   *
   * @param a predictions of the first method
   * @param b predictions of the second, of the same rows in the same order
   * @param tie what decides if the methods cannot be told apart by what they hold; above 0 if the
   *     second is to be looked at first
   */
  static PairedOrder of(Predictions a, Predictions b, int tie) {
    int[] first = CanonicalOrder.of(a, b);
    int[] second = CanonicalOrder.of(b, a);
    int c = 0;
    for (int i = 0; c == 0 && i < first.length; i++) {
      c = CanonicalOrder.compare(a, first[i], b, second[i]);
      c = c == 0 ? CanonicalOrder.compare(b, first[i], a, second[i]) : c;
    }
    boolean turned = (c == 0 ? tie : c) > 0;
    return new PairedOrder(turned ? second : first, turned);
  }
}
