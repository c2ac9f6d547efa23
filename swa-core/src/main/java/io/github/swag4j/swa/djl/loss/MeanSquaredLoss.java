package io.github.swag4j.swa.djl.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * Mean squared error: the mean over all values of (y - f)^2, as PyTorch's {@code MSELoss}; in the
 * target's unit squared.
 *
 * <p>Use it instead of {@code Loss.l2Loss()}, which multiplies by a number whose memory Java may
 * free while the gradient still reads it. This one has no number in it. Twice {@code l2Loss} in
 * value, so the same learning rate takes steps twice as long.
 *
 * <p>Minimising it is the maximum-likelihood fit of a mean with noise of one standard deviation.
 */
public final class MeanSquaredLoss extends Loss {

  /** A loss named {@code MeanSquaredLoss}. */
  public MeanSquaredLoss() {
    super("MeanSquaredLoss");
  }

  /**
   * The loss of a batch.
   *
   * @param labels one array of targets, {@code [rows]} or the shape of the predictions
   * @param predictions one array, a value for each target
   * @return a scalar that gradients flow from
   * @throws IllegalArgumentException if there is not one target for each prediction
   */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray predicted = predictions.singletonOrThrow();
    NDArray miss = predicted.sub(RowPairs.targets(labels, predicted));
    return miss.mul(miss).mean();
  }
}
