package io.github.swag4j.calibration.sketch;

import java.math.BigInteger;

/**
 * What a sketch knows of its rows of weight 1: counts and integer sums in units of 2^-43. Nothing
 * but additions of integers, so that neither order nor grouping can change a bit.
 *
 * <p>A sum has two halves, {@code high * 2^32 + low} with low below 2^32: exact for 2^40 rows of
 * any terms. Slots of a bin axis: 1 to {@code bins} are the bins; {@link SketchKernel} puts what is
 * exactly 0 (or rounds to it) into slot 0, so that the first bin is slots 0 and 1 together.
 */
final class SketchState {
  /** Binary digits after the point of a sum. */
  static final int POINT = 43;

  /** p + 2^9 has p, rounded to 2^-43, in its lowest bits. */
  static final double SHIFTER = 512;

  static final long SHIFTER_BITS = Double.doubleToRawLongBits(SHIFTER);
  private static final double ONE = 0x1p43;
  private static final int LOW_BITS = 32;
  private static final long LOW_MASK = (1L << LOW_BITS) - 1;
  private static final double UNIT = 0x1p-43;

  final int classes;
  final int bins;
  final int slots;

  long rows;
  long correct;
  long zeroProbabilities;
  long saturated;

  /** [class][slot]: sum of p_k over rows with p_k in the bin, rows of them labelled k. */
  final Sums classSums;

  final long[] classHits;

  /**
   * [slot] by the forecast judged, f, the confidence unless it is the positive class's probability:
   * rows, rows whose event came; sums of f, f * came, f^2.
   */
  final long[] counts;

  final long[] hits;
  final Sums confidences;
  final Sums hitConfidences;
  final Sums squares;

  /** [0] negative log-likelihood, [1] Brier score, [2] confidence where that is not judged. */
  final Sums scores;

  SketchState(int classes, int bins) {
    this.classes = classes;
    this.bins = bins;
    slots = bins + 1;
    classSums = new Sums(classes * slots);
    classHits = new long[classes * slots];
    counts = new long[slots];
    hits = new long[slots];
    confidences = new Sums(slots);
    hitConfidences = new Sums(slots);
    squares = new Sums(slots);
    scores = new Sums(3);
  }

  /** Whole units of a number in [0, 4]. */
  static long units(double p) {
    return Double.doubleToRawLongBits(p + SHIFTER) - SHIFTER_BITS;
  }

  /** Whole units of the negative logarithm of a probability. */
  static long unitsOfLog(double log) {
    return (long) (log * ONE + 0.5);
  }

  /** Adds one row, in the slots after 0. */
  void add(RowTerms row) {
    rows++;
    correct += row.correct ? 1 : 0;
    zeroProbabilities += row.zeroProbability ? 1 : 0;
    saturated += row.saturated ? 1 : 0;
    for (int k = 0; k < classes; k++) {
      classSums.add(row.cells[k], row.units[k]);
    }
    classHits[row.ownCell]++;
    counts[row.slot]++;
    confidences.add(row.slot, row.forecast);
    squares.add(row.slot, row.square);
    if (row.came) {
      hits[row.slot]++;
      hitConfidences.add(row.slot, row.forecast);
    }
    scores.add(0, row.nll);
    scores.add(1, row.brier);
    scores.add(2, row.otherConfidence);
  }

  void merge(SketchState other) {
    rows += other.rows;
    correct += other.correct;
    zeroProbabilities += other.zeroProbabilities;
    saturated += other.saturated;
    classSums.merge(other.classSums);
    add(classHits, other.classHits);
    add(counts, other.counts);
    add(hits, other.hits);
    confidences.merge(other.confidences);
    hitConfidences.merge(other.hitConfidences);
    squares.merge(other.squares);
    scores.merge(other.scores);
  }

  private static void add(long[] to, long[] from) {
    int length = from.length; // one sketch merged with itself doubles
    for (int i = 0; i < length; i++) {
      to[i] += from[i];
    }
  }

  /** Exact sums of multiples of 2^-43. */
  static final class Sums {
    private final long[] high;
    private final long[] low;

    Sums(int length) {
      high = new long[length];
      low = new long[length];
    }

    /** Adds a sum of at most 2^63 units. */
    void add(int i, long units) {
      add(i, units >> LOW_BITS, units & LOW_MASK);
    }

    /** Adds more * 2^32 + moreLow units, moreLow below 2^32. */
    void add(int i, long more, long moreLow) {
      long sum = low[i] + moreLow;
      high[i] += more + (sum >> LOW_BITS);
      low[i] = sum & LOW_MASK;
    }

    void merge(Sums other) {
      for (int i = 0; i < high.length; i++) {
        add(i, other.high[i], other.low[i]);
      }
    }

    /** The sum of two neighbours: slots 0 and 1 of the first bin. */
    double value(int i, int j) {
      long sum = low[i] + low[j];
      return value(high[i] + high[j] + (sum >> LOW_BITS), sum & LOW_MASK);
    }

    double value(int i) {
      return value(high[i], low[i]);
    }

    private static double value(long high, long low) {
      return high * (UNIT * (1L << LOW_BITS)) + low * UNIT;
    }

    /** Units of a cell. */
    BigInteger units(int i) {
      BigInteger units = BigInteger.valueOf(low[i]);
      return high[i] == 0 ? units : BigInteger.valueOf(high[i]).shiftLeft(LOW_BITS).add(units);
    }

    /** Units of a cell in whole 2^32. */
    long high(int i) {
      return high[i];
    }

    /** Units of a cell below 2^32. */
    long low(int i) {
      return low[i];
    }
  }
}
