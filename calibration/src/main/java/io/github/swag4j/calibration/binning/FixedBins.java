package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import java.util.ArrayList;
import java.util.List;

/**
 * Bins between ascending bounds; the outer ones take everything beyond them. A probability equal to
 * a bound goes down (right-closed bins) or up (left-closed bins). Immutable.
 */
public final class FixedBins {
  private final double[] bounds;
  private final boolean rightClosed;
  private final boolean single;

  /** Keeps the array; {@code single} rounds probabilities to float32 to find their bin. */
  FixedBins(double[] bounds, boolean rightClosed, boolean single) {
    this.bounds = bounds;
    this.rightClosed = rightClosed;
    this.single = single;
  }

  /**
   * Number of bins.
   *
   * @return at least 1
   */
  public int count() {
    return bounds.length - 1;
  }

  /**
   * Lower edge of a bin.
   *
   * @param bin its number, from 0
   * @return the edge, in [0, 1]
   */
  public double lower(int bin) {
    return bounds[bin];
  }

  /**
   * Upper edge of a bin.
   *
   * @param bin its number, from 0
   * @return the edge, in [0, 1]
   */
  public double upper(int bin) {
    return bounds[bin + 1];
  }

  /**
   * The bin of a forecast.
   *
   * @param probability the forecast, in [0, 1]
   * @return its bin, from 0
   */
  public int of(double probability) {
    double p = single ? (float) probability : probability;
    int last = bounds.length - 2;
    int bin = Math.min((int) (p * (last + 1)), last);
    while (bin < last && !isBelow(p, bounds[bin + 1])) {
      bin++;
    }
    while (bin > 0 && isBelow(p, bounds[bin])) {
      bin--;
    }
    return bin;
  }

  /** Adds forecasts up, as a sketch of the same rows does. */
  List<BinTotals> totals(Forecasts forecasts) {
    return FixedBinSums.totals(this, forecasts);
  }

  /** Sorts forecasts, which are ascending and made these bounds, into the bins. */
  List<BinTotals> totalsOfOwnRows(Forecasts forecasts) {
    List<BinTotals> out = new ArrayList<>(count());
    int i = 0;
    for (int b = 0; b < count(); b++) {
      int from = i;
      boolean last = b + 1 == count();
      while (i < forecasts.rows() && (last || isBelow(forecasts.probability(i), bounds[b + 1]))) {
        i++;
      }
      BinAccumulator bin = new BinAccumulator();
      bin.add(forecasts, from, i);
      out.add(bin.totals(lower(b), upper(b)));
    }
    return out;
  }

  private boolean isBelow(double p, double bound) {
    return rightClosed ? p <= bound : p < bound;
  }
}
