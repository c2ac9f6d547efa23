package io.github.swag4j.swag;

import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
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
   * How many samples a series has.
   *
   * @return a number of members, each of which is one sample; {@link Integer#MAX_VALUE} where there
   *     is no end
   */
  default int mostSamples() {
    return Integer.MAX_VALUE;
  }

  /**
   * The snapshots of a run as a posterior of equal probabilities. Sample i is member i, for every
   * seed; samples past the last are refused. Members are read from their files when they are asked
   * for, and the mean is computed at each call, from all of them; an {@link
   * java.io.UncheckedIOException} says that one could not be read.
   *
   * @param ensemble the snapshots
   * @return the posterior
   */
  static WeightPosterior snapshots(SnapshotEnsemble ensemble) {
    return new SnapshotPosterior(ensemble);
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
