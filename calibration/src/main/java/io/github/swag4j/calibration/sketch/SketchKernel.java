package io.github.swag4j.calibration.sketch;

import static io.github.swag4j.calibration.internal.UnitSums.SHIFTER;
import static io.github.swag4j.calibration.internal.UnitSums.SHIFTER_BITS;
import static io.github.swag4j.calibration.internal.UnitSums.units;
import static io.github.swag4j.calibration.internal.UnitSums.unitsOfLog;
import static io.github.swag4j.calibration.sketch.SketchStrip.index;

import io.github.swag4j.calibration.internal.NegativeLog;
import io.github.swag4j.calibration.internal.UnitSums;
import io.github.swag4j.calibration.scores.ProperScores;

/**
 * The inner loops of a sketch. Rows of float32 go through in strips, see {@link SketchStrip}; rows
 * of float64, and those that need clamping, one by one, to the same bits.
 *
 * <p>Cells hold sums of the bits of p + 2^9, of which the lowest 55 are the sum of p's units of
 * 2^-43 for up to 1023 rows; then they are emptied into the state.
 */
final class SketchKernel {
  private static final int POINT = UnitSums.POINT;
  private static final int FLUSH = 1023; // rows; their count and their units fit into 63 bits
  private static final long UNITS = (1L << 55) - 1;
  private static final int SUM_BITS = 53;
  private static final long SUM_MASK = (1L << SUM_BITS) - 1;
  private static final long COUNT = 1L << SUM_BITS;
  private static final int FEW = 16; // rows, below which strips are slower
  private static final double FLOOR = ProperScores.NLL_FLOOR;

  /** p * bins up to this is slot 0. */
  private static final double VANISHING = 0x1p-38;

  private static final double TO_SLOT = 0.5 - VANISHING;

  private final SketchState state;
  private final int classes;
  private final int bins;
  private final double[] edges;
  private final long[] cells;
  private final long[] tops;
  private final long[] squares;
  private final double[] row;

  private final SketchStrip strip;
  private final NegativeLog logarithm;
  private final int[] doubtful;

  private int pending;
  private long nll;
  private long brier;
  private long squaredNll;
  private long squaredBrier;

  SketchKernel(SketchState state) {
    this.state = state;
    classes = state.classes;
    bins = state.bins;
    edges = new double[bins + 1];
    for (int b = 0; b <= bins; b++) {
      edges[b] = (double) b / bins;
    }
    strip = new SketchStrip(classes);
    cells = new long[strip.groups * SketchStrip.GROUP * state.slots];
    tops = new long[2 * state.slots];
    squares = new long[state.slots];
    row = new double[classes];
    logarithm = new NegativeLog(strip.rows);
    doubtful = new int[strip.rows + 1];
  }

  /** Adds rows of class columns: of float32 in strips, others one by one, to the same bits. */
  void add(SketchInput rows, int from, int to) {
    if (rows instanceof SketchInput.Floats floats) {
      addStrips(floats.p(), floats.labels(), from, to);
    } else {
      addRows(rows, from, to);
    }
  }

  private void addStrips(float[] p, int[] labels, int from, int to) {
    for (int start = from; start < to; start += strip.rowsAhead()) {
      int end = Math.min(to - start, strip.rowsAhead()) + start;
      strip.readAhead(p, start, end - start);
      for (int at = start; at < end; at += strip.rows) {
        addStrip(at - start, labels, at, Math.min(strip.rows, end - at));
      }
    }
  }

  private void addStrip(int first, int[] labels, int start, int n) {
    if (pending + n > FLUSH) {
      flush();
    }
    strip.start(first);
    if (n >= FEW && strip.take(labels, start, n)) {
      strip.scatter(n, bins, TO_SLOT, cells);
      scores(labels, start, n);
    } else {
      for (int r = 0; r < n; r++) {
        strip.copyRow(r, row);
        SketchInputRules.validate(row, labels[start + r], start + r);
        addRow(labels[start + r]);
      }
    }
    pending += n;
  }

