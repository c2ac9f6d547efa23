package io.github.swag4j.swag.djl;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;

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
public final class BayesianPredictor {

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
    /** Copies the lists. */
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
  private final PredictorOptions options;

  private BayesianPredictor(Block block, WeightPosterior posterior, PredictorOptions options) {
    this.block = block;
    this.posterior = posterior;
    this.options = options;
  }

  private BayesianPredictor with(PredictorOptions changed) {
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
   * Sets the number of samples; a point posterior needs and uses one.
   *
   * @param count samples, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if count is below 1
   */
  public BayesianPredictor samples(int count) {
    return with(options.withSamples(count));
  }

  /**
   * Sets the seed of the samples.
   *
   * @param newSeed the seed
   * @return the predictor
   */
  public BayesianPredictor seed(long newSeed) {
    return with(options.withSeed(newSeed));
  }

  /**
   * Says what the model gives.
   *
   * @param what logits of classes (the default), probabilities, or one output for two classes
   * @return the predictor
   */
  public BayesianPredictor output(Output what) {
    return with(options.withOutput(what, false));
  }

  /**
   * Says what the model gives, where numbers that look otherwise are that all the same: logits that
   * all lie between 0 and 1.
   *
   * @param what what the model gives
   * @return the predictor
   */
  public BayesianPredictor outputAsSaid(Output what) {
    return with(options.withOutput(what, true));
  }

  /**
   * Recomputes batch-norm statistics for every sample from these inputs.
   *
   * @param training what the model was trained on, or a fair sample of it in mixed order
   * @return the predictor
   */
  public BayesianPredictor refreshBatchNorm(InputBatches training) {
    return with(
        options.withStatistics(
            new BatchNormSource.Refresh(training, BatchNormRefresh.Weighting.POOLED)));
  }

  /**
   * Recomputes batch-norm statistics for every sample from these inputs.
   *
   * @param training what the model was trained on, or a fair sample of it in mixed order
   * @param weighting how batches of different sizes count
   * @return the predictor
   */
  public BayesianPredictor refreshBatchNorm(
      InputBatches training, BatchNormRefresh.Weighting weighting) {
    return with(options.withStatistics(new BatchNormSource.Refresh(training, weighting)));
  }

  /**
   * Recomputes batch-norm statistics for every sample from this data set's inputs.
   *
   * @param training what the model was trained on, or a fair sample of it in mixed order
   * @return the predictor
   */
  public BayesianPredictor refreshBatchNorm(Dataset training) {
    return refreshBatchNorm(InputBatches.of(training));
  }

  /**
   * Uses batch-norm statistics of an earlier {@link Result}, instead of recomputing them.
   *
   * @param earlier one for each sample
   * @return the predictor
   */
  public BayesianPredictor batchNormStatistics(List<Weights> earlier) {
    return with(options.withStatistics(new BatchNormSource.Stored(List.copyOf(earlier))));
  }

  /**
   * Says that no batch-norm statistics are needed: the model's own, whatever they are, stay as they
   * are for every sample. For TorchScript models without batch normalisation that DJL loaded, which
   * does not show it.
   *
   * @return the predictor
   */
  public BayesianPredictor withoutBatchNorm() {
    return with(options.withStatistics(new BatchNormSource.None()));
  }

  /**
   * Uses the batch-norm statistics that the model has now, for every sample. Right for posteriors
   * around the weights that the statistics belong to, which are not samples of SWAG: Monte Carlo
   * dropout of a trained network, a Laplace approximation of its last layers.
   *
   * @return the predictor
   */
  public BayesianPredictor modelStatistics() {
    return with(options.withStatistics(new BatchNormSource.None()));
  }

  /**
   * Leaves dropout active in every pass, each sample with other masks, so that a point posterior
   * has as many samples as are asked for. Batch normalisation evaluates, with the statistics that
   * were said; those of the model, if nothing was said and the posterior is the point of its
   * weights now.
   *
   * <p>The same seed gives the same masks for the same batches, and other masks for other batches.
   * They come from the engine's only generator: no other thread may use it meanwhile, and it goes
   * on elsewhere afterwards.
   *
   * @return the predictor
   * @see <a href="https://arxiv.org/abs/1506.02142">Gal and Ghahramani 2016, section 3, eq. 6</a>
   */
  public BayesianPredictor monteCarloDropout() {
    return with(options.withDropout());
  }

  /**
   * Spreads the samples over threads.
   *
   * @param who one sample at a time on all of the engine's threads (the default), or several at a
   *     time in replicas of the model, on one of the engine's threads each; inputs must then be
   *     such that several threads can read them at once
   * @return the predictor
   */
  public BayesianPredictor workers(Workers who) {
    return with(options.withWorkers(who));
  }

  /**
   * Keeps the probabilities of every sample in the predictions, for {@code calibration.posterior};
   * 8 bytes for each sample, row and class.
   *
   * @return the predictor
   */
  public BayesianPredictor keepSamples() {
    return with(options.withKeptSamples());
  }

  /**
   * Hears of each sample done.
   *
   * @param listener takes the number of samples done so far
   * @return the predictor
   */
  public BayesianPredictor onSample(IntConsumer listener) {
    return with(options.withProgress(listener));
  }

  /**
   * Hears of the probabilities of each row under each sample, where they are too many to keep.
   *
   * @param listener called in the predicting thread
   * @return the predictor
   */
  public BayesianPredictor onRow(RowListener listener) {
    return with(options.withRows(listener));
  }

  /**
   * Watches, ends early or goes on with the prediction.
   *
   * @param how progress, cancellation, a rule to stop, a file to go on from
   * @return the predictor
   */
  public BayesianPredictor control(PredictionControl how) {
    return with(options.withControl(how));
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
