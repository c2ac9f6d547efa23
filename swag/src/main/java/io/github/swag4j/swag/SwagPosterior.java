package io.github.swag4j.swag;

import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Gaussian posterior over weights estimated from the iterates of SGD (SWAG).
 *
 * <p>The distribution is N(mean, scale * (diag(variance) + D D^T / (K - 1))) with D the {@code
 * [weights][K]} deviations of the last K collected iterates. With fewer than two columns there is
 * no low-rank part. A sample is mean + sqrt(scale) * (sqrt(variance) z1 + D z2 / sqrt(K - 1)), z1
 * one standard normal number a weight, z2 one a column, shared by all tensors. Scale 1/2 gives the
 * paper's factors 1/sqrt(2) and 1/sqrt(2 (K - 1)); scale 0 is the SWA solution. Other choices, the
 * diagonal or the low-rank part alone, z2 for each tensor, some tensors only, pairs of opposite
 * noise, are in {@link SampleMode}; they can be put together, and densities follow them.
 *
 * <p>Immutable; safe for use by several threads. (K + 2) * 4 bytes a weight, or (K + 4) * 2 with
 * deviations of bfloat16; these may lie in files ({@link DeviationStorage}).
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, A Simple Baseline for
 *     Bayesian Uncertainty in Deep Learning, section 3.2 and eq. 1</a>
 */
public final class SwagPosterior implements WeightPosterior {

  /** Scale of a posterior with a diagonal and a low-rank part, as in the paper. */
  public static final double LOW_RANK_SCALE = 0.5;

  /** Scale of a posterior with a diagonal covariance, as in the paper, or a low-rank part alone. */
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

    /** {@return rank 20 as in the paper, variance floor 1e-30, deviations from the running mean} */
    public static Options defaults() {
      return new Options(20, 1e-30f, Centre.RUNNING_MEAN);
    }

    /**
     * {@return the same with another rank}
     *
     * @param newRank most deviations to keep
     */
    public Options withRank(int newRank) {
      return new Options(newRank, varianceFloor, centre);
    }

