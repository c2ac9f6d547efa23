package io.github.swag4j.swag;

import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** A distribution over the weights of one model. Implementations are immutable. */
public interface WeightPosterior {

  /**
   * The tensors it speaks of.
   *
   * @return the layout
   */
  WeightLayout layout();

  /**
   * The mean weights.
   *
   * @return the mean
   */
  Weights mean();

  /**
   * One sample of the weights: a pure function of its arguments.
   *
   * @param seed which series of samples
   * @param index which sample of the series, at least 0
   * @return the sampled weights
   * @throws IllegalArgumentException if the index is negative
   */
  Weights sample(long seed, int index);

  /**
   * Several samples of the series at a time, where that is faster than one by one.
   *
   * @param seed which series of samples
   * @param first index of the first, at least 0
   * @param howMany how many, at least 1; each takes 4 bytes a weight
   * @return the samples first, first + 1, ..., the same bits as {@link #sample} gives
   * @throws IllegalArgumentException if the index is negative
   */
  default List<Weights> samples(long seed, int first, int howMany) {
    return IntStream.range(first, first + howMany).mapToObj(i -> sample(seed, i)).toList();
  }

  /**
   * Whether every sample is the mean, so that one is enough.
   *
   * @return true for a single point
   */
  default boolean isPoint() {
    return false;
  }

  /**
   * All probability on one weight vector: what a trained network, or an SWA solution, is.
   *
   * @param weights the point
   * @return a posterior whose samples are all that point
   */
  static WeightPosterior point(Weights weights) {
    return new PointMass(weights);
  }
}
