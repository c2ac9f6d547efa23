package io.github.swag4j.calibration.comparison;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * An order of rows that their values alone decide. Sums taken in it are the same bits however the
 * rows came: rows that compare equal are interchangeable.
 */
final class ValueOrder {

  private ValueOrder() {}

  /** Row indices by ascending keys, the first key first. */
  static int[] of(double[]... keys) {
    Comparator<Integer> byKeys = Comparator.comparingDouble(row -> keys[0][row]);
    for (int k = 1; k < keys.length; k++) {
      double[] key = keys[k];
      byKeys = byKeys.thenComparingDouble(row -> key[row]);
    }
    return IntStream.range(0, keys[0].length)
        .boxed()
        .sorted(byKeys)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Values in the given order. */
  static double[] apply(int[] order, double[] values) {
    double[] out = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      out[i] = values[order[i]];
    }
    return out;
  }
}
