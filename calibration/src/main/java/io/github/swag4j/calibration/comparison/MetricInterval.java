package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import java.util.Locale;

/**
 * A metric with its bootstrap interval; prints itself as a sentence.
 *
 * @param metric name of the metric
 * @param estimate the metric on the rows as they are
 * @param lower lower end of the interval
 * @param upper upper end of the interval
 * @param standardError standard deviation of the replicates
 * @param bias mean of the replicates minus the estimate
 * @param rows number of rows
 * @param draws number of posterior draws resampled, 0 if only rows were
 * @param undefined number of replicates on which the metric was undefined and that are left out
 * @param options how the interval was made
 */
public record MetricInterval(
    String metric,
    double estimate,
    double lower,
    double upper,
    double standardError,
    double bias,
    long rows,
    int draws,
    int undefined,
    Bootstrap.Options options) {

  /** What is printed after an interval that its estimate is not in. */
  static final String WARNING =
      "; warning: the estimate is outside its interval, the metric is biased on resamples";

  static MetricInterval of(
      String name, BootstrapDistribution d, Predictions p, Bootstrap.Options options) {
    double[] ends = d.interval(options.method(), options.level());
    return new MetricInterval(
        name,
        d.estimate(),
        ends[0],
        ends[1],
        d.standardError(),
        d.mean() - d.estimate(),
        p.rows(),
        options.over() == Bootstrap.Over.ROWS ? 0 : p.samples(),
        d.undefined(),
        options);
  }

  /**
   * Whether a value lies in the interval, ends included.
   *
   * @param value the value
   * @return true if so
   */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %.4f, %s interval %.4f to %.4f (%s)%s",
        metric,
        estimate,
        percent(options.level()),
        lower,
        upper,
        how(options, rows, draws, undefined),
        contains(estimate) ? "" : WARNING);
  }

  /** A level such as 0.95 as "95 %". */
  static String percent(double level) {
    String digits = String.format(Locale.ROOT, "%.3f", 100 * level);
    return digits.replaceAll("\\.?0+$", "") + " %";
  }

  /** How an interval was made, in words. */
  static String how(Bootstrap.Options options, long rows, int draws, int undefined) {
    return String.format(
        Locale.ROOT,
        "%s bootstrap of %,d rows%s, %,d replicates%s, seed %d",
        options.method(),
        rows,
        draws == 0 ? "" : String.format(Locale.ROOT, " and %,d posterior draws", draws),
        options.replicates(),
        undefined == 0 ? "" : String.format(Locale.ROOT, " (%,d undefined)", undefined),
        options.seed());
  }
}
