package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Bins of about equal weight: edges lie half-way between the last confidence of one part and the
 * first of the next, equal edges are one, and rows equal to an edge go down. Ties are never torn,
 * so that there may be fewer bins than asked for. Parts are those of numpy.array_split: the first
 * ones are larger by one row where the number does not divide. Whole-number weights count as that
 * many rows, and equal weights below 1 as one row each.
 */
final class EqualMass implements Partition {
  // A weight over the mean of equal weights is 1 up to rounding.
  private static final double ROUNDING = 1e-12;

  @Override
  public List<BinTotals> bins(Forecasts forecasts, int bins) {
    double unit = unit(forecasts);
    boolean whole = isWhole(forecasts, unit);
    double[] cumulative = cumulativeWeights(forecasts, unit, whole);
    double total = cumulative[cumulative.length - 1];
    int parts = (int) Math.max(1, Math.min(bins, whole ? total : forecasts.rows()));
    List<Double> bounds = new ArrayList<>(List.of(0.0));
    double lastEdge = -1;
    int last = 0;
    for (int part = 1; part < parts; part++) {
      double boundary = whole ? wholeBoundary(part, parts, total) : total * part / parts;
      while (last + 1 < cumulative.length && cumulative[last] < boundary) {
        last++;
      }
      int next = last;
      while (next + 1 < cumulative.length && cumulative[next] <= boundary) {
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
    return new FixedBins(edges, true, false).totals(forecasts);
  }

  private static double wholeBoundary(int part, int parts, double total) {
    double size = Math.floor(total / parts);
    return part * size + Math.min(part, total - size * parts);
  }

  private static double unit(Forecasts forecasts) {
    if (!forecasts.hasWeights()) {
      return 1;
    }
    int rows = 0;
    for (int i = 0; i < forecasts.rows(); i++) {
      rows += forecasts.weight(i) > 0 ? 1 : 0;
    }
    return RowWeights.unit(forecasts.totalWeight(), rows);
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
    for (int i = 0; i < forecasts.rows(); i++) {
      double rows = forecasts.weight(i) / unit;
      if (Math.abs(rows - Math.rint(rows)) > ROUNDING * rows) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String describe(int bins) {
    return bins + " equal-mass " + (bins == 1 ? "bin" : "bins");
  }
}
