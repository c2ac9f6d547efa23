package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.BinBootstrap;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.page.MetricIntervals.Options;
import io.github.swag4j.cli.page.MetricIntervals.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Intervals from the sums of a sketch: of streamed rows, and of so many that resamples would take
 * minutes. Means over rows have the interval of Student's t, accuracy that of Clopper and Pearson,
 * numbers of bins the bootstrap of {@link BinBootstrap}. The class-wise ECE, the smooth one and the
 * areas of failure detection look at more than the sums.
 */
final class SummaryIntervals {
  private static final String OF_BINS = "Clopper-Pearson of all bins at once";
  private static final String NORMAL = "t";
  private static final String BOOTSTRAP = "Poisson bootstrap of the bins";

  private final CalibrationSummary summary;
  private final Options options;
  private final Map<String, Value> byKey = new LinkedHashMap<>();

  private SummaryIntervals(CalibrationSummary summary, Options options) {
    this.summary = summary;
    this.options = options;
  }

  static MetricIntervals of(CalibrationSummary summary, Options options) {
    if (summary.rows() < 2 || isWeighted(summary)) {
      return MetricIntervals.none(summary.rows(), options);
    }
    SummaryIntervals intervals = new SummaryIntervals(summary, options);
    intervals.means();
    double pValue =
        BinBootstrap.calibrationPValue(summary.binning(), options.draws(), options.seed());
    intervals.errors(pValue > options.end());
    return new MetricIntervals(summary.rows(), options, pValue, intervals.byKey);
  }

  /** Of rows in memory that are too many; failure AUROC by DeLong's method. */
  static MetricIntervals of(
      Predictions p, BinningConvention convention, Options options, boolean all) {
    MetricIntervals of = of(CalibrationSketch.of(p, convention).summary(), options);
    if (!all) {
      return of;
    }
    Map<String, Value> more = new LinkedHashMap<>(of.byKey());
    SelectivePrediction.of(p)
        .failureDetection()
        .ifPresent(curve -> more.put("failure_auroc", auroc(curve, options.level())));
    return new MetricIntervals(of.rows(), options, of.calibrationPValue(), more);
  }

  private static Value auroc(DetectionCurve curve, double level) {
    Interval interval = curve.aurocInterval(level);
    return new Value(curve.auroc(), interval.lower(), interval.upper(), Double.NaN, "DeLong");
  }

  /** Whether a row weighs other than 1. */
  static boolean isWeighted(CalibrationSummary summary) {
    return summary.binning().bins().stream()
        .anyMatch(bin -> bin.squaredWeight() != bin.count() || bin.weight() != bin.count());
  }

  private void means() {
    double rows = summary.rows();
    double right = Math.rint(summary.accuracy() * rows);
    Interval accuracy = BinomialInterval.clopperPearson(right, rows, options.level());
    double p = summary.accuracy();
    byKey.put(
        "accuracy",
        new Value(
            p,
            accuracy.lower(),
            accuracy.upper(),
            Math.sqrt(p * (1 - p) / rows),
            "Clopper-Pearson"));
    mean("nll", summary.nll(), summary.nllDeviation(), 0, Double.POSITIVE_INFINITY);
    mean("brier", summary.brier(), summary.brierDeviation(), 0, 2);
  }

  /** What is known of the top label alone comes after the ECE, as with rows in memory. */
  private void confidence() {
    if (!summary.event().equals("top label")) {
      return;
    }
    double confident = 0;
    double over = 0;
    for (BinTotals bin : summary.binning().bins()) {
      confident += bin.squaredConfidenceSum();
      over += bin.squaredConfidenceSum() - 2 * bin.confidentHitSum() + bin.hitSum();
    }
    double mean = summary.meanConfidence();
    double gap = mean - summary.accuracy();
    mean("mean_confidence", mean, deviation(confident, mean), 0, 1);
    mean("overconfidence", gap, deviation(over, gap), -1, 1);
  }

  private double deviation(double squares, double mean) {
    double n = summary.rows();
    return Math.sqrt(Math.max(0, squares - n * mean * mean) / (n - 1));
  }

  /** Student's interval, cut to what a mean of such numbers can be. */
  private void mean(String key, double value, double deviation, double least, double most) {
    if (Double.isNaN(deviation)) {
      return;
    }
    double error = deviation / Math.sqrt(summary.rows());
    double t =
        new TDistribution(null, summary.rows() - 1.0)
            .inverseCumulativeProbability(0.5 + options.level() / 2);
    double lower = Math.min(value, Math.max(least, value - t * error));
    double upper = Math.max(value, Math.min(most, value + t * error));
    byKey.put(key, new Value(value, lower, upper, error, NORMAL));
  }

  private void errors(boolean maybeCalibrated) {
    Binning binning = summary.binning();
    error("ece", maybeCalibrated, bins -> CalibrationError.of(bins).ece());
    confidence();
    error("rmsce", maybeCalibrated, bins -> CalibrationError.of(bins).rmsce());
    error("ece_debiased", maybeCalibrated, bins -> DebiasedCalibrationError.of(bins).l2());
    gap("mce", summary.mce(), BinBootstrap.largestGap(binning, options.level()));
    gap("ace", summary.ace(), BinBootstrap.meanGap(binning, options.level()));
  }

  private void gap(String key, double value, Interval interval) {
    byKey.put(key, ofBins(value, interval));
  }

  /** A gap whose interval follows from those of the bins. */
  static Value ofBins(double value, Interval interval) {
    return new Value(value, interval.lower(), interval.upper(), Double.NaN, OF_BINS);
  }

  private void error(String key, boolean maybeCalibrated, ToDoubleFunction<Binning> statistic) {
    Binning binning = summary.binning();
    double value = statistic.applyAsDouble(binning);
    Bootstrap.Options how = options.bootstrap().withMethod(IntervalMethod.BASIC);
    Interval basic = BinBootstrap.of(key, binning, statistic, how);
    double lower = maybeCalibrated ? 0 : Math.min(value, Math.max(0, basic.lower()));
    double upper = Math.min(1, Math.max(value, basic.upper()));
    byKey.put(key, new Value(value, lower, upper, Double.NaN, BOOTSTRAP));
  }
}
