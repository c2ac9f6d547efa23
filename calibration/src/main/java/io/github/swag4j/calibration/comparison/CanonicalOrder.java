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
final class CanonicalOrder {

  private CanonicalOrder() {}

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
    return Arrays.stream(methods)
        .map(p -> (Comparator<Integer>) (i, j) -> compare(p, i, p, j))
        .reduce(Comparator::thenComparing)
        .orElseThrow();
  }

  /** Compares what row i of one method holds with what row j of another, or of the same, holds. */
  static int compare(Predictions p, int i, Predictions q, int j) {
    int c = parts(p) - parts(q);
    for (int k = 0; c == 0 && k < p.classes(); k++) {
      c = values(p.probability(i, k), q.probability(j, k));
    }
    if (c == 0 && p.hasLabels()) {
      c = Integer.compare(p.label(i), q.label(j));
    }
    if (c == 0 && p.hasWeights()) {
      c = values(p.weight(i), q.weight(j));
    }
    if (c == 0 && p.hasGroups()) {
      c = p.group(i).compareTo(q.group(j));
    }
    for (int k = 0; c == 0 && p.hasLogits() && k < p.classes(); k++) {
      c = values(p.logit(i, k), q.logit(j, k));
    }
    if (c == 0 && p.hasExpectedEntropy()) {
      c = values(p.expectedEntropy(i), q.expectedEntropy(j));
    }
    for (int s = 0; c == 0 && s < p.samples(); s++) {
      for (int k = 0; c == 0 && k < p.classes(); k++) {
        c = values(p.sampleProbability(s, i, k), q.sampleProbability(s, j, k));
      }
    }
    return c;
  }

  /** Which parts predictions have, as a number. */
  private static int parts(Predictions p) {
    return (p.hasLabels() ? 1 : 0)
        + (p.hasWeights() ? 2 : 0)
        + (p.hasGroups() ? 4 : 0)
        + (p.hasLogits() ? 8 : 0)
        + (p.hasExpectedEntropy() ? 16 : 0)
        + 32 * p.samples();
  }

  private static int values(double a, double b) {
    // Adding 0 turns -0 into 0, which comparing would otherwise tell apart.
    return Double.compare(a + 0.0, b + 0.0);
  }
}
