package io.github.swag4j.swa.djl.optim;

/**
 * Adam and AdamW as torch.optim steps: m += (1 - beta1) (g - m); v = beta2 v + (1 - beta2) g^2; w
 * -= rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon). Decay is added to the
 * gradient (Adam: g += decay w) or taken from the weights (AdamW: w *= 1 - rate decay).
 *
 * @see <a
 *     href="https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html">torch.optim.AdamW</a>
 */
public final class TorchAdam extends StatefulOptimizer {
  private static final String[] SLOTS = {"exp_avg", "exp_avg_sq"};

  private final boolean decoupled;
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  private TorchAdam(Builder builder) {
    super(builder);
    this.decoupled = builder.decoupled;
    this.beta1 = builder.beta1;
    this.beta2 = builder.beta2;
    this.epsilon = builder.epsilon;
  }

  /**
   * Adam: weight decay, 0 unless set, is part of the gradient.
   *
   * @return the builder; the rate must be set
   */
  public static Builder builder() {
    return new Builder(false);
  }

  /**
   * AdamW: weight decay, 0.01 unless set as in torch.optim, is apart from the gradient.
   *
   * @return the builder; the rate must be set
   */
  public static Builder withDecoupledDecay() {
    return new Builder(true).optWeightDecays(0.01f);
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
    if (decay != 0 && decoupled) {
      shrink(w, (float) (1 - rate * decay), length);
    } else if (decay != 0) {
      addDecay(g, w, (float) decay, length);
    }
    float size = (float) (rate / (1 - Math.pow(beta1, state.steps)));
    float correction = (float) Math.sqrt(1 - Math.pow(beta2, state.steps));
    updateMoments(
        state.arrays[0],
        state.arrays[1],
        from,
        g,
        (float) (1 - beta1),
        (float) beta2,
        (float) (1 - beta2),
        length);
    descend(w, state.arrays[0], state.arrays[1], from, size, correction, (float) epsilon, length);
  }

  private static void shrink(float[] w, float keep, int length) {
    for (int i = 0; i < length; i++) {
      w[i] *= keep;
    }
  }

  private static void updateMoments(
      float[] m,
      float[] v,
      int from,
      float[] g,
      float fresh1,
      float keep2,
      float fresh2,
      int length) {
    for (int i = 0; i < length; i++) {
      m[from + i] += fresh1 * (g[i] - m[from + i]);
      v[from + i] = keep2 * v[from + i] + fresh2 * g[i] * g[i];
    }
  }

  private static void descend(
      float[] w,
      float[] m,
      float[] v,
      int from,
      float size,
      float correction,
      float epsilon,
      int length) {
    for (int i = 0; i < length; i++) {
      float root = (float) Math.sqrt(v[from + i]) / correction + epsilon;
      w[i] -= size * m[from + i] / root;
    }
  }

  /** Builds a {@link TorchAdam}. */
  public static final class Builder extends StatefulOptimizer.Builder<Builder> {
    private final boolean decoupled;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;

    private Builder(boolean decoupled) {
      this.decoupled = decoupled;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the shares of the moments kept at each step.
     *
     * @param newBeta1 for the gradient, in [0, 1); 0.9 unless set
     * @param newBeta2 for its square, in [0, 1); 0.999 unless set
     * @return this builder
     * @throws IllegalArgumentException if one is out of range
     */
    public Builder optBetas(double newBeta1, double newBeta2) {
      if (!(newBeta1 >= 0 && newBeta1 < 1 && newBeta2 >= 0 && newBeta2 < 1)) {
        throw new IllegalArgumentException(
            "betas must be in [0, 1), got " + newBeta1 + " and " + newBeta2);
      }
      this.beta1 = newBeta1;
      this.beta2 = newBeta2;
      return this;
    }

    /**
     * Sets what is added to the root of the second moment.
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
    public TorchAdam build() {
      return new TorchAdam(this);
    }
  }
}
