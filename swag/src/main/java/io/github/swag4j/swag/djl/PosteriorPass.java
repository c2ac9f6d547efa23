package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One prediction: the samples in turn, each over all data sets. */
final class PosteriorPass {
  private final Block block;
  private final PredictorOptions options;
  private final SamplePlan plan;

  PosteriorPass(Block block, WeightPosterior posterior, PredictorOptions options) {
    this.block = block;
    this.options = options;
    this.plan = new SamplePlan(block, posterior, options);
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
    SamplePlan.Target live = plan.live();
    Weights weightsBefore = live.weights().capture();
    Weights statisticsBefore = live.statistics().capture();
    try (InferencePass pass =
        options.dropout() ? InferencePass.withDropout(block) : InferencePass.of(block)) {
      for (int s = 0; s < plan.samples(); s++) {
        plan.write(live, s, plan.draw(s));
        used.add(live.statistics().capture());
        for (int d = 0; d < means.size(); d++) {
          // A data set's masks do not depend on the sets before it.
          pass.seed(SplitMix.mix(SplitMix.mix(options.seed()) + (s + 1) * SplitMix.GAMMA));
          predictOnce(pass, dataSets.get(d).inputs(), means.get(d));
        }
        options.progress().accept(s + 1);
      }
    } finally {
      try {
        live.weights().restore(weightsBefore);
      } finally {
        live.statistics().restore(statisticsBefore);
      }
    }
    return new Result(means.stream().map(PredictiveMean::predictions).toList(), used);
  }

  private static void predictOnce(InferencePass pass, InputBatches inputs, PredictiveMean mean)
      throws IOException {
    mean.nextSample();
    inputs.forEach(pass.manager(), batch -> mean.add(pass.run(batch)));
    mean.endSample();
  }
}
