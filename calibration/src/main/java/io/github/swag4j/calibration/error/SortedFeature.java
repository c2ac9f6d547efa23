package io.github.swag4j.calibration.error;

import java.util.Arrays;
import java.util.BitSet;

/** Places of rows in ascending order of one feature; four bytes and a bit a row. */
final class SortedFeature {
  /** {@code [rows]}, places in the array of rows. */
  final int[] order;

  private final BitSet starts;

  private SortedFeature(int[] order, BitSet starts) {
    this.order = order;
    this.starts = starts;
  }

  static SortedFeature of(double[][] x, int[] rows, int feature) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = x[rows[i]][feature] + 0.0; // -0 is 0
    }
    double[] distinct = Arrays.stream(values).sorted().distinct().toArray();
    int[] ranks = new int[rows.length];
    int[] next = new int[distinct.length + 1];
    for (int i = 0; i < rows.length; i++) {
      ranks[i] = Arrays.binarySearch(distinct, values[i]);
      next[ranks[i] + 1]++;
    }
    BitSet starts = new BitSet(rows.length);
    for (int rank = 0; rank < distinct.length; rank++) {
      starts.set(next[rank]);
      next[rank + 1] += next[rank];
    }
    int[] order = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      order[next[ranks[i]]++] = i;
    }
    return new SortedFeature(order, starts);
  }

  /** Whether a larger value starts here. */
  boolean isNew(int at) {
    return starts.get(at);
  }
}
