package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.internal.ExactSums;
import io.github.swag4j.calibration.internal.UnitSums;
import java.util.List;

/**
 * What a sketch knows of its rows of other weights than 1: counts, and exact sums of weight times
 * units of 2^-43, the same units as those of {@link SketchState}. A row of weight 2 therefore adds
 * what two rows of weight 1 add.
 */
final class WeightedState {
  /** Weights are 0 or from 2^-100 to 2^100: it bounds the limbs of a sum to a dozen. */
  private static final double MIN_WEIGHT = 0x1p-100;

  private static final double MAX_WEIGHT = 0x1p100;

  final int classes;
  final int bins;
  final int slots;

  long rows;
  long zeroProbabilities;
  long saturated;

  /** [class][slot]: sum of w * p_k; sum of w over rows labelled k. */
  final ExactSums classSums;

  final ExactSums classHits;

  /** [slot]: rows, rows whose event came. */
  final long[] counts;

  final long[] hits;

  /** [slot]: sums of w, w^2, w * came, w * f, w * f * came, w * f^2. */
  final ExactSums weights;

  final ExactSums squaredWeights;
  final ExactSums hitWeights;
  final ExactSums confidences;
  final ExactSums hitConfidences;
  final ExactSums squares;

  /** As in {@link SketchState}, times w. */
  final ExactSums scores;

  /** Sum of w over rows whose most probable class is the label. */
  final ExactSums correct;

  WeightedState(int classes, int bins) {
    this.classes = classes;
    this.bins = bins;
    slots = bins + 1;
    classSums = new ExactSums(classes * slots, -UnitSums.POINT);
    classHits = new ExactSums(classes * slots, 0);
    counts = new long[slots];
    hits = new long[slots];
    weights = new ExactSums(slots, 0);
    squaredWeights = new ExactSums(slots, 0);
    hitWeights = new ExactSums(slots, 0);
    confidences = new ExactSums(slots, -UnitSums.POINT);
    hitConfidences = new ExactSums(slots, -UnitSums.POINT);
    squares = new ExactSums(slots, -UnitSums.POINT);
    scores = new ExactSums(3, -UnitSums.POINT);
    correct = new ExactSums(1, 0);
  }

  /** Refuses weights that are out of range; null is fine. */
  static void checkWeights(double[] weights, int from, int to) {
    for (int r = from; r < to && weights != null; r++) {
      double w = weights[r];
      if (!(w == 0 || w >= MIN_WEIGHT && w <= MAX_WEIGHT)) {
        throw new InvalidRowException(
            "weights["
                + r
                + "] must be 0 or between 2^-100 and 2^100, got "
                + w
                + (w > 0 ? ": multiply all weights by one number" : ""),
            r,
            -1);
      }
    }
  }

  void add(SketchTerms row, double w) {
    rows++;
    zeroProbabilities += row.zeroProbability ? 1 : 0;
    saturated += row.saturated ? 1 : 0;
    int slot = row.slot;
    counts[slot]++;
    hits[slot] += row.came ? 1 : 0;
    for (int k = 0; k < classes; k++) {
      classSums.add(row.cells[k], w, row.units[k]);
    }
    classHits.add(row.ownCell, w, 1);
    weights.add(slot, w, 1);
    squaredWeights.add(slot, w * w, 1); // rounded, as BinAccumulator has it
    confidences.add(slot, w, row.forecast);
    squares.add(slot, w, row.square);
    if (row.came) {
      hitWeights.add(slot, w, 1);
      hitConfidences.add(slot, w, row.forecast);
    }
    scores.add(0, w, row.nll);
    scores.add(1, w, row.brier);
    scores.add(2, w, row.otherConfidence);
    correct.add(0, w, row.correct ? 1 : 0);
  }

  /** All sums. */
  List<ExactSums> sums() {
    return List.of(
        classSums,
        classHits,
        weights,
        squaredWeights,
        hitWeights,
        confidences,
        hitConfidences,
        squares,
        scores,
        correct);
  }

  void merge(WeightedState other) {
    rows += other.rows;
    zeroProbabilities += other.zeroProbabilities;
    saturated += other.saturated;
    for (int i = 0; i < slots; i++) {
      counts[i] += other.counts[i];
      hits[i] += other.hits[i];
    }
    for (int i = 0; i < sums().size(); i++) {
      sums().get(i).merge(other.sums().get(i));
    }
  }

  /** These rows and those of weight 1 as one state; both stay as they are. */
  WeightedState with(SketchState ones) {
    WeightedState all = new WeightedState(classes, bins);
    all.merge(this);
    all.rows += ones.rows;
    all.zeroProbabilities += ones.zeroProbabilities;
    all.saturated += ones.saturated;
    for (int i = 0; i < slots; i++) {
      int slot = Math.max(i, 1);
      all.counts[slot] += ones.counts[i];
      all.hits[slot] += ones.hits[i];
      all.weights.add(slot, 1, ones.counts[i]);
      all.squaredWeights.add(slot, 1, ones.counts[i]);
      all.hitWeights.add(slot, 1, ones.hits[i]);
      all.confidences.add(slot, ones.confidences, i);
      all.hitConfidences.add(slot, ones.hitConfidences, i);
      all.squares.add(slot, ones.squares, i);
    }
    for (int i = 0; i < classes * slots; i++) {
      int cell = i % slots == 0 ? i + 1 : i;
      all.classSums.add(cell, ones.classSums, i);
      all.classHits.add(cell, 1, ones.classHits[i]);
    }
    for (int i = 0; i < 3; i++) {
      all.scores.add(i, ones.scores, i);
    }
    all.correct.add(0, 1, ones.correct);
    return all;
  }
}
