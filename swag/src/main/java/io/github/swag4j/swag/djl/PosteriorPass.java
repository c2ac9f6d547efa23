package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One prediction: the samples in turn, each over all data sets. */
final class PosteriorPass {
  private final Block block;
  private final WeightPosterior posterior;
  private final PredictorOptions options;
  private final ModelWeights weights;
  private final ModelWeights statistics;
  private final BatchNormRefresh refresh;
  private final int samples;

  PosteriorPass(Block block, WeightPosterior posterior, PredictorOptions options) {
    this.block = block;
    this.posterior = posterior;
    this.options = options;
    this.samples = samples(posterior, options);
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
    this.weights = ModelWeights.of(block);
    this.statistics = ModelWeights.statistics(block);
    weights.layout().requireSame(posterior.layout());
    this.refresh = refresh();
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
  private BatchNormRefresh refresh() {
    BatchNormSource source = options.statistics();
    if (source instanceof BatchNormSource.None) {
      return null;
    }
    BatchNormRefresh found =
        source instanceof BatchNormSource.Refresh from
            ? BatchNormRefresh.of(block, from.weighting())
            : BatchNormRefresh.of(block);
    if (found.isNeeded() && source instanceof BatchNormSource.Unsaid) {
      if (options.dropout() && isWhatTheModelHas()) {
        return null;
      }
      throw new IllegalStateException(
          "the model has batch normalisation, whose statistics belong to other weights: call"
              + " refreshBatchNorm with training data, or modelStatistics() if they do belong to"
              + " these");
    }
    return found.isNeeded() ? found : null;
  }

  /** Monte Carlo dropout of the network as it is. */
  private boolean isWhatTheModelHas() {
    return posterior.isPoint() && weights.capture().equals(posterior.sample(options.seed(), 0));
  }

  private void requireStored() {
    if (refresh == null || !(options.statistics() instanceof BatchNormSource.Stored stored)) {
      return;
    }
    if (stored.statistics().size() < samples) {
      throw new IllegalStateException(
          "batch-norm statistics must be there for "
              + samples
              + " samples, got "
              + stored.statistics().size()
              + ": call refreshBatchNorm with training data");
    }
    stored.statistics().forEach(s -> statistics.layout().requireSame(s.layout()));
  }

  Result predict(List<Labelled> dataSets) throws IOException {
    List<PredictiveMean> means = new ArrayList<>();
    for (int d = 0; d < dataSets.size(); d++) {
      int dataSet = d;
      means.add(
          new PredictiveMean(
              options.output(),
              dataSets.get(d).labels(),
              options.keepSamples(),
              (sample, row, p) -> options.rows().accept(dataSet, sample, row, p)));
    }
    List<Weights> used = new ArrayList<>();
    Weights weightsBefore = weights.capture();
    Weights statisticsBefore = statistics.capture();
    try (InferencePass pass =
        options.dropout() ? InferencePass.withDropout(block) : InferencePass.of(block)) {
      for (int s = 0; s < samples; s++) {
        weights.write(posterior.sample(options.seed(), posterior.isPoint() ? 0 : s));
        prepareStatistics(s);
        used.add(statistics.capture());
        for (int d = 0; d < means.size(); d++) {
          // A data set's masks do not depend on the sets before it.
          pass.seed(SplitMix.mix(SplitMix.mix(options.seed()) + (s + 1) * SplitMix.GAMMA));
          predictOnce(pass, dataSets.get(d).inputs(), means.get(d));
        }
        options.progress().accept(s + 1);
      }
    } catch (UncheckedIOException e) {
      // A posterior whose members lie in files.
      throw e.getCause();
    } finally {
      try {
        weights.restore(weightsBefore);
      } finally {
        statistics.restore(statisticsBefore);
      }
    }
    return new Result(means.stream().map(PredictiveMean::predictions).toList(), used);
  }

  private void prepareStatistics(int sample) throws IOException {
    if (refresh == null) {
      return;
    }
    if (options.statistics() instanceof BatchNormSource.Refresh from) {
      refresh.refresh(from.inputs());
    } else if (options.statistics() instanceof BatchNormSource.Stored stored) {
      statistics.write(stored.statistics().get(sample));
    }
  }

  private static void predictOnce(InferencePass pass, InputBatches inputs, PredictiveMean mean)
      throws IOException {
    mean.nextSample();
    inputs.forEach(pass.manager(), batch -> mean.add(pass.run(batch)));
    mean.endSample();
  }
}
