package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.ood.AurocComparison;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.comparison.DifferenceChart;
import java.util.ArrayList;
import java.util.List;

/**
 * What each method of a run gains on plain SGD, on the same rows, with the interval of the
 * difference: whether a table's order is more than chance.
 *
 * <p>Metrics of labelled rows have the percentile interval of 2,000 paired bootstrap replicates
 * over rows, AUROCs DeLong's; both at 95 %, each for itself. Another training run is another
 * difference: these say what another test set would.
 */
public final class PairedDifferences {

  /** The method that the others are held against. */
  static final Method BASELINE = Method.SGD;

  /** The score whose AUROCs are compared; every method has it. */
  static final OodScore SCORE = OodScore.entropy();

  /** What to say above the table. */
  static final String CAPTION =
      BASELINE.title() + " as the baseline: differences on the same rows, with 95 % intervals";

  /** What to say below it. */
  static final String EXPLANATION =
      "Differences on the same rows, each on a scale of its own, with 95 % intervals: of metrics by the paired bootstrap"
          + " (percentiles of 2,000 resamples, drawn once for all), of AUROC (score: entropy) by DeLong's method. Green"
          + " and right of the line: better beyond chance; orange: worse; grey: the interval reaches"
          + " 0. Another test set would move the numbers so far; another seed of the training may"
          + " move them further.";

  private static final double LEVEL = 0.95;

  /**
   * A metric of a method minus that of the baseline.
   *
   * @param method the method
   * @param metric name of the metric
   * @param value the difference
   * @param lower lower end of its interval
   * @param upper upper end of its interval
   * @param lowerIsBetter whether a difference below 0 is one for the better
   */
  record Difference(
      Method method,
      String metric,
      double value,
      double lower,
      double upper,
      boolean lowerIsBetter) {

    /** Whose favour the interval speaks in: a title, or "neither" if it reaches 0. */
    String better() {
      if (!(lower > 0 || upper < 0)) {
        return "neither";
      }
      return (upper < 0) == lowerIsBetter ? method.title() : BASELINE.title();
    }
  }

  private final List<Difference> all;

  private PairedDifferences(List<Difference> all) {
    this.all = all;
  }

  /** The differences of a run, which take a bootstrap to measure the first time. */
  public static PairedDifferences measured(Results results) {
    return results.once(PairedDifferences.class, of -> new PairedDifferences(of(of)));
  }

  /** Whether there is something to compare: plain SGD and another method. */
  public static boolean exist(Results results) {
    return results.methods().contains(BASELINE) && results.methods().size() > 1;
  }

  /** Dots with whiskers, better to the right. */
  DifferenceChart chart() {
    return DifferenceChart.of(
        "Differences from " + BASELINE.title(),
        BASELINE.title(),
        all.stream()
            .map(
                each ->
                    new DifferenceChart.Row(
                        each.method().title() + ", " + each.metric(),
                        each.value(),
                        new Interval(each.lower(), each.upper()),
                        each.lowerIsBetter()))
            .toList());
  }

  /** One row for each method other than the baseline and metric. */
  public static MetricsTable table(Results results) {
    return measured(results).table();
  }

  /** The same of differences that are measured already. */
  MetricsTable table() {
    MetricsTable.Builder table =
        MetricsTable.builder("methods", "metric", "better")
            .metric(new MetricsTable.Metric("difference", 4, Better.NEITHER))
            .metric(new MetricsTable.Metric("from", 4, Better.NEITHER))
            .metric(new MetricsTable.Metric("to", 4, Better.NEITHER));
    for (Difference each : all) {
      table.row(
          List.of(
              each.method().title() + " minus " + BASELINE.title(), each.metric(), each.better()),
          each.value(),
          each.lower(),
          each.upper());
    }
    return table.build();
  }

  /** The differences of a run, method by method. */
  static List<Difference> of(Results results) {
    MethodBootstrap bootstrap = MethodBootstrap.of(results);
    List<Difference> all = new ArrayList<>();
    for (Method method : results.methods()) {
      if (method == BASELINE) {
        continue;
      }
      for (String metric : MethodBootstrap.METRICS) {
        PairedComparison compared = bootstrap.difference(metric, method, BASELINE);
        all.add(
            new Difference(
                method,
                metric,
                compared.difference(),
                compared.lower(),
                compared.upper(),
                compared.direction() == Metric.Direction.LOWER_IS_BETTER));
      }
      for (String ood : results.oodSets()) {
        all.add(onOod(results, method, ood));
      }
    }
    return all;
  }

  private static Difference onOod(Results results, Method method, String ood) {
    Predictions in = results.test(method);
    Predictions out = results.of(method).get(ood);
    AurocComparison compared =
        AurocComparison.paired(
            SCORE.score(in),
            SCORE.score(out),
            SCORE.score(results.test(BASELINE)),
            SCORE.score(results.of(BASELINE).get(ood)));
    return new Difference(
        method,
        "AUROC " + ood,
        compared.difference(),
        compared.interval(LEVEL).lower(),
        compared.interval(LEVEL).upper(),
        false);
  }
}
