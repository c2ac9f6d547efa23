package io.github.swag4j.swa.djl.optim;

/**
 * Stochastic gradient descent as torch.optim.SGD steps: g += decay w; v = momentum v + (1 -
 * dampening) g, v = g in the first step; g = v, or g + momentum v (Nesterov); w -= rate g.
 *
 * <p>The rate is outside the momentum buffer, so a change of rate acts at once. DJL's own SGD has
 * it inside: when SWA lowers the rate, it goes on for some steps at the rate before.
 *
 * @see <a
 *     href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</a>
 */
public final class TorchSgd extends StatefulOptimizer {
  private static final String[] MOMENTUM = {"momentum_buffer"};
  private static final String[] NONE = {};

  private final float momentum;
  private final float dampening;
  private final boolean nesterov;

  private TorchSgd(Builder builder) {
    super(builder);
    this.momentum = builder.momentum;
    this.dampening = builder.dampening;
    this.nesterov = builder.nesterov;
  }

  /**
   * A builder without momentum, decay and rate; the rate must be set.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  String[] slots() {
    return momentum == 0 ? NONE : MOMENTUM;
  }

  @Override
  void step(
      ParameterBlocks.Scratch block, int from, int to, Slots state, double rate, double decay) {
    float[] w = block.weights();
    float[] g = block.gradients();
    int length = to - from;
    float lr = (float) rate;
    if ((float) decay != 0) {
      addDecay(g, w, (float) decay, length);
    }
    if (momentum == 0) {
      descend(w, g, lr, length);
      return;
    }
    float[] v = state.arrays[0];
    if (state.steps == 1) {
      System.arraycopy(g, 0, v, from, length);
    } else {
      accelerate(v, from, g, momentum, 1 - dampening, length);
    }
    if (nesterov) {
      descendAhead(w, v, from, g, momentum, lr, length);
    } else {
      descendAlong(w, v, from, lr, length);
    }
  }

  private static void accelerate(
      float[] v, int from, float[] g, float momentum, float fresh, int length) {
    for (int i = 0; i < length; i++) {
      v[from + i] = momentum * v[from + i] + fresh * g[i];
    }
  }

  private static void descend(float[] w, float[] g, float lr, int length) {
    for (int i = 0; i < length; i++) {
      w[i] -= lr * g[i];
    }
  }

  private static void descendAlong(float[] w, float[] v, int from, float lr, int length) {
    for (int i = 0; i < length; i++) {
      w[i] -= lr * v[from + i];
    }
  }

  private static void descendAhead(
      float[] w, float[] v, int from, float[] g, float momentum, float lr, int length) {
    for (int i = 0; i < length; i++) {
      w[i] -= lr * (g[i] + momentum * v[from + i]);
    }
  }

  /** Builds a {@link TorchSgd}. */
  public static final class Builder extends StatefulOptimizer.Builder<Builder> {
    private float momentum;
    private float dampening;
    private boolean nesterov;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the momentum.
     *
     * @param newMomentum share of the buffer kept at each step, in [0, 1)
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder optMomentum(float newMomentum) {
      requireShare("momentum", newMomentum);
      this.momentum = newMomentum;
      return this;
    }

    /**
     * Sets the dampening of momentum.
     *
     * @param newDampening share of each gradient left out of the buffer, in [0, 1)
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder optDampening(float newDampening) {
      requireShare("dampening", newDampening);
      this.dampening = newDampening;
      return this;
    }

    /**
     * Steps by Nesterov's momentum.
     *
     * @param newNesterov whether to
     * @return this builder
     */
    public Builder optNesterov(boolean newNesterov) {
      this.nesterov = newNesterov;
      return this;
    }

    /**
     * The optimiser.
     *
     * @return a new one, without state
     * @throws IllegalArgumentException if Nesterov is asked for without momentum or with dampening
     */
    public TorchSgd build() {
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            "Nesterov needs momentum above 0 and dampening 0, got "
                + momentum
                + " and "
                + dampening);
      }
      return new TorchSgd(this);
    }

    private static void requireShare(String name, float value) {
      if (!(value >= 0 && value < 1)) {
        throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
      }
    }
  }
}
