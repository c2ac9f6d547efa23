package io.github.swag4j.swa.io.average;

import java.util.Arrays;

/** How much each file counts in an average: sum of c_i w_i over files i = 0, 1, ... in order. */
public sealed interface AveragingRule {

  /** Every file counts the same: c_i = 1 / n. */
  record Uniform() implements AveragingRule {
    @Override
    public String toString() {
      return "uniform";
    }
  }

  /**
   * Files count in proportion to weights: c_i = weight_i / sum of weights.
   *
   * @param weights a weight for each file, finite, at least 0, not all 0
   */
  record Weighted(double... weights) implements AveragingRule {
    /**
     * Checks the weights.
     *
     * @param weights a weight for each file; copied
     * @throws IllegalArgumentException if one is negative or not finite, or their sum is 0 or not
     *     finite
     */
    public Weighted {
      weights = weights.clone();
      for (double weight : weights) {
        if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
          throw new IllegalArgumentException(
              "weights must be finite and at least 0, got " + weight);
        }
      }
      double sum = Arrays.stream(weights).sum();
      if (!(sum > 0) || sum == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("weights must have a finite sum above 0, got " + sum);
      }
    }

    /**
     * The weights.
     *
     * @return a copy
     */
    @Override
    public double[] weights() {
      return weights.clone();
    }

    @Override
    public String toString() {
      return "weighted " + Arrays.toString(weights);
    }
  }

  /**
   * Exponential moving average in the order of the files: e_0 = w_0, e_i = decay e_(i-1) + (1 -
   * decay) w_i, as {@code torch.optim.swa_utils.get_ema_avg_fn}.
   *
   * @param decay share of what was there before, between 0 and 1
   */
  record Exponential(double decay) implements AveragingRule {
    /**
     * Checks the decay.
     *
     * @param decay share of what was there before
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public Exponential {
      if (!(decay >= 0 && decay <= 1)) {
        throw new IllegalArgumentException("decay must be between 0 and 1, got " + decay);
      }
    }

    @Override
    public String toString() {
      return "exponential, decay " + decay;
    }
  }

  /**
   * Factors of the files, to be divided by {@link #divisor}.
   *
   * @param files number of files, at least 1
   * @return a factor for each
   * @throws IllegalArgumentException if the rule is for another number of files
   */
  default double[] factors(int files) {
    double[] factors = new double[files];
    if (this instanceof Weighted weighted) {
      if (weighted.weights.length != files) {
        throw new IllegalArgumentException(
            "weights must be one for each of " + files + " files, got " + weighted.weights.length);
      }
      return scaled(weighted.weights);
    }
    if (this instanceof Exponential exponential) {
      double later = 1;
      for (int i = files - 1; i > 0; i--) {
        factors[i] = (1 - exponential.decay()) * later;
        later *= exponential.decay();
      }
      factors[0] = later;
      return factors;
    }
    Arrays.fill(factors, 1);
    return factors;
  }

  /**
   * Times a power of two, which changes no bit of an average, so that the largest is between 1 and
   * 2: products with tiny weights would lose digits, those with huge ones be infinite.
   */
  private static double[] scaled(double[] weights) {
    int exponent = Math.getExponent(Arrays.stream(weights).max().orElse(1));
    return Arrays.stream(weights).map(weight -> Math.scalb(weight, -exponent)).toArray();
  }

  /**
   * What the sum of factors times weights is divided by. A division at the end keeps the average of
   * equal weights exact.
   *
   * @param files number of files
   * @return the sum of the factors, 1 for an exponential average
   */
  default double divisor(int files) {
    return this instanceof Exponential ? 1 : Arrays.stream(factors(files)).sum();
  }
}
