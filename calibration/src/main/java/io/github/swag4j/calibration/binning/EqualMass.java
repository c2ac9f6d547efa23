package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bins of about equal weight: edges lie half-way between the last confidence of one part and the
 * first of the next, equal edges are one, and rows equal to an edge go down. Ties are never torn,
 * so that there may be fewer bins than asked for. Parts are those of numpy.array_split: the first
 * ones are larger by one row where the number does not divide. Whole-number weights count as that
 * many rows, and equal weights below 1 as one row each. Other weights are cut where a part of all
 * the weight is reached. Rows whose weight goes to 0 go out of the bins continuously.
 */
final class EqualMass implements Partition {
  // Weights that are whole but for so much of a row altogether are those of whole rows.
  private static final double REMAINDER = 1e-3;
  // A part of all the weight is reached within this, so that rows of almost no weight end no part.
  private static final double ROUNDING = 1e-9;

  @Override
  public List<BinTotals> bins(Forecasts forecasts, int bins) {
    double unit = unit(forecasts);
    boolean whole = isWhole(forecasts, unit);
    double[] cumulative = cumulativeWeights(forecasts, unit, whole);
    double total = cumulative[cumulative.length - 1];
    double slack = whole ? 0 : ROUNDING * total;
    int parts = (int) (whole ? Math.max(1, Math.min(bins, total)) : bins);
    List<Double> bounds = new ArrayList<>(List.of(0.0));
    double lastEdge = -1;
    int last = 0;
    for (int part = 1; part < parts; part++) {
      double boundary = whole ? wholeBoundary(part, parts, total) : total * part / parts;
      while (last + 1 < cumulative.length && cumulative[last] < boundary - slack) {
        last++;
      }
      int next = last;
      while (next + 1 < cumulative.length && cumulative[next] <= boundary + slack) {
        next++;
      }
      double edge = (forecasts.probability(last) + forecasts.probability(next)) / 2;
      if (edge > lastEdge && edge < 1) {
        bounds.add(edge);
        lastEdge = edge;
      }
    }
    bounds.add(1.0);
    double[] edges = bounds.stream().mapToDouble(Double::doubleValue).toArray();
    return new FixedBins(edges, true, false).totalsOfOwnRows(forecasts);
  }

  private static double wholeBoundary(int part, int parts, double total) {
    double size = Math.floor(total / parts);
    return part * size + Math.min(part, total - size * parts);
  }

  private static double unit(Forecasts forecasts) {
    if (!forecasts.hasWeights()) {
      return 1;
    }
    double[] weights = new double[forecasts.rows()];
    Arrays.setAll(weights, forecasts::weight);
    return RowWeights.unit(weights);
  }

  private static double[] cumulativeWeights(Forecasts forecasts, double unit, boolean whole) {
    double[] cumulative = new double[forecasts.rows()];
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < cumulative.length; i++) {
      sum.add(forecasts.weight(i));
      double rows = sum.value() / unit;
      cumulative[i] = whole ? Math.rint(rows) : rows;
    }
    return cumulative;
  }

  private static boolean isWhole(Forecasts forecasts, double unit) {
    if (!forecasts.hasWeights()) {
      return true;
    }
    double remainder = 0;
    for (int i = 0; i < forecasts.rows(); i++) {
      double rows = forecasts.weight(i) / unit;
      remainder += Math.abs(rows - Math.rint(rows));
    }
    return remainder <= REMAINDER;
  }

  @Override
  public String describe(int bins) {
    return bins + " equal-mass " + (bins == 1 ? "bin" : "bins");
  }
}
