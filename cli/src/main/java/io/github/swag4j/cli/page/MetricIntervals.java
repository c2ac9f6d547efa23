package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.MetricInterval;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.hypothesis.LabelResamplingTest;
import io.github.swag4j.calibration.reliability.BinomialInterval;
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
 * <p>MCE and ACE have none: they hang on bins of a few rows, which come and go with the resamples.
 *
 * @param rows rows judged
 * @param options how the intervals were made
 * @param calibrationPValue p-value of "the model is calibrated", by the ECE of redrawn labels; NaN
 *     of fewer than 2 rows
 * @param byKey the metrics by their names in JSON; those without an interval are left out
 */
public record MetricIntervals(
    long rows, Options options, double calibrationPValue, Map<String, Value> byKey) {

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
   * @param standardError standard deviation over the resamples
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

  private static MetricIntervals of(
      Predictions p, BinningConvention convention, Options options, boolean all) {
    Bootstrap.Options how = options.bootstrap();
    if (p.rows() < 2) {
      return none(p.rows(), options);
    }
    double end = (1 - options.level()) / 2;
    // Enough draws that the test can reject at the level of an end.
    int draws = Math.max(LabelResamplingTest.DEFAULT_DRAWS, (int) Math.ceil(5 / end));
    double pValue = LabelResamplingTest.ofEce(p, convention, draws, options.seed()).pValue();
    Collector values = new Collector(p, how, pValue > end);
    values.accuracy();
    values.mean("nll", Metric.nll());
    values.mean("brier", Metric.brier());
    values.error("ece", Metric.ece(convention));
    values.mean(
        "mean_confidence",
        Metric.rowMean("confidence", Metric.Direction.HIGHER_IS_BETTER, Predictions::confidence));
    values.mean("overconfidence", Metric.overconfidence());
    if (all) {
      values.error(
          "rmsce", Metric.binned("RMSCE", convention, bins -> CalibrationError.of(bins).rmsce()));
      values.error(
          "ece_debiased",
          Metric.binned("debiased L2", convention, bins -> DebiasedCalibrationError.of(bins).l2()));
    }
    return new MetricIntervals(p.rows(), options, pValue, values.byKey);
  }

  /** Computes one interval after the other. */
  private static final class Collector {
    private final Map<String, Value> byKey = new LinkedHashMap<>();
    private final Predictions predictions;
    private final Bootstrap.Options how;
    private final boolean maybeCalibrated;

    Collector(Predictions predictions, Bootstrap.Options how, boolean maybeCalibrated) {
      this.predictions = predictions;
      this.how = how;
      this.maybeCalibrated = maybeCalibrated;
    }

    /** An interval, or none where it does not exist: too few rows differ, or weigh. */
    private Optional<MetricInterval> interval(Metric metric, IntervalMethod method) {
      try {
        return Optional.of(Bootstrap.of(metric, predictions, how.withMethod(method)));
      } catch (IllegalStateException e) {
        return Optional.empty();
      }
    }

    private static Value value(MetricInterval of, double lower, double upper) {
      return new Value(
          of.estimate(), lower, upper, of.standardError(), of.options().method() + " bootstrap");
    }

    /** A metric that is a mean over rows. */
    void mean(String key, Metric metric) {
      interval(metric, IntervalMethod.BCA)
          .or(() -> interval(metric, IntervalMethod.PERCENTILE))
          .ifPresent(of -> byKey.put(key, value(of, of.lower(), of.upper())));
    }

    void accuracy() {
      mean("accuracy", Metric.accuracy());
      Value of = byKey.get("accuracy");
      if (of == null || of.value() > 0 && of.value() < 1) {
        return;
      }
      double rows = effectiveRows();
      Interval exact = BinomialInterval.clopperPearson(of.value() * rows, rows, how.level());
      byKey.put(
          "accuracy", new Value(of.value(), exact.lower(), exact.upper(), 0, "Clopper-Pearson"));
    }

    /** Kish's number of rows of equal weight that say as much. */
    private double effectiveRows() {
      double most = 0;
      for (int row = 0; row < predictions.rows(); row++) {
        most = Math.max(most, predictions.weight(row));
      }
      double sum = 0;
      double squares = 0;
      for (int row = 0; row < predictions.rows(); row++) {
        double share = predictions.weight(row) / most; // neither sum nor squares overflow
        sum += share;
        squares += share * share;
      }
      return sum * sum / squares;
    }

    /** A calibration error: biased upwards, 0 at the least. */
    void error(String key, Metric metric) {
      interval(metric, IntervalMethod.BASIC)
          .ifPresent(
              of -> {
                double upper = Math.min(1, Math.max(of.estimate(), of.upper()));
                double basic = Math.min(of.estimate(), Math.max(0, of.lower()));
                byKey.put(key, value(of, maybeCalibrated ? 0 : basic, upper));
              });
    }
  }
}
