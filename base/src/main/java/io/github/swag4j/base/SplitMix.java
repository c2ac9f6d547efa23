package io.github.swag4j.base;

/**
 * SplitMix64: a small generator whose numbers depend on the seed alone, on every machine and JDK.
 * For resampling, not for secrets.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood 2014</a>
 */
public final class SplitMix {
  /** 2^64 divided by the golden ratio, odd: what the state grows by. */
  public static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double spare = Double.NaN;

  /**
   * A generator.
   *
   * @param seed any number
   */
  public SplitMix(long seed) {
    state = seed;
  }

  /**
   * The next 64 bits.
   *
   * @return any long
   */
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /**
   * The finaliser, a bijection whose every output bit depends on every input bit: a hash of 64 bits
   * by itself. It maps 0 to 0, so that hashes add {@link #GAMMA} first.
   *
   * @param value any long
   * @return its hash
   */
  public static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * A uniform number.
   *
   * @return in [0, 1)
   */
  public double uniform() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * A standard normal number, by the method of Box and Muller.
   *
   * @return from N(0, 1)
   */
  public double gaussian() {
    if (!Double.isNaN(spare)) {
      double out = spare;
      spare = Double.NaN;
      return out;
    }
    // 1 - u is in (0, 1], where the logarithm is finite.
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    double angle = 2 * Math.PI * uniform();
    spare = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  /**
   * Brings numbers into an order in which all orders are as likely, by Fisher and Yates.
   *
   * @param values changed in place
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = (int) (uniform() * (i + 1));
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }
}
