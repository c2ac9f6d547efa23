package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.Replica;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** One prediction: samples, each over all data sets, into a {@link SampleFold}. */
final class PosteriorPass {
  private final Block block;
  private final WeightPosterior posterior;
  private final PredictorOptions options;
  private final SamplePlan plan;
  private final int workers;

  PosteriorPass(Block block, WeightPosterior posterior, PredictorOptions options) {
    this.block = block;
    this.posterior = posterior;
    this.options = options;
    this.plan = new SamplePlan(block, posterior, options);
    this.workers = workers();
  }

  private int workers() {
    Workers wanted = options.workers();
    int count = wanted.count(plan.samples(), 4L * plan.live().weights().layout().size());
    if (wanted.isAuto() && (options.dropout() || !Replica.isPossible(block))) {
      return 1;
    }
    if (count > 1 && options.dropout()) {
      throw new IllegalStateException(
          "Monte Carlo dropout draws its masks from the engine's only generator, one sample at a"
              + " time, asked for were "
              + count
              + " workers: call workers(Workers.one())");
    }
    return count;
  }

  /** Samples it takes if no rule stops it. */
  int samples() {
    return plan.samples();
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
    try (DrawnSamples drawn = new DrawnSamples(posterior, options.seed(), plan.samples())) {
      fold.resume(this::draw, plan.live().statistics().layout(), plan::knownStatistics);
      if (fold.folded() > 0 && !fold.wants(fold.folded())) {
        requireSameData(dataSets, fold);
      }
      if (workers > 1) {
        new SampleWorkers(block, plan, drawn, dataSets, fold, workers).run();
      } else {
        oneByOne(drawn, dataSets, fold);
      }
      fold.save();
    } catch (UncheckedIOException e) {
      // An interruption, or a posterior whose members lie in files.
      fold.saveAfter(e.getCause());
      throw e.getCause();
    } catch (IOException | RuntimeException | Error e) {
      fold.saveAfter(e);
      throw e;
    }
  }

  /** Where no sample is left to run, nothing else would see that the data are others. */
  private void requireSameData(List<InputBatches> dataSets, SampleFold fold) throws IOException {
    try (InferencePass pass = InferencePass.of(block)) {
      for (int d = 0; d < dataSets.size(); d++) {
        InputChecksums checksums = new InputChecksums();
        dataSets
            .get(d)
            .forEach(
                pass.manager(),
                batch -> {
                  checksums.add(batch);
                  fold.requireWanted();
                });
        fold.requireSameInputs(fold.folded() - 1, d, checksums.text());
      }
      if (plan.training().isPresent()) {
        fold.watch(plan.training().get()).forEach(pass.manager(), batch -> {});
      }
    }
  }

  private Weights draw(int sample) {
    return posterior.sample(options.seed(), posterior.isPoint() ? 0 : sample);
  }

  private void oneByOne(DrawnSamples drawn, List<InputBatches> dataSets, SampleFold fold)
      throws IOException {
    SamplePlan.Target live = plan.live();
    Weights weightsBefore = live.weights().capture();
    Weights statisticsBefore = live.statistics().capture();
    try (InferencePass pass =
        options.dropout() ? InferencePass.withDropout(block) : InferencePass.of(block)) {
      for (int s = fold.folded(); fold.wants(s); s++) {
        Weights sample = drawn.next(s);
        plan.write(live, s, sample, fold::watch);
        // A data set's masks do not depend on the sets before it.
        long masks = SplitMix.mix(SplitMix.mix(options.seed()) + (s + 1) * SplitMix.GAMMA);
        SampleOutputs outputs = fold.begin(s, sample);
        predictOnce(pass, masks, dataSets, outputs);
        fold.end(outputs, live.statistics().capture());
      }
    } finally {
      try {
        live.weights().restore(weightsBefore);
      } finally {
        live.statistics().restore(statisticsBefore);
      }
    }
  }

  /**
   * Predicts the data sets under the weights that are there now.
   *
   * @param masks seed of each data set's dropout
   */
  static void predictOnce(
      InferencePass pass, long masks, List<InputBatches> dataSets, SampleOutputs outputs)
      throws IOException {
    pass.fold();
    try {
      for (int d = 0; d < dataSets.size(); d++) {
        int dataSet = d;
        pass.seed(masks);
        dataSets
            .get(d)
            .forEach(pass.manager(), batch -> outputs.add(dataSet, batch, pass.run(batch)));
        outputs.endDataSet(d);
      }
    } finally {
      pass.unfold();
    }
  }
}
