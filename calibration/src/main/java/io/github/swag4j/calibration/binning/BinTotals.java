package io.github.swag4j.calibration.binning;

/**
 * What one bin holds: bounds, rows, and weighted sums of confidence and outcome.
 *
 * @param lower lower bound of the confidences
 * @param upper upper bound of the confidences
 * @param count number of rows
 * @param weight sum of the rows' weights; the count without weights
 * @param squaredWeight sum of the squares of the rows' weights; the count without weights
 * @param confidenceSum sum of weight times confidence
 * @param hitSum sum of the weights of rows whose event came; fractional where rows of one tie are
 *     shared between two bins
 * @param squaredConfidenceSum sum of weight times squared confidence
 * @param confidentHitSum sum of weight times confidence over the rows whose event came
 */
public record BinTotals(
    double lower,
    double upper,
    long count,
    double weight,
    double squaredWeight,
    double confidenceSum,
    double hitSum,
    double squaredConfidenceSum,
    double confidentHitSum) {

  /**
   * Whether the bin says nothing.
   *
   * @return true if no row of positive weight is in it
   */
  public boolean isEmpty() {
    return !(weight > 0);
  }

  /**
   * Mean confidence.
   *
   * @return confidenceSum / weight, NaN if empty
   */
  public double meanConfidence() {
    return isEmpty() ? Double.NaN : confidenceSum / weight;
  }

  /**
   * Share of events that came.
   *
   * @return hitSum / weight, NaN if empty
   */
  public double accuracy() {
    return isEmpty() ? Double.NaN : hitSum / weight;
  }

  /**
   * How far the bin is from calibrated.
   *
   * @return |accuracy - mean confidence|, NaN if empty
   */
  public double gap() {
    return Math.abs(accuracy() - meanConfidence());
  }

  /**
   * What a bin adds to the debiased squared calibration error: gap^2 - acc (1 - acc) / (n - 1). The
   * variance of a bin of fewer than 2 rows cannot be estimated, so nothing can be said of its bias:
   * it adds 0, as in verified_calibration.
   *
   * @param count (effective) number of rows n
   * @param accuracy share of events that came; not read below 2 rows
   * @param gap accuracy minus mean confidence, of either sign; not read below 2 rows
   * @return gap^2 less its bias, below 0 where chance explains more than all of it; 0 below 2 rows
   * @see <a href="https://arxiv.org/abs/1909.10155">Kumar et al. 2019, Verified Uncertainty
   *     Calibration, section 5</a>
   */
  public static double squaredGapWithoutBias(double count, double accuracy, double gap) {
    return count >= 2 ? gap * gap - accuracy * (1 - accuracy) / (count - 1) : 0;
  }

  /**
   * Number of rows of equal weight that would say as much (Kish): w^2 / sum_i w_i^2. It does not
   * change with the weights' unit, and is the count without weights.
   *
   * @return the effective count, 0 if empty
   */
  public double effectiveCount() {
    return isEmpty() ? 0 : weight * weight / squaredWeight;
  }
}
