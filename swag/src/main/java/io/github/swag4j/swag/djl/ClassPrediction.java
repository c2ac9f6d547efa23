package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import io.github.swag4j.calibration.io.SampleStream;
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
    requireStreamable(dataSets.size());
    return options.streams().isEmpty()
        ? predict(dataSets, List.of())
        : streamed(dataSets, new ArrayList<>());
  }

  /** Opens the next file inside of those before it, so that all of them appear or none. */
  private Result streamed(List<Labelled> dataSets, List<SampleStream> open) throws IOException {
    if (open.size() == dataSets.size()) {
      return predict(dataSets, open);
    }
    Result[] result = new Result[1];
    int d = open.size();
    SampleStream.write(
        options.streams().get(d),
        stream -> {
          open.add(stream);
          result[0] = streamed(dataSets, open);
          stream.finish(result[0].predictions().get(d));
        });
    return result[0];
  }

  private Result predict(List<Labelled> dataSets, List<SampleStream> streams) throws IOException {
    List<PredictiveMean> means = new ArrayList<>();
    for (int d = 0; d < dataSets.size(); d++) {
      PredictiveMean.Samples rows = rows(d);
      SampleStream stream = streams.isEmpty() ? null : streams.get(d);
      means.add(
          new PredictiveMean(
              options,
              dataSets.get(d).labels(),
              (sample, p, width) -> {
                if (stream != null) {
                  stream.add(p, width);
                }
                rows.accept(sample, p, width);
              }));
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

  private void requireStreamable(int dataSets) {
    if (options.streams().isEmpty()) {
      return;
    }
    if (options.streams().size() != dataSets) {
      throw new IllegalArgumentException(
          "samples are streamed to a file for each data set, got "
              + options.streams().size()
              + " files for "
              + dataSets
              + " data sets");
    }
    if (options.control().state().isPresent()) {
      throw new IllegalArgumentException(
          "a prediction that can be gone on with cannot stream its samples, whose file appears only"
              + " at the end: call keepSamples, which the saved state has too");
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
