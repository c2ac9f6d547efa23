package io.github.swag4j.calibration.internal;

import java.math.BigInteger;

/**
 * Exact sums of products of a double and an integer: each cell is one long integer, cut into limbs
 * of 32 bits that are kept in longs, so that a term is a few additions and carries wait until
 * {@link #normalise}. Nothing is rounded before {@link #value}, so that neither order nor grouping
 * of terms and merges can change a bit.
 *
 * <p>All cells hold the same window of limbs, which grows to what the terms need: limb q stands for
 * 2^(32 q) units. Terms are at least 0, and at most 2^41 of them go into a cell.
 *
 * @see <a href="https://arxiv.org/abs/1505.05571">Neal 2015, Fast exact summation using small and
 *     large superaccumulators, section 2</a>
 */
public final class ExactSums {
  public static final int LIMB_BITS = 32;
  private static final long LIMB = (1L << LIMB_BITS) - 1;
  private static final int COUNT_BITS = 41;
  private static final int UNIT_BITS = 54; // of the integer factor
  private static final int TERM_LIMBS = 5;
  private static final int MANTISSA_BITS = 53;
  private static final long MANTISSA = (1L << (MANTISSA_BITS - 1)) - 1;
  private static final long MAX_PENDING = 1L << 29;

  private final int length;
  private final int scale;
  private int low;
  private int width;
  private long[] limbs = {};
  private long pending;

  /** Empty sums in units of 2^scale. */
  public ExactSums(int length, int scale) {
    this.length = length;
    this.scale = scale;
  }

  public int length() {
    return length;
  }