  /** What is added once a row. */
  private void scores(int[] labels, int start, int n) {
    double[] ownSlots = strip.spare(0);
    double[] slots = strip.spare(1);
    double[] units = strip.spare(2);
    double[] scratch = strip.spare(3);
    SketchStrip.slots(n, strip.owns, bins, TO_SLOT, 0, ownSlots);
    hits(n, labels, start, ownSlots);
    SketchStrip.slots(n, strip.maxima, bins, TO_SLOT, 0, slots);
    SketchStrip.shift(n, strip.maxima, units);
    squares(n, strip.maxima, scratch);
    for (int r = 0; r < n; r++) {
      squares[index(slots[r])] += Double.doubleToRawLongBits(scratch[r]);
    }
    brierScores(n, strip.norms, strip.owns, scratch);
    brier += sumOfUnits(n, scratch);
    squaredBrier += sumOfSquares(n, scratch);
    othersLess(n, strip.maxima, strip.norms, scratch);
    double[] ownUnits = strip.spare(4);
    SketchStrip.shift(n, strip.owns, ownUnits);
    int doubts = tops(n, slots, units, ownUnits, scratch);
    for (int i = 0; i < doubts; i++) {
      int r = doubtful[i];
      if (!strip.isFirst(r, labels[start + r])) {
        int cell = 2 * index(slots[r]);
        long added = Double.doubleToRawLongBits(units[r]) - SHIFTER_BITS + COUNT;
        tops[cell + 1] -= added;
        tops[cell] += added;
      }
    }
    logs(n);
  }

  private void hits(int n, int[] labels, int start, double[] slots) {
    long[] into = state.classHits;
    int width = state.slots;
    for (int r = 0; r < n; r++) {
      into[labels[start + r] * width + index(slots[r])]++;
    }
  }

  private static void squares(int n, double[] v, double[] to) {
    for (int r = 0; r < n; r++) {
      to[r] = v[r] * v[r] + SHIFTER;
    }
  }

  private static void brierScores(int n, double[] norms, double[] owns, double[] to) {
    for (int r = 0; r < n; r++) {
      to[r] = (norms[r] - 2 * owns[r] + 1) + SHIFTER;
    }
  }

  private static long sumOfUnits(int n, double[] shifted) {
    long sum = 0;
    for (int r = 0; r < n; r++) {
      sum += Double.doubleToRawLongBits(shifted[r]);
    }
    return sum - n * SHIFTER_BITS;
  }

  private static long sumOfSquares(int n, double[] shifted) {
    long sum = 0;
    for (int r = 0; r < n; r++) {
      sum += SketchState.squared(Double.doubleToRawLongBits(shifted[r]) - SHIFTER_BITS);
    }
    return sum;
  }

  /** Not negative where the sum of squares leaves no room for a second as large as the largest. */
  private static void othersLess(int n, double[] maxima, double[] norms, double[] to) {
    for (int r = 0; r < n; r++) {
      to[r] = maxima[r] * maxima[r] * (2 - 1e-9) - norms[r];
    }
  }

  /** Adds to the cells of confidence; lists the right rows of which another may be as probable. */
  private int tops(int n, double[] slots, double[] tops, double[] owns, double[] othersLess) {
    long ones = 0;
    int doubts = 0;
    for (int r = 0; r < n; r++) {
      long top = Double.doubleToRawLongBits(tops[r]);
      int right = 1 + (int) ((Double.doubleToRawLongBits(owns[r]) - top) >> 63);
      doubtful[doubts] = r; // overwritten by the next if there is no doubt
      doubts += right & (int) (Double.doubleToRawLongBits(othersLess[r]) >>> 63);
      long units = top - SHIFTER_BITS;
      this.tops[2 * index(slots[r]) + right] += units + COUNT;
      ones += units >>> POINT;
    }
    state.saturated += ones;
    return doubts;
  }

