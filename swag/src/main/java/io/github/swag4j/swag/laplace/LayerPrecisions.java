package io.github.swag4j.swag.laplace;

import java.util.List;

/**
 * The precisions of a posterior's layers under one prior and temperature, each computed when it is
 * first asked for, and what they add to the log marginal likelihood under this prior and others.
 * Immutable but for that; safe for use by several threads.
 */
final class LayerPrecisions {
  private final List<LayerCurvature> layers;
  private final double[] squaredNorms;
  private final double[] priors;
  private final double temperature;
  private final LayerPrecision[] known;

  /**
   * None is computed yet.
   *
   * @param layers their curvatures
   * @param squaredNorms |w|^2 of each
   * @param priors d of each, not changed afterwards
   * @param temperature T of the likelihood
   */
  LayerPrecisions(
      List<LayerCurvature> layers, double[] squaredNorms, double[] priors, double temperature) {
    this.layers = layers;
    this.squaredNorms = squaredNorms;
    this.priors = priors;
    this.temperature = temperature;
    this.known = new LayerPrecision[layers.size()];
  }

  LayerPrecision of(int layer) {
    synchronized (known) {
      if (known[layer] == null) {
        known[layer] = under(layer, priors[layer]);
      }
      return known[layer];
    }
  }

  private LayerPrecision under(int layer, double prior) {
    return LayerPrecision.of(layers.get(layer), 1 / temperature, prior);
  }

  /** What all layers add to the log marginal likelihood: -1/2 (log det P - n log d + d |w|^2). */
  double evidence() {
    double sum = 0;
    for (int l = 0; l < layers.size(); l++) {
      sum += evidence(l, priors[l]);
    }
    return sum;
  }

  private double evidence(int layer, double prior) {
    double logDet = (prior == priors[layer] ? of(layer) : under(layer, prior)).logDet();
    int n = layers.get(layer).layer().size();
    return -0.5 * (logDet - n * StrictMath.log(prior) + prior * squaredNorms[layer]);
  }

  /**
   * The one prior precision of all layers with the largest evidence.
   *
   * @throws IllegalStateException if it still grows at an end
   */
  double bestOfAll() {
    return PriorPrecisionOptimum.of(
        "all layers",
        d -> {
          double sum = 0;
          for (int l = 0; l < layers.size(); l++) {
            sum += evidence(l, d);
          }
          return sum;
        });
  }

  /**
   * The prior precision of each layer with the largest evidence.
   *
   * @throws IllegalStateException if one's still grows at an end
   */
  double[] bestOfEach() {
    double[] best = new double[layers.size()];
    for (int l = 0; l < best.length; l++) {
      int layer = l;
      best[l] =
          PriorPrecisionOptimum.of(
              "layer " + layers.get(l).layer().name(), d -> evidence(layer, d));
    }
    return best;
  }
}
