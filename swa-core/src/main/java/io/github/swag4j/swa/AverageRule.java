package io.github.swag4j.swa;

import java.util.Objects;

/** How weights are averaged. A tail average is a uniform one whose plan begins late. */
public sealed interface AverageRule {

  /**
   * All weights count the same: mean += (w - mean) / n (SWA).
   *
   * @return the rule
   */
  static AverageRule uniform() {
    return new Uniform();
  }

  /**
   * Exponential moving average: ema += (1 - decay) (w - ema), beginning with the first weights.
   *
   * @param decay share of the old average kept at each collection, in [0, 1)
   * @return the rule
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  static Exponential exponential(double decay) {
    return new Exponential(decay, false, false);
  }

  /**
   * The mean of the last weights only (LAWA); 4 bytes a weight for each.
   *
   * @param size how many, at least 1
   * @return the rule
   * @throws IllegalArgumentException if size is below 1
   * @see <a href="https://arxiv.org/abs/2209.14981">Kaddour 2022, Stop Wasting My Time! Saving Days
   *     of ImageNet and BERT Training with Latest Weight Averaging</a>
   */
  static AverageRule last(int size) {
    return new Last(size);
  }

  /**
   * A rule of one's own; the average is left as it was when it throws or gives what is not finite.
   *
   * @param update the rule
   * @return the rule
   */
  static AverageRule custom(BlockUpdate update) {
    return new Custom(update);
  }

  /** All weights count the same. */
  record Uniform() implements AverageRule {}

  /**
   * Exponential moving average.
   *
   * @param decay share of the old average kept at each collection, in [0, 1)
   * @param debias whether the start is an average of nothing, divided by 1 - decay^n, instead of
   *     the first weights
   * @param warmUp whether the decay of update n is min(decay, (1 + n) / (10 + n))
   */
  record Exponential(double decay, boolean debias, boolean warmUp) implements AverageRule {
    /**
     * Checks the decay.
     *
     * @param decay share of the old average kept at each collection, in [0, 1)
     * @param debias whether the start is an average of nothing, divided by 1 - decay^n
     * @param warmUp whether the decay grows to its value
     * @throws IllegalArgumentException if decay is not in [0, 1)
     */
    public Exponential {
      if (!(decay >= 0 && decay < 1)) {
        throw new IllegalArgumentException("decay must be in [0, 1), got " + decay);
      }
    }

    /**
     * The same, divided by 1 - decay^n instead of beginning with the first weights alone.
     *
     * @return the rule
     */
    public Exponential debiased() {
      return new Exponential(decay, true, warmUp);
    }

    /**
     * The same with a decay of min(decay, (1 + n) / (10 + n)), n from 0 at the first update after
     * the first weights (at the first weights if debiased), as TensorFlow's {@code num_updates}.
     *
     * @return the rule
     */
    public Exponential warmedUp() {
      return new Exponential(decay, debias, true);
    }

    double decayAt(long update) {
      return warmUp ? Math.min(decay, (1.0 + update) / (10.0 + update)) : decay;
    }
  }

  /**
   * The mean of the last weights only.
   *
   * @param size how many, at least 1
   */
  record Last(int size) implements AverageRule {
    /**
     * Checks the size.
     *
     * @param size how many, at least 1
     * @throws IllegalArgumentException if size is below 1
     */
    public Last {
      if (size < 1) {
        throw new IllegalArgumentException("a window must hold at least 1 weights, got " + size);
      }
    }
  }

  /**
   * A rule of one's own.
   *
   * @param update what is done
   */
  record Custom(BlockUpdate update) implements AverageRule {
    /**
     * Checks that there is one.
     *
     * @param update what is done
     */
    public Custom {
      Objects.requireNonNull(update, "update");
    }
  }
}
