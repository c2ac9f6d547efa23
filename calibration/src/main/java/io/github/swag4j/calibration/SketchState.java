package io.github.swag4j.calibration;

/**
 * What a sketch knows: counts and integer sums in units of 2^-43. Nothing but additions of longs,
 * so that neither order nor grouping can change a bit.
 *
 * <p>A sum has two halves, {@code high * 2^23 + low}, each far from overflow for 2^40 rows. Slots
 * of a bin axis: 0 holds what is exactly 0 (or rounds to it), 1 to {@code bins} the bins; the first
 * bin is slots 0 and 1 together.
 */
final class SketchState {
  /** Binary digits after the point of a sum. */
  static final int POINT = 43;

  private static final int LOW_BITS = 23;
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

  /** [slot] by confidence: rows, right rows; sums of conf, conf * right, conf^2. */
  final long[] counts;

  final long[] hits;
  final Sums confidences;
  final Sums hitConfidences;
  final Sums squares;

  /** [0] negative log-likelihood, [1] Brier score. */
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
    scores = new Sums(2);
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
      high[i] += units >> LOW_BITS;
      low[i] += units & LOW_MASK;
    }

    void merge(Sums other) {
      SketchState.add(high, other.high);
      SketchState.add(low, other.low);
    }

    /** The sum of two neighbours: slots 0 and 1 of the first bin. */
    double value(int i, int j) {
      return value(high[i] + high[j], low[i] + low[j]);
    }

    double value(int i) {
      return value(high[i], low[i]);
    }

    private static double value(long high, long low) {
      long carried = high + (low >> LOW_BITS);
      return carried * (UNIT * (1L << LOW_BITS)) + (low & LOW_MASK) * UNIT;
    }
  }
}
