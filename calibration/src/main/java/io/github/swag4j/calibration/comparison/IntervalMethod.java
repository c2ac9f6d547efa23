package io.github.swag4j.calibration.comparison;

/**
 * How an interval is read off the bootstrap replicates.
 *
 * @see <a href="https://doi.org/10.1201/9780429246593">Efron, Tibshirani 1993, An Introduction to
 *     the Bootstrap, chapters 13 and 14</a>
 */
public enum IntervalMethod {
  /** The quantiles of the replicates: [q(alpha/2), q(1 - alpha/2)]. */
  PERCENTILE("percentile"),

  /**
   * The quantiles reflected at the estimate: [2 e - q(1 - alpha/2), 2 e - q(alpha/2)]. Answers the
   * bias of the plug-in with the opposite bias; may leave the metric's range.
   */
  BASIC("basic"),

  /**
   * Bias-corrected and accelerated: the quantiles at levels moved by the median bias of the
   * replicates and by the skewness seen by the jackknife. Second-order accurate; the default.
   */
  BCA("BCa");

  private final String label;

  IntervalMethod(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
