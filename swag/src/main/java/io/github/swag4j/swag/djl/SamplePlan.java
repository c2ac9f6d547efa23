package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.Replica;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which samples of a posterior predict, and how a model becomes one of them. What does not fit
 * together is refused when the plan is made.
 */
final class SamplePlan {

  /** A model that samples are written into: the live one, or a replica. */
  record Target(ModelWeights weights, ModelWeights statistics, BatchNormRefresh refresh) {}

  private final WeightPosterior posterior;
  private final PredictorOptions options;
  private final Target live;
  private final int samples;

  /**
   * Checks posterior, model and options against each other.
   *
   * @throws IllegalArgumentException if the posterior belongs to another model or has fewer samples
   *     than are asked for, or a rule is to stop samples that are not independent
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it,
   *     or it cannot be seen whether it has
   */
  SamplePlan(Block block, WeightPosterior posterior, PredictorOptions options) {
    this.posterior = posterior;
    this.options = options;
    this.samples = samples(posterior, options);
    options.control().stop().ifPresent(rule -> StopRule.requireIndependent(posterior));
    if (!posterior.isPoint() && samples > posterior.mostSamples()) {
      throw new IllegalArgumentException(
          "samples must be at most the "
              + posterior.mostSamples()
              + " members of the posterior, got "
              + samples
              + ": call samples("
              + posterior.mostSamples()
              + ")");
    }
    ModelWeights weights = ModelWeights.of(block);
    weights.layout().requireSame(posterior.layout());
    this.live = new Target(weights, ModelWeights.statistics(block), refresh(block, weights));
    requireStored();
  }

  private static int samples(WeightPosterior posterior, PredictorOptions options) {
    if (posterior.isPoint() && !options.dropout()) {
      return 1;
    }
    if (options.samples() != PredictorOptions.UNSAID) {
      return options.samples();
    }
    // An ensemble has so many members and no more: all of them predict.
    return posterior.isPoint() || posterior.mostSamples() == Integer.MAX_VALUE
        ? PredictorOptions.SAMPLES
        : posterior.mostSamples();
  }

  /** Null if statistics are left alone. */
  private BatchNormRefresh refresh(Block block, ModelWeights weights) {
    BatchNormSource source = options.statistics();
    if (source instanceof BatchNormSource.None) {
      return null;
    }
    BatchNormRefresh found = BatchNormRefresh.of(block, weighting());
    if (found.isNeeded() && source instanceof BatchNormSource.Unsaid) {
      if (options.dropout() && isWhatTheModelHas(weights)) {
        return null;
      }
      throw new IllegalStateException(
          "the model has batch normalisation, whose statistics belong to other weights: call"
              + " refreshBatchNorm with training data, or modelStatistics() if they do belong to"
              + " these");
    }
    return found.isNeeded() ? found : null;
  }

  private BatchNormRefresh.Weighting weighting() {
    return options.statistics() instanceof BatchNormSource.Refresh from
        ? from.weighting()
        : BatchNormRefresh.Weighting.POOLED;
  }

  /** Monte Carlo dropout of the network as it is. */
  private boolean isWhatTheModelHas(ModelWeights weights) {
    return posterior.isPoint() && weights.capture().equals(posterior.sample(options.seed(), 0));
  }

  private void requireStored() {
    if (live.refresh() == null
        || !(options.statistics() instanceof BatchNormSource.Stored stored)) {
      return;
    }
    if (stored.seed() != null && stored.seed() != options.seed()) {
      throw new IllegalStateException(
          "batch-norm statistics must be of the samples of seed "
              + options.seed()
              + ", got those of seed "
              + stored.seed()
              + ": set that seed, or call refreshBatchNorm with training data");
    }
    if (stored.statistics().size() < samples) {
      throw new IllegalStateException(
          "batch-norm statistics must be there for "
              + samples
              + " samples, got "
              + stored.statistics().size()
              + ": call refreshBatchNorm with training data");
    }
    stored.statistics().forEach(s -> live.statistics().layout().requireSame(s.layout()));
  }

  int samples() {
    return samples;
  }

  /** The batch-norm statistics a sample is predicted with, empty if they have to be computed. */
  Optional<Weights> knownStatistics(int sample) {
    if (live.refresh() == null) {
      return Optional.of(live.statistics().capture());
    }
    return options.statistics() instanceof BatchNormSource.Stored stored
        ? Optional.of(stored.statistics().get(sample))
        : Optional.empty();
  }

  /** The inputs that batch norm is refreshed from, empty if it is not. */
  Optional<InputBatches> training() {
    return live.refresh() != null && options.statistics() instanceof BatchNormSource.Refresh from
        ? Optional.of(from.inputs())
        : Optional.empty();
  }

  /** The live model. */
  Target live() {
    return live;
  }

  /** A replica of the model. */
  Target of(Replica replica) {
    return new Target(
        replica.weights(),
        replica.statistics(),
        live.refresh() == null ? null : replica.refresh(weighting()));
  }

  /**
   * Makes a model that sample.
   *
   * @param drawn the sample's weights
   * @param watch sees the inputs that batch norm is refreshed from
   * @throws IOException if training data cannot be read
   */
  void write(Target target, int sample, Weights drawn, UnaryOperator<InputBatches> watch)
      throws IOException {
    target.weights().write(drawn);
    if (target.refresh() == null) {
      return;
    }
    if (options.statistics() instanceof BatchNormSource.Refresh from) {
      target.refresh().refresh(watch.apply(from.inputs()));
    } else if (options.statistics() instanceof BatchNormSource.Stored stored) {
      target.statistics().write(stored.statistics().get(sample));
    }
  }
}
