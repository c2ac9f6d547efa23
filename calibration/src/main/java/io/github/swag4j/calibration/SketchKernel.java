package io.github.swag4j.calibration;

import io.github.swag4j.calibration.SketchState.Sums;
import io.github.swag4j.calibration.internal.NegativeLog;

/**
 * The inner loops of a sketch. Rows go through in blocks of 1000: first a pass that finds each
 * row's largest probability and refuses what is not valid, then a pass that adds.
 *
 * <p>p + 2^9 has p rounded to 2^-43 in its lowest bits, so that units are had by an addition and a
 * subtraction of bits, without a conversion. A cell holds its count in its upper 11 bits and its
 * sum of units in the lower 53: one memory access an element. 1000 rows fit, then cells are emptied
 * into the state. The slot of p, ceil(p * bins), is exact in integers because a float32 that is not
 * in the first bin is a whole number of units.
 */
final class SketchKernel {
  private static final int POINT = SketchState.POINT;
  private static final int BLOCK = 1000;
  private static final double SHIFTER = 512;
  private static final long SHIFTER_BITS = Double.doubleToRawLongBits(SHIFTER);
  private static final long ONE = 1L << POINT;
  private static final int SUM_BITS = 53;
  private static final long SUM_MASK = (1L << SUM_BITS) - 1;
  private static final long COUNT = 1L << SUM_BITS;
  private static final double FLOOR = 1e-300;
  private static final int CLASS_BITS = 16;
  private static final int CLASS_MASK = (1 << CLASS_BITS) - 1;
  private static final int FLOAT_ONE = Float.floatToRawIntBits(1f);

  private final SketchState state;
  private final int classes;
  private final int bins;
  private final double[] edges;
  private final long[] cells;
  private final long[] tops;
  private final long[] topHits;
  private final long[] squares;
  private final long[] keys = new long[BLOCK];
  private final double[] row;
  private int pending;
  private long nll;
  private long brier;

  SketchKernel(SketchState state) {
    this.state = state;
    classes = state.classes;
    bins = state.bins;
    edges = new double[bins + 1];
    for (int b = 0; b <= bins; b++) {
      edges[b] = (double) b / bins;
    }
    cells = new long[classes * state.slots];
    tops = new long[state.slots];
    topHits = new long[state.slots];
    squares = new long[state.slots];
    row = new double[classes];
  }

  void add(float[] p, int[] labels, int from, int to) {
    for (int start = from; start < to; ) {
      int rows = Math.min(BLOCK - pending, to - start);
      check(p, labels, start, rows);
      fill(p, labels, start, rows);
      added(rows);
      start += rows;
    }
  }

  /** Finds (bits of max p, lowest class having it) of each row as one key; -1 for odd rows. */
  private void check(float[] p, int[] labels, int start, int rows) {
    int n = classes;
    for (int r = 0; r < rows; r++) {
      int at = (start + r) * n;
      long best = 0;
      double sum = 0;
      for (int k = 0; k < n; k++) {
        float v = p[at + k];
        // Negative numbers and NaN have larger bits than 1.
        long key = (Float.floatToRawIntBits(v) & 0xFFFFFFFFL) << CLASS_BITS | (CLASS_MASK - k);
        best = Math.max(best, key);
        sum += v;
      }
      if (best >>> CLASS_BITS > FLOAT_ONE
          || !(Math.abs(sum - 1) <= Predictions.SUM_TOLERANCE)
          || Integer.compareUnsigned(labels[start + r], n) >= 0) {
        widen(p, at);
        SketchRow.check(row, labels[start + r], start + r);
        best = -1;
      }
      keys[r] = best;
    }
  }

  private void widen(float[] p, int at) {
    for (int k = 0; k < classes; k++) {
      row[k] = p[at + k];
    }
  }

