package io.github.swag4j.studies.transfer;

import io.github.swag4j.calibration.comparison.Holm;
import io.github.swag4j.calibration.comparison.PairedPermutationTest;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Differences from a baseline under the same seeds and on the same test rows, with the tests and
 * the correction that runs of several seeds have in {@code train}.
 */
final class PairedSeeds {
  private static final int SWAPS = 10_000;
  private static final double LEVEL = 0.05;

  /** A number of what was judged, and that of each row where there is one. */
  private record Column(
      String name,
      boolean higherIsBetter,
      ToDoubleFunction<Judged> value,
      Function<Judged, double[]> rows) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("accuracy", true, Judged::accuracy, Judged::right),
          new Column("NLL", false, Judged::nll, Judged::losses),
          new Column("ECE", false, Judged::ece, null),
          new Column("NLL at T", false, Judged::scaledNll, null));

  /**
   * A way's difference from the baseline in a metric.
   *
   * @param way what is compared
   * @param metric the metric's name
   * @param isBetter whether the mean is for the better
   * @param mean over the seeds
   * @param deviation over the seeds
   * @param better seeds under which the way is the better
   * @param pRows that other test rows could turn it round, NaN where rows have no number
   * @param pSeeds that other trainings could
   */
  record Difference(
      String way,
      String metric,
      boolean isBetter,
      double mean,
      double deviation,
      int better,
      double pRows,
      double pSeeds) {}

  private final String baseline;
  private final int seeds;
  private final List<Difference> differences;

  private PairedSeeds(String baseline, int seeds, List<Difference> differences) {
    this.baseline = baseline;
    this.seeds = seeds;
    this.differences = differences;
  }

  /**
   * Compares.
   *
   * @param byWay what was judged of each way, for each seed; the first is the baseline
   */
  static PairedSeeds of(Map<String, List<Judged>> byWay) {
    String baseline = byWay.keySet().iterator().next();
    List<Judged> base = byWay.get(baseline);
    List<Difference> raw = new ArrayList<>();
    byWay.forEach(
        (way, judged) -> {
          if (!way.equals(baseline)) {
            for (Column column : COLUMNS) {
              if (isFinite(judged, column) && isFinite(base, column)) {
                raw.add(difference(way, column, judged, base));
              }
            }
          }
        });
    // Rows say nothing of ECE, which has no value of a single one.
    double[] rows =
        Holm.adjust(
            raw.stream().mapToDouble(Difference::pRows).filter(p -> !Double.isNaN(p)).toArray());
    double[] bySeeds = Holm.adjust(raw.stream().mapToDouble(Difference::pSeeds).toArray());
    List<Difference> adjusted = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < bySeeds.length; i++) {
      Difference d = raw.get(i);
      double pRows = Double.isNaN(d.pRows()) ? Double.NaN : rows[next++];
      adjusted.add(
          new Difference(
              d.way(),
              d.metric(),
              d.isBetter(),
              d.mean(),
              d.deviation(),
              d.better(),
              pRows,
              bySeeds[i]));
    }
    return new PairedSeeds(baseline, base.size(), adjusted);
  }

  private static boolean isFinite(List<Judged> judged, Column column) {
    return judged.stream().mapToDouble(column.value()).allMatch(Double::isFinite);
  }

  private static Difference difference(
      String way, Column column, List<Judged> judged, List<Judged> base) {
    List<Double> bySeed = new ArrayList<>();
    int better = 0;
    for (int s = 0; s < base.size(); s++) {
      double d =
          column.value().applyAsDouble(judged.get(s)) - column.value().applyAsDouble(base.get(s));
      bySeed.add(d);
      better += (column.higherIsBetter() ? d : -d) > 0 ? 1 : 0;
    }
    double mean = OverSeeds.mean(bySeed, d -> d);
    double pRows =
        column.rows() == null
            ? Double.NaN
            : p(meanOfRows(judged, column.rows()), meanOfRows(base, column.rows()));
    double pSeeds = p(values(judged, column), values(base, column));
    return new Difference(
        way,
        column.name(),
        column.higherIsBetter() ? mean > 0 : mean < 0,
        mean,
        OverSeeds.deviation(bySeed, d -> d),
        better,
        pRows,
        pSeeds);
  }

  private static double[] values(List<Judged> judged, Column column) {
    return judged.stream().mapToDouble(column.value()).toArray();
  }

  private static double p(double[] first, double[] second) {
    return PairedPermutationTest.ofLosses(first, second, SWAPS, 0).pValue();
  }

  private static double[] meanOfRows(List<Judged> judged, Function<Judged, double[]> rows) {
    double[] mean = rows.apply(judged.get(0));
    for (int s = 1; s < judged.size(); s++) {
      double[] other = rows.apply(judged.get(s));
      for (int r = 0; r < mean.length; r++) {
        mean[r] += other[r];
      }
    }
    for (int r = 0; r < mean.length; r++) {
      mean[r] /= judged.size();
    }
    return mean;
  }

  /** What was found, in order. */
  List<Difference> all() {
    return differences;
  }

  /** One row for each way and metric. */
  MetricsTable table() {
    MetricsTable.Builder table =
        MetricsTable.builder("Way", "Metric")
            .metric(new Metric("Difference", 4, Better.NEITHER))
            .metric(new Metric("sd", 4, Better.NEITHER))
            .metric(new Metric("Better seeds", 0, Better.NEITHER))
            .metric(new Metric("p rows", 4, Better.P_VALUE))
            .metric(new Metric("p seeds", 4, Better.P_VALUE));
    for (Difference d : differences) {
      table.row(
          List.of(d.way(), d.metric()), d.mean(), d.deviation(), d.better(), d.pRows(), d.pSeeds());
    }
    return table.build();
  }

  /** What the table's columns are. */
  String caption() {
    return String.format(
        Locale.ROOT,
        "Minus %s under the same seed: mean and standard deviation over %d seeds, and under how many"
            + " of them the way is the better. p rows: paired permutation test of the rows' numbers,"
            + " averaged over the seeds: whether other test rows could turn the difference round; p"
            + " seeds: that of the seeds' numbers, at least %.3g with so few: whether other trainings"
            + " could. Both with Holm's correction over the table.",
        baseline,
        seeds,
        Math.pow(2, 1 - seeds));
  }

  /** Which differences are more than chance, over other rows and over other seeds. */
  String conclusion() {
    return "Against "
        + baseline
        + ", beyond the chance of test rows: "
        + words(Difference::pRows).orElse("nothing")
        + "; beyond that of trainings: "
        + words(Difference::pSeeds).orElse("not shown of anything by " + seeds + " seeds")
        + " (5 %, Holm's correction).";
  }

  /** A way and what it is better in, and worse; empty if p-values are above the level. */
  private Optional<String> words(ToDoubleFunction<Difference> p) {
    Map<String, List<String>> byWay = new LinkedHashMap<>();
    for (Difference d : differences) {
      if (p.applyAsDouble(d) <= LEVEL) {
        byWay
            .computeIfAbsent(
                d.way() + (d.isBetter() ? " is better in " : " is worse in "),
                way -> new ArrayList<>())
            .add(d.metric());
      }
    }
    return byWay.isEmpty()
        ? Optional.empty()
        : Optional.of(
            byWay.entrySet().stream()
                .map(each -> each.getKey() + String.join(" and ", each.getValue()))
                .collect(Collectors.joining(", ")));
  }
}
