package io.github.swag4j.studies.reinforce.environment;

import java.util.Arrays;

/**
 * What the classic control tasks have in common: a state of doubles, an episode that begins and
 * ends, and no time limit of their own.
 *
 * <p>Sines are those of StrictMath: the same on every machine, and within one unit in the last
 * place of the C library's, which NumPy takes.
 */
abstract sealed class ClassicControl implements Environment
    permits CartPole, Acrobot, Pendulum, MountainCarContinuous {
  private final ActionSpace actions;
  private final int observationSize;
  private double[] state;
  private boolean over = true;

  ClassicControl(ActionSpace actions, int observationSize) {
    this.actions = actions;
    this.observationSize = observationSize;
  }

  /** The first state of an episode. */
  abstract double[] start(NumpyRandom random);

  /** Moves the state in place; returns the reward. */
  abstract double move(double[] state, float action);

  /** Whether the task is over in a state. */
  abstract boolean terminated(double[] state);

  /** What is seen of a state. */
  abstract float[] observation(double[] state);

  @Override
  public final int observationSize() {
    return observationSize;
  }

  @Override
  public final ActionSpace actions() {
    return actions;
  }

  @Override
  public final float[] reset(long seed) {
    if (seed < 0) {
      throw new IllegalArgumentException("a seed must be at least 0, got " + seed);
    }
    state = start(new NumpyRandom(seed));
    over = false;
    return observation(state);
  }

  @Override
  public final Step step(float... action) {
    if (over) {
      throw new IllegalStateException(
          "no episode has begun, or it is over: reset comes before the next step");
    }
    actions.require(action);
    double reward = move(state, action[0]);
    over = terminated(state);
    return new Step(observation(state), reward, over, false);
  }

  /** The state, a copy. */
  final double[] state() {
    return state.clone();
  }

  /** Goes on from another state. */
  final void enter(double... other) {
    state = other.clone();
    over = false;
  }

  static double clip(double value, double limit) {
    return Math.max(-limit, Math.min(limit, value));
  }

  static float[] floats(double... values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + (state == null ? "" : Arrays.toString(state));
  }
}
