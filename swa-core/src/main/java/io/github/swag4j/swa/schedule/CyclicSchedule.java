package io.github.swag4j.swa.schedule;

import io.github.swag4j.swa.AveragingPlan;

/**
 * A rate that comes back to its lowest value in each cycle, which is where weights are worth
 * averaging.
 */
public sealed interface CyclicSchedule extends LearningRateSchedule
    permits CyclicSchedule.Sawtooth, CyclicSchedule.Triangular {

  /**
   * Length of a cycle.
   *
   * @return units, above 0
   */
  double cycle();

  /**
   * When in a cycle the weights trained at the lowest rate are there.
   *
   * @return units finished since the cycle began, above 0, at most {@link #cycle}
   */
  double lowest();

  @Override
  CyclicSchedule stretched(double factor);

  /**
   * The plan that collects at the lowest rate of each cycle: after {@code start} + {@link #lowest}
   * units, then every {@link #cycle}.
   *
   * @param unit the unit this schedule's time is counted in
   * @param start units finished when the first cycle begins, at least 0: the {@code time} of {@code
   *     then(time, cyclic)}
   * @return the plan
   * @throws IllegalArgumentException if the lowest rate is not reached at the end of whole units:
   *     count in steps then, or take another cycle
   */
  default AveragingPlan plan(AveragingPlan.Unit unit, long start) {
    long every = whole("cycle", cycle());
    long lowest = whole("time of the lowest rate", lowest());
    if (start < 0) {
      throw new IllegalArgumentException("start must be at least 0, got " + start);
    }
    return new AveragingPlan(unit, start + lowest, every, AveragingPlan.NO_LAST);
  }

  private static long whole(String what, double units) {
    long rounded = Math.round(units);
    if (rounded < 1 || Math.abs(units - rounded) > 1e-9 * rounded) {
      throw new IllegalArgumentException(
          what
              + " must be a whole number of units to collect there, got "
              + units
              + ": count in steps, or take another cycle");
    }
    return rounded;
  }

  private static void requireRates(double high, double low) {
    Checks.positive("high", high);
    Checks.positive("low", low);
    if (low > high) {
      throw new IllegalArgumentException("low must be at most high " + high + ", got " + low);
    }
  }

  /**
   * From high to low in equal changes, then back at once.
   *
   * @param high the rate the first step of a cycle comes from, above 0
   * @param low the rate of its last step, above 0, at most {@code high}
   * @param steps steps in a cycle, at least 1
   * @param unit units of time a step takes, above 0
   */
  record Sawtooth(double high, double low, long steps, double unit) implements CyclicSchedule {
    /**
     * Checks the numbers.
     *
     * @param high the rate the first step of a cycle comes from, above 0
     * @param low the rate of its last step, above 0, at most {@code high}
     * @param steps steps in a cycle, at least 1
     * @param unit units of time a step takes, above 0
     * @throws IllegalArgumentException if a number is out of range
     */
    public Sawtooth {
      requireRates(high, low);
      if (steps < 1) {
        throw new IllegalArgumentException("steps must be at least 1, got " + steps);
      }
      Checks.positive("unit", unit);
    }

    @Override
    public double rate(double time) {
      double step = Checks.floor(time / unit) % steps;
      double t = (step + 1) / steps;
      return (1 - t) * high + t * low;
    }

    @Override
    public double cycle() {
      return steps * unit;
    }

    @Override
    public double lowest() {
      return cycle();
    }

    @Override
    public Sawtooth stretched(double factor) {
      return new Sawtooth(high, low, steps, unit * factor);
    }
  }

  /**
   * From high to low and back, by straight lines.
   *
   * @param high the rate at the beginning of a cycle, above 0
   * @param low the rate in its middle, above 0, at most {@code high}
   * @param cycle units in a cycle, above 0
   */
  record Triangular(double high, double low, double cycle) implements CyclicSchedule {
    /**
     * Checks the numbers.
     *
     * @param high the rate at the beginning of a cycle, above 0
     * @param low the rate in its middle, above 0, at most {@code high}
     * @param cycle units in a cycle, above 0
     * @throws IllegalArgumentException if a number is out of range
     */
    public Triangular {
      requireRates(high, low);
      Checks.positive("cycle", cycle);
    }

    @Override
    public double rate(double time) {
      double t = time / cycle - Math.floor(time / cycle);
      return t < 0.5 ? high * (1 - 2 * t) + low * 2 * t : high * (2 * t - 1) + low * (2 - 2 * t);
    }

    @Override
    public double lowest() {
      return cycle / 2;
    }

    @Override
    public Triangular stretched(double factor) {
      return new Triangular(high, low, cycle * factor);
    }
  }
}
