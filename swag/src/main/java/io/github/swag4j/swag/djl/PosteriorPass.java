package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** One prediction: the samples in turn, each over all data sets, into a {@link SampleFold}. */
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

  private Weights draw(int sample) {
    return posterior.sample(options.seed(), posterior.isPoint() ? 0 : sample);
  }

  /** Samples it takes if no rule stops it. */
  int samples() {
    return samples;
  }

  /**
   * Predicts every data set under every sample that the fold still wants. The model has its own
   * weights and statistics again afterwards, whatever happens.
   *
   * @param dataSets one for each accumulator of the fold
   * @param fold takes the outputs
   * @throws IOException if data or members cannot be read, or the prediction was interrupted
   */
  void predict(List<InputBatches> dataSets, SampleFold fold) throws IOException {
    Weights weightsBefore = weights.capture();
    Weights statisticsBefore = statistics.capture();
    fold.resume(this::draw, statistics.layout());
    try (InferencePass pass =
        options.dropout() ? InferencePass.withDropout(block) : InferencePass.of(block)) {
      for (int s = fold.folded(); fold.wants(s); s++) {
        Weights sample = draw(s);
        weights.write(sample);
        prepareStatistics(s, fold);
        SampleOutputs outputs = fold.begin(s, sample);
        for (int d = 0; d < dataSets.size(); d++) {
          int dataSet = d;
          // A data set's masks do not depend on the sets before it.
          pass.seed(SplitMix.mix(SplitMix.mix(options.seed()) + (s + 1) * SplitMix.GAMMA));
          dataSets
              .get(d)
              .forEach(pass.manager(), batch -> outputs.add(dataSet, batch, pass.run(batch)));
          outputs.endDataSet(d);
        }
        fold.end(outputs, statistics.capture());
      }
      fold.save();
    } catch (UncheckedIOException e) {
      // A posterior whose members lie in files, or an interruption.
      fold.saveAfter(e.getCause());
      throw e.getCause();
    } catch (IOException | RuntimeException | Error e) {
      fold.saveAfter(e);
      throw e;
    } finally {
      try {
        weights.restore(weightsBefore);
      } finally {
        statistics.restore(statisticsBefore);
      }
    }
  }

  private void prepareStatistics(int sample, SampleFold fold) throws IOException {
    if (refresh == null) {
      return;
    }
    if (options.statistics() instanceof BatchNormSource.Refresh from) {
      refresh.refresh(fold.watch(from.inputs()));
    } else if (options.statistics() instanceof BatchNormSource.Stored stored) {
      statistics.write(stored.statistics().get(sample));
    }
  }
}
