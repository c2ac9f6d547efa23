package io.github.swag4j.swag.io;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;

/**
 * Batch-norm statistics of a posterior's samples, so that they predict without training data: those
 * that {@code BayesianPredictor.Result} has, for {@code BayesianPredictor.batchNormStatistics}.
 *
 * <p>They belong to samples {@code first}, {@code first + 1}, ... of one seed, drawn at the
 * posterior's own scale and by its sampler; to others they do not fit. Immutable.
 *
 * @param seed seed of the samples
 * @param first index of the first sample, at least 0
 * @param samples statistics of each sample, all of one layout, at least one
 */
public record SampleStatistics(long seed, int first, List<Weights> samples) {

  /**
   * Checks that the statistics are of one model.
   *
   * @param seed seed of the samples
   * @param first index of the first sample, at least 0
   * @param samples statistics of each sample
   * @throws IllegalArgumentException if there are none, their layouts differ, or an index is
   *     negative or above {@link Integer#MAX_VALUE}
   */
  public SampleStatistics {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("statistics must be of at least 1 sample, got none");
    }
    if (first < 0 || first > Integer.MAX_VALUE - samples.size()) {
      throw new IllegalArgumentException(
          "samples must begin at 0 or later and end below 2^31, got "
              + samples.size()
              + " from "
              + first);
    }
    WeightLayout layout = samples.get(0).layout();
    samples.forEach(sample -> layout.requireSame(sample.layout()));
  }

  /**
   * The tensors of the statistics.
   *
   * @return running means and variances of each layer
   */
  public WeightLayout layout() {
    return samples.get(0).layout();
  }
}
