package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.ExactSums;
import io.github.swag4j.calibration.internal.UnitSums;
import java.util.ArrayList;
import java.util.List;

/**
 * Forecasts added up in bins that are known before the rows, by the arithmetic of {@code
 * CalibrationSketch}: integers in units of 2^-43, times the weight exactly. The same rows have the
 * same bits here and in a sketch, in any order.
 */
final class FixedBinSums {
  private final FixedBins bins;
  private final long[] counts;
  private final long[] hits;
  private final UnitSums confidences;
  private final UnitSums hitConfidences;
  private final UnitSums squares;

  private FixedBinSums(FixedBins bins) {
    this.bins = bins;
    int length = bins.count();
    counts = new long[length];
    hits = new long[length];
    confidences = new UnitSums(length);
    hitConfidences = new UnitSums(length);
    squares = new UnitSums(length);
  }

  static List<BinTotals> totals(FixedBins bins, Forecasts forecasts) {
    FixedBinSums sums = new FixedBinSums(bins);
    for (int i = 0; i < forecasts.rows(); i++) {
      if (forecasts.weight(i) != 1) {
        return new Weighted(bins).totals(forecasts);
      }
      sums.add(forecasts.probability(i), forecasts.outcome(i));
    }
    return sums.totals();
  }

  private void add(double p, boolean hit) {
    int bin = bins.of(p);
    long units = UnitSums.units(p);
    counts[bin]++;
    confidences.add(bin, units);
    squares.add(bin, UnitSums.units(p * p));
    if (hit) {
      hits[bin]++;
      hitConfidences.add(bin, units);
    }
  }

  private List<BinTotals> totals() {
    List<BinTotals> out = new ArrayList<>(counts.length);
    for (int b = 0; b < counts.length; b++) {
      out.add(
          new BinTotals(
              bins.lower(b),
              bins.upper(b),
              counts[b],
              counts[b],
              counts[b],
              confidences.value(b),
              hits[b],
              squares.value(b),
              hitConfidences.value(b)));
    }
    return out;
  }

  /** Of rows of which one at least weighs something else than 1. */
  private static final class Weighted {
    private final FixedBins bins;
    private final long[] counts;
    private final ExactSums weights;
    private final ExactSums squaredWeights;
    private final ExactSums hitWeights;
    private final ExactSums confidences;
    private final ExactSums hitConfidences;
    private final ExactSums squares;

    Weighted(FixedBins bins) {
      this.bins = bins;
      int length = bins.count();
      counts = new long[length];
      weights = new ExactSums(length, 0);
      squaredWeights = new ExactSums(length, 0);
      hitWeights = new ExactSums(length, 0);
      confidences = new ExactSums(length, -UnitSums.POINT);
      hitConfidences = new ExactSums(length, -UnitSums.POINT);
      squares = new ExactSums(length, -UnitSums.POINT);
    }

    List<BinTotals> totals(Forecasts forecasts) {
      for (int i = 0; i < forecasts.rows(); i++) {
        double p = forecasts.probability(i);
        double w = forecasts.weight(i);
        int bin = bins.of(p);
        long units = UnitSums.units(p);
        counts[bin]++;
        weights.add(bin, w, 1);
        squaredWeights.add(bin, w * w, 1);
        confidences.add(bin, w, units);
        squares.add(bin, w, UnitSums.units(p * p));
        if (forecasts.outcome(i)) {
          hitWeights.add(bin, w, 1);
          hitConfidences.add(bin, w, units);
        }
      }
      List<BinTotals> out = new ArrayList<>(counts.length);
      for (int b = 0; b < counts.length; b++) {
        out.add(
            new BinTotals(
                bins.lower(b),
                bins.upper(b),
                counts[b],
                weights.value(b),
                squaredWeights.value(b),
                confidences.value(b),
                hitWeights.value(b),
                squares.value(b),
                hitConfidences.value(b)));
      }
      return out;
    }
  }
}
