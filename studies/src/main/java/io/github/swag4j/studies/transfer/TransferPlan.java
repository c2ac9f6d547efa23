package io.github.swag4j.studies.transfer;

import io.github.swag4j.vision.networks.Network;
import java.util.List;

/**
 * Settings of the study.
 *
 * @param network the network
 * @param head what becomes of its last layer
 * @param source how it is trained on the source
 * @param rows numbers of training rows of the target
 * @param epochs on the target
 * @param rates learning rates to choose from
 * @param collections weights averaged in an epoch
 * @param sampling how SWAG predicts
 * @param more how it is trained on
 * @param threads of the engine, on which results depend
 */
record TransferPlan(
    Network network,
    Learner.Head head,
    SourceNetwork.Settings source,
    List<Integer> rows,
    int epochs,
    List<Double> rates,
    int collections,
    FineTuning.Sampling sampling,
    MoreEpochs.Settings more,
    int threads) {

  /** Fine-tuning with chosen rates. */
  FineTuning.Settings tuning(double rate, double averagedRate) {
    return new FineTuning.Settings(epochs, rate, averagedRate, collections, source.steps());
  }

  /** The rate that training on the source ends with. */
  double lowRate() {
    return SourceNetwork.LAST_SHARE * source.rate();
  }
}
