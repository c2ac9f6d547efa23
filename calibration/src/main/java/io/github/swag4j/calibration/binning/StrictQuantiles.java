package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import java.util.ArrayList;
import java.util.List;

/**
 * The bins of the SWAG paper's code: every ceil(n / bins)-th confidence is an edge, the largest one
 * the last, and a row belongs to a bin only if it lies strictly between two edges. Rows equal to an
 * edge are in no bin, all saturated ones among them.
 */
final class StrictQuantiles implements Partition {

  @Override
  public List<BinTotals> bins(Forecasts forecasts, int bins) {
    int rows = forecasts.rows();
    int step = (int) (((long) rows + bins - 1) / bins);
    List<BinTotals> out = new ArrayList<>();
    for (int from = 0; from >= 0 && from < rows; from += step) {
      double lower = forecasts.probability(from);
      double upper = forecasts.probability((int) Math.min((long) from + step, rows - 1L));
      BinAccumulator bin = new BinAccumulator();
      for (int i = from; i < rows && forecasts.probability(i) < upper; i++) {
        if (forecasts.probability(i) > lower) {
          bin.add(forecasts, i, i + 1);
        }
      }
      out.add(bin.totals(lower, upper));
    }
    return out;
  }

  @Override
  public String describe(int bins) {
    return bins + " equal-mass " + (bins == 1 ? "bin" : "bins") + " with open ends";
  }
}
