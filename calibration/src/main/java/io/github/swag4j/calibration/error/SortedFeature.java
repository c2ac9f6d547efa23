package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.internal.ValueOrder;
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
    int[] order = ValueOrder.of(values);
    BitSet starts = new BitSet(rows.length);
    for (int at = 0; at < order.length; at++) {
      starts.set(at, at == 0 || values[order[at]] > values[order[at - 1]]);
    }
    return new SortedFeature(order, starts);
  }

  /** Whether a larger value starts here. */
  boolean isNew(int at) {
    return starts.get(at);
  }
}
