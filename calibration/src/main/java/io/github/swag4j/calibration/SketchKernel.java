package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.NegativeLog;

/**
 * The inner loops of a sketch. Rows go through in strips that stay in the first-level cache, by one
 * short loop a quantity: those without a chain from one element to the next become SIMD
 * instructions, and the others overlap.
 *
 * <p>p + 2^9 has p rounded to 2^-43 in its lowest bits, so that units are had by an addition,
 * without a conversion. A class's cell is the sum of such bits: 500 rows leave the exponent's bits
 * apart from the sum of units, then cells are emptied into the state. The slot of p, ceil(p *
 * bins), is exact in integers because a float32 that is not in the first bin is a whole number of
 * units.
 */
final class SketchKernel {
  private static final int POINT = SketchState.POINT;
  private static final int FLUSH = 500; // rows; 500 * 2^43 < 2^52
  private static final int STRIP = 1000; // values
  private static final double SHIFTER = 512;
  private static final long SHIFTER_BITS = Double.doubleToRawLongBits(SHIFTER);
  private static final long FRACTION = (1L << 52) - 1;
  private static final long ONE = 1L << POINT;
  private static final int SUM_BITS = 53;
  private static final long SUM_MASK = (1L << SUM_BITS) - 1;
  private static final long COUNT = 1L << SUM_BITS;
  private static final double FLOOR = ProperScores.NLL_FLOOR;
  private static final long OVER_HALF = (long) (0.5001 * ONE);

  private final SketchState state;
  private final int classes;
  private final int bins;
  private final double[] edges;
  private final long[] cells;
  private final long[] tops;
  private final long[] squares;

  /** Of a strip: values, their bits after the shift, their cells, the first cell of each. */
  private final double[] wide;

  private final long[] bits;
  private final long[] places;
  private final long[] bases;

  /** Of a strip's rows. */
  private final long[] maxima;

