package io.github.swag4j.cli.run;

import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;

/**
 * What the training of one network left; null is what no method of the run needed.
 *
 * @param sgd weights after the last epoch of plain SGD, or those of a model trained elsewhere
 * @param swa average of the weights after each epoch past the start
 * @param posterior moments of the same weights
 */
public record TrainedMember(Weights sgd, Weights swa, SwagPosterior posterior) {

  static final TrainedMember NOTHING = new TrainedMember(null, null, null);

  TrainedMember withSgd(Weights weights) {
    return new TrainedMember(weights, swa, posterior);
  }

  TrainedMember withAverage(Weights average, SwagPosterior moments) {
    return new TrainedMember(sgd, average, moments);
  }

  /**
   * At the scale that was asked for or chosen, which a file does not tell from the default; null if
   * none was.
   */
  TrainedMember atScale(Double scale) {
    return scale == null || posterior == null
        ? this
        : new TrainedMember(sgd, swa, posterior.withScale(scale));
  }
}
