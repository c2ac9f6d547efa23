package io.github.swag4j.studies.reinforce.environment;

/**
 * Two links that hang from a hinge, with a torque of -1, 0 or 1 (actions 0, 1, 2) between them, to
 * be swung up; equal to Gymnasium's Acrobot-v1 but for its limit of 500 steps, which {@link
 * ControlTask#ACROBOT} adds.
 *
 * <p>State: angle of the first link from hanging, of the second from the first, and their speeds,
 * at most 4 pi and 9 pi. Observation: cosine and sine of each angle, speeds. One step of the
 * classical Runge-Kutta method over 0.2 s. Over when the end is more than one link above the hinge.
 * Reward -1 a step, 0 for the one that reaches it. The start is uniform within 0.1, in float32.
 *
 * @see <a href="http://incompleteideas.net/book/the-book-2nd.html">Sutton and Barto 2018,
 *     Reinforcement Learning: An Introduction, dynamics of the first edition's section 11.3</a>
 */
public final class Acrobot extends ClassicControl {
  private static final double GRAVITY = 9.8;

  /** Distance of each link's centre of mass from its hinge; lengths, masses and moments are 1. */
  private static final double CENTRE = 0.5;

  private static final double SECONDS = 0.2;
  private static final double FASTEST_FIRST = 4 * Math.PI;
  private static final double FASTEST_SECOND = 9 * Math.PI;

  /** Two links; an episode begins with a reset. */
  public Acrobot() {
    super(new ActionSpace.Choice(3), 6);
  }

  @Override
  double[] start(NumpyRandom random) {
    double[] state = new double[4];
    for (int i = 0; i < state.length; i++) {
      state[i] = (float) random.uniform(-0.1, 0.1);
    }
    return state;
  }

  @Override
  double move(double[] state, float action) {
    double torque = action - 1;
    integrate(state, torque, SECONDS);
    state[0] = wrapped(state[0]);
    state[1] = wrapped(state[1]);
    state[2] = clip(state[2], FASTEST_FIRST);
    state[3] = clip(state[3], FASTEST_SECOND);
    return terminated(state) ? 0 : -1;
  }

  /** One step of Runge and Kutta's method, in place. */
  static void integrate(double[] state, double torque, double seconds) {
    double[] k1 = change(state, torque);
    double[] k2 = change(ahead(state, k1, seconds / 2), torque);
    double[] k3 = change(ahead(state, k2, seconds / 2), torque);
    double[] k4 = change(ahead(state, k3, seconds), torque);
    for (int i = 0; i < state.length; i++) {
      state[i] += seconds / 6.0 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
  }

  private static double[] ahead(double[] state, double[] change, double seconds) {
    double[] out = new double[state.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = state[i] + seconds * change[i];
    }
    return out;
  }

  private static double[] change(double[] s, double torque) {
    double cosine = StrictMath.cos(s[1]);
    double sine = StrictMath.sin(s[1]);
    double both = CENTRE * CENTRE;
    double d1 = both + (1 + both + 2 * CENTRE * cosine) + 2;
    double d2 = both + CENTRE * cosine + 1;
    double phi2 = CENTRE * GRAVITY * StrictMath.cos(s[0] + s[1] - Math.PI / 2);
    double phi1 =
        -CENTRE * (s[3] * s[3]) * sine
            - 2 * CENTRE * s[3] * s[2] * sine
            + (CENTRE + 1) * GRAVITY * StrictMath.cos(s[0] - Math.PI / 2)
            + phi2;
    double second =
        (torque + d2 / d1 * phi1 - CENTRE * (s[2] * s[2]) * sine - phi2)
            / (both + 1 - d2 * d2 / d1);
    double first = -(d2 * second + phi1) / d1;
    return new double[] {s[2], s[3], first, second};
  }

  private static double wrapped(double angle) {
    double turn = 2 * Math.PI;
    double out = angle;
    while (out > Math.PI) {
      out -= turn;
    }
    while (out < -Math.PI) {
      out += turn;
    }
    return out;
  }

  @Override
  boolean terminated(double[] state) {
    return -StrictMath.cos(state[0]) - StrictMath.cos(state[1] + state[0]) > 1;
  }

  @Override
  float[] observation(double[] state) {
    return floats(
        StrictMath.cos(state[0]),
        StrictMath.sin(state[0]),
        StrictMath.cos(state[1]),
        StrictMath.sin(state[1]),
        state[2],
        state[3]);
  }
}
