package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One prediction of class probabilities: from options and data sets to a {@link Result}. */
final class ClassPrediction {
  private final PredictorOptions options;
  private final PosteriorPass pass;

  ClassPrediction(Block block, WeightPosterior posterior, PredictorOptions options) {
    this.options = options;
    this.pass = new PosteriorPass(block, posterior, options);
  }

  Result predict(List<Labelled> dataSets) throws IOException {
    requireStoppable(dataSets);
    List<PredictiveMean> means = new ArrayList<>();
    for (int d = 0; d < dataSets.size(); d++) {
      means.add(new PredictiveMean(options, dataSets.get(d).labels(), rows(d)));
    }
    SampleFold fold =
        new SampleFold(
            means, pass.samples(), options.control(), options.progress(), description(dataSets));
    pass.predict(dataSets.stream().map(Labelled::inputs).toList(), fold);
    return new Result(
        means.stream().map(PredictiveMean::predictions).toList(),
        fold.statistics(),
        means.stream().map(PredictiveMean::curve).toList());
  }

  private void requireStoppable(List<Labelled> dataSets) {
    boolean onNll = options.control().stop().filter(r -> r.of() == StopRule.Of.NLL).isPresent();
    if (onNll && dataSets.stream().allMatch(d -> d.labels() == null)) {
      throw new IllegalArgumentException(
          "a rule on the NLL needs labels of a data set, got none: give them, or call"
              + " StopRule.probabilities");
    }
  }

  private PredictiveMean.Samples rows(int dataSet) {
    if (options.rows() == PredictorOptions.NO_ROWS) {
      return (sample, p, width) -> {};
    }
    return (sample, p, width) -> {
      for (int r = 0; r < p.length / width; r++) {
        double[] row =
            width == 1
                ? new double[] {1 - p[r], p[r]}
                : Arrays.copyOfRange(p, r * width, (r + 1) * width);
        options.rows().accept(dataSet, sample, r, row);
      }
    };
  }

  private String description(List<Labelled> dataSets) {
    StringBuilder labels = new StringBuilder();
    for (Labelled d : dataSets) {
      labels.append(labels.isEmpty() ? "" : ",");
      labels.append(d.labels() == null ? "none" : Integer.toHexString(Arrays.hashCode(d.labels())));
    }
    return options.description("classes of " + options.output(), labels.toString());
  }
}
