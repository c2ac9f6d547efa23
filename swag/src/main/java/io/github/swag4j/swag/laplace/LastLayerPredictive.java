package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Class probabilities under a posterior of the last layer, from the features that go into it. The
 * network is linear in these weights, so its logits are exactly Gaussian: mean W a + b, covariance
 * {@link LaplacePosterior#outputCovariance}.
 *
 * <p>{@link #probit}: one formula a row, no samples. {@link #monteCarlo}: the mean of softmax over
 * sampled weights, with the samples' mean entropy beside it; what {@code BayesianPredictor} gives
 * for the same samples, without running the rest of the network again for each.
 */
public final class LastLayerPredictive {
  private final LaplacePosterior posterior;
  private final LaplaceLayer layer;
  private final double[][] samples;

  private LastLayerPredictive(LaplacePosterior posterior, double[][] samples) {
    this.posterior = posterior;
    this.layer = posterior.layers().get(0).layer();
    this.samples = samples;
  }

  /**
   * The extended probit approximation, {@link Softmax#probit}.
   *
   * @param posterior of one layer, whose outputs are the logits
   * @return the predictive
   * @throws IllegalArgumentException if more layers than one vary
   */
  public static LastLayerPredictive probit(LaplacePosterior posterior) {
    requireOneLayer(posterior);
    return new LastLayerPredictive(posterior, new double[0][]);
  }

  /**
   * The mean over samples of the weights, those that {@link LaplacePosterior#sample} gives.
   *
   * @param posterior of one layer, whose outputs are the logits
   * @param samples how many, at least 1; each takes 8 bytes a weight of the layer
   * @param seed which series of samples
   * @return the predictive
   * @throws IllegalArgumentException if more layers than one vary, or samples is below 1
   */
  public static LastLayerPredictive monteCarlo(LaplacePosterior posterior, int samples, long seed) {
    requireOneLayer(posterior);
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + samples);
    }
    double[][] weights = new double[samples][];
    for (int s = 0; s < samples; s++) {
      weights[s] = posterior.sampleLayer(0, seed, s);
    }
    return new LastLayerPredictive(posterior, weights);
  }

  private static void requireOneLayer(LaplacePosterior posterior) {
    if (posterior.layers().size() != 1) {
      throw new IllegalArgumentException(
          "only a posterior of the last layer alone predicts from features, this one varies "
              + posterior.layers().size()
              + " layers: predict with BayesianPredictor");
    }
  }

  /**
   * Predicts rows.
   *
   * @param features what goes into the layer
   * @return probabilities, with labels if the features have them
   * @throws IllegalArgumentException if there are not as many features as the layer has inputs
   */
  public Predictions predict(LastLayerFeatures features) {
    return predict(features, UnaryOperator.identity());
  }

  /**
   * Predicts rows.
   *
   * @param features what goes into the layer
   * @param more what else is known of them, class names for one
   * @return probabilities, with labels if the features have them
   * @throws IllegalArgumentException if there are not as many features as the layer has inputs
   */
  public Predictions predict(LastLayerFeatures features, UnaryOperator<PredictionsBuilder> more) {
    if (features.inputs() != layer.inputs()) {
      throw new IllegalArgumentException(
          "features must be the "
              + layer.inputs()
              + " inputs of layer "
              + layer.name()
              + ", got "
              + features.inputs());
    }
    int classes = layer.outputs();
    float[] probabilities = new float[Math.multiplyExact(features.rows(), classes)];
    double[] entropies = new double[features.rows()];
    double[] a = new double[layer.columns()];
    double[] p = new double[classes];
    if (layer.bias() != null) {
      a[layer.inputs()] = 1;
    }
    double[] mean = meanWeights();
    int row = 0;
    for (float[] batch : features.batches()) {
      for (int at = 0; at < batch.length; at += layer.inputs(), row++) {
        for (int i = 0; i < layer.inputs(); i++) {
          a[i] = batch[at + i];
        }
        if (samples.length == 0) {
          probitRow(mean, a, p);
        } else {
          entropies[row] = sampledRow(a, p);
        }
        for (int c = 0; c < classes; c++) {
          probabilities[row * classes + c] = (float) p[c];
        }
      }
    }
    PredictionsBuilder builder = Predictions.builder().probabilities(probabilities, classes);
    if (samples.length > 0) {
      builder.expectedEntropy(entropies);
    }
    int[] labels = features.labels();
    return more.apply(labels == null ? builder : builder.labels(labels)).build();
  }

  private double[] meanWeights() {
    LaplaceLayer.Place place = layer.in(posterior.layout());
    return LastLayerCollector.joined(
        layer,
        posterior.mean().toArray(place.weight()),
        layer.bias() == null ? null : posterior.mean().toArray(place.bias()));
  }

  private void logits(double[] weights, double[] a, double[] f) {
    int columns = layer.columns();
    for (int c = 0; c < f.length; c++) {
      f[c] = DotProduct.of(weights, c * columns, a, 0, columns);
    }
  }

  private void probitRow(double[] mean, double[] a, double[] p) {
    double[] variances = new double[p.length];
    logits(mean, a, p);
    posterior.layerPrecision().variances(a, variances);
    Softmax.probit(p, variances, p);
  }

  /** The expected entropy. */
  private double sampledRow(double[] a, double[] p) {
    double[] q = new double[p.length];
    Arrays.fill(p, 0);
    double entropy = 0;
    for (double[] weights : samples) {
      logits(weights, a, q);
      Softmax.of(q, q);
      for (int c = 0; c < p.length; c++) {
        p[c] += q[c] / samples.length;
        entropy -= q[c] > 0 ? q[c] * StrictMath.log(q[c]) : 0;
      }
    }
    return Math.max(entropy / samples.length, 0);
  }
}
