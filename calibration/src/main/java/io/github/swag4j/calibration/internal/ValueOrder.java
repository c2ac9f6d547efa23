package io.github.swag4j.calibration.internal;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * An order of rows that their values alone decide. Sums taken in it are the same bits however the
 * rows came: rows that compare equal are interchangeable.
 */
public final class ValueOrder {

  private ValueOrder() {}

  /**
   * Row indices by ascending keys, the first key first.
   *
   * @param keys {@code [keys][rows]}, at least one key
   * @return {@code [rows]}
   */
  public static int[] of(double[]... keys) {
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

  /**
   * Values in the given order.
   *
   * @param order {@code [rows]}, row indices
   * @param values {@code [rows]}
   * @return {@code values[order[0]], values[order[1]], ...}
   */
  public static double[] apply(int[] order, double[] values) {
    double[] out = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      out[i] = values[order[i]];
    }
    return out;
  }

  /**
   * Weighted mean with a compensated sum in the order of the values, so that it does not depend on
   * the order of the rows.
   *
   * @param values {@code [rows]}
   * @param weights {@code [rows]}, at least 0
   * @return sum w v / sum w; NaN if there is no weight
   */
  public static double mean(double[] values, double[] weights) {
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    for (int row : of(values, weights)) {
      if (weights[row] > 0) {
        sum.add(weights[row] * values[row]);
        total.add(weights[row]);
      }
    }
    return sum.value() / total.value();
  }
}
