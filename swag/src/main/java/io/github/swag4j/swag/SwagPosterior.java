package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;

/**
 * Gaussian posterior over weights estimated from the iterates of SGD (SWAG).
 *
 * <p>The distribution is N(mean, scale * (diag(variance) + D D^T / (K - 1))) with D the {@code
 * [weights][K]} deviations of the last K collected iterates. With fewer than two columns there is
 * no low-rank part. A sample is mean + sqrt(scale) * (sqrt(variance) z1 + D z2 / sqrt(K - 1)), z1
 * one standard normal number a weight, z2 one a column, shared by all tensors. Scale 1/2 gives the
 * paper's factors 1/sqrt(2) and 1/sqrt(2 (K - 1)); scale 0 is the SWA solution.
 *
 * <p>Immutable; safe for use by several threads. (K + 2) * 4 bytes a weight.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, A Simple Baseline for
 *     Bayesian Uncertainty in Deep Learning, section 3.2 and eq. 1</a>
 */
public final class SwagPosterior implements WeightPosterior {

  /** Scale of a posterior with a low-rank part, as in the paper. */
  public static final double LOW_RANK_SCALE = 0.5;

  /** Scale of a posterior with a diagonal covariance, as in the paper. */
  public static final double DIAGONAL_SCALE = 1;

  /** Largest rank. */
  public static final int MAX_RANK = 512;

  /** What deviations are measured from. */
  public enum Centre {
    /** The mean of the iterates up to and including the column's own, as in the paper. */
    RUNNING_MEAN,
    /** The mean of all iterates. */
    FINAL_MEAN
  }

  /**
   * How a posterior is estimated.
   *
   * @param rank most deviations to keep, 0 for a diagonal covariance, else 2 to {@value
   *     SwagPosterior#MAX_RANK}
   * @param varianceFloor smallest variance of a weight, above 0
   * @param centre what deviations are measured from
   */
  public record Options(int rank, float varianceFloor, Centre centre) {
    /**
     * Checks the numbers.
     *
     * @param rank most deviations to keep, 0 for a diagonal covariance, else 2 to {@value
     *     SwagPosterior#MAX_RANK}
     * @param varianceFloor smallest variance of a weight, above 0
     * @param centre what deviations are measured from
     * @throws IllegalArgumentException if the rank is 1, negative or above {@value
     *     SwagPosterior#MAX_RANK}, or the floor is not above 0
     */
    public Options {
      Objects.requireNonNull(centre, "centre");
      if (rank != 0 && (rank < 2 || rank > MAX_RANK)) {
        throw new IllegalArgumentException(
            "rank must be 0 or between 2 and " + MAX_RANK + ", got " + rank);
      }
      if (!(varianceFloor > 0 && varianceFloor < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "variance floor must be finite and above 0, got " + varianceFloor);
      }
    }

    /**
     * Rank 20 as in the paper, variance floor 1e-30, deviations from the running mean.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(20, 1e-30f, Centre.RUNNING_MEAN);
    }

    /**
     * The same with another rank.
     *
     * @param newRank most deviations to keep
     * @return the options
     */
    public Options withRank(int newRank) {
      return new Options(newRank, varianceFloor, centre);
    }

    /**
     * The same with another centre.
     *
     * @param newCentre what deviations are measured from
     * @return the options
     */
    public Options withCentre(Centre newCentre) {
      return new Options(rank, varianceFloor, newCentre);
    }
  }

  private final Options options;
  private final long count;
  private final double scale;
  private final Weights mean;
  private final Weights variance;
  private final List<Weights> deviations;
  private final Sampler sampler;

  /**
   * A posterior of given moments.
   *
   * @param options how it was estimated
   * @param count weight vectors that were collected
   * @param scale factor of the covariance, at least 0
   * @param mean their mean
   * @param variance their variance, above 0
   * @param deviations columns of the low-rank part, oldest first
   * @throws IllegalArgumentException if the scale is negative or not finite, layouts differ, or a
   *     variance is not finite and above 0
   */
  public SwagPosterior(
      Options options,
      long count,
      double scale,
      Weights mean,
      Weights variance,
      List<Weights> deviations) {
    this(options, count, scale, mean, variance, deviations, Sampler.THREEFRY_V2);
    mean.layout().requireSame(variance.layout());
    deviations.forEach(column -> mean.layout().requireSame(column.layout()));
    requireVariances(variance);
  }

  /**
   * A posterior of moments that are not looked at here, because they lie in a file that is larger
   * than the memory: who makes it answers for them. {@code PosteriorFiles.read} checks them.
   *
   * @param options how it was estimated
   * @param count weight vectors that were collected
   * @param scale factor of the covariance, at least 0
   * @param mean their mean
   * @param variance their variance; samples are NaN where one is below 0
   * @param deviations columns of the low-rank part, oldest first
   * @return the posterior
   * @throws IllegalArgumentException if the scale is negative or not finite, or layouts differ
   */
  public static SwagPosterior unread(
      Options options,
      long count,
      double scale,
      Weights mean,
      Weights variance,
      List<Weights> deviations) {
    mean.layout().requireSame(variance.layout());
    deviations.forEach(column -> mean.layout().requireSame(column.layout()));
    return new SwagPosterior(
        options, count, scale, mean, variance, deviations, Sampler.THREEFRY_V2);
  }

