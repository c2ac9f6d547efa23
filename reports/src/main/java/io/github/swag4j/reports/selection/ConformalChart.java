package io.github.swag4j.reports.selection;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.conformal.PredictionSets;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Conformal prediction sets: above, how many classes they hold; below, how often a set of each size
 * holds the label, with its 95 % interval (Wilson), against the coverage that was promised.
 *
 * <p>The promise is for all rows together; sets of one size may miss it on either side, and large
 * sets that do are where the promise is least worth. Sizes are taken together where there are many
 * classes.
 */
public final class ConformalChart extends PlottedChart {
  private static final int MOST_BARS = 11;
  private static final double LEVEL = 0.95;

  /** Sizes from..to, their rows, and the rows whose set holds the label. */
  private record Sizes(int from, int to, long rows, long covered) {
    String label() {
      return from == to ? String.valueOf(from) : from + "–" + to;
    }
  }

  private final String title;
  private final double nominal;
  private final double coverage;
  private final double meanSize;
  private final long rows;
  private final List<Sizes> sizes;

  private ConformalChart(String title, double nominal, PredictionSets sets) {
    this.title = title;
    this.nominal = nominal;
    this.coverage = sets.coverage();
    this.meanSize = sets.meanSize();
    this.rows = sets.rows();
    this.sizes = sizes(sets);
  }

  /**
   * A chart of sets.
   *
   * @param title what was judged, for example {@code "SWAG, APS"}
   * @param sets the sets of labelled rows
   * @param nominal the coverage that was promised, 1 - alpha
   * @return the chart
   * @throws IllegalArgumentException if the promise is not in (0, 1)
   * @throws IllegalStateException if the rows have no labels
   */
  public static ConformalChart of(String title, PredictionSets sets, double nominal) {
    if (!(nominal > 0 && nominal < 1)) {
      throw new IllegalArgumentException(
          "nominal coverage must be between 0 and 1, both excluded, got " + nominal);
    }
    return new ConformalChart(Objects.requireNonNull(title, "title"), nominal, sets);
  }

  private static List<Sizes> sizes(PredictionSets sets) {
    int last = 1;
    int first = Integer.MAX_VALUE;
    for (PredictionSets.SizeCoverage each : sets.sizeStratified()) {
      last = Math.max(last, each.size());
      first = Math.min(first, each.size());
    }
    int from = Math.min(first, 1);
    int each = (last - from) / MOST_BARS + 1;
    List<Sizes> result = new ArrayList<>();
    for (int low = from; low <= last; low += each) {
      long rows = 0;
      long covered = 0;
      for (PredictionSets.SizeCoverage size : sets.sizeStratified()) {
        if (size.size() >= low && size.size() < low + each) {
          rows += size.rows();
          covered += size.covered();
        }
      }
      result.add(new Sizes(low, Math.min(low + each - 1, Math.max(last, low)), rows, covered));
    }
    return result;
  }

  @Override
  protected Sheet sheet() {
    Interval of = BinomialInterval.wilson(Math.rint(coverage * rows), rows, LEVEL);
    String words =
        "Sets that hold the label in "
            + Numbers.percent(coverage, 1)
            + " of "
            + Numbers.count(rows)
            + " rows, promised "
            + Numbers.percent(nominal)
            + "; "
            + Numbers.fixed(meanSize, 2)
            + " classes on average.";
    String[] labels = sizes.stream().map(Sizes::label).toArray(String[]::new);
    Axis axis = Axis.categories(Arrays.asList(labels));
    return new Sheet(title, words)
        .numbers(
            "Coverage",
            Numbers.percent(coverage, 1),
            "95 % interval",
            Numbers.fixed(100 * of.lower(), 1) + " to " + Numbers.percent(of.upper(), 1),
            "Mean size",
            Numbers.fixed(meanSize, 2))
        .plot(counts(axis))
        .plot(coverages(axis));
  }

  private Plot counts(Axis axis) {
    double[] share = sizes.stream().mapToDouble(size -> (double) size.rows() / rows).toArray();
    double[] from = new double[share.length];
    double[] to = new double[share.length];
    for (int i = 0; i < share.length; i++) {
      from[i] = i - 0.4;
      to[i] = i + 0.4;
    }
    double top = Arrays.stream(share).max().orElse(1);
    return new Plot("Classes in the set", axis, "Share of rows", Axis.share(top, 4))
        .height(140)
        .bars("share of rows", Ink.AXIS, from, to, share);
  }

  private Plot coverages(Axis axis) {
    int n = sizes.size();
    double[] x = new double[n];
    double[] y = new double[n];
    double[] lower = new double[n];
    double[] upper = new double[n];
    double low = Math.min(nominal, coverage);
    for (int i = 0; i < n; i++) {
      Sizes size = sizes.get(i);
      // A set without classes cannot hold the label: that is no failure of its size.
      boolean some = size.rows() > 0 && size.to() > 0;
      Interval interval =
          some ? BinomialInterval.wilson(size.covered(), size.rows(), LEVEL) : Interval.UNKNOWN;
      x[i] = i;
      y[i] = some ? (double) size.covered() / size.rows() : Double.NaN;
      lower[i] = interval.lower();
      upper[i] = interval.upper();
      low = some ? Math.min(low, lower[i]) : low;
    }
    return new Plot("Classes in the set", axis, "Coverage", Axis.around(low < 0.5 ? 0 : low, 1, 4))
        .height(140)
        .level("promised, " + Numbers.percent(nominal), Ink.MUTED, nominal, 5, 4)
        .dots("coverage of sets of this size", Ink.BLUE, x, y, lower, upper);
  }
}