  /** Adds factor * units * 2^scale; the factor is finite and at least 0. */
  public void add(int i, double factor, long units) {
    if (factor == 0 || units == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(factor);
    boolean subnormal = factor < Double.MIN_NORMAL;
    long mantissa = bits & MANTISSA | (subnormal ? 0 : 1L << (MANTISSA_BITS - 1));
    int zeros = Long.numberOfTrailingZeros(mantissa);
    int power = subnormal ? 1 : (int) (bits >>> (MANTISSA_BITS - 1));
    int exponent = power - 1023 - (MANTISSA_BITS - 1);
    addAt(i, mantissa >>> zeros, exponent + zeros, units);
  }

  /** Adds m * units * 2^(exponent + scale). */
  private void addAt(int i, long m, int exponent, long units) {
    int first = Math.floorDiv(exponent, LIMB_BITS);
    int top = exponent + Long.SIZE - Long.numberOfLeadingZeros(m) + UNIT_BITS + COUNT_BITS;
    reserve(first, Math.max(Math.floorDiv(top, LIMB_BITS) + 1, first + TERM_LIMBS));
    int shift = Math.floorMod(exponent, LIMB_BITS);
    long product = m * units;
    long over = Math.multiplyHigh(m, units);
    int at = i * width + first - low;
    long part = (product & LIMB) << shift;
    limbs[at] += part & LIMB;
    part = ((product >>> LIMB_BITS) << shift) + (part >>> LIMB_BITS);
    limbs[at + 1] += part & LIMB;
    part = ((over & LIMB) << shift) + (part >>> LIMB_BITS);
    limbs[at + 2] += part & LIMB;
    part = ((over >>> LIMB_BITS) << shift) + (part >>> LIMB_BITS);
    limbs[at + 3] += part & LIMB;
    limbs[at + 4] += part >>> LIMB_BITS;
    if (++pending == MAX_PENDING) {
      normalise();
    }
  }

  /** Adds a cell of other sums with a scale of 2^-43, high and low half apart. */
  public void add(int i, UnitSums sums, int cell) {
    long high = sums.high(cell);
    if (high != 0) {
      addAt(i, 1, LIMB_BITS, high & LIMB);
      addAt(i, 1, 2 * LIMB_BITS, high >>> LIMB_BITS);
    }
    addAt(i, 1, 0, sums.low(cell));
  }

  /** Makes the window hold limbs first (inclusive) to end (exclusive). */
  public void reserve(int first, int end) {
    if (width > 0 && first >= low && end <= low + width) {
      return;
    }
    int newLow = width == 0 ? first : Math.min(low, first);
    int newEnd = width == 0 ? end : Math.max(low + width, end);
    int newWidth = newEnd - newLow;
    long[] wider = new long[Math.multiplyExact(length, newWidth)];
    for (int i = 0; i < length && width > 0; i++) {
      System.arraycopy(limbs, i * width, wider, i * newWidth + low - newLow, width);
    }
    limbs = wider;
    low = newLow;
    width = newWidth;
  }

  /** Carries: afterwards each limb is below 2^32. */
  public void normalise() {
    for (int from = 0; from < limbs.length; from += width) {
      long carry = 0;
      for (int j = from; j < from + width; j++) {
        long v = limbs[j] + carry;
        limbs[j] = v & LIMB;
        carry = v >>> LIMB_BITS;
      }
    }
    pending = 1;
  }

  public void merge(ExactSums other) {
    if (other.width == 0) {
      return;
    }
    other.normalise();
    reserve(other.low, other.low + other.width);
    normalise();
    for (int i = 0; i < length; i++) {
      int to = i * width + other.low - low;
      for (int j = 0; j < other.width; j++) {
        limbs[to + j] += other.limbs[i * other.width + j];
      }
    }
    pending = 2;
  }

  /** The sum of all cells, rounded once. */
  public double total() {
    normalise();
    ExactSums sum = new ExactSums(1, scale);
    sum.reserve(low, low + width);
    for (int j = 0; j < limbs.length; j++) {
      sum.limbs[j % width] += limbs[j];
    }
    sum.pending = limbs.length;
    return sum.value(0);
  }

  /** A cell rounded once, to the nearest double, ties to even. */
  public double value(int i) {
    normaliseIfPending();
    int from = i * width;
    int top = width - 1;
    while (top >= 0 && limbs[from + top] == 0) {
      top--;
    }
    if (top < 0) {
      return 0;
    }
    long first = limbs[from + top] << LIMB_BITS | limb(from, top - 1);
    long third = limb(from, top - 2) << LIMB_BITS;
    int shift = Long.numberOfLeadingZeros(first);
    long bits = shift == 0 ? first : first << shift | third >>> (Long.SIZE - shift);
    boolean inexact = third << shift != 0;
    for (int j = top - 3; j >= 0 && !inexact; j--) {
      inexact = limb(from, j) != 0;
    }
    long odd = bits & 1 | (inexact ? 1 : 0); // rounds up what lies above half
    double value = bits >>> 1 | odd;
    return Math.scalb(value, scale + (low + top - 1) * LIMB_BITS - shift + 1);
  }

  private void normaliseIfPending() {
    if (pending > 1) {
      normalise();
    }
  }

  private long limb(int from, int j) {
    return j < 0 ? 0 : limbs[from + j];
  }

  /** The first limb of a normalised cell that is not 0, as an exponent of 2^32; 0 if none. */
  public int lowest(int i) {
    int j = 0;
    while (j < width && limbs[i * width + j] == 0) {
      j++;
    }
    return j == width ? 0 : low + j;
  }

  /** The place after the last limb of a normalised cell that is not 0; 0 if none. */
  public int end(int i) {
    int j = width;
    while (j > 0 && limbs[i * width + j - 1] == 0) {
      j--;
    }
    return j == 0 ? 0 : low + j;
  }

  /** A limb between {@link #lowest} and {@link #end} of a normalised cell. */
  public long limbAt(int i, int q) {
    return limbs[i * width + q - low];
  }

  /**
   * A normalised cell as an integer, in units of 2^scale times 2^(32 x the lowest limb allowed).
   */
  public BigInteger units(int i, int firstLimb) {
    int first = lowest(i);
    BigInteger units = BigInteger.ZERO;
    for (int q = end(i) - 1; q >= first; q--) {
      units = units.shiftLeft(LIMB_BITS).or(BigInteger.valueOf(limbAt(i, q)));
    }
    return units.shiftLeft(units.signum() == 0 ? 0 : LIMB_BITS * (first - firstLimb));
  }

  /** Adds to a limb, with room for all carries of 2^41 rows more. */
  public void addLimb(int i, int q, long limb) {
    reserve(q, q + 1 + (COUNT_BITS + LIMB_BITS) / LIMB_BITS);
    limbs[i * width + q - low] += limb;
    pending++;
  }
}