  private static void requireVariances(Weights variance) {
    for (int t = 0; t < variance.layout().tensors().size(); t++) {
      FloatBuffer values = variance.values(t);
      for (int i = 0; i < values.limit(); i++) {
        if (!(values.get(i) > 0 && values.get(i) < Float.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "variances must be finite and above 0, got "
                  + values.get(i)
                  + " at "
                  + variance.layout().tensor(t).name()
                  + "["
                  + i
                  + "]: raise them to the variance floor");
        }
      }
    }
  }

  private SwagPosterior(
      Options options,
      long count,
      double scale,
      Weights mean,
      Weights variance,
      List<Weights> deviations,
      Sampler sampler) {
    if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale must be finite and at least 0, got " + scale);
    }
    this.options = options;
    this.count = count;
    this.scale = scale;
    this.mean = mean;
    this.variance = variance;
    this.deviations = List.copyOf(deviations);
    this.sampler = sampler;
  }

  static double defaultScale(int columns) {
    return columns >= 2 ? LOW_RANK_SCALE : DIAGONAL_SCALE;
  }

  /**
   * The same moments with another scale (posterior temperature).
   *
   * @param newScale factor of the covariance, at least 0
   * @return the posterior
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public SwagPosterior withScale(double newScale) {
    return new SwagPosterior(options, count, newScale, mean, variance, deviations, sampler);
  }

  /**
   * The same distribution, drawn from by another algorithm.
   *
   * @param other the sampler, for one to draw what an older file drew
   * @return the posterior
   */
  public SwagPosterior withSampler(Sampler other) {
    return new SwagPosterior(options, count, scale, mean, variance, deviations, other);
  }

  /**
   * The algorithm that draws samples.
   *
   * @return the sampler
   */
  public Sampler sampler() {
    return sampler;
  }

  /**
   * The same mean and variances without the low-rank part (SWAG-diagonal). A scale that is the
   * default of this posterior becomes the default of a diagonal one, 1; any other, 0 among them, is
   * somebody's choice and stays.
   *
   * @return the posterior
   */
  public SwagPosterior diagonal() {
    double kept = scale == defaultScale(deviations.size()) ? DIAGONAL_SCALE : scale;
    return new SwagPosterior(options.withRank(0), count, kept, mean, variance, List.of(), sampler);
  }

  @Override
  public WeightLayout layout() {
    return mean.layout();
  }

  @Override
  public Weights mean() {
    return mean;
  }

  /**
   * Variance of each weight over the iterates, before scaling.
   *
   * @return the variances, at least the floor
   */
  public Weights variance() {
    return variance;
  }

  /**
   * The columns of D, oldest first.
   *
   * @return K deviations; fewer than the rank if fewer iterates were collected
   */
  public List<Weights> deviations() {
    return deviations;
  }

  /**
   * How many iterates the moments come from.
   *
   * @return the count
   */
  public long count() {
    return count;
  }

  /**
   * Factor of the covariance.
   *
   * @return the scale
   */
  public double scale() {
    return scale;
  }

  /**
   * How it was estimated.
   *
   * @return the options
   */
  public Options options() {
    return options;
  }

  @Override
  public boolean isPoint() {
    return scale == 0;
  }

  @Override
  public Weights sample(long seed, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("sample index must be at least 0, got " + index);
    }
    if (isPoint()) {
      return mean;
    }
    return sampler == Sampler.PHILOX_V1
        ? PhiloxSampler.sample(this, seed, index)
        : ThreefrySampler.sample(this, seed, index, 1).get(0);
  }

  /**
   * Several samples at a time: the same bits as one by one, in less time, because the deviations
   * are read from memory once.
   *
   * @param seed any number
   * @param first index of the first sample, at least 0
   * @param howMany samples, at least 1; each takes 4 bytes a weight
   * @return the samples first, first + 1, ...
   * @throws IllegalArgumentException if an index is below 0 or no sample is asked for
   */
  @Override
  public List<Weights> samples(long seed, int first, int howMany) {
    if (first < 0 || howMany < 1) {
      throw new IllegalArgumentException(
          "samples must begin at 0 or later and be at least 1, got " + howMany + " from " + first);
    }
    Math.addExact(first, howMany - 1);
    if (isPoint() || sampler == Sampler.PHILOX_V1) {
      return WeightPosterior.super.samples(seed, first, howMany);
    }
    return ThreefrySampler.sample(this, seed, first, howMany);
  }

  /**
   * The distribution that samples are drawn from as a density: log density, log determinant,
   * Mahalanobis distance, divergence from another posterior, spectrum. To prepare it takes
   * O(weights K^2), once; keep it where several weight vectors are asked about.
   *
   * @return N(mean, scale (diag(variance) + D D^T / (K - 1)))
   * @throws IllegalStateException if the scale is 0, where there is no density
   */
  public LowRankGaussian gaussian() {
    return LowRankGaussian.of(this);
  }

  /**
   * Natural logarithm of the density the sampler draws from: {@code
   * gaussian().logDensity(weights)}.
   *
   * @param weights where to evaluate it
   * @return log N(weights; mean, scale * (diag(variance) + D D^T / (K - 1)))
   * @throws IllegalStateException if the scale is 0, where there is no density
   * @throws IllegalArgumentException if the weights are of another layout
   */
  public double logDensity(WeightSource weights) {
    layout().requireSame(weights.layout());
    return gaussian().logDensity(weights);
  }

  @Override
  public String toString() {
    return "SWAG posterior of "
        + count
        + " iterates, rank "
        + deviations.size()
        + ", scale "
        + scale
        + ", "
        + layout();
  }
}
