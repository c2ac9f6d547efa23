package io.github.swag4j.swag.djl.surface;

/**
 * What a model is worth at a weight vector.
 *
 * @param trainLoss mean cross-entropy of the training rows in nats, NaN where it is not finite
 * @param trainError share of training rows that are classified wrongly, in [0, 1], NaN where the
 *     loss is
 * @param testLoss mean cross-entropy of the test rows in nats, NaN where it is not finite
 * @param testError share of test rows that are classified wrongly, in [0, 1], NaN where the loss is
 * @param squaredNorm sum of all squared weights
 */
public record SurfacePoint(
    double trainLoss, double trainError, double testLoss, double testError, double squaredNorm) {

  /**
   * A point at which there are no finite numbers.
   *
   * @param squaredNorm of the weights
   * @return NaN for the rest
   */
  static SurfacePoint hole(double squaredNorm) {
    return new SurfacePoint(Double.NaN, Double.NaN, Double.NaN, Double.NaN, squaredNorm);
  }

  /**
   * Whether a loss is missing.
   *
   * @return true if the training or the test loss is not finite
   */
  public boolean isHole() {
    return !Double.isFinite(trainLoss) || !Double.isFinite(testLoss);
  }

  /**
   * Negative logarithm of the posterior density but for a constant: rows times the training loss,
   * and the normal prior that an L2 penalty on the mean loss stands for, precision rows times
   * weight decay.
   *
   * @param rows training rows N in all; the loss may have been measured on fewer
   * @param weightDecay the penalty's factor, as optimisers have it
   * @return N (loss + weightDecay / 2 |w|^2) in nats, NaN where the loss is
   */
  public double negativeLogPosterior(long rows, double weightDecay) {
    return rows * (trainLoss + weightDecay / 2 * squaredNorm);
  }
}