  private void fill(float[] p, int[] labels, int start, int rows) {
    int n = classes;
    int slots = state.slots;
    long width = bins;
    long toSlot = ONE - 1 - SHIFTER_BITS * width;
    long[] cell = cells;
    for (int r = 0; r < rows; r++) {
      long key = keys[r];
      int label = labels[start + r];
      int at = (start + r) * n;
      if (key < 0) {
        widen(p, at);
        SketchRow.clamp(row);
        addRow(row, label);
        continue;
      }
      double square = 0;
      int base = 0;
      for (int k = 0; k < n; k++) {
        double v = p[at + k];
        long bits = Double.doubleToRawLongBits(v + SHIFTER);
        cell[base + (int) ((bits * width + toSlot) >>> POINT)] += bits + (COUNT - SHIFTER_BITS);
        square += v * v;
        base += slots;
      }
      double confidence = Float.intBitsToFloat((int) (key >>> CLASS_BITS));
      long units = Double.doubleToRawLongBits(confidence + SHIFTER) - SHIFTER_BITS;
      double own = p[at + label];
      long ownBits = Double.doubleToRawLongBits(own + SHIFTER);
      int ownSlot = (int) ((ownBits * width + toSlot) >>> POINT);
      boolean right = label == CLASS_MASK - (int) (key & CLASS_MASK);
      int slot = (int) ((units * width + ONE - 1) >>> POINT);
      score(slot, units, confidence, right, own, label * slots + ownSlot, square);
    }
  }

  /** What is added once a row. */
  private void score(
      int slot, long units, double confidence, boolean right, double own, int hit, double square) {
    long one = right ? 1 : 0;
    tops[slot] += units + COUNT;
    topHits[slot] += (units + COUNT) & -one;
    squares[slot] += units(confidence * confidence);
    state.classHits[hit]++;
    state.correct += one;
    state.saturated += confidence == 1 ? 1 : 0;
    state.zeroProbabilities += own == 0 ? 1 : 0;
    nll += (long) (NegativeLog.of(Math.max(own, FLOOR)) * ONE + 0.5);
    brier += (long) ((square - 2 * own + 1) * ONE + 0.5);
  }

  private static long units(double p) {
    return Double.doubleToRawLongBits(p + SHIFTER) - SHIFTER_BITS;
  }

  void add(double[] p, int[] labels, int from, int to) {
    for (int r = from; r < to; r++) {
      System.arraycopy(p, r * classes, row, 0, classes);
      if (SketchRow.check(row, labels[r], r)) {
        SketchRow.clamp(row);
      }
      addRow(row, labels[r]);
      added(1);
    }
  }

  private void added(int rows) {
    pending += rows;
    if (pending == BLOCK) {
      flush();
    }
  }

  /** A row of doubles within [0, 1]. */
  private void addRow(double[] p, int label) {
    double square = 0;
    int best = 0;
    for (int k = 0; k < classes; k++) {
      double v = p[k];
      cells[k * state.slots + slot(v)] += units(v) + COUNT;
      square += v * v;
      best = v > p[best] ? k : best;
    }
    double confidence = p[best];
    double own = p[label];
    int hit = label * state.slots + slot(own);
    score(slot(confidence), units(confidence), confidence, best == label, own, hit, square);
  }

  /** The slot of p by the edges themselves: a product alone is off by one at times. */
  private int slot(double p) {
    int b = Math.min((int) (p * bins), bins - 1);
    b -= p <= edges[b] ? 1 : 0;
    b += p > edges[b + 1] ? 1 : 0;
    return b + 1;
  }

  /** Empties the cells into the state. */
  void flush() {
    state.rows += pending;
    pending = 0;
    flush(cells, state.classCounts, state.classSums);
    flush(tops, state.counts, state.confidences);
    flush(topHits, state.hits, state.hitConfidences);
    for (int i = 0; i < squares.length; i++) {
      state.squares.add(i, squares[i]);
      squares[i] = 0;
    }
    state.scores.add(0, nll);
    state.scores.add(1, brier);
    nll = 0;
    brier = 0;
  }

  private static void flush(long[] from, long[] counts, Sums sums) {
    for (int i = 0; i < from.length; i++) {
      long cell = from[i];
      if (cell != 0) {
        counts[i] += cell >>> SUM_BITS;
        sums.add(i, cell & SUM_MASK);
        from[i] = 0;
      }
    }
  }
}
