package io.github.swag4j.swag.djl.laplace;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LastLayerFeatures;
import io.github.swag4j.swag.laplace.LastLayerPredictive;
import java.io.IOException;

/**
 * Predictions of a last-layer Laplace posterior, for which the model is linear: one forward pass
 * gives the features that go into the last layer, all else is arithmetic on them. By default the
 * extended probit approximation; {@link #monteCarlo} for the mean over samples, which costs one
 * matrix product each and no further pass.
 *
 * <p>Batch normalisation is in evaluation mode with the model's statistics, dropout off. Only the
 * weights of the posterior's mean may be in the model: others are refused.
 *
 * <p>A value: each method gives a new one and leaves this one as it was.
 */
public final class LinearisedPredictor {
  private final LastLayerLaplace model;
  private final LaplacePosterior posterior;
  private final int samples;
  private final long seed;

  private LinearisedPredictor(
      LastLayerLaplace model, LaplacePosterior posterior, int samples, long seed) {
    this.model = model;
    this.posterior = posterior;
    this.samples = samples;
    this.seed = seed;
  }

  /**
   * A predictor with the probit approximation.
   *
   * @param model the model that the posterior was fitted to
   * @param posterior of its last layer
   * @return the predictor
   * @throws IllegalArgumentException if the posterior varies other layers, or belongs to another
   *     model
   */
  public static LinearisedPredictor of(Model model, LaplacePosterior posterior) {
    return of(model.getBlock(), posterior);
  }

  /**
   * A predictor with the probit approximation.
   *
   * @param block the block that the posterior was fitted to
   * @param posterior of its last layer
   * @return the predictor
   * @throws IllegalArgumentException if the posterior varies other layers, or belongs to another
   *     model
   */
  public static LinearisedPredictor of(Block block, LaplacePosterior posterior) {
    LastLayerLaplace model = LastLayerLaplace.of(block);
    LaplaceLayer last = model.last().layer();
    LaplaceLayer varies = posterior.layers().get(0).layer();
    if (posterior.layers().size() != 1 || !varies.equals(last)) {
      throw new IllegalArgumentException(
          "linearised predictions need a posterior of the last layer "
              + last.name()
              + " alone, this one varies "
              + posterior.layers().stream().map(c -> c.layer().name()).toList()
              + ": predict with BayesianPredictor");
    }
    return new LinearisedPredictor(model, posterior, 0, 0);
  }

  /**
   * Predicts by the mean over sampled last layers, with expected entropies, instead of probit.
   *
   * @param count samples, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if count is below 1
   */
  public LinearisedPredictor monteCarlo(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return new LinearisedPredictor(model, posterior, count, seed);
  }

  /**
   * Sets the seed of the samples, 0 by default.
   *
   * @param newSeed the seed
   * @return the predictor
   */
  public LinearisedPredictor seed(long newSeed) {
    return new LinearisedPredictor(model, posterior, samples, newSeed);
  }

  /**
   * Predicts a DJL data set.
   *
   * @param dataset integer labels or none
   * @return its predictions, with its labels if it has them
   * @throws IllegalArgumentException if there is no row, or the model has other weights than the
   *     posterior's mean
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(Dataset dataset) throws IOException {
    requireMean();
    return predict(model.features(dataset));
  }

  /**
   * Predicts inputs.
   *
   * @param inputs the rows
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return their predictions
   * @throws IllegalArgumentException if there is no row, or the model has other weights than the
   *     posterior's mean
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(InputBatches inputs, int[] labels) throws IOException {
    requireMean();
    return predict(model.features(inputs, labels));
  }

  private Predictions predict(LastLayerFeatures features) {
    LastLayerPredictive predictive =
        samples == 0
            ? LastLayerPredictive.probit(posterior)
            : LastLayerPredictive.monteCarlo(posterior, samples, seed);
    return predictive.predict(features);
  }

  private void requireMean() {
    ModelWeights weights = ModelWeights.of(model.last().model());
    weights.layout().requireSame(posterior.layout());
    if (!weights.capture().equals(posterior.mean())) {
      throw new IllegalArgumentException(
          "the model must have the weights that the posterior was fitted to: write"
              + " posterior.mean() into it, or fit again");
    }
  }
}