    /**
     * {@return the same with another centre}
     *
     * @param newCentre what deviations are measured from
     */
    public Options withCentre(Centre newCentre) {
      return new Options(rank, varianceFloor, newCentre);
    }
  }

  private final SwagMoments moments;
  private final double scale;
  private final Sampler sampler;
  private final SampleMode mode;
  private final int[] places;

  /** Whether somebody asked for this scale, be it the default's number or not. */
  private final boolean scaleSaid;

  /** Null until it is asked for. */
  private volatile LowRankGaussian gaussian;

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
    this(
        SwagMoments.checked(options, count, mean, variance, deviations),
        scale,
        Sampler.THREEFRY_V2,
        SampleMode.DEFAULT,
        false);
  }

  private SwagPosterior(
      SwagMoments moments, double scale, Sampler sampler, SampleMode mode, boolean scaleSaid) {
    if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale must be finite and at least 0, got " + scale);
    }
    sampler.requireMode(mode);
    this.moments = moments;
    this.scale = scale;
    this.sampler = sampler;
    this.mode = mode;
    this.places = mode.places(moments.mean().layout());
    this.scaleSaid = scaleSaid;
  }

  static SwagPosterior of(SwagMoments moments) {
    return of(moments, SampleMode.of(moments).parts().defaultScale(moments.columns().size()));
  }

  /** At a scale of which it is not known whether somebody chose it. */
  static SwagPosterior of(SwagMoments moments, double scale) {
    return new SwagPosterior(moments, scale, Sampler.THREEFRY_V2, SampleMode.of(moments), false);
  }

  /** Other parts; the scale changes with them where it is the default. */
  private SwagPosterior with(SwagMoments other, SampleMode.Parts parts) {
    boolean kept = scaleSaid || scale != mode.parts().defaultScale(moments.columns().size());
    double newScale = kept ? scale : parts.defaultScale(other.columns().size());
    return new SwagPosterior(other, newScale, sampler, mode.withParts(parts), scaleSaid);
  }

  /**
   * {@return the same moments with another scale (posterior temperature)}
   *
   * @param newScale factor of the covariance, at least 0
   * @throws IllegalArgumentException if the scale is negative or not finite
   */
  public SwagPosterior withScale(double newScale) {
    return new SwagPosterior(moments, newScale, sampler, mode, true);
  }

  /**
   * {@return the same distribution, drawn from by another algorithm}
   *
   * @param other the sampler, to draw what an older file drew
   * @throws IllegalArgumentException if the older sampler cannot draw in this {@link #mode}
   */
  public SwagPosterior withSampler(Sampler other) {
    return new SwagPosterior(moments, scale, other, mode, scaleSaid);
  }

  /** {@return the algorithm that draws samples} */
  public Sampler sampler() {
    return sampler;
  }

  /**
   * {@return the same mean and variances without the low-rank part (SWAG-diagonal)} A scale that is
   * the default of this posterior, and that nobody gave to {@link #withScale}, becomes the default
   * of a diagonal one, 1; any other, 0 among them, is somebody's choice and stays. Files hold the
   * scale and not who chose it.
   *
   * @throws IllegalStateException if there are no variances
   */
  public SwagPosterior diagonal() {
    return with(moments.withoutColumns(), SampleMode.Parts.BOTH);
  }

  /**
   * {@return the same mean and deviations without the diagonal part: samples are mean + sqrt(scale
   * / (K - 1)) D z2} The scale is treated as by {@link #diagonal}; the variances stay and are not
   * used. It has no density over all weights.
   *
   * @throws IllegalStateException if there are fewer than two deviations, so that nothing is left
   */
  public SwagPosterior lowRankOnly() {
    moments.requireLowRank();
    return with(moments, SampleMode.Parts.LOW_RANK);
  }

  /**
   * {@return the same with noise z2 drawn for each tensor, all independent, or shared by all again}
   *
   * @param blockwise whether each tensor has its own
   */
  public SwagPosterior withBlockwise(boolean blockwise) {
    return new SwagPosterior(moments, scale, sampler, mode.withBlockwise(blockwise), scaleSaid);
  }

  /**
   * {@return the same distribution with samples 2 i and 2 i + 1 on opposite sides of the mean, or
   * without such pairs again} Samples of even index are what they are without.
   *
   * @param antithetic whether they are
   */
  public SwagPosterior withAntitheticPairs(boolean antithetic) {
    return new SwagPosterior(moments, scale, sampler, mode.withAntithetic(antithetic), scaleSaid);
  }

  /**
   * {@return the same with only some tensors stochastic, all others at the mean} For the last layer
   * {@code withStochastic(Selection.all().onlyNames(".*head.*"))}. Their noise stays as it is.
   *
   * @param selection which; it narrows all tensors, not those of an earlier call
   * @throws IllegalArgumentException if no tensor is selected
   */
  public SwagPosterior withStochastic(Selection selection) {
    return withStochastic(tensor -> selection.includes(tensor, true));
  }

  /**
   * {@return the same as {@link #withStochastic(Selection)} by any rule}
   *
   * @param rule says of a tensor whether it is stochastic
   * @throws IllegalArgumentException if no tensor is
   */
  public SwagPosterior withStochastic(Predicate<WeightLayout.Tensor> rule) {
    return withMode(
        mode.withStochastic(
            layout().tensors().stream().filter(rule).map(WeightLayout.Tensor::name).toList()));
  }

  /**
   * {@return the same moments and scale, drawn from as another posterior is}
   *
   * @param other the mode
   * @throws IllegalArgumentException if a stochastic tensor is none of this layout, or the sampler
   *     cannot draw so
   * @throws IllegalStateException if there is no low-rank part and nothing else is wanted, or there
   *     are no variances and they are
   */
  public SwagPosterior withMode(SampleMode other) {
    moments.require(other.parts());
    return new SwagPosterior(moments, scale, sampler, other, scaleSaid);
  }

  /** {@return what is drawn, and who shares the noise} */
  public SampleMode mode() {
    return mode;
  }

  @Override
  public WeightLayout layout() {
    return moments.mean().layout();
  }

  @Override
  public Weights mean() {
    return moments.mean();
  }

  /** {@return whether there are variances; not where deviations alone were collected} */
  public boolean hasVariance() {
    return moments.variance() != null;
  }

  /**
   * {@return variance of each weight over the iterates before scaling, at least the floor}
   *
   * @throws IllegalStateException if there are none
   */
  public Weights variance() {
    moments.requireVariances("the diagonal");
    return moments.variance();
  }

  /**
   * {@return the columns of D, oldest first; fewer than the rank if fewer iterates were collected}
   * Where they are bfloat16, each {@code get} widens one into new memory.
   */
  public List<Weights> deviations() {
    return moments.deviations();
  }

  /** {@return how many iterates the moments come from} */
  public long count() {
    return moments.count();
  }

  /** {@return factor of the covariance} */
  public double scale() {
    return scale;
  }

  /** {@return how it was estimated} */
  public Options options() {
    return moments.options();
  }

  @Override
  public boolean isPoint() {
    return scale == 0;
  }

  @Override
  public Weights sample(long seed, int index) {
    return sampler.draw(this, seed, index, 1).get(0);
  }

  /**
   * Several samples at a time: the same bits as one by one, in less time, because the deviations
   * are read from memory once.
   *
   * @param seed any number
   * @param first index of the first sample, at least 0
   * @param howMany samples, at least 1; each takes 4 bytes a stochastic weight
   * @return the samples first, first + 1, ...
   * @throws IllegalArgumentException if an index is below 0 or no sample is asked for
   */
  @Override
  public List<Weights> samples(long seed, int first, int howMany) {
    return sampler.draw(this, seed, first, howMany);
  }

  /**
   * The distribution that samples are drawn from as a density: log density, log determinant,
   * Mahalanobis distance, divergence from another posterior, spectrum. Prepared at the first call,
   * in O(weights K^2).
   *
   * @return N(mean, scale (diag(variance) + D D^T / (K - 1))), or what the {@link #mode} makes of
   *     it
   * @throws IllegalStateException if the scale is 0, where there is no density
   */
  public LowRankGaussian gaussian() {
    if (gaussian == null) {
      gaussian = LowRankGaussian.of(this); // by two threads the same twice
    }
    return gaussian;
  }

  /**
   * {@return natural logarithm of the density that the sampler draws from, by {@link #gaussian}}
   *
   * @param weights where to evaluate it
   * @throws IllegalStateException if the scale is 0 or the mode the low-rank part alone: no density
   * @throws IllegalArgumentException if the weights are of another layout
   */
  public double logDensity(WeightSource weights) {
    layout().requireSame(weights.layout());
    return gaussian().logDensity(weights);
  }

  SwagMoments moments() {
    return moments;
  }

  /** Places of the stochastic tensors, in order. */
  int[] places() {
    return places;
  }

  @Override
  public String toString() {
    String drawn = mode.equals(SampleMode.DEFAULT) ? "" : ", " + mode;
    String facts = count() + " iterates, rank " + moments.columns().size() + ", scale " + scale;
    return "SWAG posterior of " + facts + drawn + ", " + layout();
  }
}
