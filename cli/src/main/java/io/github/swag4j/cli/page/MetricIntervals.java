package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.hypothesis.LabelResamplingTest;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The metrics of predictions with the intervals that another test set of this size would have moved
 * them in, by a bootstrap over rows that a seed decides.
 *
 * <p>Accuracy, NLL, Brier score, mean confidence and overconfidence have BCa intervals. Where every
 * row is right, or every one wrong, no resample differs, and accuracy has Clopper and Pearson's.
 *
 * <p>Binned calibration errors are biased upwards, on resamples more so, and percentile and BCa
 * intervals of a calibrated model lie above the truth. Theirs are basic intervals, which answer the
 * bias with the opposite one, cut to [0, 1] and stretched to hold the estimate. At 0 the bias is
 * larger than what the resamples show; so the lower end is 0 unless {@link LabelResamplingTest}
 * rejects calibration at the level of that end, (1 - level) / 2. Simulated data sets of 250 to
 * 5,000 rows, 15 bins and 95 %: they cover a true ECE of 0 to 0.09 in 88 to 97 % of cases;
 * percentile intervals cover a true ECE of 0 in none, basic ones alone in 63 %.
 *
 * <p>MCE and ACE hang on bins of a few rows, which come and go with resamples: theirs follow from
 * Clopper-Pearson intervals of all bins at once ({@link
 * io.github.swag4j.calibration.comparison.BinBootstrap}). AURC, AUGRC and failure AUROC have
 * percentile intervals. Of more than {@value #MOST_ROWS} rows, and of streamed ones, accuracy has
 * Clopper and Pearson's, other means over rows Student's t, cut to their range, and what is made of
 * bins a bootstrap from their sums; the rest has none, but for failure AUROC of rows in memory,
 * which has DeLong's. Weights and bins that move with the rows need the rows. Spiegelhalter's is a
 * p-value and has no interval.
 *
 * @param rows rows judged
 * @param options how the intervals were made
 * @param calibrationPValue p-value of "the model is calibrated", by the ECE of redrawn labels; NaN
 *     of fewer than 2 rows
 * @param byKey the metrics by their names in JSON; those without an interval are left out
 */
public record MetricIntervals(
    long rows, Options options, double calibrationPValue, Map<String, Value> byKey) {

  /** Of more rows there are no resamples of rows. */
  static final int MOST_ROWS = 500_000;

  /**
   * How the bootstrap is done.
   *
   * @param replicates number of resamples
   * @param level probability that an interval is to cover, in (0, 1)
   * @param seed seed of the random numbers
   */
  public record Options(int replicates, double level, long seed) {

    /** 1,000 resamples, 95 %, seed 0. */
    public static Options defaults() {
      return new Options(1000, 0.95, 0);
    }

    /** What an interval leaves out at each of its ends. */
    double end() {
      return (1 - level) / 2;
    }

    /** Draws by which a test can reject at the level of an end. */
    int fewestDraws() {
      return (int) Math.ceil(5 / end());
    }

    /** Draws of a test that also tells its p-value. */
    int draws() {
      return Math.max(LabelResamplingTest.DEFAULT_DRAWS, fewestDraws());
    }

    /**
     * As those of the library.
     *
     * @throws IllegalArgumentException if the level is not in (0, 1), or there are too few
     *     replicates for it
     */
    public Bootstrap.Options bootstrap() {
      return new Bootstrap.Options(
          replicates, level, IntervalMethod.BCA, Bootstrap.Over.ROWS, seed);
    }
  }

  /**
   * A metric and its interval.
   *
   * @param value the metric on the rows as they are
   * @param lower lower end
   * @param upper upper end
   * @param standardError standard deviation over the resamples; NaN where the interval has none
   * @param method how the interval was made, such as {@code BCa bootstrap}
   */
  public record Value(
      double value, double lower, double upper, double standardError, String method) {}

  /** Keeps the order of the metrics. */
  public MetricIntervals {
    byKey = Collections.unmodifiableMap(new LinkedHashMap<>(byKey));
  }

  /** A metric by its name in JSON, if it has an interval. */
  public Optional<Value> get(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /**
   * Accuracy, NLL, Brier score and ECE, with mean confidence and overconfidence: what every table
   * shows and a sentence needs.
   */
  public static MetricIntervals ofTable(
      Predictions predictions, BinningConvention convention, Options options) {
    return of(predictions, convention, options, false);
  }

  /**
   * Those of the table and every other metric of {@link PredictionMetrics} that has an interval.
   */
  public static MetricIntervals ofAll(
      Predictions predictions, BinningConvention convention, Options options) {
    return of(predictions, convention, options, true);
  }

  /** No intervals, of too few rows. */
  static MetricIntervals none(long rows, Options options) {
    return new MetricIntervals(rows, options, Double.NaN, Map.of());
  }

  /** Of streamed rows, whatever one pass can give; none of weighted rows or of a single one. */
  public static MetricIntervals of(CalibrationSummary summary, Options options) {
    return SummaryIntervals.of(summary, options);
  }

  private static MetricIntervals of(
      Predictions p, BinningConvention convention, Options options, boolean all) {
    if (p.rows() < 2) {
      return none(p.rows(), options);
    }
    return p.rows() > MOST_ROWS && !p.hasWeights() && convention.hasFixedBins()
        ? SummaryIntervals.of(p, convention, options, all)
        : new RowIntervals(p, convention, options).of(all);
  }
}
