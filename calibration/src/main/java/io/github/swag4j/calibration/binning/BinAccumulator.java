package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.CompensatedSum;

/** Adds rows to a bin with compensated sums; one bin, one owner. */
final class BinAccumulator {
  private long count;
  private final CompensatedSum weight = new CompensatedSum();
  private final CompensatedSum squaredWeight = new CompensatedSum();
  private final CompensatedSum confidence = new CompensatedSum();
  private final CompensatedSum hits = new CompensatedSum();
  private final CompensatedSum squaredConfidence = new CompensatedSum();
  private final CompensatedSum confidentHits = new CompensatedSum();

  /** Adds the rows of ascending places from (inclusive) to to (exclusive). */
  void add(Forecasts forecasts, int from, int to) {
    count += to - from;
    if (forecasts.hasWeights()) {
      for (int i = from; i < to; i++) {
        double w = forecasts.weight(i);
        add(forecasts.probability(i), w, w * w, forecasts.outcome(i) ? w : 0);
      }
      return;
    }
    // Ones need no compensation: their sums are exact.
    long hit = 0;
    for (int i = from; i < to; i++) {
      double p = forecasts.probability(i);
      confidence.add(p);
      squaredConfidence.add(p * p);
      if (forecasts.outcome(i)) {
        hit++;
        confidentHits.add(p);
      }
    }
    weight.add(to - from);
    squaredWeight.add(to - from);
    hits.add(hit);
  }

  /**
   * Adds some rows of a tie, which are all alike: each brings the tie's mean weight and outcome, so
   * that the order of the tie's rows does not matter.
   */
  void addShare(Forecasts forecasts, int tieFrom, int tieTo, int rows) {
    BinAccumulator tie = new BinAccumulator();
    tie.add(forecasts, tieFrom, tieTo);
    double share = (double) rows / (tieTo - tieFrom);
    add(
        forecasts.probability(tieFrom),
        tie.weight.value() * share,
        tie.squaredWeight.value() * share,
        tie.hits.value() * share);
    count += rows;
  }

  private void add(double probability, double w, double ww, double hit) {
    weight.add(w);
    squaredWeight.add(ww);
    confidence.add(w * probability);
    hits.add(hit);
    squaredConfidence.add(w * probability * probability);
    confidentHits.add(hit * probability);
  }

  BinTotals totals(double lower, double upper) {
    return new BinTotals(
        lower,
        upper,
        count,
        weight.value(),
        squaredWeight.value(),
        confidence.value(),
        hits.value(),
        squaredConfidence.value(),
        confidentHits.value());
  }
}
