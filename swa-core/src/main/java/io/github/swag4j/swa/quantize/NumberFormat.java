package io.github.swag4j.swa.quantize;

import java.util.Objects;

/**
 * The numbers that a word of few bits can hold.
 *
 * @see <a href="https://arxiv.org/abs/1904.11943">Yang et al. 2019, SWALP: Stochastic Weight
 *     Averaging in Low-Precision Training, section 3</a>
 */
public sealed interface NumberFormat
    permits NumberFormat.BlockFloatingPoint, NumberFormat.FixedPoint, NumberFormat.Float32 {

  /** Words of this few bits cannot hold a sign and a digit. */
  int SHORTEST = 2;

  /** In longer words, multiples of the grid need not be floats. */
  int LONGEST = 25;

  /** Floats as they are: nothing is rounded. */
  record Float32() implements NumberFormat {}

  /**
   * Fixed point: multiples of {@code delta = 2^-fractionBits} up to about {@code 2^(wordLength -
   * fractionBits - 1)}. What lies beyond saturates at the last one.
   *
   * @param wordLength bits of a word with its sign, 2 to 25
   * @param fractionBits bits behind the point, -100 to 100; negative ones make delta a power above
   *     1
   * @param clip how far multiples reach below zero
   */
  record FixedPoint(int wordLength, int fractionBits, Clip clip) implements NumberFormat {
    /**
     * Checks the lengths.
     *
     * @param wordLength bits of a word with its sign
     * @param fractionBits bits behind the point
     * @param clip how far multiples reach below zero
     * @throws IllegalArgumentException if a length is out of range
     */
    public FixedPoint {
      requireWordLength(wordLength);
      if (Math.abs(fractionBits) > 100) {
        throw new IllegalArgumentException(
            "fraction bits must be between -100 and 100, got " + fractionBits);
      }
      Objects.requireNonNull(clip, "clip");
    }

    /**
     * Words of two's complement.
     *
     * @param wordLength bits of a word with its sign, 2 to 25
     * @param fractionBits bits behind the point, -100 to 100
     */
    public FixedPoint(int wordLength, int fractionBits) {
      this(wordLength, fractionBits, Clip.TWOS_COMPLEMENT);
    }

    /**
     * The distance between neighbours.
     *
     * @return 2^-fractionBits
     */
    public double delta() {
      return Math.scalb(1.0, -fractionBits);
    }
  }

  /**
   * Block floating point: the numbers of a block are multiples of {@code delta = 2^(E - wordLength
   * + 2)}, where the exponent {@code E = floor(log2 max|x|)} of the block's largest number is
   * itself clipped to words of {@code exponentBits}. A block of zeros stays one.
   *
   * <p>The last multiple is {@code (2 - 2^(2 - wordLength)) 2^E}, and what lies between it and
   * 2^(E+1) becomes it, by stochastic rounding too: there alone its mean is not the number but
   * less.
   *
   * <p>With the {@link Clip#SYMMETRIC symmetric} clip, rounding twice is rounding once. With that
   * of two's complement it is not: a number that becomes -2^(E+1) doubles delta the next time. Only
   * -2^128, which is no float, saturates one multiple before.
   *
   * @param wordLength bits of each number with its sign, 2 to 25
   * @param exponentBits bits of the shared exponent, 2 to 8
   * @param blocks which numbers share one
   * @param clip how far multiples reach below zero
   */
  record BlockFloatingPoint(int wordLength, int exponentBits, Blocks blocks, Clip clip)
      implements NumberFormat {
    /**
     * Checks the lengths.
     *
     * @param wordLength bits of each number with its sign
     * @param exponentBits bits of the shared exponent
     * @param blocks which numbers share one
     * @param clip how far multiples reach below zero
     * @throws IllegalArgumentException if a length is out of range
     */
    public BlockFloatingPoint {
      requireWordLength(wordLength);
      if (exponentBits < 2 || exponentBits > 8) {
        throw new IllegalArgumentException(
            "bits of a shared exponent must be between 2 and 8, got " + exponentBits);
      }
      Objects.requireNonNull(blocks, "blocks");
      Objects.requireNonNull(clip, "clip");
    }

    /**
     * Exponents of 8 bits, symmetric.
     *
     * @param wordLength bits of each number with its sign, 2 to 25
     * @param blocks which numbers share an exponent
     */
    public BlockFloatingPoint(int wordLength, Blocks blocks) {
      this(wordLength, 8, blocks, Clip.SYMMETRIC);
    }

    /**
     * The shared exponent of a block.
     *
     * @param largest largest magnitude in the block, above 0 and finite
     * @return floor(log2 largest), clipped
     */
    public int exponent(float largest) {
      int bound = 1 << (exponentBits - 1);
      // Subnormal floats have an exponent below -126 that getExponent does not tell.
      int exact = Math.getExponent((double) largest);
      return Math.max(-bound, Math.min(bound - 1, exact));
    }

    /**
     * The distance between neighbours in a block.
     *
     * @param largest largest magnitude in the block, above 0 and finite
     * @return a power of 2
     */
    public double delta(float largest) {
      return Math.scalb(1.0, exponent(largest) - wordLength + 2);
    }
  }

  private static void requireWordLength(int wordLength) {
    if (wordLength < SHORTEST || wordLength > LONGEST) {
      throw new IllegalArgumentException(
          "word length must be between "
              + SHORTEST
              + " and "
              + LONGEST
              + " bits, got "
              + wordLength
              + ": for floats as they are take Float32");
    }
  }
}