  private final long[] signs;
  private final double[] sums;
  private final double[] rowSquares;
  private final double[] owns;
  private final int[] doubtful;

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
    tops = new long[2 * state.slots];
    squares = new long[state.slots];
    row = new double[classes];
    int rows = Math.max(1, STRIP / classes);
    wide = new double[rows * classes];
    bits = new long[rows * classes];
    places = new long[rows * classes];
    bases = new long[rows * classes];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = i % classes * state.slots;
    }
    maxima = new long[rows];
    signs = new long[rows];
    sums = new double[rows];
    rowSquares = new double[rows];
    owns = new double[rows];
    doubtful = new int[rows + 1];
  }

  void add(float[] p, int[] labels, int from, int to) {
    for (int start = from; start < to; ) {
      int rows = Math.min(Math.min(FLUSH - pending, maxima.length), to - start);
      widen(p, start * classes, rows * classes);
      reduce(rows);
      if (check(labels, start, rows)) {
        place(0, rows * classes);
        scores(labels, start, 0, rows);
      } else {
        oneByOne(labels, start, rows);
      }
      added(rows);
      start += rows;
    }
  }

  /**
   * Values as doubles and as shifted bits. Apart from the arithmetic: x86's conversion waits for
   * what its target register held before, and would chain one row's arithmetic to the next one's.
   */
  private void widen(float[] p, int from, int n) {
    for (int i = 0; i < n; i++) {
      wide[i] = p[from + i];
    }
    for (int i = 0; i < n; i++) {
      bits[i] = Double.doubleToRawLongBits(wide[i] + SHIFTER);
    }
  }

  /** Finds the largest bits, the common ones, the sum and the sum of squares of each row. */
  private void reduce(int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * classes;
      long max = 0;
      long common = -1;
      long any = 0;
      double sum = 0;
      double square = 0;
      for (int k = 0; k < classes; k++) {
        double v = wide[at + k];
        max = Math.max(max, bits[at + k]);
        common &= bits[at + k];
        any |= bits[at + k];
        sum += v;
        square += v * v;
      }
      maxima[r] = max - SHIFTER_BITS;
      signs[r] = (common - SHIFTER_BITS) | any;
      sums[r] = sum;
      rowSquares[r] = square;
    }
  }

  /** Refuses what is not valid, and marks by a sign the rows that need clamping, if any. */
  private boolean check(int[] labels, int start, int rows) {
    boolean clean = true;
    for (int r = 0; r < rows; r++) {
      int label = labels[start + r];
      // Below 0 the shifted exponent is another, which the bits common to all then show, or the
      // sign.
      if (maxima[r] > ONE
          || signs[r] < 0
          || !(Math.abs(sums[r] - 1) <= Predictions.SUM_TOLERANCE)
          || Integer.compareUnsigned(label, classes) >= 0) {
        System.arraycopy(wide, r * classes, row, 0, classes);
        SketchRow.check(row, label, start + r);
        signs[r] = -1;
        clean = false;
      } else {
        owns[r] = wide[r * classes + label];
      }
    }
    return clean;
  }

  private void oneByOne(int[] labels, int start, int rows) {
    for (int r = 0; r < rows; r++) {
      if (signs[r] < 0) {
        System.arraycopy(wide, r * classes, row, 0, classes);
        SketchRow.clamp(row);
        addRow(row, labels[start + r]);
      } else {
        place(r * classes, (r + 1) * classes);
        scores(labels, start, r, r + 1);
      }
    }
  }

  /** Adds values to the cells of their class and slot. */
  private void place(int from, int to) {
    long width = bins;
    long toSlot = ONE - 1 - SHIFTER_BITS * width;
    for (int i = from; i < to; i++) {
      places[i] = bases[i] + ((bits[i] * width + toSlot) >>> POINT);
    }
    for (int i = from; i < to; i++) {
      cells[(int) places[i]] += bits[i];
    }
  }

  /** What is added once a row. */
  private void scores(int[] labels, int start, int from, int to) {
    hits(labels, start, from, to);
    int doubts = tops(from, to);
    for (int i = 0; i < doubts; i++) {
      int r = doubtful[i];
      if (!isFirst(r * classes, labels[start + r])) {
        int cell = 2 * slotOf(maxima[r]);
        tops[cell + 1] -= maxima[r] + COUNT;
        tops[cell] += maxima[r] + COUNT;
        state.correct--;
      }
    }
    logs(from, to);
    for (int r = from; r < to; r++) {
      brier += (long) ((rowSquares[r] - 2 * owns[r] + 1) * ONE + 0.5);
    }
  }

  private void hits(int[] labels, int start, int from, int to) {
    long[] into = state.classHits;
    int slots = state.slots;
    for (int r = from; r < to; r++) {
      into[labels[start + r] * slots + slotOf(units(owns[r]))]++;
    }
  }

  /** Adds to the cells of confidence; up to one half two may be largest: such rows are listed. */
  private int tops(int from, int to) {
    long rights = 0;
    long ones = 0;
    int doubts = 0;
    for (int r = from; r < to; r++) {
      long max = maxima[r];
      int right = 1 + (int) ((units(owns[r]) - max) >> 63);
      doubtful[doubts] = r; // overwritten by the next if there is no doubt
      doubts += right & (int) ((max - OVER_HALF) >>> 63);
      int slot = slotOf(max);
      double confidence = max * 0x1p-43;
      tops[2 * slot + right] += max + COUNT;
      squares[slot] += units(confidence * confidence);
      rights += right;
      ones += max >>> POINT;
    }
    state.correct += rights;
    state.saturated += ones;
    return doubts;
  }

  /** Whether no class before the label is as probable; without a branch. */
  private boolean isFirst(int at, int label) {
    long own = bits[at + label];
    long differ = -1;
    for (int k = 0; k < label; k++) {
      long difference = bits[at + k] - own;
      differ &= difference | -difference;
    }
    return differ < 0;
  }

  private void logs(int from, int to) {
    long logs = 0;
    long zeros = 0;
    for (int r = from; r < to; r++) {
      double own = owns[r];
      zeros += own <= 0 ? 1 : 0; // below 0 by less than the shift shows
      logs += (long) (NegativeLog.of(own < FLOOR ? FLOOR : own) * ONE + 0.5);
    }
    state.zeroProbabilities += zeros;
    nll += logs;
  }

  private int slotOf(long units) {
    return (int) ((units * bins + ONE - 1) >>> POINT);
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
    if (pending == FLUSH) {
      flush();
    }
  }

  /** A row of doubles within [0, 1]. */
  private void addRow(double[] p, int label) {
    double square = 0;
    int best = 0;
    for (int k = 0; k < classes; k++) {
      double v = p[k];
      cells[k * state.slots + slot(v)] += units(v) + SHIFTER_BITS;
      square += v * v;
      best = v > p[best] ? k : best;
    }
    double confidence = p[best];
    double own = p[label];
    int hit = label * state.slots + slot(own);
    int slot = slot(confidence);
    int one = best == label ? 1 : 0;
    tops[2 * slot + one] += units(confidence) + COUNT;
    squares[slot] += units(confidence * confidence);
    state.classHits[hit]++;
    state.correct += one;
    state.saturated += confidence == 1 ? 1 : 0;
    state.zeroProbabilities += own == 0 ? 1 : 0;
    nll += (long) (NegativeLog.of(own < FLOOR ? FLOOR : own) * ONE + 0.5);
    brier += (long) ((square - 2 * own + 1) * ONE + 0.5);
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
    for (int i = 0; i < cells.length; i++) {
      state.classSums.add(i, cells[i] & FRACTION);
      cells[i] = 0;
    }
    for (int slot = 0; slot < squares.length; slot++) {
      flush(slot, tops[2 * slot], 0);
      flush(slot, tops[2 * slot + 1], 1);
      state.squares.add(slot, squares[slot]);
      tops[2 * slot] = 0;
      tops[2 * slot + 1] = 0;
      squares[slot] = 0;
    }
    state.scores.add(0, nll);
    state.scores.add(1, brier);
    nll = 0;
    brier = 0;
  }

  private void flush(int slot, long top, int right) {
    long count = top >>> SUM_BITS;
    long units = top & SUM_MASK;
    state.counts[slot] += count;
    state.confidences.add(slot, units);
    state.hits[slot] += count * right;
    state.hitConfidences.add(slot, units * right);
  }
}
