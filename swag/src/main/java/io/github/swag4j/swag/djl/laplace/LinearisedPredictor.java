package io.github.swag4j.swag.djl.laplace;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swag.djl.internal.LabelledBatches;
import io.github.swag4j.swag.laplace.GaussianLogits;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LastLayerFeatures;
import io.github.swag4j.swag.laplace.LastLayerPredictive;
import java.io.IOException;
import java.util.List;

/**
 * Predictions of a Laplace posterior with the network taken for linear in its weights around the
 * posterior's mean, f(x; w) + J (w' - w), where logits are Gaussian: N(f, J P^-1 J^T). By default
 * the extended probit approximation; {@link #monteCarlo} for the mean of the softmax over samples
 * of the logits.
 *
 * <p>Of a posterior of the last layer this is exact, and costs one forward pass: all else is
 * arithmetic on the features that go into the layer. Of a {@link KroneckerLaplace} over all layers
 * a batch takes a forward and a backward pass a class, and for each row and layer products of the
 * order of inputs^2 + classes x inputs x outputs at each place of a convolution: about 1e8 of them
 * a row for three convolutions of 32 to 128 channels over 28 x 28 pixels and ten classes. Memory is
 * bounded: rows are taken a few at a time. Samples of such a posterior's weights can be far from
 * where the network is linear, and then predict worse than this ({@link KroneckerLaplace}).
 *
 * <p>Batch normalisation is in evaluation mode with the model's statistics, dropout off. Only the
 * weights of the posterior's mean may be in the model: others are refused.
 *
 * <p>A value: each method gives a new one and leaves this one as it was.
 *
 * @see <a href="https://arxiv.org/abs/2008.08400">Immer et al. 2021, Improving predictions of
 *     Bayesian neural nets via local linearization</a>
 */
public final class LinearisedPredictor {
  private final Block block;
  private final LastLayerLaplace lastLayer;
  private final NetworkLinearisation network;
  private final LaplacePosterior posterior;
  private final int samples;
  private final long seed;
  private final List<String> classNames;

  /** Of the last layer if there is no network. */
  private LinearisedPredictor(
      Block block,
      LastLayerLaplace lastLayer,
      NetworkLinearisation network,
      LaplacePosterior posterior,
      int samples,
      long seed,
      List<String> classNames) {
    this.block = block;
    this.lastLayer = lastLayer;
    this.network = network;
    this.posterior = posterior;
    this.samples = samples;
    this.seed = seed;
    this.classNames = classNames;
  }

  /**
   * A predictor with the probit approximation.
   *
   * @param model the model that the posterior was fitted to
   * @param posterior of its last layer, or of Kronecker-factored curvature
   * @return the predictor
   * @throws IllegalArgumentException if the posterior is of another kind or another model's
   */
  public static LinearisedPredictor of(Model model, LaplacePosterior posterior) {
    return of(model.getBlock(), posterior);
  }

  /**
   * A predictor with the probit approximation.
   *
   * @param block the block that the posterior was fitted to
   * @param posterior of its last layer, or of Kronecker-factored curvature
   * @return the predictor
   * @throws IllegalArgumentException if the posterior is of another kind or another model's
   */
  public static LinearisedPredictor of(Block block, LaplacePosterior posterior) {
    EngineDefaults.apply();
    LastLayerLaplace last = posterior.layers().size() == 1 ? LastLayerLaplace.of(block) : null;
    if (last != null && posterior.layers().get(0).layer().equals(last.last().layer())) {
      return new LinearisedPredictor(block, last, null, posterior, 0, 0, List.of());
    }
    NetworkLinearisation network = NetworkLinearisation.of(block, posterior);
    return new LinearisedPredictor(block, null, network, posterior, 0, 0, List.of());
  }

  /**
   * Predicts by the mean over samples, with expected entropies, instead of probit: samples of the
   * last layer's weights, or of the logits.
   *
   * @param count samples, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if count is below 1
   */
  public LinearisedPredictor monteCarlo(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return new LinearisedPredictor(block, lastLayer, network, posterior, count, seed, classNames);
  }

  /**
   * Sets the seed of the samples, 0 by default.
   *
   * @param newSeed the seed
   * @return the predictor
   */
  public LinearisedPredictor seed(long newSeed) {
    return new LinearisedPredictor(
        block, lastLayer, network, posterior, samples, newSeed, classNames);
  }

  /**
   * Names the classes, for predictions and their files.
   *
   * @param names {@code [classes]} in the order of the model's outputs, each another; another
   *     number than the model has is refused when it predicts
   * @return the predictor
   */
  public LinearisedPredictor classNames(List<String> names) {
    return new LinearisedPredictor(
        block, lastLayer, network, posterior, samples, seed, List.copyOf(names));
  }

  /**
   * Predicts a DJL data set.
   *
   * @param dataset integer labels or none
   * @return its predictions, with its labels if it has them
   * @throws IllegalArgumentException if there is no row, or the model has other weights than the
   *     posterior's mean
   * @throws IllegalStateException if gradients are needed and a gradient collector of the engine is
   *     open elsewhere
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(Dataset dataset) throws IOException {
    requireMean();
    return network == null
        ? predict(lastLayer.features(dataset))
        : predict(LabelledBatches.of(dataset));
  }

  /**
   * Predicts inputs.
   *
   * @param inputs the rows
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return their predictions
   * @throws IllegalArgumentException if there is no row, or the model has other weights than the
   *     posterior's mean
   * @throws IllegalStateException if gradients are needed and a gradient collector of the engine is
   *     open elsewhere
   * @throws IOException if the data cannot be read
   */
  public Predictions predict(InputBatches inputs, int[] labels) throws IOException {
    requireMean();
    return network == null
        ? predict(lastLayer.features(inputs, labels))
        : predict(LabelledBatches.of(inputs, labels));
  }

  private Predictions predict(LastLayerFeatures features) {
    LastLayerPredictive predictive =
        samples == 0
            ? LastLayerPredictive.probit(posterior)
            : LastLayerPredictive.monteCarlo(posterior, samples, seed);
    return predictive.predict(features, this::named);
  }

  private Predictions predict(LabelledBatches batches) throws IOException {
    GaussianRows rows = new GaussianRows(new GaussianLogits(samples, seed));
    network.forEach(batches, rows::begin, rows::add);
    return named(rows.builder()).build();
  }

  private PredictionsBuilder named(PredictionsBuilder builder) {
    return classNames.isEmpty() ? builder : builder.classNames(classNames);
  }

  private void requireMean() {
    ModelWeights weights = ModelWeights.of(block);
    weights.layout().requireSame(posterior.layout());
    if (!weights.capture().equals(posterior.mean())) {
      throw new IllegalArgumentException(
          "the model must have the weights that the posterior was fitted to: write"
              + " posterior.mean() into it, or fit again");
    }
  }
}
