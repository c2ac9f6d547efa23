package io.github.swag4j.swa;

import io.github.swag4j.swa.weights.WeightSource;

/** Takes in weights met along training: an average, a posterior's moments. */
public interface WeightCollector {

  /**
   * When weights are to be collected.
   *
   * @return the plan a training loop follows
   */
  AveragingPlan plan();

  /**
   * Takes in the weights as they are now, whatever the plan says.
   *
   * @param weights finite weights, of the same layout at every call
   * @throws IllegalArgumentException if a weight is not finite or the layout differs; nothing is
   *     taken in then
   */
  void collect(WeightSource weights);

  /**
   * Takes in the weights as they are now and hears when that is: what {@code SwaTrainingListener}
   * calls.
   *
   * @param weights finite weights, of the same layout at every call
   * @param finished units of the plan that have finished
   * @throws IllegalArgumentException if a weight is not finite or the layout differs; nothing is
   *     taken in then
   */
  default void collect(WeightSource weights, long finished) {
    collect(weights);
  }

  /**
   * How many weight vectors have been taken in.
   *
   * @return the count, 0 at first
   */
  long count();
}
