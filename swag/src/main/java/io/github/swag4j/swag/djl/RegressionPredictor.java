package io.github.swag4j.swag.djl;

import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bayesian model average of a network that predicts a number: mean, aleatoric and epistemic
 * variance over the samples of a posterior. Made by {@link BayesianPredictor#regression}, with its
 * samples, seed, batch-norm statistics and control. A value.
 */
public final class RegressionPredictor {

  /**
   * Inputs and their targets.
   *
   * @param inputs the rows, in the same order at every pass
   * @param targets {@code [rows]}, finite, or null if unknown
   */
  public record Targeted(InputBatches inputs, double[] targets) {
    /**
     * Copies the targets.
     *
     * @param inputs the rows, in the same order at every pass
     * @param targets {@code [rows]}, finite, or null if unknown
     * @throws IllegalArgumentException if a target is not finite
     */
    public Targeted {
      targets = targets == null ? null : targets.clone();
      for (int r = 0; targets != null && r < targets.length; r++) {
        if (!Double.isFinite(targets[r])) {
          throw new IllegalArgumentException(
              "targets[" + r + "] must be finite, got " + targets[r]);
        }
      }
    }

    /**
     * The targets.
     *
     * @return a copy, or null if unknown
     */
    @Override
    public double[] targets() {
      return targets == null ? null : targets.clone();
    }
  }

  /**
   * Predictions, and what was found on the way.
   *
   * @param predictions one for each data set
   * @param statistics the batch-norm statistics each sample was predicted with
   * @param noise standard deviation of the noise, given or estimated; NaN where the network
   *     predicts it for each row
   */
  public record Result(
      List<PosteriorRegression> predictions, List<Weights> statistics, double noise) {
    /**
     * Copies the lists.
     *
     * @param predictions one for each data set
     * @param statistics of each sample
     * @param noise its standard deviation, or NaN
     */
    public Result {
      predictions = List.copyOf(predictions);
      statistics = List.copyOf(statistics);
    }
  }

  private final Block block;
  private final WeightPosterior posterior;
  private final PredictorOptions options;
  private final RegressionOutput output;

  RegressionPredictor(
      Block block, WeightPosterior posterior, PredictorOptions options, RegressionOutput output) {
    options.requireNoClassOutputs("regression");
    this.block = block;
    this.posterior = posterior;
    this.options = options;
    this.output = output;
  }

  /**
   * Predicts a DJL data set.
   *
   * @param dataset one target a row or no labels, not shuffled
   * @return its predictions, with its targets if it has them
   * @throws IllegalArgumentException if passes over the data set give different rows, or there is
   *     not one target a row
   * @throws IOException if the data cannot be read
   */
  public PosteriorRegression predict(Dataset dataset) throws IOException {
    RepeatableDataset rows;
    try (InferencePass pass = InferencePass.of(block)) {
      rows = new RepeatableDataset(dataset, pass.manager());
    }
    return predict(rows, rows.targets());
  }

  /**
   * Predicts inputs.
   *
   * @param inputs the rows, in the same order at every pass
   * @param targets {@code [rows]}, or null if unknown
   * @return their predictions
   * @throws IOException if the data cannot be read
   */
  public PosteriorRegression predict(InputBatches inputs, double[] targets) throws IOException {
    return predictAll(List.of(new Targeted(inputs, targets))).predictions().get(0);
  }

  /**
   * Predicts several data sets with the same samples, which are drawn once; validation rows that
   * the noise is estimated on are predicted with them.
   *
   * @param dataSets the data sets
   * @return their predictions in order
   * @throws IllegalArgumentException if the posterior belongs to another model, outputs are not
   *     what was said, or targets do not fit them
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it
   * @throws java.util.concurrent.CancellationException if it was cancelled
   * @throws java.io.InterruptedIOException if the thread was interrupted, which it still is
   * @throws IOException if the data cannot be read
   */
  public Result predictAll(List<Targeted> dataSets) throws IOException {
    List<Targeted> all = new ArrayList<>(dataSets);
    if (output instanceof RegressionOutput.MeanWithEstimatedNoise from) {
      all.add(new Targeted(from.validation(), from.targets()));
    }
    PosteriorPass pass = new PosteriorPass(block, posterior, options);
    List<MomentMean> means = new ArrayList<>();
    for (Targeted set : all) {
      int known = set.targets() == null ? -1 : set.targets().length;
      means.add(
          new MomentMean(
              () -> new RegressionColumns(output), width -> {}, "targets", known, options));
    }
    String what = "regression of " + columns() + ", noise " + given();
    SampleFold fold =
        new SampleFold(
            means,
            pass.samples(),
            options.control(),
            options.progress(),
            options.description(what, "apart"));
    pass.predict(all.stream().map(Targeted::inputs).toList(), fold);
    double noise = noise(all, means);
    List<PosteriorRegression> predictions = new ArrayList<>();
    for (int d = 0; d < dataSets.size(); d++) {
      predictions.add(
          prediction(means.get(d), dataSets.get(d).targets(), noise, fold.statistics().size()));
    }
    return new Result(predictions, fold.statistics(), noise);
  }

  private String columns() {
    return output instanceof RegressionOutput.MeanAndVariance both
        ? "mean and " + both.form()
        : "mean";
  }

  private String given() {
    return output instanceof RegressionOutput.MeanWithEstimatedNoise ? "estimated" : "apart";
  }

  private double noise(List<Targeted> all, List<MomentMean> means) {
    if (output instanceof RegressionOutput.Mean given) {
      return given.noise();
    }
    if (output instanceof RegressionOutput.MeanWithEstimatedNoise from) {
      MomentMean validation = means.get(all.size() - 1);
      return Math.sqrt(
          NoiseEstimate.variance(validation.mean(0), validation.variance(0), from.targets()));
    }
    return Double.NaN;
  }

  private PosteriorRegression prediction(
      MomentMean mean, double[] targets, double noise, int samples) {
    boolean varies = output instanceof RegressionOutput.MeanAndVariance;
    double[] aleatoric = varies ? mean.mean(1) : new double[mean.rows()];
    if (!varies) {
      Arrays.fill(aleatoric, noise * noise);
    }
    return new PosteriorRegression(
        mean.mean(0),
        aleatoric,
        mean.variance(0),
        targets,
        mean.kept(0),
        varies ? mean.kept(1) : null,
        samples);
  }
}
