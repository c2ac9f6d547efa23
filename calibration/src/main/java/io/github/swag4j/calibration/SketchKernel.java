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
  private static final int OVER_HALF = Float.floatToRawIntBits(0.5001f);
  private static final int STRIP = 4096;
  private static final int FLOAT_ONE = Float.floatToRawIntBits(1f);

  private final SketchState state;
  private final int classes;
  private final int bins;
  private final double[] edges;
  private final long[] cells;
  private final long[] tops;
  private final long[] topHits;
  private final long[] squares;
  private final int[] bases;
  private final int[] maxima = new int[BLOCK + 3];
  private final int[] signs = new int[BLOCK + 3];
  private final double[] sums = new double[BLOCK + 3];
  private final double[] rowSquares = new double[BLOCK + 3];
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
    bases = new int[classes * Math.max(1, Math.min(BLOCK, STRIP / classes))];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = i % classes * state.slots;
    }
  }

  void add(float[] p, int[] labels, int from, int to) {
    for (int start = from; start < to; ) {
      int rows = Math.min(BLOCK - pending, to - start);
      if (check(p, labels, start, rows) == 0) {
        cells(p, start * classes, rows * classes);
        scores(p, labels, start, rows, 0);
      } else {
        oneByOne(p, labels, start, rows);
      }
      added(rows);
      start += rows;
    }
  }

  /**
   * Finds the largest probability (as bits) and the sum of squares of each row; marks by -1 the
   * rows that need clamping. Four rows at a time, for their chains of additions to overlap.
   */
  private int check(float[] p, int[] labels, int start, int rows) {
    int n = classes;
    int r = 0;
    for (; r + 3 < rows; r += 4) {
      int at = (start + r) * n;
      four(p, at, at + n, at + 2 * n, at + 3 * n, r);
    }
    for (; r < rows; r++) {
      int at = (start + r) * n;
      four(p, at, at, at, at, r);
    }
    int odd = 0;
    for (r = 0; r < rows; r++) {
      // Negative numbers have a sign bit, larger ones than 1 and NaN larger bits.
      if (maxima[r] > FLOAT_ONE
          || signs[r] < 0
          || !(Math.abs(sums[r] - 1) <= Predictions.SUM_TOLERANCE)
          || Integer.compareUnsigned(labels[start + r], n) >= 0) {
        widen(p, (start + r) * n);
        SketchRow.check(row, labels[start + r], start + r);
        maxima[r] = -1;
        odd++;
      }
    }
    return odd;
  }

  private void four(float[] p, int a, int b, int c, int d, int r) {
    int maxA = 0;
    int maxB = 0;
    int maxC = 0;
    int maxD = 0;
    int signA = 0;
    int signB = 0;
    int signC = 0;
    int signD = 0;
    double sumA = 0;
    double sumB = 0;
    double sumC = 0;
    double sumD = 0;
    double squareA = 0;
    double squareB = 0;
    double squareC = 0;
    double squareD = 0;
    for (int k = 0; k < classes; k++) {
      float singleA = p[a + k];
      float singleB = p[b + k];
      float singleC = p[c + k];
      float singleD = p[d + k];
      int bitsA = Float.floatToRawIntBits(singleA);
      int bitsB = Float.floatToRawIntBits(singleB);
      int bitsC = Float.floatToRawIntBits(singleC);
      int bitsD = Float.floatToRawIntBits(singleD);
      maxA = Math.max(maxA, bitsA);
      maxB = Math.max(maxB, bitsB);
      maxC = Math.max(maxC, bitsC);
      maxD = Math.max(maxD, bitsD);
      signA |= bitsA;
      signB |= bitsB;
      signC |= bitsC;
      signD |= bitsD;
      double vA = singleA;
      double vB = singleB;
      double vC = singleC;
      double vD = singleD;
      sumA += vA;
      sumB += vB;
      sumC += vC;
      sumD += vD;
      squareA += vA * vA;
      squareB += vB * vB;
      squareC += vC * vC;
      squareD += vD * vD;
    }
    keep(r, maxA, signA, sumA, squareA);
    keep(r + 1, maxB, signB, sumB, squareB);
    keep(r + 2, maxC, signC, sumC, squareC);
    keep(r + 3, maxD, signD, sumD, squareD);
  }

  private void keep(int r, int max, int sign, double sum, double square) {
    maxima[r] = max;
    signs[r] = sign;
    sums[r] = sum;
    rowSquares[r] = square;
  }

  private void widen(float[] p, int at) {
    for (int k = 0; k < classes; k++) {
      row[k] = p[at + k];
    }
  }

  /** Adds elements to the cells of their class and slot; the first is of class 0. */
  private void cells(float[] p, int from, int length) {
    for (int start = 0; start < length; start += bases.length) {
      strip(p, from + start, Math.min(bases.length, length - start), bases, cells, bins);
    }
  }

  private static void strip(float[] p, int from, int n, int[] bases, long[] cells, long bins) {
    long toSlot = ONE - 1 - SHIFTER_BITS * bins;
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToRawLongBits(p[from + i] + SHIFTER);
      cells[bases[i] + (int) ((bits * bins + toSlot) >>> POINT)] += bits + (COUNT - SHIFTER_BITS);
    }
  }

  private void oneByOne(float[] p, int[] labels, int start, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = (start + r) * classes;
      if (maxima[r] < 0) {
        widen(p, at);
        SketchRow.clamp(row);
        addRow(row, labels[start + r]);
      } else {
        cells(p, at, classes);
        scores(p, labels, start + r, 1, r);
      }
    }
  }

  /** What is added once a row; the row's maximum and squares lie at {@code kept} and after. */
  private void scores(float[] p, int[] labels, int start, int rows, int kept) {
    long width = bins;
    long logs = 0;
    long briers = 0;
    long rights = 0;
    long ones = 0;
    long zeros = 0;
    for (int r = 0; r < rows; r++) {
      int label = labels[start + r];
      int at = (start + r) * classes;
      int maxBits = maxima[kept + r];
      int ownBits = Float.floatToRawIntBits(p[at + label]);
      long right = 1 + ((ownBits - maxBits) >> 31);
      if (right > 0 && maxBits < OVER_HALF) {
        right = isFirst(p, at, label, p[at + label]) ? 1 : 0; // two may be equal up to one half
      }
      double confidence = Float.intBitsToFloat(maxBits);
      double own = Float.intBitsToFloat(ownBits);
      long units = units(confidence);
      int slot = (int) ((units * width + ONE - 1) >>> POINT);
      tops[slot] += units + COUNT;
      topHits[slot] += (units + COUNT) & -right;
      squares[slot] += units(confidence * confidence);
      int ownSlot = (int) ((units(own) * width + ONE - 1) >>> POINT);
      state.classHits[label * state.slots + ownSlot]++;
      rights += right;
      ones += (FLOAT_ONE - 1 - maxBits) >>> 31;
      zeros += (ownBits - 1) >>> 31;
      logs += (long) (NegativeLog.of(own < FLOOR ? FLOOR : own) * ONE + 0.5);
      briers += (long) ((rowSquares[kept + r] - 2 * own + 1) * ONE + 0.5);
    }
    state.correct += rights;
    state.saturated += ones;
    state.zeroProbabilities += zeros;
    nll += logs;
    brier += briers;
  }

  private static boolean isFirst(float[] p, int at, int label, float own) {
    for (int k = 0; k < label; k++) {
      if (p[at + k] == own) {
        return false;
      }
    }
    return true;
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
    int slot = slot(confidence);
    long one = best == label ? 1 : 0;
    tops[slot] += units(confidence) + COUNT;
    topHits[slot] += (units(confidence) + COUNT) & -one;
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
