package io.github.swag4j.swa.djl.optim;

/**
 * RMSProp as torch.optim.RMSprop steps: s = alpha s + (1 - alpha) g^2, s = 0 at first; w -= rate g
 * / (sqrt(s) + epsilon). Decay is added to the gradient: g += decay w. Without momentum.
 *
 * <p>What actor-critic methods are trained with by custom. DJL's own does not run on PyTorch.
 *
 * @see <a
 *     href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</a>
 */
public final class TorchRmsProp extends StatefulOptimizer {
  private static final String[] SLOTS = {"square_avg"};

  private final double alpha;
  private final double epsilon;

  private TorchRmsProp(Builder builder) {
    super(builder);
    this.alpha = builder.alpha;
    this.epsilon = builder.epsilon;
  }

  /**
   * A builder with torch's alpha of 0.99, epsilon of 1e-8 and no decay.
   *
   * @return the builder; the rate must be set
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  String[] slots() {
    return SLOTS;
  }

  @Override
  void step(
      ParameterBlocks.Scratch block, int from, int to, Slots state, double rate, double decay) {
    float[] w = block.weights();
    float[] g = block.gradients();
    int length = to - from;
    if (decay != 0) {
      addDecay(g, w, (float) decay, length);
    }
    updateSquares(state.arrays[0], from, g, (float) alpha, (float) (1 - alpha), length);
    descend(w, state.arrays[0], from, g, (float) rate, (float) epsilon, length);
  }

  private static void updateSquares(
      float[] s, int from, float[] g, float keep, float fresh, int length) {
    for (int i = 0; i < length; i++) {
      s[from + i] = keep * s[from + i] + fresh * g[i] * g[i];
    }
  }

  private static void descend(
      float[] w, float[] s, int from, float[] g, float rate, float epsilon, int length) {
    for (int i = 0; i < length; i++) {
      w[i] -= rate * g[i] / ((float) Math.sqrt(s[from + i]) + epsilon);
    }
  }

  /** Builds a {@link TorchRmsProp}. */
  public static final class Builder extends StatefulOptimizer.Builder<Builder> {
    private double alpha = 0.99;
    private double epsilon = 1e-8;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the share of the mean square kept at each step.
     *
     * @param newAlpha in [0, 1); 0.99 unless set
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder optAlpha(double newAlpha) {
      if (!(newAlpha >= 0 && newAlpha < 1)) {
        throw new IllegalArgumentException("alpha must be in [0, 1), got " + newAlpha);
      }
      this.alpha = newAlpha;
      return this;
    }

    /**
     * Sets what is added to the root of the mean square.
     *
     * @param newEpsilon above 0; 1e-8 unless set
     * @return this builder
     * @throws IllegalArgumentException if it is not above 0
     */
    public Builder optEpsilon(double newEpsilon) {
      if (!(newEpsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be above 0, got " + newEpsilon);
      }
      this.epsilon = newEpsilon;
      return this;
    }

    /**
     * The optimiser.
     *
     * @return a new one, without state
     */
    public TorchRmsProp build() {
      return new TorchRmsProp(this);
    }
  }
}