  private void logs(int n) {
    double[] floored = strip.spare(0);
    double[] logs = strip.spare(1);
    atLeastFloor(n, strip.owns, floored);
    logarithm.of(n, floored, logs);
    long sum = 0;
    long squared = 0;
    long zeros = 0;
    for (int r = 0; r < n; r++) {
      long units = unitsOfLog(logs[r]);
      sum += units;
      squared += SketchState.squared(units);
      zeros += floored[r] == FLOOR ? 1 : 0; // no float32 but 0 and those below vanish so
    }
    state.zeroProbabilities += zeros;
    nll += sum;
    squaredNll += squared;
  }

  private static void atLeastFloor(int n, double[] owns, double[] to) {
    for (int r = 0; r < n; r++) {
      to[r] = Math.max(owns[r], FLOOR);
    }
  }

  private void addRows(SketchInput rows, int from, int to) {
    for (int r = from; r < to; r++) {
      if (pending == FLUSH) {
        flush();
      }
      rows.readValid(r, row);
      addRow(rows.label(r));
      pending++;
    }
  }

  /** Adds {@link #row}, valid and within [0, 1]. */
  private void addRow(int label) {
    double[] p = row;
    int best = 0;
    for (int k = 0; k < classes; k++) {
      double v = p[k];
      cells[k * state.slots + slot(v)] += units(v);
      best = v > p[best] ? k : best;
    }
    double confidence = p[best];
    double own = p[label];
    int slot = slot(confidence);
    int right = best == label ? 1 : 0;
    tops[2 * slot + right] += units(confidence) + COUNT;
    squares[slot] += units(confidence * confidence);
    state.classHits[label * state.slots + slot(own)]++;
    state.saturated += confidence == 1 ? 1 : 0;
    state.zeroProbabilities += own == 0 ? 1 : 0;
    long log = unitsOfLog(NegativeLog.of(Math.max(own, FLOOR)));
    long distance = units(SketchStrip.norm(p) - 2 * own + 1);
    nll += log;
    squaredNll += SketchState.squared(log);
    brier += distance;
    squaredBrier += SketchState.squared(distance);
  }

  /** The slot of p by the edges themselves: a product alone is off by one at times. */
  private int slot(double p) {
    if (p * bins <= VANISHING) {
      return 0;
    }
    int b = Math.min((int) (p * bins), bins - 1);
    b -= p <= edges[b] ? 1 : 0;
    b += p > edges[b + 1] ? 1 : 0;
    return b + 1;
  }

  /** Rows that the state does not have yet. */
  int pending() {
    return pending;
  }

  /** Empties the cells into the state. */
  void flush() {
    if (pending == 0) {
      return;
    }
    state.rows += pending;
    state.squaredRows += pending;
    pending = 0;
    for (int i = 0; i < classes * state.slots; i++) {
      state.classSums.add(i, cells[i] & UNITS);
      cells[i] = 0;
    }
    for (int slot = 0; slot < squares.length; slot++) {
      flush(slot, tops[2 * slot], 0);
      flush(slot, tops[2 * slot + 1], 1);
      state.squares.add(slot, squares[slot] & UNITS);
      tops[2 * slot] = 0;
      tops[2 * slot + 1] = 0;
      squares[slot] = 0;
    }
    state.scores.add(0, nll);
    state.scores.add(1, brier);
    state.squaredScores.add(0, squaredNll);
    state.squaredScores.add(1, squaredBrier);
    nll = 0;
    brier = 0;
    squaredNll = 0;
    squaredBrier = 0;
  }

  private void flush(int slot, long top, int right) {
    long count = top >>> SUM_BITS;
    long units = top & SUM_MASK;
    state.counts[slot] += count;
    state.confidences.add(slot, units);
    state.hits[slot] += count * right;
    state.correct += count * right;
    state.hitConfidences.add(slot, units * right);
  }
}
