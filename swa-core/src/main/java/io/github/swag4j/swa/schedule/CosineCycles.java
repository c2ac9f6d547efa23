package io.github.swag4j.swa.schedule;

import io.github.swag4j.swa.AveragingPlan;

/**
 * The learning rate of fast-SWA: part of half a cosine, then its last part again and again. With
 * cos1(x) = (1 + cos(pi x)) / 2,
 *
 * <pre>
 * rate(t) = peak cos1(t / halfWave)                                    for t &lt; decay,
 *           peak cos1((decay - cycle + (t - decay) mod cycle) / halfWave)  from there.
 * </pre>
 *
 * <p>The rate never reaches 0: a cycle runs from {@code rate(decay - cycle)} to nearly {@code peak
 * cos1(decay / halfWave)}, its lowest, and back at once. A longer half wave gives higher rates in
 * the cycles and weights further apart, which is what there is to average.
 *
 * @param peak the rate training begins with, above 0
 * @param decay units until the first end of a cycle, above 0
 * @param halfWave units of the half cosine, at least {@code decay}
 * @param cycle units in a cycle, above 0, at most {@code decay}
 * @see <a href="https://arxiv.org/abs/1806.05594">Athiwaratkun et al. 2019, There Are Many
 *     Consistent Explanations of Unlabeled Data, section 4 and figure 3</a>
 */
public record CosineCycles(double peak, double decay, double halfWave, double cycle)
    implements LearningRateSchedule {

  /**
   * Checks the numbers.
   *
   * @param peak the rate training begins with, above 0
   * @param decay units until the first end of a cycle, above 0
   * @param halfWave units of the half cosine, at least {@code decay}
   * @param cycle units in a cycle, above 0, at most {@code decay}
   * @throws IllegalArgumentException if a number is out of range
   */
  public CosineCycles {
    Checks.positive("peak", peak);
    Checks.positive("decay", decay);
    Checks.positive("halfWave", halfWave);
    Checks.positive("cycle", cycle);
    if (halfWave < decay) {
      throw new IllegalArgumentException(
          "halfWave must be at least decay "
              + decay
              + ", got "
              + halfWave
              + ": past its half wave a cosine rises again");
    }
    if (cycle > decay) {
      throw new IllegalArgumentException("cycle must be at most decay " + decay + ", got " + cycle);
    }
  }

  @Override
  public double rate(double time) {
    double at = time;
    if (time >= decay) {
      double since = time - decay;
      // A rounding error before the end of a cycle must not be its lowest rate once more.
      at = decay - cycle + Math.max(0, since - cycle * Checks.floor(since / cycle));
    }
    return peak * (1 - Shape.COSINE.share(at / halfWave));
  }

  @Override
  public CosineCycles stretched(double factor) {
    return new CosineCycles(peak, decay * factor, halfWave * factor, cycle * factor);
  }

  /**
   * The plan of SWA: once at the end of each cycle, after {@code decay}, {@code decay + cycle}, ...
   *
   * @param unit the unit this schedule's time is counted in
   * @return the plan
   * @throws IllegalArgumentException if a cycle does not end with a whole unit
   */
  public AveragingPlan swaPlan(AveragingPlan.Unit unit) {
    return new AveragingPlan(
        unit, whole("decay", decay), whole("cycle", cycle), AveragingPlan.NO_LAST);
  }

  /**
   * The plan of fast-SWA: several times in each cycle, a cycle earlier than SWA: after {@code decay
   * - cycle}, {@code decay - cycle + every}, ...
   *
   * @param unit the unit this schedule's time is counted in
   * @param every units between two collections, at least 1
   * @return the plan; with {@code every} the whole cycle it collects what {@link #swaPlan} does and
   *     one more, the first
   * @throws IllegalArgumentException if a cycle does not end with a whole unit or {@code every} is
   *     below 1
   */
  public AveragingPlan fastSwaPlan(AveragingPlan.Unit unit, long every) {
    long first = whole("decay", decay) - whole("cycle", cycle);
    return new AveragingPlan(unit, first, every, AveragingPlan.NO_LAST);
  }

  private static long whole(String what, double units) {
    long rounded = Math.round(units);
    if (rounded < 1 || Math.abs(units - rounded) > 1e-9 * rounded) {
      throw new IllegalArgumentException(
          what
              + " must be a whole number of units to collect there, got "
              + units
              + ": count in steps");
    }
    return rounded;
  }
}
