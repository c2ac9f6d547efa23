package io.github.swag4j.calibration.reliability;

import io.github.swag4j.base.SplitMix;

/**
 * Random counts of a seed. Small ones are exact: Poisson by the product of uniform numbers,
 * binomial by the waiting times between successes. Where the variance is above {@value #LARGE},
 * both are the normal number of the same mean and variance, rounded and kept in range.
 */
public final class CountDraws {
  private static final double LARGE = 100;

  private final SplitMix random;

  /**
   * Draws of a seed.
   *
   * @param seed the same seed gives the same numbers
   */
  public CountDraws(long seed) {
    random = new SplitMix(seed);
  }

  /**
   * A standard normal number.
   *
   * @return from N(0, 1)
   */
  public double gaussian() {
    return random.gaussian();
  }

  /**
   * A Poisson number.
   *
   * @param mean at least 0
   * @return at least 0
   */
  public long poisson(double mean) {
    if (mean > LARGE) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.gaussian()));
    }
    double limit = Math.exp(-mean);
    long count = 0;
    for (double product = 1 - random.uniform(); product > limit; count++) {
      product *= 1 - random.uniform();
    }
    return count;
  }

  /**
   * A binomial number.
   *
   * @param trials at least 0
   * @param rate probability of a success, in [0, 1]
   * @return between 0 and the trials
   */
  public long binomial(long trials, double rate) {
    if (rate > 0.5) {
      return trials - binomial(trials, 1 - rate);
    }
    double variance = trials * rate * (1 - rate);
    if (!(variance > 0)) {
      return 0;
    }
    if (variance > LARGE) {
      long count = Math.round(trials * rate + Math.sqrt(variance) * random.gaussian());
      return Math.max(0, Math.min(trials, count));
    }
    // The trials up to a success are geometric: 1 + floor(ln u / ln (1 - rate)).
    double perTrial = Math.log1p(-rate);
    long successes = 0;
    double waited = 0;
    while (true) {
      waited += 1 + Math.floor(Math.log(1 - random.uniform()) / perTrial);
      if (waited > trials) {
        return successes;
      }
      successes++;
    }
  }
}
