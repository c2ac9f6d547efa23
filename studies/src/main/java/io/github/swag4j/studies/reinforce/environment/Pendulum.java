package io.github.swag4j.studies.reinforce.environment;

/**
 * A pendulum to be swung up with a torque of at most 2 and held there; equal to Gymnasium's
 * Pendulum-v1 but for its limit of 200 steps, which {@link ControlTask#PENDULUM} adds. It is never
 * over.
 *
 * <p>State: angle from upright (rad, not wrapped), its speed, at most 8. Observation: cosine and
 * sine of the angle, speed. Reward: minus angle^2 + 0.1 speed^2 + 0.001 torque^2 before the step,
 * the angle in [-pi, pi). The start is uniform: angle within pi, speed within 1.
 */
public final class Pendulum extends ClassicControl {
  private static final double FASTEST = 8;
  private static final float STRONGEST = 2;
  private static final double SECONDS = 0.05;

  /** A pendulum; an episode begins with a reset. */
  public Pendulum() {
    super(ActionSpace.Vector.within(STRONGEST), 3);
  }

  @Override
  double[] start(NumpyRandom random) {
    double angle = random.uniform(-Math.PI, Math.PI);
    return new double[] {angle, random.uniform(-1, 1)};
  }

  @Override
  double move(double[] state, float action) {
    // The torque's own terms are in float32, as NumPy has them for an action of that type.
    float torque = Math.max(-STRONGEST, Math.min(STRONGEST, action));
    double angle = wrapped(state[0]);
    double cost = angle * angle + 0.1 * (state[1] * state[1]) + 0.001f * (torque * torque);
    double speed = state[1] + (15.0 * StrictMath.sin(state[0]) + 3.0f * torque) * SECONDS;
    state[1] = clip(speed, FASTEST);
    state[0] += state[1] * SECONDS;
    return -cost;
  }

  /** In [-pi, pi), with the remainder of Python, which has the sign of the divisor. */
  private static double wrapped(double angle) {
    double turn = 2 * Math.PI;
    double rest = (angle + Math.PI) % turn;
    return (rest < 0 ? rest + turn : rest) - Math.PI;
  }

  @Override
  boolean terminated(double[] state) {
    return false;
  }

  @Override
  float[] observation(double[] state) {
    return floats(StrictMath.cos(state[0]), StrictMath.sin(state[0]), state[1]);
  }
}
