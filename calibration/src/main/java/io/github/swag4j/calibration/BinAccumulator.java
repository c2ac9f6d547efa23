package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.CompensatedSum;

/** Adds rows to a bin with compensated sums; one bin, one owner. */
final class BinAccumulator {
  private long count;
  private final CompensatedSum weight = new CompensatedSum();
  private final CompensatedSum squares = new CompensatedSum();
  private final CompensatedSum confidence = new CompensatedSum();
  private final CompensatedSum hits = new CompensatedSum();

  /** Adds the rows of ascending places from (inclusive) to to (exclusive). */
  void add(Forecasts forecasts, int from, int to) {
    for (int i = from; i < to; i++) {
      add(forecasts.probability(i), forecasts.outcome(i) ? 1 : 0, forecasts.weight(i));
    }
  }

  /** Adds a row. */
  void add(double probability, double outcome, double w) {
    count++;
    weight.add(w);
    squares.add(w * w);
    confidence.add(w * probability);
    hits.add(w * outcome);
  }

  BinTotals totals(double lower, double upper) {
    return new BinTotals(
        lower, upper, count, weight.value(), squares.value(), confidence.value(), hits.value());
  }
}
