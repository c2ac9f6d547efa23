package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;

/**
 * Sums up what a normal likelihood with noise of standard deviation s tells of the last layer f = w
 * a + b of a network that predicts a number:
 *
 * <pre>
 *   H = 1/s^2 sum_n a_n a_n^T
 *   log p(D | w) = -N/2 log(2 pi s^2) - sum_n (y_n - f_n)^2 / (2 s^2)
 * </pre>
 *
 * <p>That is exact, as the network is linear in these weights; with one output the Kronecker
 * structure is the same matrix. Rows are looked at once, for any number of noises. Sums are double,
 * in the order of the rows. Not safe for use by several threads.
 */
public final class RegressionCollector {
  private static final int MOST_STEPS = 10_000;
  private static final double SETTLED = 1e-12;

  private final LaplaceLayer layer;
  private final double[] weights;
  private final double[] gram;
  private double squaredResiduals;
  private long rows;

  /**
   * Noise and prior precision that make the training rows most likely.
   *
   * @param noise standard deviation of the targets around the network, in their unit
   * @param priorPrecision d
   */
  public record Optimum(double noise, double priorPrecision) {}

  /**
   * A collector of no rows.
   *
   * @param layer the last layer, of one output
   * @param weight {@code [inputs]}
   * @param bias {@code [1]}; null if the layer has none
   * @throws IllegalArgumentException if the layer has more outputs or is too large, or weights are
   *     not finite or of another size
   */
  public RegressionCollector(LaplaceLayer layer, float[] weight, float[] bias) {
    if (layer.outputs() != 1) {
      throw new IllegalArgumentException(
          "a regression must have one output, layer "
              + layer.name()
              + " has "
              + layer.outputs()
              + ": classes are for LastLayerCollector");
    }
    FullCurvature.requireFits(layer);
    this.layer = layer;
    this.weights = LastLayerCollector.joined(layer, weight, bias);
    this.gram = new double[layer.size() * layer.size()];
  }

  /**
   * Takes in rows.
   *
   * @param features {@code [rows][inputs]} row-major, finite
   * @param targets {@code [rows]}, finite
   * @throws IllegalArgumentException if lengths do not fit or a number is not finite; nothing is
   *     taken in then
   */
  public void add(float[] features, double[] targets) {
    int inputs = layer.inputs();
    if (features.length != (long) targets.length * inputs) {
      throw new IllegalArgumentException(
          "features must be " + targets.length + " x " + inputs + ", got " + features.length);
    }
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "features must be finite, got " + features[i] + " in row " + (rows + i / inputs));
      }
    }
    for (int r = 0; r < targets.length; r++) {
      if (!Double.isFinite(targets[r])) {
        throw new IllegalArgumentException(
            "targets must be finite, got " + targets[r] + " in row " + (rows + r));
      }
    }
    double[] a = layer.bias() == null ? new double[inputs] : new double[inputs + 1];
    a[a.length - 1] = 1;
    for (int r = 0; r < targets.length; r++) {
      for (int i = 0; i < inputs; i++) {
        a[i] = features[r * inputs + i];
      }
      double residual = targets[r] - DotProduct.of(weights, a);
      squaredResiduals += residual * residual;
      for (int i = 0; i < a.length; i++) {
        DenseMatrix.addMultiple(gram, i * a.length + i, a, i, a[i], a.length - i);
      }
    }
    rows += targets.length;
  }

  /**
   * The posterior under a noise.
   *
   * @param mean the trained weights, of the whole model
   * @param noise s, above 0
   * @return the posterior, with prior precision 1
   * @throws IllegalArgumentException if the noise is not positive and finite, or the mean has not
   *     the layer's tensors
   * @throws IllegalStateException if there were no rows
   */
  public LaplacePosterior posterior(Weights mean, double noise) {
    if (!(noise > 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("noise must be positive and finite, got " + noise);
    }
    requireRows();
    double variance = noise * noise;
    double[] curvature = whole();
    for (int i = 0; i < curvature.length; i++) {
      curvature[i] /= variance;
    }
    double logLikelihood =
        -0.5 * rows * StrictMath.log(2 * Math.PI * variance) - squaredResiduals / (2 * variance);
    return LaplacePosterior.of(
        mean, List.of(FullCurvature.of(layer, curvature)), logLikelihood, rows);
  }

  /**
   * Noise and prior precision of the largest marginal likelihood, by the fixed point of its
   * derivatives: with eigenvalues e of sum a a^T and g = sum e / (e + d s^2) weights that the rows
   * determine, s^2 = sum of squared residuals / (N - g), d = g / |w|^2.
   *
   * @return where it is
   * @throws IllegalStateException if there were no rows, or the likelihood has no maximum: all
   *     targets are met, there are no more rows than weights, or all weights are 0
   * @see <a href="https://doi.org/10.1162/neco.1992.4.3.415">MacKay 1992, Bayesian Interpolation,
   *     section 4</a>
   */
  public Optimum optimum() {
    requireRows();
    SymmetricEigen eigen = SymmetricEigen.ofPositive(whole(), layer.size());
    double norm = DotProduct.of(weights, weights);
    double variance = squaredResiduals / rows;
    double prior = norm > 0 ? layer.size() / norm : 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      double determined = 0;
      for (int i = 0; i < eigen.size(); i++) {
        determined += eigen.value(i) / (eigen.value(i) + prior * variance);
      }
      double nextVariance = squaredResiduals / (rows - determined);
      double nextPrior = determined / norm;
      boolean possible =
          nextVariance > 0
              && nextVariance < Double.POSITIVE_INFINITY
              && nextPrior > 0
              && nextPrior < Double.POSITIVE_INFINITY;
      if (!possible) {
        break;
      }
      boolean settled =
          Math.abs(nextVariance - variance) <= SETTLED * variance
              && Math.abs(nextPrior - prior) <= SETTLED * prior;
      variance = nextVariance;
      prior = nextPrior;
      if (settled) {
        return new Optimum(Math.sqrt(variance), prior);
      }
    }
    throw new IllegalStateException(
        "the marginal likelihood must have a maximum over noise and prior precision, "
            + rows
            + " rows with a sum of squared residuals of "
            + squaredResiduals
            + " give none for "
            + layer.size()
            + " weights: name the noise, and choose the prior on validation rows");
  }

  private void requireRows() {
    if (rows == 0) {
      throw new IllegalStateException("a curvature needs at least 1 training row, got 0");
    }
  }

  private double[] whole() {
    double[] whole = gram.clone();
    DenseMatrix.mirrorUpper(whole, layer.size());
    return whole;
  }

  /**
   * Rows so far.
   *
   * @return at least 0
   */
  public long rows() {
    return rows;
  }
}
