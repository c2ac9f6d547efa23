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
    return new Exponential(decay, false, WarmUp.NONE);
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

  /** How the decay of an exponential average grows to its value. */
  enum WarmUp {
    /** It does not. */
    NONE {
      @Override
      double limit(long update) {
        return 1;
      }
    },
    /** The decay of update n is at most (1 + n) / (10 + n), as TensorFlow's num_updates. */
    TENSORFLOW {
      @Override
      double limit(long update) {
        return (1.0 + update) / (10.0 + update);
      }
    },
    /** The decay of update n is at most (1 + n) / (2 + n): a plain mean at first. */
    MEAN {
      @Override
      double limit(long update) {
        return (1.0 + update) / (2.0 + update);
      }
    };

    /** The largest decay of an update, n from 0 at the first update after the first weights. */
    abstract double limit(long update);
  }

  /** All weights count the same. */
  record Uniform() implements AverageRule {}

  /**
   * Exponential moving average.
   *
   * @param decay share of the old average kept at each collection, in [0, 1)
   * @param debias whether the start is an average of nothing, divided by 1 - decay^n, instead of
   *     the first weights
   * @param warmUp how the decay grows to its value
   */
  record Exponential(double decay, boolean debias, WarmUp warmUp) implements AverageRule {
    /**
     * Checks the decay.
     *
     * @param decay share of the old average kept at each collection, in [0, 1)
     * @param debias whether the start is an average of nothing, divided by 1 - decay^n
     * @param warmUp how the decay grows to its value
     * @throws IllegalArgumentException if decay is not in [0, 1), or what begins as a mean, which
     *     has no bias, is to be debiased
     */
    public Exponential {
      Objects.requireNonNull(warmUp, "warmUp");
      if (!(decay >= 0 && decay < 1)) {
        throw new IllegalArgumentException("decay must be in [0, 1), got " + decay);
      }
      if (debias && warmUp == WarmUp.MEAN) {
        throw new IllegalArgumentException(
            "an average that begins as a mean has no bias: leave debiased() out");
      }
    }

    /**
     * The same, divided by 1 - decay^n instead of beginning with the first weights alone.
     *
     * @return the rule
     * @throws IllegalArgumentException if it begins as a mean
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
      return new Exponential(decay, debias, WarmUp.TENSORFLOW);
    }

    /**
     * The same, beginning as the plain mean of all weights so far: the decay of the s-th update
     * after the first weights is min(decay, 1 - 1 / (s + 1)), which is a mean until s = decay / (1
     * - decay). The teacher of Mean Teacher is such an average: the weights it begins with, which
     * are random, are soon forgotten.
     *
     * @return the rule
     * @throws IllegalArgumentException if it is debiased
     * @see <a href="https://arxiv.org/abs/1703.01780">Tarvainen and Valpola 2017, Mean Teachers Are
     *     Better Role Models</a>
     */
    public Exponential startingAsMean() {
      return new Exponential(decay, debias, WarmUp.MEAN);
    }

    double decayAt(long update) {
      return Math.min(decay, warmUp.limit(update));
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
