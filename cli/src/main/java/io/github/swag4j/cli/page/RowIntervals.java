package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.BinBootstrap;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.MetricInterval;
import io.github.swag4j.calibration.comparison.SharedBootstrap;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.hypothesis.LabelResamplingTest;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.cli.page.MetricIntervals.Options;
import io.github.swag4j.cli.page.MetricIntervals.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Intervals by resamples of rows, which are drawn once for all metrics. Metrics that take long on
 * each resample have fewer of them, and none where even the fewest would take too long.
 */
final class RowIntervals {
  /** Resamples of a metric that takes long. */
  private static final int FEW = 300;

  /** A level that few resamples do for; nothing but their mean and spread is read off them. */
  private static final double OF_FEW = 0.95;

  /** Probabilities looked at in all resamples of the class-wise ECE together. */
  private static final long LOOKED_AT = 1_000_000_000L;

  /** Labels redrawn to test the class-wise ECE together. */
  private static final long LABELS_DRAWN = 200_000_000L;

  /** Of more rows calibration is tested by what their bins hold. */
  private static final int FEW_ROWS = 20_000;

  private final Predictions p;
  private final BinningConvention convention;
  private final Options options;
  private final Map<String, Value> byKey = new LinkedHashMap<>();

  RowIntervals(Predictions p, BinningConvention convention, Options options) {
    this.p = p;
    this.convention = convention;
    this.options = options;
  }

  MetricIntervals of(boolean all) {
    double end = options.end();
    int draws = options.draws();
    double pValue = pValue(convention, draws);
    Shared shared = new Shared();
    shared.mean("accuracy", Metric.accuracy());
    shared.mean("nll", Metric.nll());
    shared.mean("brier", Metric.brier());
    shared.error("ece", Metric.ece(convention), pValue > end);
    shared.mean(
        "mean_confidence",
        Metric.rowMean("confidence", Metric.Direction.HIGHER_IS_BETTER, Predictions::confidence));
    shared.mean("overconfidence", Metric.overconfidence());
    if (all) {
      shared.error(
          "rmsce",
          Metric.binned("RMSCE", convention, bins -> CalibrationError.of(bins).rmsce()),
          pValue > end);
      shared.error(
          "ece_debiased",
          Metric.binned("debiased L2", convention, bins -> DebiasedCalibrationError.of(bins).l2()),
          pValue > end);
      shared.percentile("aurc", Metric.aurc());
      shared.percentile("augrc", Metric.augrc());
      if (bothRightAndWrong()) {
        shared.percentile("failure_auroc", Metric.failureAuroc());
      }
    }
    shared.compute(options.replicates(), level());
    exactAccuracy();
    if (all) {
      Binning binning = convention.bin(convention.forecasts(p));
      gap("mce", CalibrationError.of(binning).mce(), BinBootstrap.largestGap(binning, level()));
      gap("ace", CalibrationError.of(binning).ace(), BinBootstrap.meanGap(binning, level()));
      costly(pValue > end);
    }
    return new MetricIntervals(p.rows(), options, pValue, byKey);
  }

  /**
   * P-value of "the model is calibrated": by redrawing each row's label, or from the bins where
   * that would take long. Bins are laid without the labels.
   */
  private double pValue(BinningConvention by, int draws) {
    boolean few = p.rows() <= FEW_ROWS && by.equals(convention);
    return few || p.hasWeights()
        ? LabelResamplingTest.ofEce(p, by, draws, options.seed()).pValue()
        : BinBootstrap.calibrationPValue(by.bin(by.forecasts(p)), draws, options.seed());
  }

  /** Those of the metrics that take long. */
  private void costly(boolean maybeCalibrated) {
    double end = options.end();
    int draws = options.fewestDraws();
    Shared smooth = new Shared();
    smooth.costlyError("smece", Metric.smoothEce(), maybeCalibrated);
    BinningConvention equalMass = PredictionMetrics.equalMass(convention);
    smooth.costlyError("ece_equal_mass", Metric.ece(equalMass), pValue(equalMass, draws) > end);
    smooth.compute(FEW, OF_FEW);
    boolean tooLong = (long) FEW * p.rows() * p.classes() > LOOKED_AT;
    if (!convention.hasFixedBins() || p.hasWeights() || tooLong) {
      return;
    }
    double ofClasses = classwisePValue(draws);
    Shared classwise = new Shared();
    classwise.costlyError("classwise_ece", Metric.classwiseEce(convention), ofClasses > end);
    classwise.compute(FEW, OF_FEW);
  }

  /** By redrawn labels; where that would take long calibration is not rejected. */
  private double classwisePValue(int draws) {
    return (long) draws * p.rows() > LABELS_DRAWN
        ? 1
        : LabelResamplingTest.ofClasswiseEce(p, convention, draws, options.seed()).pValue();
  }

  private double level() {
    return options.level();
  }

  private boolean bothRightAndWrong() {
    boolean right = false;
    boolean wrong = false;
    for (int row = 0; row < p.rows(); row++) {
      right |= p.weight(row) > 0 && p.isCorrect(row);
      wrong |= p.weight(row) > 0 && !p.isCorrect(row);
    }
    return right && wrong;
  }

