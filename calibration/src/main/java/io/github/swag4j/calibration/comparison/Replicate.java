package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;

/** The predictions of one bootstrap draw: rows of others, each as often as it was drawn. */
final class Replicate {

  private Replicate() {}

  /**
   * Row i repeated {@code multiplicities[i]} times, rows taken in the given order; null if no row
   * or no weight is left.
   */
  static Predictions repeat(Predictions p, int[] order, int[] multiplicities) {
    int[] rows = expand(order, multiplicities);
    double weight = 0;
    for (int row : rows) {
      weight += p.weight(row);
    }
    return weight > 0 ? p.select(rows) : null;
  }

  private static int[] expand(int[] order, int[] multiplicities) {
    int total = 0;
    for (int m : multiplicities) {
      total += m;
    }
    int[] rows = new int[total];
    int i = 0;
    for (int row : order) {
      for (int m = 0; m < multiplicities[row]; m++) {
        rows[i++] = row;
      }
    }
    return rows;
  }
}
