package io.github.swag4j.swag.djl;

import io.github.swag4j.calibration.regression.GaussianPredictions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * What the samples of a posterior predict of a number for each row: their mean, and its variance by
 * the law of total variance, Var y = E_w[Var(y | w)] + Var_w[E(y | w)]. The first term, aleatoric,
 * is the noise that more data would not take away; the second, epistemic, is the disagreement of
 * the samples, which it would. Both are those of the mixture of the S samples: divided by S, not S
 * - 1.
 *
 * <p>Immutable; arrays are copied in and out.
 */
public final class PosteriorRegression {
  private static final double LOG_2PI = Math.log(2 * Math.PI);

  private final double[] mean;
  private final double[] aleatoric;
  private final double[] epistemic;
  private final double[] targets;
  private final double[][] sampleMeans;
  private final double[][] sampleVariances;
  private final int samples;

  /**
   * Moments, not copied.
   *
   * @param sampleVariances of each sample kept; null where all have the aleatoric ones
   */
  PosteriorRegression(
      double[] mean,
      double[] aleatoric,
      double[] epistemic,
      double[] targets,
      double[][] sampleMeans,
      double[][] sampleVariances,
      int samples) {
    this.mean = mean;
    this.aleatoric = aleatoric;
    this.epistemic = epistemic;
    this.targets = targets;
    this.sampleMeans = sampleMeans;
    this.sampleVariances = sampleVariances;
    this.samples = samples;
  }

  /**
   * Moments that were computed and not sampled.
   *
   * @param mean {@code [rows]}
   * @param aleatoric the noise's variance, at least 0
   * @param epistemic {@code [rows]}, each at least 0
   * @param targets {@code [rows]}, or null if unknown
   * @return predictions without single samples, as of one
   * @throws IllegalArgumentException if lengths differ or there is no row
   */
  public static PosteriorRegression closedForm(
      double[] mean, double aleatoric, double[] epistemic, double[] targets) {
    if (mean.length == 0
        || epistemic.length != mean.length
        || targets != null && targets.length != mean.length) {
      throw new IllegalArgumentException(
          "means, variances and targets must be one for each of at least 1 row, got "
              + mean.length
              + ", "
              + epistemic.length
              + (targets == null ? "" : " and " + targets.length));
    }
    double[] noise = new double[mean.length];
    Arrays.fill(noise, aleatoric);
    return new PosteriorRegression(
        mean.clone(),
        noise,
        epistemic.clone(),
        targets == null ? null : targets.clone(),
        new double[0][],
        null,
        1);
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return mean.length;
  }

  /** {@return the number of samples averaged, at least 1} */
  public int samples() {
    return samples;
  }

  /** {@return whether targets are known} */
  public boolean hasTargets() {
    return targets != null;
  }

  /** {@return whether the means of single samples were kept} */
  public boolean hasSamples() {
    return sampleMeans.length > 0;
  }

  /**
   * Predicted mean: the mean over samples of theirs.
   *
   * @param row the row
   * @return the mean, in the target's unit
   */
  public double mean(int row) {
    return mean[row];
  }

  /**
   * Mean over samples of the noise's variance.
   *
   * @param row the row
   * @return at least 0, in the target's unit squared
   */
  public double aleatoricVariance(int row) {
    return aleatoric[row];
  }

  /**
   * Variance over samples of their means.
   *
   * @param row the row
   * @return at least 0, in the target's unit squared; 0 with one sample
   */
  public double epistemicVariance(int row) {
    return epistemic[row];
  }

  /**
   * Aleatoric and epistemic variance together.
   *
   * @param row the row
   * @return at least 0, in the target's unit squared
   */
  public double totalVariance(int row) {
    return aleatoric[row] + epistemic[row];
  }

  /**
   * The target of a row.
   *
   * @param row the row
   * @return the target
   * @throws IllegalStateException if there are none
   */
  public double target(int row) {
    return requireTargets()[row];
  }

