package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.UnitSums;
import java.util.Arrays;

/**
 * Some rows of float32 probabilities, by class: few enough for the first-level cache, and in the
 * order that lets loops over rows become SIMD instructions.
 *
 * <p>Such a loop writes one array and names it apart from those it reads; a second result in one
 * loop, or two places in one array, and the compiler leaves it scalar. Classes go through the loops
 * five at a time, which saves reading and writing the result for each; the last five are filled up
 * with classes whose probability is 0.
 *
 * <p>x + 2^9 has x rounded to 2^-43 in its lowest bits and x + 2^52 has the integer next to x: sums
 * of bits are had by an addition, without a conversion.
 */
final class SketchStrip {
  static final int GROUP = 5;

  /** An array of 126 doubles and its header fill 16 lines of cache. */
  private static final int ROWS = 126;

  private static final int VALUES = 1 << 16;
  private static final int AHEAD = 1 << 12;
  private static final double INTEGER = 0x1p52;
  private static final double NEGATIVE = 0x1p200;

  final int rows;
  final int groups;
  final double[] maxima;
  final double[] sums;
  final double[] norms;
  final double[] owns;

  private final int classes;
  private final double[][] wide;
  private final double[][] shifted = new double[GROUP][];
  private final double[][] places = new double[GROUP][];

  /** Copied some strips at a time: memory is read faster in one go. */
  private final float[] ahead;

  private int offset;

  SketchStrip(int classes) {
    this.classes = classes;
    rows = Math.max(8, Math.min(ROWS, VALUES / classes));
    groups = (classes + GROUP - 1) / GROUP;
    wide = new double[groups * GROUP][rows];
    for (int g = 0; g < GROUP; g++) {
      shifted[g] = new double[rows];
      places[g] = new double[rows];
    }
    maxima = new double[rows];
    sums = new double[rows];
    norms = new double[rows];
    owns = new double[rows];
    ahead = new float[Math.max(1, AHEAD / (rows * classes)) * rows * classes];
  }

  /** An array for what is computed of a strip after {@link #scatter}. */
  double[] spare(int i) {
    return i < GROUP ? shifted[i] : places[i - GROUP];
  }

  /** How many rows are read ahead at once. */
  int rowsAhead() {
    return ahead.length / classes;
  }

  void readAhead(float[] p, int from, int n) {
    System.arraycopy(p, from * classes, ahead, 0, n * classes);
  }

  /** Says which of the rows read ahead is the strip's first. */
  void start(int first) {
    offset = first * classes;
  }

  /**
   * Takes rows, and the largest, the sum, the sum of squares and the label's probability of each.
   *
   * @return false if a label is not a class or a row is not within [0, 1] and does not sum to 1, so
   *     that it must be looked at
   */
  boolean take(int[] labels, int start, int n) {
    fold(n);
    return own(labels, start, n) && isClean(n);
  }

  private void fold(int n) {
    widen(n);
    Arrays.fill(maxima, 0, n, 0);
    Arrays.fill(sums, 0, n, 0);
    Arrays.fill(norms, 0, n, 0);
    for (int k = 0; k < wide.length; k += GROUP) {
      double[] a = wide[k];
      double[] b = wide[k + 1];
      double[] c = wide[k + 2];
      double[] d = wide[k + 3];
      double[] e = wide[k + 4];
      max(n, a, b, c, d, e, maxima);
      sum(n, a, b, c, d, e, sums);
      norm(n, a, b, c, d, e, norms);
    }
  }

  /** The sum of squares in the order of {@link #norm}: the same bits. */
  static double norm(double[] row) {
    double sum = 0;
    for (int k = 0; k < row.length; k += GROUP) {
      sum +=
          (square(row, k) + square(row, k + 1))
              + (square(row, k + 2) + square(row, k + 3))
              + square(row, k + 4);
    }
    return sum;
  }

  private static double square(double[] row, int k) {
    return k < row.length ? row[k] * row[k] : 0;
  }

  private boolean own(int[] labels, int start, int n) {
    for (int r = 0; r < n; r++) {
      int label = labels[start + r];
      if (Integer.compareUnsigned(label, classes) >= 0) {
        return false;
      }
      owns[r] = ahead[offset + r * classes + label];
    }
    return true;
  }

  private boolean isClean(int n) {
    // A sum in another order may differ by so much: then the row by itself decides.
    double tolerance = Predictions.SUM_TOLERANCE - classes * 0x1p-52;
    for (int r = 0; r < n; r++) {
      if (!(Math.abs(sums[r] - 1) <= tolerance && maxima[r] <= 1)) {
        return false;
      }
    }
    return true;
  }

