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
}