  /**
   * Predicted mean of one sample.
   *
   * @param sample which sample
   * @param row the row
   * @return its mean
   * @throws IllegalStateException if samples were not kept
   */
  public double sampleMean(int sample, int row) {
    return requireSamples()[Objects.checkIndex(sample, samples)][row];
  }

  /**
   * Noise variance of one sample.
   *
   * @param sample which sample
   * @param row the row
   * @return its variance
   * @throws IllegalStateException if samples were not kept
   */
  public double sampleVariance(int sample, int row) {
    requireSamples();
    Objects.checkIndex(sample, samples);
    return sampleVariances == null ? aleatoric[row] : sampleVariances[sample][row];
  }

  /**
   * The Gaussians with these means and total variances, which the regression metrics of {@code
   * calibration.regression} take.
   *
   * @return the predictions
   * @throws IllegalStateException if there are no targets
   * @throws IllegalArgumentException if a total variance is 0: a point prediction without noise
   */
  public GaussianPredictions gaussian() {
    requireTargets();
    double[] sd = new double[rows()];
    Arrays.setAll(sd, r -> Math.sqrt(totalVariance(r)));
    return GaussianPredictions.of(mean, sd, targets);
  }

  /**
   * Mean over rows of the negative log-likelihood of the targets under the mixture of the samples'
   * Gaussians, -ln (1/S sum_s N(y; m_s, v_s)): what the posterior predictive distribution is,
   * without the assumption that it is one Gaussian.
   *
   * @return the mean, in nats
   * @throws IllegalStateException if there are no targets, samples were not kept, or a variance is
   *     0
   */
  public double mixtureNll() {
    double[] y = requireTargets();
    double[][] means = requireSamples();
    double sum = 0;
    double[] logs = new double[means.length];
    for (int r = 0; r < y.length; r++) {
      for (int s = 0; s < logs.length; s++) {
        double v = sampleVariance(s, r);
        if (!(v > 0)) {
          throw new IllegalStateException(
              "a mixture of Gaussians needs variances above 0, got "
                  + v
                  + " in row "
                  + r
                  + ": say what the noise is");
        }
        double miss = y[r] - means[s][r];
        logs[s] = -0.5 * (LOG_2PI + Math.log(v) + miss * miss / v);
      }
      sum -= logMeanExp(logs);
    }
    return sum / y.length;
  }

  private static double logMeanExp(double[] logs) {
    double most = Arrays.stream(logs).max().orElseThrow();
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - most);
    }
    return most + Math.log(sum / logs.length);
  }

  /**
   * The same predictions in another unit: y = shift + scale * y', for networks trained on
   * standardised targets. Targets are taken along.
   *
   * @param shift added, finite
   * @param scale multiplied with first, above 0 and finite
   * @return the predictions in the new unit
   * @throws IllegalArgumentException if a number is not allowed
   */
  public PosteriorRegression rescaled(double shift, double scale) {
    if (!Double.isFinite(shift) || !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the shift must be finite and the scale above 0, got " + shift + " and " + scale);
    }
    double squared = scale * scale;
    return new PosteriorRegression(
        linear(mean, shift, scale),
        linear(aleatoric, 0, squared),
        linear(epistemic, 0, squared),
        targets == null ? null : linear(targets, shift, scale),
        linear(sampleMeans, shift, scale),
        sampleVariances == null ? null : linear(sampleVariances, 0, squared),
        samples);
  }

  private static double[][] linear(double[][] values, double shift, double scale) {
    return Arrays.stream(values).map(v -> linear(v, shift, scale)).toArray(double[][]::new);
  }

  private static double[] linear(double[] values, double shift, double scale) {
    return Arrays.stream(values).map(v -> shift + scale * v).toArray();
  }

  private double[] requireTargets() {
    if (targets == null) {
      throw new IllegalStateException("these predictions have no targets");
    }
    return targets;
  }

  private double[][] requireSamples() {
    if (sampleMeans.length == 0) {
      throw new IllegalStateException("samples were not kept: call keepSamples before regression");
    }
    return sampleMeans;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "regression of %,d rows by %d samples%s",
        rows(),
        samples,
        hasTargets() ? "" : ", no targets");
  }
}
