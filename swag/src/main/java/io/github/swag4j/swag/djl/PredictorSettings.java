package io.github.swag4j.swag.djl;

import ai.djl.training.dataset.Dataset;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.BayesianPredictor.RowListener;
import io.github.swag4j.swag.io.SampleStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What can be said of a prediction before it is made.
 *
 * @param <P> the predictor, a value: each method gives a new one
 */
abstract class PredictorSettings<P> {
  final PredictorOptions options;

  PredictorSettings(PredictorOptions options) {
    this.options = options;
  }

  /** The same predictor with other options. */
  abstract P with(PredictorOptions changed);

  /**
   * Sets the number of samples; a point posterior needs and uses one.
   *
   * @param count samples, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if count is below 1
   */
  public final P samples(int count) {
    return with(options.withSamples(count));
  }

  /**
   * Sets the seed of the samples.
   *
   * @param newSeed the seed
   * @return the predictor
   */
  public final P seed(long newSeed) {
    return with(options.withSeed(newSeed));
  }

  /**
   * Says what the model gives.
   *
   * @param what logits of classes (the default), probabilities, or one output for two classes
   * @return the predictor
   */
  public final P output(Output what) {
    return with(options.withOutput(what, false));
  }

  /**
   * Says what the model gives, where numbers that look otherwise are that all the same: logits that
   * all lie between 0 and 1.
   *
   * @param what what the model gives
   * @return the predictor
   */
  public final P outputAsSaid(Output what) {
    return with(options.withOutput(what, true));
  }

  /**
   * Names the classes, for predictions, their files and what is made of them.
   *
   * @param names {@code [classes]} in the order of the model's outputs, two for a network of one
   *     output; another number than the model has is refused in its first batch
   * @return the predictor
   * @throws IllegalArgumentException if there are less than two, or two are the same
   */
  public final P classNames(List<String> names) {
    return with(options.withClassNames(names));
  }

  /**
   * Recomputes batch-norm statistics for every sample from these inputs.
   *
   * @param training what the model was trained on, or a fair sample of it in mixed order
   * @return the predictor
   */
  public final P refreshBatchNorm(InputBatches training) {
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
  public final P refreshBatchNorm(InputBatches training, BatchNormRefresh.Weighting weighting) {
    return with(options.withStatistics(new BatchNormSource.Refresh(training, weighting)));
  }

  /**
   * Recomputes batch-norm statistics for every sample from this data set's inputs.
   *
   * @param training what the model was trained on, or a fair sample of it in mixed order
   * @return the predictor
   */
  public final P refreshBatchNorm(Dataset training) {
    return refreshBatchNorm(InputBatches.of(training));
  }

  /**
   * Uses batch-norm statistics of an earlier {@link BayesianPredictor.Result}, instead of
   * recomputing them: of the same posterior and seed.
   *
   * @param earlier one for each sample
   * @return the predictor
   */
  public final P batchNormStatistics(List<Weights> earlier) {
    return with(options.withStatistics(new BatchNormSource.Stored(List.copyOf(earlier), null)));
  }

  /**
   * Uses the batch-norm statistics that a posterior's file has, and the seed of the samples they
   * belong to: with another seed the prediction is refused.
   *
   * @param stored those of the samples from the first on
   * @return the predictor
   * @throws IllegalArgumentException if they do not begin with sample 0
   */
  public final P batchNormStatistics(SampleStatistics stored) {
    if (stored.first() != 0) {
      throw new IllegalArgumentException(
          "batch-norm statistics must begin with sample 0, got those from sample "
              + stored.first()
              + " on: store those of all samples, or call refreshBatchNorm with training data");
    }
    return with(
        options
            .withStatistics(new BatchNormSource.Stored(stored.samples(), stored.seed()))
            .withSeed(stored.seed()));
  }

  /**
   * Says that no batch-norm statistics are needed: the model's own, whatever they are, stay as they
   * are for every sample. For TorchScript models without batch normalisation that DJL loaded, which
   * does not show it.
   *
   * @return the predictor
   */
  public final P withoutBatchNorm() {
    return with(options.withStatistics(new BatchNormSource.None()));
  }

  /**
   * Uses the batch-norm statistics that the model has now, for every sample. Right for posteriors
   * around the weights that the statistics belong to, which are not samples of SWAG: Monte Carlo
   * dropout of a trained network, a Laplace approximation of its last layers.
   *
   * @return the predictor
   */
  public final P modelStatistics() {
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
  public final P monteCarloDropout() {
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
  public final P workers(Workers who) {
    return with(options.withWorkers(who));
  }

  /**
   * Keeps the probabilities of every sample in the predictions, for {@code calibration.posterior};
   * 8 bytes for each sample, row and class.
   *
   * @return the predictor
   */
  public final P keepSamples() {
    return with(options.withKeptSamples());
  }

  /**
   * Hears of each sample done.
   *
   * @param listener takes the number of samples done so far
   * @return the predictor
   */
  public final P onSample(IntConsumer listener) {
    return with(options.withProgress(listener));
  }

  /**
   * Hears of the probabilities of each row under each sample, where they are too many to keep.
   *
   * @param listener called in the predicting thread
   * @return the predictor
   */
  public final P onRow(RowListener listener) {
    return with(options.withRows(listener));
  }

  /**
   * Writes the probabilities of every sample to files while predicting, in memory that does not
   * grow with their number; {@code PredictionFiles.read} reads them. A file appears when the
   * prediction is done, or not at all.
   *
   * @param files an {@code .npz} file for each data set
   * @return the predictor
   */
  public final P streamSamples(Path... files) {
    return with(options.withStreams(List.of(files)));
  }

  /**
   * Watches, ends early or goes on with the prediction.
   *
   * @param how progress, cancellation, a rule to stop, a file to go on from
   * @return the predictor
   */
  public final P control(PredictionControl how) {
    return with(options.withControl(how));
  }
}
