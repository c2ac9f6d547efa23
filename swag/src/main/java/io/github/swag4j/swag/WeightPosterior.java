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
   * The snapshots of a run as a posterior of equal probabilities: fast geometric ensembling where
   * they were taken at the lowest rate of a triangular cycle, a snapshot ensemble where at the end
   * of a cosine. Sample i is member i, for every seed; samples past the last are refused. Members
   * are read from their files when they are asked for, and the mean is computed at each call, from
   * all of them; an {@link java.io.UncheckedIOException} says that one could not be read.
   *
   * <pre>{@code
   * CyclicSchedule cycle = LearningRateSchedule.triangular(0.1, 0.005, 4); // epochs
   * AveragingPlan plan = cycle.plan(AveragingPlan.Unit.EPOCH, 6); // after 6 epochs at another rate
   * SnapshotCollector snapshots = SnapshotCollector.start(folder, plan, Options.defaults());
   * // train, with SwaTrainingListener.of(snapshots) and a rate of constant(0.1).then(6, cycle)
   * WeightPosterior fge = WeightPosterior.snapshots(SnapshotEnsemble.open(folder));
   * Predictions predictions =
   *     BayesianPredictor.of(model, fge).refreshBatchNorm(train).predict(test);
   * }</pre>
   *
   * @param ensemble the snapshots
   * @return the posterior
   */
  static WeightPosterior snapshots(SnapshotEnsemble ensemble) {
    return new SnapshotPosterior(ensemble);
  }

  /**
   * Networks trained apart as one posterior of equal probabilities (deep ensemble): sample i is
   * member i, for every seed, and there are no more samples than members.
   *
   * @param members weights of one layout
   * @return the posterior
   * @throws IllegalArgumentException if there is no member or the layouts differ, naming the first
   *     tensor that does
   */
  static Mixture ensemble(List<Weights> members) {
    return mixture(members.stream().map(WeightPosterior::point).toList());
  }

  /**
   * Posteriors that count alike: MultiSWAG where they are SWAG posteriors of several runs. Sample i
   * is of component i mod M, as its own sample i / M.
   *
   * @param components posteriors of one layout, at least 1
   * @return the mixture
   * @throws IllegalArgumentException if there is no component or the layouts differ, naming the
   *     first tensor that does
   */
  static Mixture mixture(List<? extends WeightPosterior> components) {
    return new Mixture(components);
  }

  /**
   * Posteriors with weights, for example stacked on validation data. Samples count alike; of the
   * first S, whatever S is, each component has S times its weight, rounded down or up: see {@link
   * Mixture}.
   *
   * @param components posteriors of one layout, at least 1
   * @param weights one a component, at least 0, sum 1 within 1e-6
   * @return the mixture
   * @throws IllegalArgumentException if there is no component, the layouts differ, naming the first
   *     tensor that does, or the weights are not as said
   */
  static Mixture mixture(List<? extends WeightPosterior> components, double[] weights) {
    return new Mixture(components, weights);
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
