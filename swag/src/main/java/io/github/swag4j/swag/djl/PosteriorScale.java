package io.github.swag4j.swag.djl;

import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * Chooses the scale of a posterior on validation data, by predicting them at each scale that {@link
 * ScaleSearch} asks for:
 *
 * <pre>{@code
 * ScaleCurve curve =
 *     PosteriorScale.search(
 *         swag::withScale,
 *         posterior -> BayesianPredictor.of(model, posterior).refreshBatchNorm(train),
 *         validation,
 *         ScaleSearch.Options.defaults());
 * SwagPosterior chosen = swag.withScale(curve.best().scale());
 * }</pre>
 *
 * <p>The predictor must have the same seed and number of samples each time, as it does above: the
 * samples of all scales then have their noise in common. A scale costs a prediction of all
 * validation rows; scale 0 only one sample of it.
 */
public final class PosteriorScale {

  private PosteriorScale() {}

  /**
   * Searches with a DJL data set.
   *
   * @param posterior the posterior at a scale, such as {@code swag::withScale}; also the prior
   *     precision of a Laplace posterior can be chosen by this, or whatever number it has
   * @param predictor a predictor of that posterior, alike but for it
   * @param validation labelled rows, neither trained on nor used to judge
   * @param options which scales
   * @return the curve
   * @throws IllegalArgumentException as {@link ScaleSearch#run} and {@link
   *     BayesianPredictor#predict(Dataset)}
   * @throws IOException if data cannot be read
   */
  public static ScaleCurve search(
      DoubleFunction<? extends WeightPosterior> posterior,
      Function<WeightPosterior, BayesianPredictor> predictor,
      Dataset validation,
      ScaleSearch.Options options)
      throws IOException {
    return ScaleSearch.run(
        options, scale -> predictor.apply(posterior.apply(scale)).predict(validation));
  }

  /**
   * Searches with inputs and labels.
   *
   * @param posterior the posterior at a scale
   * @param predictor a predictor of that posterior, alike but for it
   * @param inputs rows in the same order at every pass
   * @param labels {@code [rows]} class indices
   * @param options which scales
   * @return the curve
   * @throws IllegalArgumentException as {@link ScaleSearch#run} and {@link
   *     BayesianPredictor#predict(InputBatches, int[])}
   * @throws IOException if data cannot be read
   */
  public static ScaleCurve search(
      DoubleFunction<? extends WeightPosterior> posterior,
      Function<WeightPosterior, BayesianPredictor> predictor,
      InputBatches inputs,
      int[] labels,
      ScaleSearch.Options options)
      throws IOException {
    return ScaleSearch.run(
        options, scale -> predictor.apply(posterior.apply(scale)).predict(inputs, labels));
  }
}
