package io.github.swag4j.studies.reinforce.environment;

import java.util.Objects;

/** Cuts the episodes of an environment after so many steps: truncated, not terminated. */
public final class TimeLimit implements Environment {
  private final Environment environment;
  private final int steps;
  private int done;
  private boolean over = true;

  private TimeLimit(Environment environment, int steps) {
    this.environment = environment;
    this.steps = steps;
  }

  /**
   * An environment with a limit.
   *
   * @param environment which it takes over
   * @param steps the last step of an episode, at least 1
   * @return the environment with it
   * @throws IllegalArgumentException if steps is below 1
   */
  public static TimeLimit of(Environment environment, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a time limit must be at least 1 step, got " + steps);
    }
    return new TimeLimit(Objects.requireNonNull(environment, "environment"), steps);
  }

  @Override
  public int observationSize() {
    return environment.observationSize();
  }

  @Override
  public ActionSpace actions() {
    return environment.actions();
  }

  @Override
  public float[] reset(long seed) {
    done = 0;
    over = false;
    return environment.reset(seed);
  }

  @Override
  public Step step(float... action) {
    if (over) {
      throw new IllegalStateException(
          "the episode is over after " + done + " steps: reset comes before the next step");
    }
    Step step = environment.step(action);
    done++;
    over = step.over() || done >= steps;
    return done < steps
        ? step
        : new Step(step.observation(), step.reward(), step.terminated(), true);
  }
}