  void copyRow(int r, double[] row) {
    for (int k = 0; k < classes; k++) {
      row[k] = ahead[offset + r * classes + k];
    }
  }

  /** Whether no class before the label is as probable. */
  boolean isFirst(int r, int label) {
    for (int k = 0; k < label; k++) {
      if (wide[k][r] == owns[r]) {
        return false;
      }
    }
    return true;
  }

  /** Adds bits of p + 2^9 to the cell of p's class and slot. */
  void scatter(int n, int bins, double toSlot, long[] cells) {
    for (int k = 0; k < wide.length; k += GROUP) {
      for (int g = 0; g < GROUP; g++) {
        double first = (double) (k + g) * (bins + 1);
        slots(n, wide[k + g], bins, toSlot, first, places[g]);
        shift(n, wide[k + g], shifted[g]);
      }
      add(n, places, shifted, cells);
    }
  }

  private void widen(int n) {
    int k = 0;
    for (; k + GROUP <= classes; k += GROUP) {
      widen(
          ahead,
          offset + k,
          classes,
          n,
          wide[k],
          wide[k + 1],
          wide[k + 2],
          wide[k + 3],
          wide[k + 4]);
    }
    for (; k < classes; k++) {
      double[] to = wide[k];
      for (int r = 0; r < n; r++) {
        to[r] = ahead[offset + k + r * classes];
      }
    }
  }

  /** Apart from arithmetic: x86's conversion waits for what its target register held before. */
  private static void widen(
      float[] p,
      int from,
      int step,
      int n,
      double[] a,
      double[] b,
      double[] c,
      double[] d,
      double[] e) {
    for (int r = 0, i = from; r < n; r++, i += step) {
      a[r] = p[i];
      b[r] = p[i + 1];
      c[r] = p[i + 2];
      d[r] = p[i + 3];
      e[r] = p[i + 4];
    }
  }

  private static void max(
      int n, double[] a, double[] b, double[] c, double[] d, double[] e, double[] max) {
    for (int r = 0; r < n; r++) {
      double ab = Math.max(a[r], b[r]);
      double cd = Math.max(c[r], d[r]);
      max[r] = Math.max(max[r], Math.max(Math.max(ab, cd), e[r]));
    }
  }

  private static void sum(
      int n, double[] a, double[] b, double[] c, double[] d, double[] e, double[] sum) {
    for (int r = 0; r < n; r++) {
      sum[r] += (term(a[r]) + term(b[r])) + (term(c[r]) + term(d[r])) + term(e[r]);
    }
  }

  /** v, or far too much for a sum if v is negative, as no float32 below 0 is above -2^-149. */
  private static double term(double v) {
    return v + (Math.abs(v) - v) * NEGATIVE;
  }

  private static void norm(
      int n, double[] a, double[] b, double[] c, double[] d, double[] e, double[] sum) {
    for (int r = 0; r < n; r++) {
      double ab = a[r] * a[r] + b[r] * b[r];
      double cd = c[r] * c[r] + d[r] * d[r];
      sum[r] += ab + cd + e[r] * e[r];
    }
  }

  /** 2^52 + first + ceil(v * bins). */
  static void slots(int n, double[] v, double bins, double toSlot, double first, double[] to) {
    double shift = INTEGER + first;
    for (int r = 0; r < n; r++) {
      to[r] = (v[r] * bins + toSlot) + shift;
    }
  }

  static void shift(int n, double[] v, double[] to) {
    for (int r = 0; r < n; r++) {
      to[r] = v[r] + UnitSums.SHIFTER;
    }
  }

  private static void add(int n, double[][] places, double[][] units, long[] cells) {
    double[] p0 = places[0];
    double[] p1 = places[1];
    double[] p2 = places[2];
    double[] p3 = places[3];
    double[] p4 = places[4];
    double[] u0 = units[0];
    double[] u1 = units[1];
    double[] u2 = units[2];
    double[] u3 = units[3];
    double[] u4 = units[4];
    for (int r = 0; r < n; r++) {
      cells[index(p0[r])] += Double.doubleToRawLongBits(u0[r]);
      cells[index(p1[r])] += Double.doubleToRawLongBits(u1[r]);
      cells[index(p2[r])] += Double.doubleToRawLongBits(u2[r]);
      cells[index(p3[r])] += Double.doubleToRawLongBits(u3[r]);
      cells[index(p4[r])] += Double.doubleToRawLongBits(u4[r]);
    }
  }

  /** The integer of a double between 2^52 and 2^52 + 2^31. */
  static int index(double integer) {
    return (int) Double.doubleToRawLongBits(integer);
  }
}
