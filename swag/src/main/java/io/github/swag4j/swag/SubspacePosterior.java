package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Posterior over the weights in a subspace, w = origin + P z, as members of a Markov chain: p(z)
 * proportional to N(z; 0, s^2 I) p(data | origin + P z)^(1/T) by elliptical slice sampling, from z
 * = 0 on.
 *
 * <p>Sample i is member i, for every seed of the predictor: the chain itself is a function of the
 * seed it was run with. Only the members' coordinates are kept, so each costs k numbers, and its
 * weights are made when asked for. Immutable.
 *
 * <p>Temperature T above 1 keeps the posterior from shrinking to a point: few dimensions see all
 * rows. The authors' program takes the number of rows divided by the number of dimensions unless
 * told otherwise; {@code ScaleSearch} of the calibration module chooses any such number on
 * validation data.
 *
 * @see <a href="https://arxiv.org/abs/1907.07504">Izmailov et al. 2019, Subspace Inference for
 *     Bayesian Deep Learning, section 3</a>
 * @see <a href="https://proceedings.mlr.press/v9/murray10a.html">Murray, Adams and MacKay 2010,
 *     Elliptical slice sampling</a>
 */
public final class SubspacePosterior implements WeightPosterior {

  /**
   * How the chain runs.
   *
   * @param samples members kept, at least 1
   * @param burnIn steps before the first, at least 0
   * @param thinning steps from one member to the next, at least 1
   * @param priorDeviation s, standard deviation of the prior of each coordinate, above 0
   * @param temperature T, the log likelihood is divided by it, above 0
   */
  public record Options(
      int samples, int burnIn, int thinning, double priorDeviation, double temperature) {
    /**
     * Checks the numbers.
     *
     * @param samples members kept, at least 1
     * @param burnIn steps before the first, at least 0
     * @param thinning steps from one member to the next, at least 1
     * @param priorDeviation s, standard deviation of the prior of each coordinate, above 0
     * @param temperature T, the log likelihood is divided by it, above 0
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      if (samples < 1 || burnIn < 0 || thinning < 1) {
        throw new IllegalArgumentException(
            "samples and thinning must be at least 1 and burn-in at least 0, got "
                + samples
                + ", "
                + thinning
                + " and "
                + burnIn);
      }
      requirePositive("prior deviation", priorDeviation);
      requirePositive("temperature", temperature);
    }

    /**
     * 30 members after 30 steps, 3 steps apart, prior of deviation 1, no temperature.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(30, 30, 3, 1, 1);
    }

    /**
     * The same with another length.
     *
     * @param newSamples members kept
     * @param newBurnIn steps before the first
     * @param newThinning steps from one member to the next
     * @return the options
     */
    public Options withSteps(int newSamples, int newBurnIn, int newThinning) {
      return new Options(newSamples, newBurnIn, newThinning, priorDeviation, temperature);
    }

    /**
     * The same with another prior.
     *
     * @param newDeviation standard deviation of each coordinate
     * @return the options
     */
    public Options withPriorDeviation(double newDeviation) {
      return new Options(samples, burnIn, thinning, newDeviation, temperature);
    }

    /**
     * The same with another temperature.
     *
     * @param newTemperature what the log likelihood is divided by
     * @return the options
     */
    public Options withTemperature(double newTemperature) {
      return new Options(samples, burnIn, thinning, priorDeviation, newTemperature);
    }

    private static void requirePositive(String what, double value) {
      if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(what + " must be finite and above 0, got " + value);
      }
    }
  }

  private final Subspace subspace;
  private final Options options;
  private final double[][] places;
  private final double[] logLikelihoods;
  private final long steps;
  private final long evaluations;

  private SubspacePosterior(
      Subspace subspace,
      Options options,
      double[][] places,
      double[] logLikelihoods,
      long steps,
      long evaluations) {
    this.subspace = subspace;
    this.options = options;
    this.places = places;
    this.logLikelihoods = logLikelihoods;
    this.steps = steps;
    this.evaluations = evaluations;
  }

  /**
   * Runs the chain. It takes burn-in + samples x thinning steps; a step computes the likelihood as
   * often as it proposes a place, once at least.
   *
   * @param subspace where
   * @param likelihood of the data under weights, the same for the same weights
   * @param options how
   * @param seed which chain
   * @return the posterior, a function of the arguments alone
   * @throws IllegalArgumentException if the log likelihood is NaN or positive infinity, or not
   *     finite at the origin
   * @throws IllegalStateException if the log likelihood changes from call to call
   * @throws IOException if the data cannot be read
   */
  public static SubspacePosterior run(
      Subspace subspace, LogLikelihood likelihood, Options options, long seed) throws IOException {
    EllipticalSlice chain =
        new EllipticalSlice(
            z -> likelihood.at(subspace.at(z)) / options.temperature(),
            subspace.dimensions(),
            options.priorDeviation(),
            seed);
    double[][] places = new double[options.samples()][];
    double[] heights = new double[options.samples()];
    for (int i = 0; i < options.burnIn(); i++) {
      chain.step();
    }
    for (int s = 0; s < places.length; s++) {
      for (int i = 0; i < options.thinning(); i++) {
        chain.step();
      }
      places[s] = chain.place();
      heights[s] = chain.height() * options.temperature();
    }
    long steps = options.burnIn() + (long) options.samples() * options.thinning();
    return new SubspacePosterior(subspace, options, places, heights, steps, chain.evaluations());
  }

  /**
   * Where the weights lie.
   *
   * @return the subspace
   */
  public Subspace subspace() {
    return subspace;
  }

  /**
   * How the chain ran.
   *
   * @return the options
   */
  public Options options() {
    return options;
  }

  /**
   * The members' coordinates.
   *
   * @return {@code [samples][k]}, a copy
   */
  public double[][] coordinates() {
    return Arrays.stream(places).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * The members' log likelihoods, not divided by the temperature.
   *
   * @return {@code [samples]}, a copy
   */
  public double[] logLikelihoods() {
    return logLikelihoods.clone();
  }

  /**
   * How many independent draws the members are worth, by coordinate. Below a tenth of their number
   * the chain has not forgotten its start: more steps between members, or a higher temperature.
   *
   * @return {@code [k]}, above 0 and at most the number of members
   * @see "Geyer 1992, Practical Markov Chain Monte Carlo, section 3.3"
   */
  public double[] effectiveSamples() {
    double[] out = new double[subspace.dimensions()];
    for (int j = 0; j < out.length; j++) {
      double[] series = new double[places.length];
      for (int s = 0; s < series.length; s++) {
        series[s] = places[s][j];
      }
      out[j] = ChainLength.effective(series);
    }
    return out;
  }

  /**
   * How often the likelihood was computed: what the chain cost.
   *
   * @return at least 1 more than there were steps
   */
  public long evaluations() {
    return evaluations;
  }

  /**
   * Share of proposed places that were taken. A step always ends on one, so it says what a step
   * costs and not whether the chain moves.
   *
   * @return steps / proposals, above 0 and at most 1
   */
  public double acceptance() {
    return (double) steps / (evaluations - 1);
  }

  @Override
  public WeightLayout layout() {
    return subspace.layout();
  }

  /**
   * The weights at the members' mean coordinates.
   *
   * @return origin + P mean(z)
   */
  @Override
  public Weights mean() {
    double[] mean = new double[subspace.dimensions()];
    for (double[] place : places) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += place[j] / places.length;
      }
    }
    return subspace.at(mean);
  }

  /**
   * A member of the chain, in its order.
   *
   * @param seed counts for nothing here
   * @param index which member, from 0 to the number of members less 1
   * @return its weights
   * @throws IllegalArgumentException if there is no such member
   */
  @Override
  public Weights sample(long seed, int index) {
    if (index < 0 || index >= places.length) {
      throw new IllegalArgumentException(
          "sample index must be at least 0 and below the "
              + places.length
              + " members of the chain, got "
              + index
              + ": run it for more, or take "
              + places.length
              + " samples");
    }
    return subspace.at(places[index]);
  }

  @Override
  public int mostSamples() {
    return places.length;
  }

  @Override
  public boolean isPoint() {
    return places.length == 1;
  }

  @Override
  public String toString() {
    List<String> effective = new ArrayList<>();
    for (double n : effectiveSamples()) {
      effective.add(String.format(Locale.ROOT, "%.1f", n));
    }
    return String.format(
        Locale.ROOT,
        "chain of %d members in a %s, temperature %s, %d likelihoods, worth %s draws",
        places.length,
        subspace,
        options.temperature(),
        evaluations,
        String.join(", ", effective));
  }
}
