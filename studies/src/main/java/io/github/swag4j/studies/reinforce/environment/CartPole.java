package io.github.swag4j.studies.reinforce.environment;

/**
 * A pole on a cart that is pushed to the left (action 0) or right (1) with 10 N every 0.02 s; equal
 * to Gymnasium's CartPole-v1 but for its limit of 500 steps, which {@link ControlTask#CARTPOLE}
 * adds.
 *
 * <p>State and observation: position of the cart (m), its speed, angle of the pole (rad), its
 * speed. Euler's method. Over beyond 2.4 m or 12 degrees. Reward 1 a step, the last one included.
 * Each number of the start is uniform within 0.05 of 0.
 *
 * @see <a href="https://doi.org/10.1109/TSMC.1983.6313077">Barto, Sutton and Anderson 1983,
 *     Neuronlike Adaptive Elements That Can Solve Difficult Learning Control Problems</a>
 */
public final class CartPole extends ClassicControl {
  private static final double GRAVITY = 9.8;
  private static final double POLE_MASS = 0.1;
  private static final double TOTAL_MASS = POLE_MASS + 1.0;
  private static final double HALF_LENGTH = 0.5;
  private static final double POLE_MOMENT = POLE_MASS * HALF_LENGTH;
  private static final double FORCE = 10;
  private static final double SECONDS = 0.02;
  private static final double FAR = 2.4;
  private static final double LEANING = 12 * 2 * Math.PI / 360;

  /** A cart; an episode begins with a reset. */
  public CartPole() {
    super(new ActionSpace.Choice(2), 4);
  }

  @Override
  double[] start(NumpyRandom random) {
    double[] state = new double[4];
    for (int i = 0; i < state.length; i++) {
      state[i] = random.uniform(-0.05, 0.05);
    }
    return state;
  }

  @Override
  double move(double[] state, float action) {
    double sine = StrictMath.sin(state[2]);
    double cosine = StrictMath.cos(state[2]);
    double force = action == 1 ? FORCE : -FORCE;
    double push = (force + POLE_MOMENT * (state[3] * state[3]) * sine) / TOTAL_MASS;
    double turning =
        (GRAVITY * sine - cosine * push)
            / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cosine * cosine) / TOTAL_MASS));
    double acceleration = push - POLE_MOMENT * turning * cosine / TOTAL_MASS;
    state[0] += SECONDS * state[1];
    state[1] += SECONDS * acceleration;
    state[2] += SECONDS * state[3];
    state[3] += SECONDS * turning;
    return 1;
  }

  @Override
  boolean terminated(double[] state) {
    return Math.abs(state[0]) > FAR || Math.abs(state[2]) > LEANING;
  }

  @Override
  float[] observation(double[] state) {
    return floats(state);
  }
}
