package io.github.swag4j.swag.djl;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.List;

/**
 * Bayesian model average: the mean over posterior samples of the model's class probabilities, p(y |
 * x) = 1/S sum_s softmax(f(x; w_s)), with the mean of the samples' entropies beside it.
 *
 * <p>For each sample its weights are written into the model, batch-norm statistics are recomputed
 * for them, and every data set is predicted; the model has its own weights and statistics again
 * afterwards, also when something fails. The model must not be used elsewhere meanwhile. What is
 * wrong with the outputs or labels is refused in the first batch of the first sample.
 *
 * <p>A predictor is a value: each method gives a new one and leaves this one as it was.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, section 3.3, eq. 4</a>
 */
public final class BayesianPredictor extends PredictorSettings<BayesianPredictor> {

  /** What the model's last layer gives. */
  public enum Output {
    /** Unnormalised scores, put through a softmax here. */
    LOGITS,
    /** Distributions, taken as they are. */
    PROBABILITIES,
    /**
     * A probability in [0, 1] for each class, of sigmoids trained one against the rest: divided by
     * their sum here.
     */
    SIGMOIDS,
    /** One unnormalised score a row for class 1 of two, put through a sigmoid here. */
    BINARY_LOGIT,
    /** One probability a row of class 1 of two, taken as it is. */
    BINARY_PROBABILITY
  }

  /** Hears of the probabilities of single samples, which the mean forgets. */
  @FunctionalInterface
  public interface RowListener {

    /**
     * A row under one sample, once the sample is done. Rows come in order within a data set, data
     * sets within a sample, samples in order; by one thread at a time.
     *
     * @param dataSet index of the data set, 0 if there is one
     * @param sample index of the sample
     * @param row index of the row
     * @param probabilities {@code [classes]}
     */
    void accept(int dataSet, int sample, int row, double[] probabilities);
  }

  /**
   * Predictions, and what was found on the way.
   *
   * @param predictions one for each data set
   * @param statistics the batch-norm statistics each sample was predicted with; as many as samples
   *     were taken
   * @param curves for each data set the metrics of the mean of the first 1, 2, ... samples; empty
   *     without labels
   */
  public record Result(
      List<Predictions> predictions, List<Weights> statistics, List<List<MetricPoint>> curves) {
    /**
     * Copies the lists.
     *
     * @param predictions one for each data set
     * @param statistics of each sample
     * @param curves for each data set
     */
    public Result {
      predictions = List.copyOf(predictions);
      statistics = List.copyOf(statistics);
      curves = curves.stream().map(List::copyOf).toList();
    }
  }

  /**
   * Inputs and their labels.
   *
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices, or null if unknown
   */
  public record Labelled(InputBatches inputs, int[] labels) {
    /**
     * Copies the labels.
     *
     * @param inputs the rows, in the same order at every pass
     * @param labels {@code [rows]} class indices, or null if unknown
     */
    public Labelled {
      labels = labels == null ? null : labels.clone();
    }

    /**
     * The class indices.
     *
     * @return a copy, or null if unknown
     */
    @Override
    public int[] labels() {
      return labels == null ? null : labels.clone();
    }
  }

  private final Block block;
  private final WeightPosterior posterior;

  private BayesianPredictor(Block block, WeightPosterior posterior, PredictorOptions options) {
    super(options);
    this.block = block;
    this.posterior = posterior;
  }

  @Override
  BayesianPredictor with(PredictorOptions changed) {
    return new BayesianPredictor(block, posterior, changed);
  }

  /**
   * A predictor with 30 samples of seed 0, or all members of an ensemble, taking the model's
   * outputs for logits.
   *
   * @param model an initialised model
   * @param posterior where its weights are drawn from
   * @return the predictor
   */
  public static BayesianPredictor of(Model model, WeightPosterior posterior) {
    return of(model.getBlock(), posterior);
  }

  /**
   * A predictor with 30 samples of seed 0, or all members of an ensemble, taking the block's
   * outputs for logits.
   *
   * @param block an initialised block
   * @param posterior where its weights are drawn from
   * @return the predictor
   */
  public static BayesianPredictor of(Block block, WeightPosterior posterior) {
    EngineDefaults.apply();
    return new BayesianPredictor(block, posterior, PredictorOptions.defaults());
  }

  /**
   * For a network that predicts a number: the same samples, seed, statistics and control.
   *
   * @param output what the network gives, and where the noise comes from
   * @return predicts mean and variances
   * @throws IllegalArgumentException if an output of classes, or a stream of them, was asked for
   */
  public RegressionPredictor regression(RegressionOutput output) {
    return new RegressionPredictor(block, posterior, options, output);
  }

  /**
   * For the mean of a classifier's logits: the same samples, seed, statistics and control.
   *
   * @return predicts logits
   * @throws IllegalArgumentException if the model was said to give probabilities, or a stream of
   *     them was asked for
   */
  public LogitPredictor logits() {
    return new LogitPredictor(block, posterior, options);
  }

  /**
   * Predicts a DJL data set.
   *
   * @param dataset one integer label a row or no labels, not shuffled
   * @return its predictions, with its labels if it has them
   * @throws IllegalArgumentException if passes over the data set give different rows, or a label is
   *     not an integer
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(Dataset dataset) throws IOException {
    RepeatableDataset rows;
    try (InferencePass pass = InferencePass.of(block)) {
      rows = new RepeatableDataset(dataset, pass.manager());
    }
    return predict(rows, rows.labels());
  }

  /**
   * Predicts inputs.
   *
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return their predictions
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(InputBatches inputs, int[] labels) throws IOException {
    return predictAll(List.of(new Labelled(inputs, labels))).predictions().get(0);
  }

  /**
   * Predicts several data sets with the same samples, which are drawn once.
   *
   * @param dataSets the data sets
   * @return their predictions in order
   * @throws IllegalArgumentException if the posterior belongs to another model, outputs are not
   *     what was said, labels do not fit them, or dropout is asked for and the model has none
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it,
   *     or it cannot be seen whether it has; or dropout cannot be active without it
   * @throws java.util.concurrent.CancellationException if it was cancelled
   * @throws java.io.InterruptedIOException if the thread was interrupted, which it still is
   * @throws IOException if the data cannot be read
   */
  public Result predictAll(List<Labelled> dataSets) throws IOException {
    return new ClassPrediction(block, posterior, options).predict(dataSets);
  }

  /**
   * Draws all samples, takes their batch-norm statistics, and keeps them for answers row by row.
   *
   * @return to be closed; the live model is not touched, also by later changes
   * @throws IllegalArgumentException if the posterior belongs to another model, or the model has a
   *     TorchScript module among other blocks
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it,
   *     it cannot be seen whether it has, or Monte Carlo dropout was asked for
   * @throws IOException if training data or the posterior's members cannot be read, or a
   *     TorchScript module not be copied through a temporary file
   */
  public ServingPredictor serve() throws IOException {
    return ServingPredictor.open(block, posterior, options);
  }
}
