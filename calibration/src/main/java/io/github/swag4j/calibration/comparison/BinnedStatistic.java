package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.FixedBins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * A function of bins whose bounds do not depend on the rows, for many evaluations on the same rows:
 * each row is put into its bin once, and a resample only adds up.
 */
record BinnedStatistic(
    String name, BinningConvention convention, ToDoubleFunction<Binning> statistic)
    implements Metric {

  BinnedStatistic {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(statistic, "statistic");
  }

  /** The fast way where the bins do not move with the rows, else that of the rows repeated. */
  static Metric of(String name, BinningConvention convention, ToDoubleFunction<Binning> statistic) {
    if (convention.hasFixedBins()) {
      return new BinnedStatistic(name, convention, statistic);
    }
    return convention.name().equals(BinningConvention.EQUAL_MASS.name())
        ? new RelaidBins(name, convention, statistic)
        : Metric.of(name, p -> statistic.applyAsDouble(convention.bin(convention.forecasts(p))));
  }

  @Override
  public double of(Predictions predictions) {
    int[] once = new int[predictions.rows()];
    Arrays.fill(once, 1);
    return on(predictions).of(once);
  }

  @Override
  public OnRows on(Predictions predictions) {
    String event = convention.forecasts(predictions).event();
    boolean positive = event.equals(Forecasts.POSITIVE_CLASS);
    // Rows are added in an order that their values decide, so that a sum is the same bits in any.
    JudgedRows judged = JudgedRows.of(predictions, positive);
    FixedBins bins = convention.fixedBins(positive).orElseThrow();
    int[] bin = Arrays.stream(judged.forecasts()).mapToInt(bins::of).toArray();
    Rows sorted = new Rows(judged.rows(), bin, judged.forecasts(), judged.came(), judged.weights());
    return times -> {
      double[][] sums = sorted.sums(bins.count(), times);
      return sums == null ? Double.NaN : statistic.applyAsDouble(binning(bins, event, sums));
    };
  }

  private Binning binning(FixedBins bins, String event, double[][] sums) {
    List<BinTotals> totals = new ArrayList<>(bins.count());
    double weight = 0;
    long rows = 0;
    for (int b = 0; b < bins.count(); b++) {
      totals.add(
          new BinTotals(
              bins.lower(b),
              bins.upper(b),
              (long) sums[Rows.COUNT][b],
              sums[Rows.WEIGHT][b],
              sums[Rows.SQUARED_WEIGHT][b],
              sums[Rows.CONFIDENCE][b],
              sums[Rows.HIT][b],
              sums[Rows.SQUARED_CONFIDENCE][b],
              sums[Rows.CONFIDENT_HIT][b]));
      weight += sums[Rows.WEIGHT][b];
      rows += (long) sums[Rows.COUNT][b];
    }
    return new Binning(convention, event, totals, rows, weight);
  }

  /** Rows by ascending confidence with their bins. */
  private record Rows(
      int[] order, int[] bin, double[] confidences, double[] hits, double[] weights) {
    static final int COUNT = 0;
    static final int WEIGHT = 1;
    static final int SQUARED_WEIGHT = 2;
    static final int CONFIDENCE = 3;
    static final int HIT = 4;
    static final int SQUARED_CONFIDENCE = 5;
    static final int CONFIDENT_HIT = 6;

    /** What the bins hold when rows come so many times; null if no weight is left. */
    double[][] sums(int bins, int[] times) {
      double[][] sums = new double[CONFIDENT_HIT + 1][bins];
      boolean some = false;
      for (int i = 0; i < order.length; i++) {
        int m = times[order[i]];
        if (m > 0) {
          int b = bin[i];
          double weight = m * weights[i];
          double confident = weight * confidences[i];
          some |= weight > 0;
          sums[COUNT][b] += m;
          sums[WEIGHT][b] += weight;
          sums[SQUARED_WEIGHT][b] += weight * weights[i];
          sums[CONFIDENCE][b] += confident;
          sums[HIT][b] += weight * hits[i];
          sums[SQUARED_CONFIDENCE][b] += confident * confidences[i];
          sums[CONFIDENT_HIT][b] += confident * hits[i];
        }
      }
      return some ? sums : null;
    }
  }
}
