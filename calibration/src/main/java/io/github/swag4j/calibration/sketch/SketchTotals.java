package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.FixedBins;
import io.github.swag4j.calibration.internal.UnitSums;
import java.util.ArrayList;
import java.util.List;

/**
 * The sums of a sketch as doubles, each rounded once: what a {@link CalibrationSummary} is made of.
 *
 * @param weight sum of the rows' weights
 * @param correct weight of the rows whose most probable class is the label
 * @param confidence sum of w times confidence
 * @param nll sum of w times negative log-likelihood
 * @param brier sum of w times Brier score
 * @param squaredNll sum of the squares of the rows' negative log-likelihoods, NaN where it is not
 *     known: of weighted rows, and of rows that came from bytes
 * @param squaredBrier the same of the Brier scores
 * @param hits rows of each bin whose event came
 * @param classGaps by class: sum over its bins of |sum of w p_k - weight labelled k|
 */
record SketchTotals(
    long rows,
    double weight,
    double correct,
    double confidence,
    double nll,
    double brier,
    double squaredNll,
    double squaredBrier,
    long zeroProbabilities,
    long saturated,
    List<BinTotals> bins,
    long[] hits,
    double[] classGaps) {

  static SketchTotals of(SketchState s, FixedBins bounds, boolean positive) {
    List<BinTotals> bins = new ArrayList<>(s.bins);
    long[] hits = new long[s.bins];
    double confidence = 0;
    for (int b = 0; b < s.bins; b++) {
      int i = b + 1;
      boolean first = b == 0; // which has slot 0 as well
      long count = s.counts[i] + (first ? s.counts[0] : 0);
      hits[b] = s.hits[i] + (first ? s.hits[0] : 0);
      bins.add(
          new BinTotals(
              bounds.lower(b),
              bounds.upper(b),
              count,
              count,
              count,
              sum(s.confidences, i, first),
              hits[b],
              sum(s.squares, i, first),
              sum(s.hitConfidences, i, first)));
      confidence += bins.get(b).confidenceSum();
    }
    double[] gaps = new double[s.classes];
    for (int k = 0; k < s.classes; k++) {
      for (int b = 0; b < s.bins; b++) {
        int i = k * s.slots + b + 1;
        long own = s.classHits[i] + (b == 0 ? s.classHits[i - 1] : 0);
        gaps[k] += Math.abs(sum(s.classSums, i, b == 0) - own);
      }
    }
    return new SketchTotals(
        s.rows,
        s.rows,
        s.correct,
        positive ? s.scores.value(2) : confidence,
        s.scores.value(0),
        s.scores.value(1),
        s.squares(0),
        s.squares(1),
        s.zeroProbabilities,
        s.saturated,
        bins,
        hits,
        gaps);
  }

  private static double sum(UnitSums sums, int i, boolean withBefore) {
    return withBefore ? sums.value(i, i - 1) : sums.value(i);
  }

  static SketchTotals of(WeightedState s, FixedBins bounds, boolean positive) {
    List<BinTotals> bins = new ArrayList<>(s.bins);
    long[] hits = new long[s.bins];
    for (int b = 0; b < s.bins; b++) {
      int i = b + 1;
      hits[b] = s.hits[i];
      bins.add(
          new BinTotals(
              bounds.lower(b),
              bounds.upper(b),
              s.counts[i],
              s.weights.value(i),
              s.squaredWeights.value(i),
              s.confidences.value(i),
              s.hitWeights.value(i),
              s.squares.value(i),
              s.hitConfidences.value(i)));
    }
    double[] gaps = new double[s.classes];
    for (int k = 0; k < s.classes; k++) {
      for (int i = k * s.slots + 1; i < (k + 1) * s.slots; i++) {
        gaps[k] += Math.abs(s.classSums.value(i) - s.classHits.value(i));
      }
    }
    return new SketchTotals(
        s.rows,
        s.weights.total(),
        s.correct.value(0),
        positive ? s.scores.value(2) : s.confidences.total(),
        s.scores.value(0),
        s.scores.value(1),
        Double.NaN,
        Double.NaN,
        s.zeroProbabilities,
        s.saturated,
        bins,
        hits,
        gaps);
  }
}
