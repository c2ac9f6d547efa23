package io.github.swag4j.swa.djl.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** Targets and predictions of one number a row, which must not be broadcast against each other. */
final class RowPairs {
  private RowPairs() {}

  /**
   * The targets in the shape of predictions.
   *
   * @throws IllegalArgumentException if there is not one target for each prediction
   */
  static NDArray targets(NDList labels, NDArray predictions) {
    NDArray targets = labels.singletonOrThrow();
    if (targets.size() != predictions.size()) {
      throw new IllegalArgumentException(
          "a regression loss needs one target for each prediction, got targets of shape "
              + targets.getShape()
              + " for predictions of shape "
              + predictions.getShape());
    }
    NDArray shaped = targets.reshape(predictions.getShape());
    return shaped.getDataType() == predictions.getDataType()
        ? shaped
        : shaped.toType(predictions.getDataType(), false);
  }

  /** A number as an array that stays open as long as the batch. */
  static NDArray number(NDArray beside, float value) {
    return beside.getManager().create(value).toType(beside.getDataType(), false);
  }
}
