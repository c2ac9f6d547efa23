package io.github.swag4j.calibration.monitoring;

import java.util.Arrays;

/**
 * A number's range cut at the quantiles of a reference: cell j holds the values above edge j - 1 up
 * to edge j, and stands for them by their mean in the reference.
 *
 * <p>Cells are chosen by the reference alone. Edges that fall together, as where half of all
 * confidences are 1, are one edge, so that there may be fewer cells than asked for.
 *
 * @param edges ascending upper edges of all cells but the last
 * @param means mean of the reference's values in each cell, {@code [edges + 1]}
 */
record ReferenceCells(double[] edges, double[] means) {
  /** Cells, at most. */
  static final int CELLS = 32;

  /** The cells of a reference's values, at least one of them. */
  static ReferenceCells of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double[] edges = new double[CELLS - 1];
    int found = 0;
    for (int j = 1; j < CELLS; j++) {
      double edge = sorted[(int) ((long) n * j / CELLS)];
      boolean splits = edge < sorted[n - 1] && (found == 0 || edge > edges[found - 1]);
      if (splits) {
        edges[found++] = edge;
      }
    }
    double[] kept = Arrays.copyOf(edges, found);
    double[] sums = new double[found + 1];
    long[] counts = new long[found + 1];
    for (double value : sorted) {
      int cell = cell(kept, value);
      sums[cell] += value;
      counts[cell]++;
    }
    for (int j = 0; j < sums.length; j++) {
      sums[j] /= counts[j];
    }
    return new ReferenceCells(kept, sums);
  }

  int size() {
    return means.length;
  }

  /** The cell of a value. */
  int cell(double value) {
    return cell(edges, value);
  }

  private static int cell(double[] edges, double value) {
    int at = Arrays.binarySearch(edges, value);
    return at < 0 ? -at - 1 : at;
  }
}
