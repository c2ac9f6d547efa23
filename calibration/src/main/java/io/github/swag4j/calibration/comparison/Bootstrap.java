package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import java.util.Objects;

/**
 * Confidence interval of any metric by the bootstrap: the metric is computed again on rows drawn
 * with replacement, n out of n, every row with the same probability; where asked and where there
 * are posterior samples, the samples that are averaged are drawn again as well.
 *
 * <p>Replicate b is a pure function of (seed, b) that draws rows by their place in an order of
 * their own: by id where there are ids, then by all that the predictions hold. Estimate and
 * interval are therefore the same bits whatever the order of the rows, also of a function that sums
 * in the order of the rows ({@link Metric#of(String, java.util.function.ToDoubleFunction)}): it
 * gets them in that order, so that its estimate may differ from its value on the rows as they came
 * by rounding. A metric that looks up numbers of its own by row must tell rows apart by more than
 * the predictions hold. With ids a row keeps its draws whatever its probabilities; without, a
 * change of a last digit moves the draws of a few neighbours. The replicates run on the common
 * pool, or on the pool the caller is in; the result is the same bits on any.
 *
 * @see <a href="https://doi.org/10.1214/aos/1176344552">Efron 1979</a>
 * @see <a href="https://doi.org/10.1080/01621459.1987.10478410">Efron 1987, Better bootstrap
 *     confidence intervals</a> for BCa
 */
public final class Bootstrap {

  /** What is drawn again. */
  public enum Over {
    /** Rows: what another test set of this size would give. */
    ROWS("rows"),
    /**
     * Rows and, independently, the posterior samples whose probabilities are averaged: what another
     * test set and another run of the sampler would give.
     */
    ROWS_AND_DRAWS("rows and posterior draws");

    private final String label;

    Over(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * How the bootstrap is done.
   *
   * @param replicates number of resamples, at least 2 and enough for the level: at least one beyond
   *     each end, 2 / (1 - level)
   * @param level probability that the interval is to cover, in (0, 1); 0.95 for 95 %
   * @param method how the interval is read off the replicates
   * @param over what is drawn again
   * @param seed seed of the random numbers
   */
  public record Options(int replicates, double level, IntervalMethod method, Over over, long seed) {

    /**
     * Checks the values.
     *
     * @param replicates number of resamples
     * @param level probability that the interval is to cover
     * @param method how the interval is read off the replicates
     * @param over what is drawn again
     * @param seed seed of the random numbers
     * @throws IllegalArgumentException if the level is not in (0, 1) or there are too few
     *     replicates for it
     */
    public Options {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(over, "over");
      if (!(level > 0 && level < 1)) {
        throw new IllegalArgumentException(
            "level must be between 0 and 1, both excluded, got "
                + level
                + ": 95 % is 0.95, an alpha of 0.05 is level 0.95");
      }
      // 1 - level is rarely exact: an asked-for 2 / 0.05 must not become 41.
      long least = Math.max(2, (long) Math.ceil(2 / (1 - level) - 1e-6));
      if (replicates < least) {
        throw new IllegalArgumentException(
            "replicates must be at least " + least + " for level " + level + ", got " + replicates);
      }
    }

    /**
     * 2,000 replicates, level 0.95, BCa, over rows, seed 0.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(2000, 0.95, IntervalMethod.BCA, Over.ROWS, 0);
    }

    /**
     * The same with another number of replicates.
     *
     * @param value the number of resamples
     * @return the options
     */
    public Options withReplicates(int value) {
      return new Options(value, level, method, over, seed);
    }

    /**
     * The same at another level.
     *
     * @param value the level, in (0, 1)
     * @return the options
     */
    public Options withLevel(double value) {
      return new Options(replicates, value, method, over, seed);
    }

    /**
     * The same with another kind of interval.
     *
     * @param value the kind
     * @return the options
     */
    public Options withMethod(IntervalMethod value) {
      return new Options(replicates, level, value, over, seed);
    }

    /**
     * The same with something else drawn again.
     *
     * @param value what is drawn again
     * @return the options
     */
    public Options withOver(Over value) {
      return new Options(replicates, level, method, value, seed);
    }

    /**
     * The same with another seed.
     *
     * @param value the seed
     * @return the options
     */
    public Options withSeed(long value) {
      return new Options(replicates, level, method, over, value);
    }
  }

  private Bootstrap() {}

  /**
   * Interval of a metric with the default options.
   *
   * @param metric the metric
   * @param predictions at least 2 rows
   * @return the estimate and its interval
   * @throws IllegalArgumentException if there is only one row or the metric is not finite
   * @throws IllegalStateException if the metric is undefined on most resamples, or the BCa interval
   *     does not exist
   */
  public static MetricInterval of(Metric metric, Predictions predictions) {
    return of(metric, predictions, Options.defaults());
  }

  /**
   * Interval of a metric.
   *
   * @param metric the metric
   * @param predictions at least 2 rows; with their samples when draws are to be resampled
   * @param options how
   * @return the estimate and its interval
   * @throws IllegalArgumentException if there is only one row, the metric is not finite, or draws
   *     are to be resampled and there are fewer than 2 samples or the predictions are not their
   *     mean
   * @throws IllegalStateException if the metric is undefined on most resamples, or the BCa interval
   *     does not exist
   */
  public static MetricInterval of(Metric metric, Predictions predictions, Options options) {
    checkRows(predictions);
    BootstrapDistribution distribution =
        new BootstrapDistribution(
                metric.name(), resamples(metric, predictions, options, 0), options.replicates())
            .orThrow();
    return MetricInterval.of(metric.name(), distribution, predictions, options);
  }

  /** A metric's resamples; sets of draws with different numbers are independent. */
  static Resamples resamples(Metric metric, Predictions p, Options options, int set) {
    return resamples(metric, p, CanonicalOrder.of(p), options, set);
  }

  /** The same with rows drawn by their place in an order that two methods may share. */
  static Resamples resamples(Metric metric, Predictions p, int[] order, Options options, int set) {
    return options.over() == Over.ROWS
        ? new RowResamples(metric, p, order, options.seed())
        : new RowAndDrawResamples(metric, p, order, options.seed(), options.seed(), set);
  }

  /** Resamples of other rows that the same posterior draws predict. */
  static Resamples otherRows(Metric metric, Predictions p, Options options) {
    int[] order = CanonicalOrder.of(p);
    long seed = ~options.seed();
    return options.over() == Over.ROWS
        ? new RowResamples(metric, p, order, seed)
        : new RowAndDrawResamples(metric, p, order, seed, options.seed(), 0);
  }

  static void checkRows(Predictions predictions) {
    if (predictions.rows() < 2) {
      throw new IllegalArgumentException(
          "an interval needs at least 2 rows, got " + predictions.rows());
    }
  }
}
