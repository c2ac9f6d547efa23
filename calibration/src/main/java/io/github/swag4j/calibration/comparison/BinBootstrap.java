package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.calibration.reliability.CountDraws;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Intervals and a test of calibration from the sums of bins alone, where the rows are gone or too
 * many: of a streamed file, or of merged sketches. The cost does not grow with the rows, and what
 * can be merged has the same intervals however it was split.
 *
 * <p>Bins stay where they are; rows must have no weights.
 */
public final class BinBootstrap {
  private static final double ROUNDING = 1e-12;
  private static final long NULL_STREAM = 3;

  private BinBootstrap() {}

  /**
   * Interval of a function of the bins by a Poisson bootstrap: every row is drawn a Poisson(1)
   * number of times, which for a bin is a Poisson number of rows, a binomial number of events and,
   * near enough, a normal sum of confidences.
   *
   * @param name what it is called in a message
   * @param binning the bins, of rows without weights
   * @param statistic a function of bins
   * @param options how; {@link IntervalMethod#PERCENTILE} or {@link IntervalMethod#BASIC}
   * @return the interval
   * @throws IllegalArgumentException if rows have weights, the method is BCa, which needs rows, or
   *     the statistic is not finite
   */
  public static Interval of(
      String name,
      Binning binning,
      ToDoubleFunction<Binning> statistic,
      Bootstrap.Options options) {
    if (!BinResamples.areCounted(binning)) {
      throw new IllegalArgumentException(
          name + " of weighted bins has no interval without the rows: read them into memory");
    }
    if (options.method() == IntervalMethod.BCA) {
      throw new IllegalArgumentException(
          "an interval from bins must be a percentile or a basic one, got BCa: it needs the rows");
    }
    BootstrapDistribution distribution =
        new BootstrapDistribution(
                name, new BinResamples(binning, statistic, options.seed()), options.replicates())
            .orThrow();
    double[] ends = distribution.interval(options.method(), options.level());
    return new Interval(ends[0], ends[1]);
  }

  /**
   * Tests whether the forecasts are calibrated, by the ECE of labels drawn from the bins' mean
   * forecasts. A binomial number of events has at least the variance that rows with forecasts of
   * their own have, so that the test is a little too cautious where bins are wide.
   *
   * @param binning the bins, laid without looking at the labels, of rows without weights
   * @param draws how often labels are drawn, at least 1
   * @param seed the same seed gives the same p-value
   * @return the share of draws, the observed one counted in, whose ECE is as large
   * @throws IllegalArgumentException if rows have weights
   */
  public static double calibrationPValue(Binning binning, int draws, long seed) {
    if (!BinResamples.areCounted(binning)) {
      throw new IllegalArgumentException(
          "calibration in weighted bins is not tested without the rows: take LabelResamplingTest");
    }
    double observed = CalibrationError.of(binning).ece() * binning.weight();
    double bar = observed * (1 - ROUNDING);
    int extreme = 0;
    for (int d = 0; d < draws; d++) {
      CountDraws random = new CountDraws(new ReplicateRandom(seed, d, NULL_STREAM).nextLong());
      double error = 0;
      for (BinTotals bin : binning.bins()) {
        if (!bin.isEmpty()) {
          double mean = Math.max(0, Math.min(1, bin.meanConfidence()));
          error += Math.abs(random.binomial(bin.count(), mean) - bin.confidenceSum());
        }
      }
      extreme += error >= bar ? 1 : 0;
    }
    return (1.0 + extreme) / (1.0 + draws);
  }

  /**
   * Interval of the largest gap between mean forecast and observed share over the bins that hold
   * rows. Each bin's share has a Clopper-Pearson interval at level 1 - (1 - level) / bins, so that
   * all hold at once (Bonferroni); the ends are the largest of the gaps' lower ends and the largest
   * of their upper ends. A resample says nothing here: the largest gap is often that of a bin of
   * few rows. Of weighted rows each bin counts its effective number of rows.
   *
   * @param binning the bins
   * @param level such as 0.95
   * @return the interval, which covers at least so often; it is wide where a bin has few rows
   */
  public static Interval largestGap(Binning binning, double level) {
    double lower = 0;
    double upper = 0;
    for (Interval gap : gaps(binning, level)) {
      lower = Math.max(lower, gap.lower());
      upper = Math.max(upper, gap.upper());
    }
    return new Interval(lower, upper);
  }

  /**
   * Interval of the mean gap over the bins that hold rows, each counting the same: the mean of the
   * ends of each bin's, which hold at once as those of {@link #largestGap}. It covers at least so
   * often, and is wide where bins have few rows.
   *
   * @param binning the bins
   * @param level such as 0.95
   * @return the interval
   */
  public static Interval meanGap(Binning binning, double level) {
    List<Interval> gaps = gaps(binning, level);
    double lower = 0;
    double upper = 0;
    for (Interval gap : gaps) {
      lower += gap.lower() / gaps.size();
      upper += gap.upper() / gaps.size();
    }
    return new Interval(lower, upper);
  }

  /** Of the bins that hold rows, all at once. */
  private static List<Interval> gaps(Binning binning, double level) {
    List<BinTotals> filled = binning.bins().stream().filter(bin -> !bin.isEmpty()).toList();
    double each = 1 - (1 - level) / Math.max(1, filled.size());
    return filled.stream().map(bin -> gap(bin, each)).toList();
  }

  /** How far the observed share may be from the mean forecast. */
  private static Interval gap(BinTotals bin, double level) {
    double rows = bin.effectiveCount();
    double hits = Math.max(0, Math.min(rows, bin.accuracy() * rows));
    Interval share = BinomialInterval.clopperPearson(hits, rows, level);
    double mean = bin.meanConfidence();
    double far = Math.max(mean - share.lower(), share.upper() - mean);
    double near = Math.max(0, Math.max(share.lower() - mean, mean - share.upper()));
    return new Interval(near, Math.max(near, far));
  }
}
