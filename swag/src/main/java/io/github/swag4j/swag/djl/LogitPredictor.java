package io.github.swag4j.swag.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean logits over the samples of a posterior. Made by {@link BayesianPredictor#logits}, with its
 * samples, seed, batch-norm statistics and control. A value.
 */
public final class LogitPredictor {
  private final Block block;
  private final WeightPosterior posterior;
  private final PredictorOptions options;

  LogitPredictor(Block block, WeightPosterior posterior, PredictorOptions options) {
    if (options.output() != Output.LOGITS && options.output() != Output.BINARY_LOGIT) {
      throw new IllegalArgumentException(
          "logits need a model that gives them, got output(Output."
              + options.output()
              + "): they cannot be had from probabilities that were rounded to 0 or 1");
    }
    options.requireNoStreams("logits");
    this.block = block;
    this.posterior = posterior;
    this.options = options;
  }

  /** Logits as they are, held against what a softmax or sigmoid would give. */
  private static final class Columns implements RowDecoder {
    private final ClassOutputs shapes;
    private final LogitEvidence evidence;

    Columns(PredictorOptions options) {
      this.shapes = new ClassOutputs(options.output(), true);
      this.evidence = options.asSaid() ? null : ClassOutputs.evidence(options.output());
    }

    @Override
    public int width(Shape shape) {
      return shapes.width(shape);
    }

    @Override
    public void decode(double[] values, int from, int width, int row) {
      if (evidence != null) {
        evidence.add(values, from, width);
      }
    }

    @Override
    public void requireKind(boolean moreToCome) {
      if (evidence != null) {
        evidence.requireLogits(moreToCome);
      }
    }
  }

  /**
   * Predicts inputs.
   *
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return their mean logits
   * @throws IOException if the data cannot be read
   */
  public MeanLogits predict(InputBatches inputs, int[] labels) throws IOException {
    return predictAll(List.of(new Labelled(inputs, labels))).get(0);
  }

  /**
   * Predicts several data sets with the same samples, which are drawn once.
   *
   * @param dataSets the data sets
   * @return their mean logits in order
   * @throws IllegalArgumentException if the posterior belongs to another model, outputs are not
   *     logits, or labels do not fit them
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it
   * @throws java.util.concurrent.CancellationException if it was cancelled
   * @throws java.io.InterruptedIOException if the thread was interrupted, which it still is
   * @throws IOException if the data cannot be read
   */
  public List<MeanLogits> predictAll(List<Labelled> dataSets) throws IOException {
    PosteriorPass pass = new PosteriorPass(block, posterior, options);
    List<MomentMean> means = new ArrayList<>();
    for (Labelled set : dataSets) {
      int[] labels = set.labels();
      means.add(
          new MomentMean(
              () -> new Columns(options),
              width -> options.requireClasses(labels, width),
              "labels",
              labels == null ? -1 : labels.length,
              options));
    }
    SampleFold fold =
        new SampleFold(
            means,
            pass.samples(),
            options.control(),
            options.progress(),
            options.description("logits of " + options.output(), "apart"));
    pass.predict(dataSets.stream().map(Labelled::inputs).toList(), fold);
    List<MeanLogits> out = new ArrayList<>();
    for (int d = 0; d < means.size(); d++) {
      MomentMean mean = means.get(d);
      out.add(
          new MeanLogits(
              mean.means(),
              mean.variances(),
              mean.kept(),
              mean.width(),
              dataSets.get(d).labels(),
              options.classNames()));
    }
    return out;
  }
}
