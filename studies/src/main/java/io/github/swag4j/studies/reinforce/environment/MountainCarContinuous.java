package io.github.swag4j.studies.reinforce.environment;

/**
 * A car in a valley, too weak to climb out without swinging; equal to Gymnasium's
 * MountainCarContinuous-v0 but for its limit of 999 steps, which {@link
 * ControlTask#MOUNTAIN_CAR_CONTINUOUS} adds.
 *
 * <p>State and observation: position in [-1.2, 0.6] and speed, at most 0.07. Over at 0.45, moving
 * on. Reward: 100 there, minus 0.1 action^2 each step, of the action before it is clipped to [-1,
 * 1]. The start is uniform in [-0.6, -0.4], at rest.
 *
 * <p>The state is kept in float32 after each step, and with NumPy 2 the arithmetic is that of
 * float32 but for the first step after a reset, from a float64 position, and for a clipped force.
 *
 * @see <a href="https://www.cl.cam.ac.uk/techreports/UCAM-CL-TR-209.pdf">Moore 1990, Efficient
 *     Memory-based Learning for Robot Control</a>
 */
public final class MountainCarContinuous extends ClassicControl {
  private static final double POWER = 0.0015;
  private static final double SLOPE = 0.0025;
  private static final double FASTEST = 0.07;
  private static final double LEFT_END = -1.2;
  private static final double RIGHT_END = 0.6;
  private static final double GOAL = 0.45;

  private boolean fresh;

  /** A car; an episode begins with a reset. */
  public MountainCarContinuous() {
    super(ActionSpace.Vector.within(1), 2);
  }

  @Override
  double[] start(NumpyRandom random) {
    fresh = true;
    return new double[] {random.uniform(-0.6, -0.4), 0};
  }

  @Override
  double move(double[] state, float action) {
    double force = Math.max(-1, Math.min(1, action));
    boolean clipped = force != action;
    if (fresh) {
      moveWide(state, force, clipped);
    } else {
      moveNarrow(state, action, force, clipped);
    }
    fresh = false;
    state[0] = (float) state[0];
    state[1] = (float) state[1];
    double effort = (double) action * action * 0.1;
    return terminated(state) ? 100.0 - effort : -effort;
  }

  private static void moveWide(double[] state, double force, boolean clipped) {
    double pull = SLOPE * StrictMath.cos(3 * state[0]);
    double gain = clipped ? force * POWER - pull : (float) force * (float) POWER - (float) pull;
    double speed = clip(state[1] + gain, FASTEST);
    double position = Math.max(LEFT_END, Math.min(RIGHT_END, state[0] + speed));
    state[0] = position;
    state[1] = position == LEFT_END && speed < 0 ? 0 : speed;
  }

  private static void moveNarrow(double[] state, float action, double force, boolean clipped) {
    float before = (float) state[0];
    double pull = SLOPE * StrictMath.cos(3 * before);
    float gain = clipped ? (float) (force * POWER - pull) : action * (float) POWER - (float) pull;
    float speed = (float) state[1] + gain;
    speed = Math.max((float) -FASTEST, Math.min((float) FASTEST, speed));
    float position = before + speed;
    position = Math.max((float) LEFT_END, Math.min((float) RIGHT_END, position));
    state[0] = position;
    state[1] = position == (float) LEFT_END && speed < 0 ? 0 : speed;
  }

  /** The goal in float32: what the state is compared with once it is kept in that. */
  @Override
  boolean terminated(double[] state) {
    return (float) state[0] >= (float) GOAL && state[1] >= 0;
  }

  @Override
  float[] observation(double[] state) {
    return floats(state);
  }
}