  private void gap(String key, double value, Interval interval) {
    byKey.put(key, SummaryIntervals.ofBins(value, interval));
  }

  /** Where no resample differs, accuracy has Clopper and Pearson's interval. */
  private void exactAccuracy() {
    Value of = byKey.get("accuracy");
    if (of == null || of.value() > 0 && of.value() < 1) {
      return;
    }
    double rows = effectiveRows();
    Interval exact = BinomialInterval.clopperPearson(of.value() * rows, rows, level());
    byKey.put(
        "accuracy", new Value(of.value(), exact.lower(), exact.upper(), 0, "Clopper-Pearson"));
  }

  /** Kish's number of rows of equal weight that say as much. */
  private double effectiveRows() {
    double most = 0;
    for (int row = 0; row < p.rows(); row++) {
      most = Math.max(most, p.weight(row));
    }
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < p.rows(); row++) {
      double share = p.weight(row) / most; // neither sum nor squares overflow
      sum += share;
      squares += share * share;
    }
    return sum * sum / squares;
  }

  /** Metrics that share their resamples. */
  private final class Shared {
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /** A metric that is a mean over rows. */
    void mean(String key, Metric metric) {
      add(key, metric, Kind.MEAN);
    }

    /** A calibration error: biased upwards, 0 at the least. */
    void error(String key, Metric metric, boolean maybeCalibrated) {
      add(key, metric, maybeCalibrated ? Kind.MAYBE_ZERO : Kind.ERROR);
    }

    /**
     * The same of a metric that takes long: by the mean and the standard deviation of few
     * resamples, which do for any level.
     */
    void costlyError(String key, Metric metric, boolean maybeCalibrated) {
      add(key, metric, maybeCalibrated ? Kind.COSTLY_MAYBE_ZERO : Kind.COSTLY_ERROR);
    }

    void percentile(String key, Metric metric) {
      add(key, metric, Kind.PERCENTILE);
    }

    private void add(String key, Metric metric, Kind kind) {
      metrics.put(key, metric);
      kinds.put(key, kind);
    }

    void compute(int replicates, double level) {
      Bootstrap.Options how = new Options(replicates, level, options.seed()).bootstrap();
      SharedBootstrap bootstrap = SharedBootstrap.of(List.copyOf(metrics.values()), p, how);
      int place = 0;
      for (String key : metrics.keySet()) {
        int at = place++;
        value(bootstrap, at, kinds.get(key)).ifPresent(value -> byKey.put(key, value));
      }
    }

    private Optional<Value> value(SharedBootstrap bootstrap, int at, Kind kind) {
      return switch (kind) {
        case MEAN ->
            interval(bootstrap, at, IntervalMethod.BCA)
                .or(() -> interval(bootstrap, at, IntervalMethod.PERCENTILE))
                .map(of -> value(of, of.lower(), of.upper()));
        case PERCENTILE ->
            interval(bootstrap, at, IntervalMethod.PERCENTILE)
                .map(of -> value(of, of.lower(), of.upper()));
        case COSTLY_ERROR, COSTLY_MAYBE_ZERO ->
            interval(bootstrap, at, IntervalMethod.BASIC)
                .map(of -> normal(of, kind == Kind.COSTLY_MAYBE_ZERO));
        case ERROR, MAYBE_ZERO ->
            interval(bootstrap, at, IntervalMethod.BASIC)
                .map(
                    of -> {
                      double upper = Math.min(1, Math.max(of.estimate(), of.upper()));
                      double basic = Math.min(of.estimate(), Math.max(0, of.lower()));
                      return value(of, kind == Kind.MAYBE_ZERO ? 0 : basic, upper);
                    });
      };
    }

    private Value normal(MetricInterval of, boolean maybeZero) {
      double z =
          new NormalDistribution(null, 0, 1)
              .inverseCumulativeProbability(0.5 + options.level() / 2);
      double centre = of.estimate() - of.bias();
      double half = z * of.standardError();
      double lower = maybeZero ? 0 : Math.min(of.estimate(), Math.max(0, centre - half));
      double upper = Math.min(1, Math.max(of.estimate(), centre + half));
      return new Value(of.estimate(), lower, upper, of.standardError(), "normal bootstrap");
    }

    /** An interval, or none where it does not exist: too few rows differ, or weigh. */
    private Optional<MetricInterval> interval(
        SharedBootstrap bootstrap, int at, IntervalMethod method) {
      try {
        return Optional.of(bootstrap.interval(at, method));
      } catch (IllegalStateException e) {
        return Optional.empty();
      }
    }

    private Value value(MetricInterval of, double lower, double upper) {
      return new Value(
          of.estimate(), lower, upper, of.standardError(), of.options().method() + " bootstrap");
    }
  }

  /** How an interval is made. */
  private enum Kind {
    MEAN,
    PERCENTILE,
    ERROR,
    MAYBE_ZERO,
    COSTLY_ERROR,
    COSTLY_MAYBE_ZERO
  }
}
