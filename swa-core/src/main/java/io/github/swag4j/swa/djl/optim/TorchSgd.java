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
  void step(float[] w, float[] g, int from, int to, Slots state, double rate, double decay) {
    float lr = (float) rate;
    float wd = (float) decay;
    if (wd != 0) {
      for (int i = 0; i < g.length; i++) {
        g[i] += wd * w[i];
      }
    }
    if (momentum != 0) {
      float[] v = state.arrays[0];
      if (state.steps == 1) {
        System.arraycopy(g, 0, v, from, g.length);
      } else {
        float fresh = 1 - dampening;
        for (int i = 0; i < g.length; i++) {
          v[from + i] = momentum * v[from + i] + fresh * g[i];
        }
      }
      if (nesterov) {
        for (int i = 0; i < g.length; i++) {
          g[i] += momentum * v[from + i];
        }
      } else {
        System.arraycopy(v, from, g, 0, g.length);
      }
    }
    for (int i = 0; i < w.length; i++) {
      w[i] -= lr * g[i];
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
