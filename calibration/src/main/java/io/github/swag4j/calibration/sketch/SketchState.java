package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.internal.UnitSums;

/**
 * What a sketch knows of its rows of weight 1: counts and integer sums in units of 2^-43. Nothing
 * but additions of integers, so that neither order nor grouping can change a bit.
 *
 * <p>A sum has two halves, {@code high * 2^32 + low} with low below 2^32: exact for 2^40 rows of
 * any terms. Slots of a bin axis: 1 to {@code bins} are the bins; {@link SketchKernel} puts what is
 * exactly 0 (or rounds to it) into slot 0, so that the first bin is slots 0 and 1 together.
 */
final class SketchState {
  private static final int SQUARE_POINT = 30;
  private static final double SQUARE_ONE = 1 << SQUARE_POINT;

  final int classes;
  final int bins;
  final int slots;

  long rows;
  long correct;
  long zeroProbabilities;
  long saturated;

  /** [class][slot]: sum of p_k over rows with p_k in the bin, rows of them labelled k. */
  final UnitSums classSums;

  final long[] classHits;

  /**
   * [slot] by the forecast judged, f, the confidence unless it is the positive class's probability:
   * rows, rows whose event came; sums of f, f * came, f^2.
   */
  final long[] counts;

  final long[] hits;
  final UnitSums confidences;
  final UnitSums hitConfidences;
  final UnitSums squares;

  /** [0] negative log-likelihood, [1] Brier score, [2] confidence where that is not judged. */
  final UnitSums scores;

  /**
   * Squares of the first two scores, in units of 2^-{@value #SQUARE_POINT}, and the rows they are
   * of: bytes do not hold them, so that rows that came from bytes have none.
   */
  final UnitSums squaredScores;

  long squaredRows;

  SketchState(int classes, int bins) {
    this.classes = classes;
    this.bins = bins;
    slots = bins + 1;
    classSums = new UnitSums(classes * slots);
    classHits = new long[classes * slots];
    counts = new long[slots];
    hits = new long[slots];
    confidences = new UnitSums(slots);
    hitConfidences = new UnitSums(slots);
    squares = new UnitSums(slots);
    scores = new UnitSums(3);
    squaredScores = new UnitSums(2);
  }

  /** The square of a score given in units of 2^-43; of 1023 of the largest the sum fits a long. */
  static long squared(long units) {
    double score = units * 0x1p-43;
    return (long) (score * score * SQUARE_ONE + 0.5);
  }

  /** Sum of the squares of a score over rows, NaN where rows came from bytes. */
  double squares(int score) {
    return squaredRows == rows
        ? squaredScores.value(score) * (1L << UnitSums.POINT - SQUARE_POINT)
        : Double.NaN;
  }

  /** Adds one row, in the slots after 0. */
  void add(SketchTerms row) {
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
    squaredScores.add(0, squared(row.nll));
    squaredScores.add(1, squared(row.brier));
    squaredRows++;
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
    squaredScores.merge(other.squaredScores);
    squaredRows += other.squaredRows;
  }

  private static void add(long[] to, long[] from) {
    int length = from.length; // one sketch merged with itself doubles
    for (int i = 0; i < length; i++) {
      to[i] += from[i];
    }
  }
}
