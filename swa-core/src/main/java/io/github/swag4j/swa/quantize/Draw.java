package io.github.swag4j.swa.quantize;

import io.github.swag4j.base.Philox;

/**
 * The random numbers of stochastic rounding as a pure function of (seed, role, step, tensor,
 * offset): the same bits whichever thread or order rounds, and nothing to save for resuming.
 *
 * <p>Word w of Philox-4x32-10 is the uniform {@code w 2^-32} in [0, 1). The counter is (offset / 4,
 * tensor, low word of the step, {@code 2^30 + 2^24 role} plus the step's high word); the key is the
 * seed.
 *
 * @param seed of the training
 * @param role what is rounded
 * @param step which step of the training, from 0 to 2^56 - 1
 * @param tensor which of the tensors in that role, at least 0
 */
public record Draw(long seed, Role role, long step, int tensor) {

  private static final int DOMAIN = 1 << 30;
  private static final double UNIT = 0x1p-32;

  /**
   * Checks the numbers.
   *
   * @param seed of the training
   * @param role what is rounded
   * @param step which step of the training
   * @param tensor which of the tensors in that role
   * @throws IllegalArgumentException if the step or tensor is out of range
   */
  public Draw {
    if (step < 0 || step >= 1L << 56) {
      throw new IllegalArgumentException("step must be from 0 to 2^56 - 1, got " + step);
    }
    if (tensor < 0) {
      throw new IllegalArgumentException("tensor must be at least 0, got " + tensor);
    }
  }

  /** Four uniform numbers of consecutive offsets, the first a multiple of four. */
  void four(int offset, int[] words, double[] out) {
    int last = DOMAIN | role.word << 24 | (int) (step >>> 32);
    Philox.words(seed, offset >>> 2, tensor, (int) step, last, words);
    for (int i = 0; i < 4; i++) {
      out[i] = Integer.toUnsignedLong(words[i]) * UNIT;
    }
  }

  /**
   * The number of an offset.
   *
   * @param offset in the tensor, at least 0
   * @return in [0, 1)
   */
  public double uniform(int offset) {
    double[] four = new double[4];
    four(offset & ~3, new int[4], four);
    return four[offset & 3];
  }
}
