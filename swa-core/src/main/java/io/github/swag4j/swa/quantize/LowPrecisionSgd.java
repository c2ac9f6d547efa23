package io.github.swag4j.swa.quantize;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * SGD with momentum whose weights, gradients and momentum are stored in few bits.
 *
 * <p>A step with gradient g at rate lr, Q being the quantiser of each role:
 *
 * <pre>
 *   Order.PAPER     v = Q_M(mu v + Q_G(g) + wd w);   w = Q_W(w - lr v)
 *   Order.REFERENCE b = mu v + Q_G(g) + wd w;        a = a - lr b;  w = Q_W(a);  v = Q_M(b)
 * </pre>
 *
 * <p>In the first, what is kept is also what the step takes; in the second, that of the authors'
 * code, the step takes the momentum before it is rounded, and starts from an accumulator a, which
 * is the weights unless it is given a format of its own. The first step's v is its gradient. Not
 * for use by several threads.
 *
 * @see <a href="https://arxiv.org/abs/1904.11943">Yang et al. 2019, SWALP, algorithm 2</a>
 */
public final class LowPrecisionSgd {

  /** Which comes first, rounding or stepping. */
  public enum Order {
    /** As the paper's algorithm. */
    PAPER,
    /** As the code of its authors. */
    REFERENCE
  }

