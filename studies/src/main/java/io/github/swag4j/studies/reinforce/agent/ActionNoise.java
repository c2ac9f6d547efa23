package io.github.swag4j.studies.reinforce.agent;

import io.github.swag4j.base.SplitMix;

/**
 * Noise that is added to actions between -1 and 1 while an agent learns: for each number of an
 * action a sequence that begins at 0 with each episode.
 */
public sealed interface ActionNoise {

  /**
   * The next of the sequence.
   *
   * @param before the one before, 0 when an episode begins
   * @param random where the draw comes from
   * @return what is added to the action
   */
  double next(double before, SplitMix random);

  /**
   * Independent normal draws.
   *
   * @param deviation standard deviation, at least 0
   */
  record Normal(double deviation) implements ActionNoise {

    /**
     * Checks the number.
     *
     * @param deviation standard deviation
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Normal {
      OptionRange.notNegative("deviation", deviation);
    }

    @Override
    public double next(double before, SplitMix random) {
      return deviation * random.gaussian();
    }

    @Override
    public String toString() {
      return Double.toString(deviation);
    }
  }

  /**
   * An Ornstein-Uhlenbeck process in steps of dt, which pushes the same way for a while: {@code x
   * += -theta x dt + deviation sqrt(dt) z}. Long after an episode began its variance is {@code
   * deviation^2 / (2 theta - theta^2 dt)}, and neighbours are correlated by {@code 1 - theta dt}.
   *
   * @param deviation of the noise that drives it, at least 0
   * @param theta how strongly it is drawn to 0, above 0
   * @param dt length of a step, above 0, at most 1 / theta
   * @see <a href="https://doi.org/10.1103/PhysRev.36.823">Uhlenbeck and Ornstein 1930</a>, and
   *     Lillicrap et al. 2016, section 7
   */
  record OrnsteinUhlenbeck(double deviation, double theta, double dt) implements ActionNoise {

    /**
     * Checks the numbers.
     *
     * @param deviation of the driving noise
     * @param theta strength
     * @param dt length of a step
     * @throws IllegalArgumentException if one is out of range
     */
    public OrnsteinUhlenbeck {
      OptionRange.notNegative("deviation", deviation);
      OptionRange.positive("theta", theta);
      OptionRange.positive("dt", dt);
      if (theta * dt > 1) {
        throw new IllegalArgumentException(
            "theta times dt must be at most 1, or noise changes its sign at each step, got "
                + theta
                + " and "
                + dt);
      }
    }

    /**
     * Theta 0.15 as in Lillicrap et al. 2016, in steps of 0.01 as Stable-Baselines3 has it.
     *
     * @param deviation of the driving noise
     * @return the process
     */
    public static OrnsteinUhlenbeck usual(double deviation) {
      return new OrnsteinUhlenbeck(deviation, 0.15, 0.01);
    }

    @Override
    public double next(double before, SplitMix random) {
      return before - theta * before * dt + deviation * Math.sqrt(dt) * random.gaussian();
    }

    @Override
    public String toString() {
      return "Ornstein-Uhlenbeck " + deviation + " (theta " + theta + ", dt " + dt + ")";
    }
  }
}
