package io.github.swag4j.swag.djl.laplace;

import ai.djl.Model;
import ai.djl.nn.Block;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.PosteriorRegression;
import io.github.swag4j.swag.laplace.FullCurvature;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LastLayerRegression;
import io.github.swag4j.swag.laplace.RegressionCollector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Laplace approximation over the last layer of a network that predicts a number, with normal noise
 * of one standard deviation: exact in these weights, for which the network is linear. Noise and
 * prior precision are given, or those of the largest marginal likelihood:
 *
 * <pre>{@code
 * RegressionLaplace laplace = RegressionLaplace.of(model);
 * RegressionLaplace.Fit fit = laplace.fit(train, targets);
 * PosteriorRegression predicted = laplace.predict(fit, test, null);
 * }</pre>
 *
 * <p>The model runs in evaluation mode and is not changed, but a TorchScript module while it runs.
 * The posterior is one as any other: {@code BayesianPredictor.regression} samples it.
 *
 * @see <a href="https://arxiv.org/abs/2106.14806">Daxberger et al. 2021, Laplace Redux</a>
 */
public final class RegressionLaplace {
  private final LastLayer last;

  /**
   * What was fitted.
   *
   * @param posterior of the last layer's weights
   * @param noise standard deviation of the targets around the network, in their unit
   */
  public record Fit(LaplacePosterior posterior, double noise) {}

  private RegressionLaplace(LastLayer last) {
    this.last = last;
  }

  /**
   * A Laplace approximation, to be fitted.
   *
   * @param model an initialised and trained model of one output, {@code [rows][1]}
   * @return the approximation
   * @throws IllegalArgumentException if it does not end in a linear layer of one output, that
   *     layer's weights are tied to others, or it has more than 8,192
   */
  public static RegressionLaplace of(Model model) {
    return of(model.getBlock());
  }

  /**
   * A Laplace approximation, to be fitted.
   *
   * @param block an initialised and trained block of one output, {@code [rows][1]}
   * @return the approximation
   * @throws IllegalArgumentException if it does not end in a linear layer of one output, that
   *     layer's weights are tied to others, or it has more than 8,192
   */
  public static RegressionLaplace of(Block block) {
    EngineDefaults.apply();
    LastLayer last = LastLayer.of(block);
    if (last.layer().outputs() != 1) {
      throw new IllegalArgumentException(
          "a regression must have one output, layer "
              + last.layer().name()
              + " has "
              + last.layer().outputs()
              + ": classes are for LastLayerLaplace");
    }
    FullCurvature.requireFits(last.layer());
    return new RegressionLaplace(last);
  }

  /**
   * Fits it with noise that is known.
   *
   * @param train the rows the model was trained on
   * @param targets {@code [rows]}, finite
   * @param noise standard deviation of the targets around the network, above 0, in their unit
   * @return the posterior with prior precision 1, to be chosen with {@code optimisePriorPrecision}
   * @throws IllegalArgumentException if the noise is not positive, targets are not one a row and
   *     finite, outputs are not those of the last layer, or there is no row
   * @throws IOException if the data cannot be read
   */
  public LaplacePosterior fit(InputBatches train, double[] targets, double noise)
      throws IOException {
    return collect(train, targets).posterior(weights(), noise);
  }

  /**
   * Fits it with the noise and the prior precision that make the training rows most likely.
   *
   * @param train the rows the model was trained on
   * @param targets {@code [rows]}, finite
   * @return posterior and noise
   * @throws IllegalArgumentException if targets are not one a row and finite, outputs are not those
   *     of the last layer, or there is no row
   * @throws IllegalStateException if the marginal likelihood has no maximum
   * @throws IOException if the data cannot be read
   */
  public Fit fit(InputBatches train, double[] targets) throws IOException {
    RegressionCollector collector = collect(train, targets);
    RegressionCollector.Optimum best = collector.optimum();
    LaplacePosterior posterior = collector.posterior(weights(), best.noise());
    return new Fit(posterior.withPriorPrecision(best.priorPrecision()), best.noise());
  }

  private RegressionCollector collect(InputBatches train, double[] targets) throws IOException {
    double[] known = targets.clone();
    try (FeaturePass pass = new FeaturePass(last)) {
      RegressionCollector collector =
          new RegressionCollector(last.layer(), pass.weight(), pass.bias());
      train.forEach(
          pass.manager(),
          batch -> {
            float[] features = pass.features(batch);
            int from = Math.toIntExact(collector.rows());
            int count = features.length / last.layer().inputs();
            requireTargets(known.length, from + (long) count, " or more");
            collector.add(features, Arrays.copyOfRange(known, from, from + count));
          });
      if (collector.rows() == 0) {
        throw new IllegalArgumentException("a Laplace approximation needs training rows, got 0");
      }
      if (collector.rows() != known.length) {
        throw targetsOf(known.length, collector.rows(), "");
      }
      return collector;
    }
  }

  private static void requireTargets(int targets, long rows, String more) {
    if (rows > targets) {
      throw targetsOf(targets, rows, more);
    }
  }

  private static IllegalArgumentException targetsOf(int targets, long rows, String more) {
    return new IllegalArgumentException(
        "targets must be one a row, got " + targets + " for " + rows + " rows" + more);
  }

  /**
   * Predicts without samples: the mean is the network's, the epistemic variance a^T P^-1 a of the
   * features a that go into the last layer, the aleatoric variance the noise's.
   *
   * @param fit what was fitted to this model
   * @param inputs the rows
   * @param targets {@code [rows]}, or null if unknown
   * @return their predictions, without single samples
   * @throws IllegalArgumentException if there is no row, targets are not one a row, the posterior
   *     is of another layer, or the model has other weights than its mean
   * @throws IOException if the data cannot be read
   */
  public PosteriorRegression predict(Fit fit, InputBatches inputs, double[] targets)
      throws IOException {
    requireSame(fit.posterior());
    LastLayerRegression layer = LastLayerRegression.of(fit.posterior());
    List<double[]> rows = new ArrayList<>();
    try (FeaturePass pass = new FeaturePass(last)) {
      inputs.forEach(pass.manager(), batch -> layer.predict(pass.features(batch), rows));
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("predictions need at least 1 row, got 0");
    }
    if (targets != null && targets.length != rows.size()) {
      throw targetsOf(targets.length, rows.size(), "");
    }
    return PosteriorRegression.closedForm(
        rows.stream().mapToDouble(r -> r[0]).toArray(),
        fit.noise() * fit.noise(),
        rows.stream().mapToDouble(r -> r[1]).toArray(),
        targets);
  }

  private void requireSame(LaplacePosterior posterior) {
    LaplaceLayer varies = posterior.layers().get(0).layer();
    if (posterior.layers().size() != 1 || !varies.equals(last.layer())) {
      throw new IllegalArgumentException(
          "the posterior must be of the last layer "
              + last.layer().name()
              + " alone, this one varies "
              + posterior.layers().stream().map(c -> c.layer().name()).toList()
              + ": predict with BayesianPredictor");
    }
    Weights now = weights();
    now.layout().requireSame(posterior.layout());
    if (!now.equals(posterior.mean())) {
      throw new IllegalArgumentException(
          "the model must have the weights that the posterior was fitted to: write"
              + " posterior.mean() into it, or fit again");
    }
  }

  private Weights weights() {
    return ModelWeights.of(last.model()).capture();
  }
}
