package io.github.swag4j.swag.laplace;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.GaussianNoise;
import io.github.swag4j.swag.WeightPosterior;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Laplace approximation: the Gaussian N(w, P^-1) around trained weights w, with precision
 *
 * <pre>
 *   P = H / T + diag(d)
 * </pre>
 *
 * <p>for each layer: H the curvature of the negative log likelihood summed over the training rows,
 * T the temperature (1 by default; above 1 widens), d the precision of the layer's Gaussian prior
 * N(0, 1/d) (1 by default: optimise it). Layers are independent; weights of no layer stay at w. The
 * log marginal likelihood, as laplace-torch and MacKay define it, is
 *
 * <pre>
 *   log p(D) = log p(D | w) / T - 1/2 sum over layers of (log det P - n log d + d |w|^2)
 * </pre>
 *
 * <p>A sample is a pure function of (seed, index), drawn with the noise {@value #SAMPLER}. Batch
 * normalisation stays as the model has it: the curvature was taken with the model's own statistics.
 * Immutable; safe for use by several threads.
 *
 * @see <a href="https://arxiv.org/abs/2106.14806">Daxberger et al. 2021, Laplace Redux, eq. 4,
 *     8</a>
 * @see <a href="https://openreview.net/forum?id=Skdvd2xAZ">Ritter et al. 2018, A Scalable Laplace
 *     Approximation for Neural Networks</a>
 */
public final class LaplacePosterior implements WeightPosterior {

  /** Name of the noise that samples are drawn with, stored in files. */
  public static final String SAMPLER = GaussianNoise.ALGORITHM;

  private final Weights mean;
  private final List<LayerCurvature> layers;
  private final List<LaplaceLayer.Place> places;
  private final double logLikelihood;
  private final long rows;
  private final double[] priors;
  private final double temperature;
  private final LayerPrecisions precisions;

  private LaplacePosterior(
      Weights mean,
      List<LayerCurvature> layers,
      double logLikelihood,
      long rows,
      double[] priors,
      double temperature) {
    this.mean = mean;
    this.layers = layers;
    this.places = layers.stream().map(c -> c.layer().in(mean.layout())).toList();
    this.logLikelihood = logLikelihood;
    this.rows = rows;
    this.priors = priors;
    this.temperature = temperature;
    double[] squaredNorms = places.stream().mapToDouble(p -> squaredNorm(mean, p)).toArray();
    this.precisions = new LayerPrecisions(layers, squaredNorms, priors, temperature);
  }

  /**
   * A posterior with prior precision 1 and temperature 1.
   *
   * @param mean the trained weights, of the whole model
   * @param layers curvature of the layers whose weights vary, each tensor in one layer at most
   * @param logLikelihood log p(D | w), summed over the training rows, in nats
   * @param rows training rows, at least 1
   * @return the posterior
   * @throws IllegalArgumentException if there is no layer, a layer's tensors are not the mean's, a
   *     tensor is in two layers, or the likelihood is not finite
   */
  public static LaplacePosterior of(
      Weights mean, List<LayerCurvature> layers, double logLikelihood, long rows) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a Laplace posterior must have at least 1 layer, got 0");
    }
    Set<String> seen = new HashSet<>();
    for (LayerCurvature curvature : layers) {
      LaplaceLayer layer = curvature.layer();
      if (!seen.add(layer.weight()) || (layer.bias() != null && !seen.add(layer.bias()))) {
        throw new IllegalArgumentException(
            "a tensor must be in one layer at most, layer " + layer.name() + " shares one");
      }
    }
    if (!Double.isFinite(logLikelihood) || rows < 1) {
      throw new IllegalArgumentException(
          "a log likelihood must be finite and of at least 1 row, got "
              + logLikelihood
              + " of "
              + rows);
    }
    double[] priors = new double[layers.size()];
    Arrays.fill(priors, 1);
    return new LaplacePosterior(mean, List.copyOf(layers), logLikelihood, rows, priors, 1);
  }

  /**
   * The posterior under another prior, the same for all layers.
   *
   * @param precision d, above 0; as weight decay it is d / rows a row
   * @return the posterior
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public LaplacePosterior withPriorPrecision(double precision) {
    double[] all = new double[layers.size()];
    Arrays.fill(all, precision);
    return withPriorPrecisions(all);
  }

  /**
   * The posterior under another prior for each layer.
   *
   * @param precisions d of each layer, in the order of {@link #layers}
   * @return the posterior
   * @throws IllegalArgumentException if there is not one for each layer, or one is not positive and
   *     finite
   */
  public LaplacePosterior withPriorPrecisions(double... precisions) {
    if (precisions.length != layers.size()) {
      throw new IllegalArgumentException(
          "prior precisions must be one for each of "
              + layers.size()
              + " layers, got "
              + precisions.length);
    }
    for (double precision : precisions) {
      requirePositive("prior precision", precision);
    }
    return new LaplacePosterior(mean, layers, logLikelihood, rows, precisions.clone(), temperature);
  }

  /**
   * The posterior under another temperature of the likelihood.
   *
   * @param value T, above 0; below 1 the posterior is narrower
   * @return the posterior
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public LaplacePosterior withTemperature(double value) {
    requirePositive("temperature", value);
    return new LaplacePosterior(mean, layers, logLikelihood, rows, priors, value);
  }

  /**
   * The posterior whose prior precision, one for all layers, has the largest marginal likelihood
   * between 1e-6 and 1e8: decades are tried first, then Brent's method around the best.
   *
   * @return the posterior
   * @throws IllegalStateException if the likelihood still grows at an end
   */
  public LaplacePosterior optimisePriorPrecision() {
    return withPriorPrecision(precisions.bestOfAll());
  }

  /**
   * The posterior whose prior precisions, one a layer, have the largest marginal likelihood.
   *
   * @return the posterior
   * @throws IllegalStateException if the likelihood of a layer still grows at an end of the range
   */
  public LaplacePosterior optimisePriorPrecisions() {
    return withPriorPrecisions(precisions.bestOfEach());
  }

  /**
   * The log marginal likelihood (evidence) of the training data.
   *
   * @return nats, summed over the rows
   */
  public double logMarginalLikelihood() {
    return logLikelihood / temperature + precisions.evidence();
  }

  /**
   * The log likelihood of the training data at the mean, at temperature 1.
   *
   * @return nats, summed over the rows
   */
  public double logLikelihood() {
    return logLikelihood;
  }

  /**
   * The rows the curvature was summed over.
   *
   * @return at least 1
   */
  public long rows() {
    return rows;
  }

  /**
   * Curvature of the layers whose weights vary.
   *
   * @return an unmodifiable list
   */
  public List<LayerCurvature> layers() {
    return layers;
  }

  /**
   * The prior's precisions.
   *
   * @return one for each layer, a copy
   */
  public double[] priorPrecisions() {
    return priors.clone();
  }

  /**
   * The likelihood's temperature.
   *
   * @return T, above 0
   */
  public double temperature() {
    return temperature;
  }

  /**
   * Marginal variances of a layer's weights: the diagonal of P^-1.
   *
   * @param layer which of {@link #layers}
   * @return {@code [outputs][columns]} row-major, see {@link LaplaceLayer}
   */
  public double[] weightVariances(int layer) {
    return precisions.of(layer).weightVariances();
  }

  /**
   * Variances of a layer's outputs W a (+ b) for given inputs of it.
   *
   * @param layer which of {@link #layers}
   * @param inputs {@code [inputs]}
   * @return {@code [outputs]}
   * @throws IllegalArgumentException if the length differs
   */
  public double[] outputVariances(int layer, double[] inputs) {
    double[] out = new double[layers.get(layer).layer().outputs()];
    precisions.of(layer).variances(withOne(layer, inputs), out);
    return out;
  }

  /**
   * Covariance of a layer's outputs W a (+ b) for given inputs of it.
   *
   * @param layer which of {@link #layers}
   * @param inputs {@code [inputs]}
   * @return {@code [outputs][outputs]} row-major
   * @throws IllegalArgumentException if the length differs
   */
  public double[] outputCovariance(int layer, double[] inputs) {
    int outputs = layers.get(layer).layer().outputs();
    double[] out = new double[outputs * outputs];
    precisions.of(layer).covariance(withOne(layer, inputs), out);
    return out;
  }

  private double[] withOne(int layer, double[] inputs) {
    LaplaceLayer of = layers.get(layer).layer();
    if (inputs.length != of.inputs()) {
      throw new IllegalArgumentException(
          "inputs of layer " + of.name() + " must be " + of.inputs() + ", got " + inputs.length);
    }
    double[] a = Arrays.copyOf(inputs, of.columns());
    if (of.bias() != null) {
      a[of.inputs()] = 1;
    }
    return a;
  }

  /**
   * One sample of a layer's weights.
   *
   * @param layer which of {@link #layers}
   * @param seed which series of samples
   * @param index which sample of the series, at least 0
   * @return {@code [outputs][columns]} row-major, see {@link LaplaceLayer}; the same numbers,
   *     before they are rounded, as in {@link #sample}
   * @throws IllegalArgumentException if the index is negative
   */
  public double[] sampleLayer(int layer, long seed, int index) {
    double[] weights = deviation(layer, seed, index);
    LaplaceLayer of = layers.get(layer).layer();
    float[] w = mean.toArray(places.get(layer).weight());
    float[] b = of.bias() == null ? null : mean.toArray(places.get(layer).bias());
    for (int o = 0; o < of.outputs(); o++) {
      for (int i = 0; i < of.inputs(); i++) {
        weights[o * of.columns() + i] += w[o * of.inputs() + i];
      }
      if (b != null) {
        weights[o * of.columns() + of.inputs()] += b[o];
      }
    }
    return weights;
  }

  private double[] deviation(int layer, long seed, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("sample index must be at least 0, got " + index);
    }
    double[] z = new double[layers.get(layer).layer().size()];
    GaussianNoise.fill(seed, index, places.get(layer).weight(), z);
    precisions.of(layer).colour(z);
    return z;
  }

  /**
   * Adds what the weights of a layer add to the covariance of a model's outputs that are linear in
   * them: J P^-1 J^T.
   *
   * @param layer which of {@link #layers}, of Kronecker-factored curvature
   * @param jacobian gradients of the outputs by the layer's weights
   * @param covariance {@code [model's outputs][model's outputs]} row-major, added to
   * @throws IllegalArgumentException if the curvature is of another kind, or sizes do not fit
   */
  public void addOutputCovariance(int layer, LayerJacobian jacobian, double[] covariance) {
    jacobian.requireOf(layers.get(layer).layer());
    if (!(precisions.of(layer) instanceof KroneckerPrecision kronecker)) {
      throw new IllegalArgumentException(
          "layer " + layers.get(layer).layer().name() + " must have Kronecker-factored curvature");
    }
    kronecker.addCovariance(jacobian, covariance);
  }

  /** The precision of the only layer. */
  LayerPrecision layerPrecision() {
    return precisions.of(0);
  }

  @Override
  public WeightLayout layout() {
    return mean.layout();
  }

  @Override
  public Weights mean() {
    return mean;
  }

  @Override
  public Weights sample(long seed, int index) {
    float[][] values = new float[layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = mean.toArray(t);
    }
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).layer().addTo(values, places.get(l), deviation(l, seed, index));
    }
    return Weights.adopt(layout(), values);
  }

  private static double squaredNorm(Weights mean, LaplaceLayer.Place place) {
    double sum = 0;
    for (float w : mean.toArray(place.weight())) {
      sum += (double) w * w;
    }
    if (place.bias() >= 0) {
      for (float w : mean.toArray(place.bias())) {
        sum += (double) w * w;
      }
    }
    return sum;
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(what + " must be positive and finite, got " + value);
    }
  }

  @Override
  public String toString() {
    double least = Arrays.stream(priors).min().orElseThrow();
    double most = Arrays.stream(priors).max().orElseThrow();
    long varying = layers.stream().mapToLong(c -> c.layer().size()).sum();
    return "Laplace posterior of "
        + layout()
        + ", "
        + varying
        + " of them in "
        + layers.size()
        + " layers vary, prior precision "
        + (least == most ? least : least + " to " + most);
  }
}