  /**
   * How steps are made.
   *
   * @param momentum mu, in [0, 1)
   * @param weightDecay wd, at least 0
   * @param order which comes first
   * @param accumulator format of the accumulator, which {@link Order#REFERENCE} alone has
   */
  public record Options(double momentum, double weightDecay, Order order, Quantizer accumulator) {
    /**
     * Checks the numbers.
     *
     * @param momentum mu, in [0, 1)
     * @param weightDecay wd, at least 0
     * @param order which comes first
     * @param accumulator format of the accumulator
     * @throws IllegalArgumentException if a number is out of range
     */
    public Options {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
      }
      if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("weight decay must be at least 0, got " + weightDecay);
      }
      Objects.requireNonNull(order, "order");
      Objects.requireNonNull(accumulator, "accumulator");
    }

    /**
     * The paper's order.
     *
     * @param momentum mu, in [0, 1)
     * @param weightDecay wd, at least 0
     * @return the options
     */
    public static Options paper(double momentum, double weightDecay) {
      return new Options(momentum, weightDecay, Order.PAPER, Quantizer.none());
    }
  }

  /**
   * What a training is resumed from, beside the weights and {@link LowPrecisionAverage#state()}.
   * Immutable.
   *
   * @param step steps that were made
   * @param momentum {@code [tensors][elements]}, empty before the first step
   * @param accumulators {@code [tensors][elements]}, empty unless the order has them
   */
  public record State(long step, float[][] momentum, float[][] accumulators) {
    /**
     * Copies the values.
     *
     * @param step steps that were made
     * @param momentum {@code [tensors][elements]}
     * @param accumulators {@code [tensors][elements]}
     * @throws IllegalArgumentException if the step is negative
     */
    public State {
      if (step < 0) {
        throw new IllegalArgumentException("steps made must be at least 0, got " + step);
      }
      momentum = copy(momentum);
      accumulators = copy(accumulators);
    }

    /**
     * The momentum.
     *
     * @return {@code [tensors][elements]}, a copy
     */
    @Override
    public float[][] momentum() {
      return copy(momentum);
    }

    /**
     * The accumulators.
     *
     * @return {@code [tensors][elements]}, a copy
     */
    @Override
    public float[][] accumulators() {
      return copy(accumulators);
    }
  }

  private final TrainingPrecision precision;
  private final Options options;
  private final long seed;
  private final List<long[]> shapes;
  private long step;
  private float[][] momentum = new float[0][];
  private float[][] accumulators = new float[0][];

  /**
   * An optimiser.
   *
   * @param precision how each role is rounded
   * @param options how steps are made
   * @param seed of all stochastic rounding
   * @param shapes of the tensors, in the order in which they are given to every step
   */
  public LowPrecisionSgd(
      TrainingPrecision precision, Options options, long seed, List<long[]> shapes) {
    this.precision = Objects.requireNonNull(precision, "precision");
    this.options = Objects.requireNonNull(options, "options");
    this.seed = seed;
    this.shapes = shapes.stream().map(long[]::clone).toList();
  }

  /**
   * Rounds the weights before the first step: those that training starts from lie on the grid too.
   *
   * @param weights {@code [tensors][elements]}, rounded in place
   */
  public void start(float[][] weights) {
    requireTensors("weights", weights);
    step = 0;
    momentum = new float[0][];
    if (options.order() == Order.REFERENCE) {
      accumulators = copy(weights);
      round(options.accumulator(), accumulators, Role.ACCUMULATOR);
    }
    round(precision.weights(), weights, Role.WEIGHT);
  }

  /**
   * Makes a step.
   *
   * @param weights {@code [tensors][elements]}, changed in place
   * @param gradients {@code [tensors][elements]}; rounded in place
   * @param learningRate lr, at least 0
   * @throws IllegalArgumentException if the tensors do not fit, the rate is out of range, or, where
   *     anything is rounded, a weight or gradient is not finite: nothing is changed then. A step
   *     that makes finite numbers infinite is refused half way: go on from what was saved before
   *     it.
   */
  public void step(float[][] weights, float[][] gradients, double learningRate) {
    requireTensors("weights", weights);
    requireTensors("gradients", gradients);
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning rate must be at least 0, got " + learningRate);
    }
    if (rounds()) {
      FiniteTensors.require("weights", weights);
      FiniteTensors.require("gradients", gradients);
    }
    if (options.order() == Order.REFERENCE && accumulators.length == 0) {
      accumulators = copy(weights);
    }
    step++;
    round(precision.gradients(), gradients, Role.GRADIENT);
    boolean first = momentum.length == 0;
    if (first) {
      momentum = copy(gradients);
    }
    for (int t = 0; t < weights.length; t++) {
      direction(momentum[t], gradients[t], weights[t], first);
    }
    if (options.order() == Order.PAPER) {
      round(precision.momentum(), momentum, Role.MOMENTUM);
      move(weights, learningRate);
    } else {
      move(accumulators, learningRate);
      round(options.accumulator(), accumulators, Role.ACCUMULATOR);
      for (int t = 0; t < weights.length; t++) {
        System.arraycopy(accumulators[t], 0, weights[t], 0, weights[t].length);
      }
      round(precision.momentum(), momentum, Role.MOMENTUM);
    }
    round(precision.weights(), weights, Role.WEIGHT);
  }

  private boolean rounds() {
    return precision.weights().rounds()
        || precision.gradients().rounds()
        || precision.momentum().rounds()
        || options.accumulator().rounds();
  }

  private void direction(float[] kept, float[] gradient, float[] weight, boolean first) {
    float mu = first ? 0 : (float) options.momentum();
    float decay = (float) options.weightDecay();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = mu * kept[i] + (gradient[i] + decay * weight[i]);
    }
  }

  private void move(float[][] weights, double learningRate) {
    float rate = (float) learningRate;
    for (int t = 0; t < weights.length; t++) {
      float[] weight = weights[t];
      float[] by = momentum[t];
      for (int i = 0; i < weight.length; i++) {
        weight[i] -= rate * by[i];
      }
    }
  }

  private void round(Quantizer quantizer, float[][] tensors, Role role) {
    if (!quantizer.rounds()) {
      return;
    }
    for (int t = 0; t < tensors.length; t++) {
      quantizer.quantize(tensors[t], new Draw(seed, role, step, t), shapes.get(t));
    }
  }

  private void requireTensors(String what, float[][] tensors) {
    if (tensors.length != shapes.size()) {
      throw new IllegalArgumentException(
          what + " must have " + shapes.size() + " tensors, got " + tensors.length);
    }
    for (int t = 0; t < tensors.length; t++) {
      long size = Arrays.stream(shapes.get(t)).reduce(1, Math::multiplyExact);
      if (tensors[t].length != size) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s tensor %d must have %d elements, got %d",
                what,
                t,
                size,
                tensors[t].length));
      }
    }
  }

  private static float[][] copy(float[][] tensors) {
    return Arrays.stream(tensors).map(float[]::clone).toArray(float[][]::new);
  }

  /**
   * Steps made, which stochastic rounding counts by.
   *
   * @return at least 0
   */
  public long steps() {
    return step;
  }

  /**
   * What to save with the weights, and with the {@link LowPrecisionAverage#state() average}'s.
   *
   * @return a copy
   */
  public State state() {
    return new State(step, momentum, accumulators);
  }

  /**
   * Goes on from a saved state: the next step is, bit for bit, what it would have been.
   *
   * @param state of an optimiser of the same tensors
   * @throws IllegalArgumentException if its tensors do not fit
   */
  public void restore(State state) {
    float[][] savedMomentum = state.momentum();
    float[][] savedAccumulators = state.accumulators();
    if (savedMomentum.length > 0) {
      requireTensors("momentum", savedMomentum);
    }
    if (savedAccumulators.length > 0) {
      requireTensors("accumulators", savedAccumulators);
    }
    step = state.step();
    momentum = savedMomentum;
    accumulators = savedAccumulators;
  }
}
