package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.function.ToDoubleFunction;

/**
 * A number computed from predictions, with the name it is printed under.
 *
 * <p>{@link #of(String, ToDoubleFunction)} makes one of any function; it is evaluated again on the
 * selected rows for every bootstrap replicate, which is exact for every metric. The metrics offered
 * here ({@link #accuracy()}, {@link #nll()}, {@link #brier()}, {@link #ece(int)}, {@link #rowMean})
 * look at each row once and then only re-weight it, which is many times faster and gives the same
 * numbers.
 *
 * <p>Implementations must be pure and safe for use by several threads.
 */
public interface Metric {

  /** Which way a metric improves. */
  enum Direction {
    /** Errors and losses. */
    LOWER_IS_BETTER,
    /** Accuracy, area under a curve. */
    HIGHER_IS_BETTER
  }

  /** A number of one row, such as its loss. */
  @FunctionalInterface
  interface RowValue {
    /**
     * The value of a row.
     *
     * @param predictions the predictions
     * @param row the row
     * @return the value, finite
     */
    double of(Predictions predictions, int row);
  }

  /** A metric on data whose rows appear a given number of times. */
  @FunctionalInterface
  interface OnRows {
    /**
     * The metric when row i appears {@code multiplicities[i]} times.
     *
     * @param multiplicities {@code [rows]}, at least 0; not changed
     * @return the metric, NaN where it is undefined (no rows, or no weight, left)
     */
    double of(int[] multiplicities);
  }

  /**
   * The name that results are printed under.
   *
   * @return such as "ECE (guo: 15 equal-width bins)"
   */
  String name();

  /**
   * Computes the metric.
   *
   * @param predictions the predictions
   * @return the metric, NaN where it is undefined
   */
  double of(Predictions predictions);

