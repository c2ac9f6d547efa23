package io.github.swag4j.calibration.internal;

import java.util.Arrays;

/**
 * An order of rows that their values alone decide. Sums taken in it are the same bits however the
 * rows came: rows that compare equal are interchangeable.
 */
public final class ValueOrder {

  private ValueOrder() {}

  /**
   * Row indices by ascending keys, the first key first; -0 before 0 and NaN last, as {@link
   * Double#compare}. Rows equal in all keys stay as they came.
   *
   * @param keys {@code [keys][rows]}, at least one key
   * @return {@code [rows]}
   */
  public static int[] of(double[]... keys) {
    int[] order = new int[keys[0].length];
    Arrays.setAll(order, i -> i);
    sort(order, 0, order.length, keys, 0);
    return order;
  }

  /**
   * Sorts a part of the order whose rows agree in the keys before the k-th. Values become ranks,
   * and ranks and places together one long each, since sorting a million objects takes seconds.
   */
  private static void sort(int[] order, int from, int to, double[][] keys, int k) {
    int n = to - from;
    if (n < 2 || k == keys.length) {
      return;
    }
    int[] rows = Arrays.copyOfRange(order, from, to);
    double[] key = keys[k];
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = key[rows[i]];
    }
    Arrays.sort(values);
    int distinct = 1;
    for (int i = 1; i < n; i++) {
      if (Double.compare(values[i], values[distinct - 1]) != 0) {
        values[distinct++] = values[i];
      }
    }
    long[] ranked = new long[n];
    for (int i = 0; i < n; i++) {
      ranked[i] = (long) Arrays.binarySearch(values, 0, distinct, key[rows[i]]) << 32 | i;
    }
    Arrays.sort(ranked);
    for (int i = 0, run = 0; i < n; i++) {
      order[from + i] = rows[(int) ranked[i]];
      if (i + 1 == n || ranked[i + 1] >> 32 != ranked[i] >> 32) {
        sort(order, from + run, from + i + 1, keys, k + 1);
        run = i + 1;
      }
    }
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
