package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The order in which seeded draws take rows: by id where there are ids, then by everything that the
 * predictions hold. It is the same for the same rows in any order, so no interval and no p-value
 * depends on how a file was sorted; rows that compare equal are alike and may trade places.
 *
 * <p>Values are compared one after the other rather than by a hash of them, so that without ids a
 * change of the last digit of one probability moves one row by a place or two and not the draws of
 * all rows.
 */
final class RowOrder {

  private RowOrder() {}

  /**
   * Rows in the order of draws.
   *
   * @param methods predictions of the same rows in the same order, at least one
   * @return {@code [rows]}, the row at each place of the order
   */
  static int[] of(Predictions... methods) {
    Integer[] order = new Integer[methods[0].rows()];
    Arrays.setAll(order, row -> row);
    Comparator<Integer> byContent = byContent(methods);
    Predictions named = null;
    for (Predictions p : methods) {
      named = p.hasIds() ? p : named;
    }
    if (named != null) {
      Predictions ids = named;
      Arrays.parallelSort(
          order, Comparator.<Integer, String>comparing(ids::id).thenComparing(byContent));
    } else {
      // Most rows differ in their first probability: only ties look further.
      double[] first = new double[order.length];
      Arrays.setAll(first, row -> methods[0].probability(row, 0) + 0.0);
      Arrays.parallelSort(
          order, Comparator.<Integer>comparingDouble(row -> first[row]).thenComparing(byContent));
    }
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** The place of each row: the inverse of an order. */
  static int[] places(int[] order) {
    int[] place = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      place[order[i]] = i;
    }
    return place;
  }

  private static Comparator<Integer> byContent(Predictions... methods) {
    Comparator<Integer> all = (i, j) -> 0;
    for (Predictions p : methods) {
      all = all.thenComparing((i, j) -> compare(p, i, j));
    }
    return all;
  }

  private static int compare(Predictions p, int i, int j) {
    int c = 0;
    for (int k = 0; c == 0 && k < p.classes(); k++) {
      c = values(p.probability(i, k), p.probability(j, k));
    }
    if (c == 0 && p.hasLabels()) {
      c = Integer.compare(p.label(i), p.label(j));
    }
    if (c == 0 && p.hasWeights()) {
      c = values(p.weight(i), p.weight(j));
    }
    if (c == 0 && p.hasGroups()) {
      c = p.group(i).compareTo(p.group(j));
    }
    for (int k = 0; c == 0 && p.hasLogits() && k < p.classes(); k++) {
      c = values(p.logit(i, k), p.logit(j, k));
    }
    if (c == 0 && p.hasExpectedEntropy()) {
      c = values(p.expectedEntropy(i), p.expectedEntropy(j));
    }
    for (int s = 0; c == 0 && s < p.samples(); s++) {
      for (int k = 0; c == 0 && k < p.classes(); k++) {
        c = values(p.sampleProbability(s, i, k), p.sampleProbability(s, j, k));
      }
    }
    return c;
  }

  private static int values(double a, double b) {
    // Adding 0 turns -0 into 0, which comparing would otherwise tell apart.
    return Double.compare(a + 0.0, b + 0.0);
  }
}
