package io.github.swag4j.studies.reinforce.environment;

import java.util.Locale;
import java.util.function.Supplier;

/** The classic control tasks by name, with the time limits that Gymnasium gives them. */
public enum ControlTask implements Supplier<Environment> {
  /** CartPole-v1: 500 steps. */
  CARTPOLE("CartPole-v1", CartPole::new, 500, 475),
  /** Acrobot-v1: 500 steps. */
  ACROBOT("Acrobot-v1", Acrobot::new, 500, -100),
  /** Pendulum-v1: 200 steps. Gymnasium names no return at which it is solved. */
  PENDULUM("Pendulum-v1", Pendulum::new, 200, Double.NaN),
  /** MountainCarContinuous-v0: 999 steps. */
  MOUNTAIN_CAR_CONTINUOUS("MountainCarContinuous-v0", MountainCarContinuous::new, 999, 90);

  private final String gymnasium;
  private final Supplier<Environment> environment;
  private final int limit;
  private final double solved;

  ControlTask(String gymnasium, Supplier<Environment> environment, int limit, double solved) {
    this.gymnasium = gymnasium;
    this.environment = environment;
    this.limit = limit;
    this.solved = solved;
  }

  /** A new environment, with its time limit. */
  @Override
  public Environment get() {
    return TimeLimit.of(environment.get(), limit);
  }

  /**
   * Its name in Gymnasium.
   *
   * @return such as {@code CartPole-v1}
   */
  public String gymnasium() {
    return gymnasium;
  }

  /**
   * The mean return from which Gymnasium counts it as solved.
   *
   * @return NaN if it names none
   */
  public double solved() {
    return solved;
  }

  /** Its name in the program, such as {@code mountain-car-continuous}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
