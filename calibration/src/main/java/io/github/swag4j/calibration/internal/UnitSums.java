package io.github.swag4j.calibration.internal;

import java.math.BigInteger;

/**
 * Exact sums of multiples of 2^-43, the unit to which probabilities, their squares and logarithms
 * are rounded before they are added: integer sums do not depend on the order of their terms.
 *
 * <p>A sum has two halves, {@code high * 2^32 + low} with low below 2^32: exact for 2^40 terms.
 */
public final class UnitSums {
  /** Binary digits after the point of a sum. */
  public static final int POINT = 43;

  /** p + 2^9 has p, rounded to 2^-43, in its lowest bits. */
  public static final double SHIFTER = 512;

  /** The bits of {@link #SHIFTER}. */
  public static final long SHIFTER_BITS = Double.doubleToRawLongBits(SHIFTER);

  private static final double ONE = 0x1p43;
  private static final int LOW_BITS = 32;
  private static final long LOW_MASK = (1L << LOW_BITS) - 1;
  private static final double UNIT = 0x1p-43;

  private final long[] high;
  private final long[] low;

  /**
   * Empty sums.
   *
   * @param length how many
   */
  public UnitSums(int length) {
    high = new long[length];
    low = new long[length];
  }

  /**
   * Whole units of a number.
   *
   * @param p the number, in [0, 4]
   * @return p in units of 2^-43, rounded
   */
  public static long units(double p) {
    return Double.doubleToRawLongBits(p + SHIFTER) - SHIFTER_BITS;
  }

  /**
   * Whole units of the negative logarithm of a probability.
   *
   * @param log the logarithm, at least 0
   * @return log in units of 2^-43, rounded
   */
  public static long unitsOfLog(double log) {
    return (long) (log * ONE + 0.5);
  }

  /**
   * Adds to a sum.
   *
   * @param i which
   * @param units at most 2^63
   */
  public void add(int i, long units) {
    add(i, units >> LOW_BITS, units & LOW_MASK);
  }

  /**
   * Adds more * 2^32 + moreLow units to a sum.
   *
   * @param i which
   * @param more units of 2^32
   * @param moreLow units, below 2^32
   */
  public void add(int i, long more, long moreLow) {
    long sum = low[i] + moreLow;
    high[i] += more + (sum >> LOW_BITS);
    low[i] = sum & LOW_MASK;
  }

  /**
   * Adds all sums of another.
   *
   * @param other as many sums; may be this
   */
  public void merge(UnitSums other) {
    for (int i = 0; i < high.length; i++) {
      add(i, other.high[i], other.low[i]);
    }
  }

  /**
   * The sum of two cells.
   *
   * @param i one
   * @param j the other
   * @return their sum as a number
   */
  public double value(int i, int j) {
    long sum = low[i] + low[j];
    return value(high[i] + high[j] + (sum >> LOW_BITS), sum & LOW_MASK);
  }

  /**
   * A sum.
   *
   * @param i which
   * @return the sum as a number
   */
  public double value(int i) {
    return value(high[i], low[i]);
  }

  private static double value(long high, long low) {
    return high * (UNIT * (1L << LOW_BITS)) + low * UNIT;
  }

  /**
   * A sum as an integer.
   *
   * @param i which
   * @return its units
   */
  public BigInteger integer(int i) {
    BigInteger units = BigInteger.valueOf(low[i]);
    return high[i] == 0 ? units : BigInteger.valueOf(high[i]).shiftLeft(LOW_BITS).add(units);
  }

  /**
   * The upper half of a sum.
   *
   * @param i which
   * @return units in whole 2^32
   */
  public long high(int i) {
    return high[i];
  }

  /**
   * The lower half of a sum.
   *
   * @param i which
   * @return units below 2^32
   */
  public long low(int i) {
    return low[i];
  }
}
