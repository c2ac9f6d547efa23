package io.github.swag4j.calibration.comparison;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.Locale;

/**
 * Two methods judged by a metric on the same rows: "is the drop real?". Every replicate draws the
 * same rows for both, so what the rows have in common cancels and the interval of the difference is
 * much narrower than the two single intervals suggest. Posterior draws, where resampled, are drawn
 * for each method on its own; a method without samples (SGD, SWA) then has none to draw. Which
 * method is named first, and what they are called, changes no draw.
 *
 * <p>Interval and p-value hold for many rows, and for the ECE slowly: of 400 rows of two equally
 * good methods one data set in ten has p at most 0.05 by the BCa or the basic interval, one in
 * forty by the percentile interval. {@link PairedPermutationTest} keeps its level for any metric.
 *
 * @param metric name of the metric
 * @param direction which way it improves
 * @param first name of the first method
 * @param second name of the second method
 * @param firstValue the metric of the first
 * @param secondValue the metric of the second
 * @param difference first minus second
 * @param lower lower end of the difference's interval
 * @param upper upper end of the difference's interval
 * @param standardError standard deviation of the difference's replicates
 * @param pValue two-sided p-value of no difference: 1 minus the level of the interval of this kind
 *     that just reaches 0, at least 2 / (replicates + 1)
 * @param rows number of rows
 * @param draws posterior draws resampled, of both methods together; 0 if only rows were
 * @param undefined replicates on which the metric was undefined and that are left out
 * @param options how the interval was made
 */
public record PairedComparison(
    String metric,
    Metric.Direction direction,
    String first,
    String second,
    double firstValue,
    double secondValue,
    double difference,
    double lower,
    double upper,
    double standardError,
    double pValue,
    long rows,
    int draws,
    int undefined,
    Options options) {

  /**
   * Compares two methods.
   *
   * @param metric the metric
   * @param first name of the first method
   * @param a predictions of the first
   * @param second name of the second method
   * @param b predictions of the second, of the same rows in the same order
   * @param options how
   * @return the difference, its interval and its p-value
   * @throws IllegalArgumentException if the rows differ in number, ids, labels or weights, there is
   *     only one, the metric is not finite, or draws are to be resampled and neither method has any
   * @throws IllegalStateException if the metric is undefined on most resamples, or the BCa interval
   *     does not exist
   */
  public static PairedComparison of(
      Metric metric, String first, Predictions a, String second, Predictions b, Options options) {
    Pairing.check(first, a, second, b);
    Bootstrap.checkRows(a);
    boolean overDraws = options.over() == Bootstrap.Over.ROWS_AND_DRAWS;
    if (overDraws && a.samples() == 0 && b.samples() == 0) {
      throw new IllegalArgumentException(
          "resampling posterior draws needs samples of "
              + first
              + " or "
              + second
              + ", got none: keep the samples with the predictions, or resample rows only");
    }
    // Exchanging the methods turns the sign of the interval and nothing else.
    PairedOrder order = PairedOrder.of(a, b, first.compareTo(second));
    DifferenceResamples both =
        new DifferenceResamples(
            resamples(metric, a, order.rows(), options, order.turned() ? 1 : 0),
            resamples(metric, b, order.rows(), options, order.turned() ? 0 : 1));
    BootstrapDistribution d =
        new BootstrapDistribution(
                metric.name() + " of " + first + " minus " + second, both, options.replicates())
            .orThrow();
    return of(
        metric,
        first,
        second,
        both.first().estimate(),
        both.second().estimate(),
        d,
        a.rows(),
        overDraws ? a.samples() + b.samples() : 0,
        options);
  }

  /** Reads a comparison off the replicates of the difference. */
  static PairedComparison of(
      Metric metric,
      String first,
      String second,
      double firstValue,
      double secondValue,
      BootstrapDistribution d,
      long rows,
      int draws,
      Options options) {
    double[] ends = d.interval(options.method(), options.level());
    return new PairedComparison(
        metric.name(),
        metric.direction(),
        first,
        second,
        firstValue,
        secondValue,
        d.estimate(),
        ends[0],
        ends[1],
        d.standardError(),
        d.pValueOfZero(options.method()),
        rows,
        draws,
        d.undefined(),
        options);
  }

  private static Resamples resamples(
      Metric metric, Predictions p, int[] order, Options options, int set) {
    Options own = p.samples() == 0 ? options.withOver(Bootstrap.Over.ROWS) : options;
    return Bootstrap.resamples(metric, p, order, own, set);
  }

  /**
   * Name of the method whose metric is better.
   *
   * @return the first or the second; the first if they are equal
   */
  public String better() {
    boolean lower = direction == Metric.Direction.LOWER_IS_BETTER;
    boolean secondBetter = lower ? difference > 0 : difference < 0;
    return secondBetter ? second : first;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %s %.4f, %s %.4f, difference %+.4f, %s interval %+.4f to %+.4f, %s (paired %s)%s",
        metric,
        first,
        firstValue,
        second,
        secondValue,
        difference,
        MetricInterval.percent(options.level()),
        lower,
        upper,
        PValue.equation(pValue),
        MetricInterval.how(options, rows, draws, undefined),
        lower <= difference && difference <= upper ? "" : MetricInterval.WARNING);
  }
}