  /**
   * Which way the metric improves.
   *
   * @return lower is better unless said otherwise
   */
  default Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }

  /**
   * Prepares the metric for many evaluations on the same rows. Unless a metric knows better, rows
   * are really repeated, in an order that their values decide, and the metric is computed anew.
   *
   * @param predictions the predictions
   * @return the metric as a function of how often each row appears
   */
  default OnRows on(Predictions predictions) {
    int[] order = CanonicalOrder.of(predictions);
    return multiplicities -> {
      Predictions selected = Replicate.repeat(predictions, order, multiplicities);
      return selected == null ? Double.NaN : of(selected);
    };
  }

  /**
   * Any function as a metric that is better when lower.
   *
   * @param name the name that results are printed under
   * @param function the metric, pure and safe for use by several threads
   * @return the metric
   */
  static Metric of(String name, ToDoubleFunction<Predictions> function) {
    return of(name, Direction.LOWER_IS_BETTER, function);
  }

  /**
   * Any function as a metric.
   *
   * @param name the name that results are printed under
   * @param direction which way it improves
   * @param function the metric, pure and safe for use by several threads
   * @return the metric
   */
  static Metric of(String name, Direction direction, ToDoubleFunction<Predictions> function) {
    return new FunctionMetric(name, direction, function);
  }

  /**
   * The weighted mean of a number of each row: sum_i w_i v_i / sum_i w_i. Its value does not depend
   * on the order of the rows, not even in the last bit.
   *
   * @param name the name that results are printed under
   * @param direction which way it improves
   * @param value the number of a row
   * @return the metric
   */
  static Metric rowMean(String name, Direction direction, RowValue value) {
    return new RowMean(name, direction, value);
  }

  /**
   * Share of rows whose most probable class is the label, weighted; in [0, 1].
   *
   * @return the metric
   */
  static Metric accuracy() {
    return rowMean(
        "accuracy", Direction.HIGHER_IS_BETTER, (p, row) -> p.isCorrect(row) ? 1.0 : 0.0);
  }

  /**
   * Mean negative log-likelihood of the labels in nats; probabilities below {@link
   * ProperScores#NLL_FLOOR} count as the floor, so that one zero does not hide the rest.
   *
   * @return the metric
   */
  static Metric nll() {
    return rowMean(
        "NLL",
        Direction.LOWER_IS_BETTER,
        (p, row) -> -Math.log(Math.max(p.probability(row, p.label(row)), ProperScores.NLL_FLOOR)));
  }

  /**
   * Brier score: mean over rows of sum_k (p_k - [k = label])^2, in [0, 2].
   *
   * @return the metric
   */
  static Metric brier() {
    return rowMean("Brier", Direction.LOWER_IS_BETTER, Metric::brierOfRow);
  }

  /**
   * Expected calibration error of the top label, or of the positive class of predictions given as
   * one column: sum_b (W_b / W) |mean confidence_b - accuracy_b| over equal-width bins (lo, hi], 0
   * in the first and 1 in the last; in [0, 1]. That is {@link BinningConvention#GUO} with so many
   * bins.
   *
   * <p>The plug-in estimate is biased upwards, and a resample more so: read {@link
   * MetricInterval#bias()} beside the interval.
   *
   * @param bins number of bins, at least 1; 15 in the literature
   * @return the metric
   * @throws IllegalArgumentException if bins is not between 1 and a million
   * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, eq. 3</a>
   */
  static Metric ece(int bins) {
    return ece(BinningConvention.GUO.withBins(bins));
  }

  /**
   * Expected calibration error in a convention, which is part of its name; in [0, 1]. Bins that
   * depend on the rows, such as those of equal mass, are laid again for every replicate.
   *
   * @param convention the bins
   * @return the metric, the same number as {@code CalibrationError.of(predictions,
   *     convention).ece()}
   */
  static Metric ece(BinningConvention convention) {
    return BinnedCalibrationError.of(convention);
  }

  /**
   * A function of the bins of a convention, such as {@code b -> CalibrationError.of(b).mce()}. Bins
   * that do not depend on the rows are laid once; others anew for every replicate.
   *
   * @param name the name that results are printed under
   * @param convention the bins
   * @param statistic a pure function of them; lower is better
   * @return the metric
   */
  static Metric binned(
      String name, BinningConvention convention, ToDoubleFunction<Binning> statistic) {
    return BinnedStatistic.of(name, convention, statistic);
  }

  /**
   * Class-wise ECE in a convention: the mean over the classes of their ECE; in [0, 1].
   *
   * @param convention the bins
   * @return the metric, within 1e-7 of {@code ClasswiseCalibrationError.of(predictions,
   *     convention).ece()} on resamples
   */
  static Metric classwiseEce(BinningConvention convention) {
    return ClasswiseMetric.of(convention);
  }

  /**
   * Smooth calibration error of the top label, or of the positive class of predictions given as one
   * column; in [0, 1].
   *
   * @return the metric, the same number as {@code SmoothCalibrationError.of(predictions).value()};
   *     on resamples to first order in what they change
   * @see <a href="https://arxiv.org/abs/2309.12236">Blasiok and Nakkiran 2023, Smooth ECE</a>
   */
  static Metric smoothEce() {
    return new SmoothMetric();
  }

  /**
   * Area under the risk-coverage curve by top-label confidence; in [0, 1].
   *
   * @return the metric, {@code SelectivePrediction.of(predictions).aurc()} up to rounding
   */
  static Metric aurc() {
    return SelectiveMetric.of(SelectiveMetric.Area.AURC);
  }

  /**
   * Area under the generalised risk-coverage curve by top-label confidence; in [0, 1/2].
   *
   * @return the metric, {@code SelectivePrediction.of(predictions).augrc()} up to rounding
   */
  static Metric augrc() {
    return SelectiveMetric.of(SelectiveMetric.Area.AUGRC);
  }

  /**
   * Probability that a right prediction is more confident than a wrong one, ties counted half; in
   * [0, 1], undefined where all are right or all wrong.
   *
   * @return the metric, {@code SelectivePrediction.of(predictions).failureAuroc()} up to rounding
   */
  static Metric failureAuroc() {
    return SelectiveMetric.of(SelectiveMetric.Area.FAILURE_AUROC);
  }

  /**
   * Mean top-label confidence less accuracy, weighted: above 0 for over-, below 0 for
   * under-confidence on the whole; in [-1, 1]. What is best is 0, so no direction is right: lower
   * is better among over-confident models.
   *
   * @return the metric
   */
  static Metric overconfidence() {
    return rowMean(
        "overconfidence",
        Direction.LOWER_IS_BETTER,
        (p, row) -> p.confidence(row) - (p.isCorrect(row) ? 1.0 : 0.0));
  }

  private static double brierOfRow(Predictions p, int row) {
    int label = p.label(row);
    double sum = 0;
    for (int k = 0; k < p.classes(); k++) {
      double d = p.probability(row, k) - (k == label ? 1 : 0);
      sum += d * d;
    }
    return sum;
  }
}
