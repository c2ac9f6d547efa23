package io.github.swag4j.swag.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.Weights;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Bayesian model average: the mean over posterior samples of the model's class probabilities, p(y |
 * x) = 1/S sum_s softmax(f(x; w_s)), with the mean of the samples' entropies beside it.
 *
 * <p>For each sample its weights are written into the model, batch-norm statistics are recomputed
 * for them, and every data set is predicted; the model has its own weights and statistics again
 * afterwards, also when something fails. The model must not be used elsewhere meanwhile.
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
    PROBABILITIES
  }

  /**
   * Predictions, and the batch-norm statistics each sample was predicted with.
   *
   * @param predictions one for each data set
   * @param statistics one for each sample
   */
  public record Result(List<Predictions> predictions, List<Weights> statistics) {
    /**
     * Copies the lists.
     *
     * @param predictions one for each data set
     * @param statistics one for each sample
     */
    public Result {
      predictions = List.copyOf(predictions);
      statistics = List.copyOf(statistics);
    }
  }

  /**
   * Inputs and their labels.
   *
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices, or null if unknown
   */
  public record Labelled(InputBatches inputs, int[] labels) {}

  private static final int DEFAULT_SAMPLES = 30;

  private final Block block;
  private final WeightPosterior posterior;
  private final int samples;
  private final long seed;
  private final Output output;
  private final InputBatches refreshFrom;
  private final List<Weights> statistics;
  private final IntConsumer progress;

  private BayesianPredictor(
      Block block,
      WeightPosterior posterior,
      int samples,
      long seed,
      Output output,
      InputBatches refreshFrom,
      List<Weights> statistics,
      IntConsumer progress) {
    this.block = block;
    this.posterior = posterior;
    this.samples = samples;
    this.seed = seed;
    this.output = output;
    this.refreshFrom = refreshFrom;
    this.statistics = statistics;
    this.progress = progress;
  }

  /**
   * A predictor with 30 samples of seed 0, taking the model's outputs for logits.
   *
   * @param model an initialised model
   * @param posterior where its weights are drawn from
   * @return the predictor
   */
  public static BayesianPredictor of(Model model, WeightPosterior posterior) {
    return of(model.getBlock(), posterior);
  }

  /**
   * A predictor with 30 samples of seed 0, taking the block's outputs for logits.
   *
   * @param block an initialised block
   * @param posterior where its weights are drawn from
   * @return the predictor
   */
  public static BayesianPredictor of(Block block, WeightPosterior posterior) {
    return new BayesianPredictor(
        block, posterior, DEFAULT_SAMPLES, 0, Output.LOGITS, null, null, i -> {});
  }

  /**
   * Sets the number of samples; a point posterior needs and uses one.
   *
   * @param count samples, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if count is below 1
   */
  public BayesianPredictor samples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return new BayesianPredictor(
        block, posterior, count, seed, output, refreshFrom, statistics, progress);
  }

  /**
   * Sets the seed of the samples.
   *
   * @param newSeed the seed
   * @return the predictor
   */
  public BayesianPredictor seed(long newSeed) {
    return new BayesianPredictor(
        block, posterior, samples, newSeed, output, refreshFrom, statistics, progress);
  }

  /**
   * Says what the model gives.
   *
   * @param what logits (the default) or probabilities
   * @return the predictor
   */
  public BayesianPredictor output(Output what) {
    return new BayesianPredictor(
        block, posterior, samples, seed, what, refreshFrom, statistics, progress);
  }

  /**
   * Recomputes batch-norm statistics for every sample from these inputs.
   *
   * @param training what the model was trained on, or a fair sample of it
   * @return the predictor
   */
  public BayesianPredictor refreshBatchNorm(InputBatches training) {
    return new BayesianPredictor(block, posterior, samples, seed, output, training, null, progress);
  }

  /**
   * Recomputes batch-norm statistics for every sample from this data set's inputs.
   *
   * @param training what the model was trained on, or a fair sample of it
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
    return new BayesianPredictor(
        block, posterior, samples, seed, output, null, List.copyOf(earlier), progress);
  }

  /**
   * Hears of each sample done.
   *
   * @param listener takes the number of samples done so far
   * @return the predictor
   */
  public BayesianPredictor onSample(IntConsumer listener) {
    return new BayesianPredictor(
        block, posterior, samples, seed, output, refreshFrom, statistics, listener);
  }

  /**
   * Predicts a labelled DJL data set.
   *
   * @param dataset one integer label a row, not shuffled
   * @return its predictions
   * @throws IllegalArgumentException if passes over the data set give different rows, or a label is
   *     not an integer
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(Dataset dataset) throws IOException {
    RepeatableDataset rows = new RepeatableDataset(dataset);
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
   * @throws IllegalArgumentException if the posterior belongs to another model, or outputs are not
   *     what was said
   * @throws IllegalStateException if the model has batch normalisation and nothing was said of it
   * @throws IOException if the data cannot be read
   */
  public Result predictAll(List<Labelled> dataSets) throws IOException {
    ModelWeights weights = ModelWeights.of(block);
    ModelWeights runningStatistics = ModelWeights.statistics(block);
    weights.layout().requireSame(posterior.layout());
    int count = posterior.isPoint() ? 1 : samples;
    BatchNormRefresh refresh = BatchNormRefresh.of(block);
    if (refresh.isNeeded()) {
      requireStatistics(count);
    }
    Weights weightsBefore = weights.capture();
    Weights statisticsBefore = runningStatistics.capture();
    List<Weights> used = new ArrayList<>();
    List<PredictiveMean> means = new ArrayList<>();
    dataSets.forEach(d -> means.add(new PredictiveMean(output)));
    try {
      for (int s = 0; s < count; s++) {
        weights.write(posterior.sample(seed, s));
        if (refresh.isNeeded() && statistics != null) {
          runningStatistics.write(statistics.get(s));
        } else if (refresh.isNeeded()) {
          refresh.refresh(refreshFrom);
        }
        used.add(runningStatistics.capture());
        for (int d = 0; d < dataSets.size(); d++) {
          predictOnce(dataSets.get(d).inputs(), means.get(d));
        }
        progress.accept(s + 1);
      }
    } finally {
      weights.restore(weightsBefore);
      runningStatistics.restore(statisticsBefore);
    }
    List<Predictions> predictions = new ArrayList<>();
    for (int d = 0; d < dataSets.size(); d++) {
      predictions.add(means.get(d).predictions(dataSets.get(d).labels()));
    }
    return new Result(predictions, used);
  }

  private void requireStatistics(int count) {
    if (statistics == null && refreshFrom == null) {
      throw new IllegalStateException(
          "the model has batch normalisation, whose statistics belong to other weights: call"
              + " refreshBatchNorm with training data");
    }
    if (statistics != null && statistics.size() < count) {
      throw new IllegalStateException(
          "batch-norm statistics must be there for "
              + count
              + " samples, got "
              + statistics.size()
              + ": call refreshBatchNorm with training data");
    }
  }

  private void predictOnce(InputBatches inputs, PredictiveMean mean) throws IOException {
    mean.nextSample();
    try (NDManager manager = NDManager.newBaseManager()) {
      inputs.forEach(
          manager,
          batch -> {
            NDArray outputs =
                block.forward(new ParameterStore(manager, false), batch, false).singletonOrThrow();
            mean.add(outputs);
          });
    }
  }
}
