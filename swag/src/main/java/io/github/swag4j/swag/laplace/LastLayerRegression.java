package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;
import java.util.List;

/**
 * The number that a network predicts under a posterior of its last layer, from the features that go
 * into it: normal with mean w a + b and variance a^T P^-1 a.
 */
public final class LastLayerRegression {
  private final LaplaceLayer layer;
  private final LayerPrecision precision;
  private final double[] weights;

  private LastLayerRegression(LaplacePosterior posterior) {
    this.layer = posterior.layers().get(0).layer();
    this.precision = posterior.layerPrecision();
    LaplaceLayer.Place place = layer.in(posterior.layout());
    this.weights =
        LastLayerCollector.joined(
            layer,
            posterior.mean().toArray(place.weight()),
            layer.bias() == null ? null : posterior.mean().toArray(place.bias()));
  }

  /**
   * The predictive of a posterior.
   *
   * @param posterior of one layer of one output
   * @return the predictive
   * @throws IllegalArgumentException if it varies more
   */
  public static LastLayerRegression of(LaplacePosterior posterior) {
    if (posterior.layers().size() != 1 || posterior.layers().get(0).layer().outputs() != 1) {
      throw new IllegalArgumentException(
          "only a posterior of one layer of one output predicts a number from features, this one"
              + " varies "
              + posterior.layers().stream().map(c -> c.layer().name()).toList());
    }
    return new LastLayerRegression(posterior);
  }

  /**
   * Predicts rows.
   *
   * @param features {@code [rows][inputs]} row-major
   * @param into takes mean and variance of each row, {@code [2]}
   * @throws IllegalArgumentException if the features are no rows of the layer's inputs
   */
  public void predict(float[] features, List<double[]> into) {
    int inputs = layer.inputs();
    if (features.length % inputs != 0) {
      throw new IllegalArgumentException(
          "features must be rows of " + inputs + " inputs, got " + features.length);
    }
    double[] a = new double[layer.columns()];
    a[a.length - 1] = 1;
    double[] variance = new double[1];
    for (int from = 0; from < features.length; from += inputs) {
      for (int i = 0; i < inputs; i++) {
        a[i] = features[from + i];
      }
      precision.variances(a, variance);
      into.add(new double[] {DotProduct.of(weights, a), variance[0]});
    }
  }
}
