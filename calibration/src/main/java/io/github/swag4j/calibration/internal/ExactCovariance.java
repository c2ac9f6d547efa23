package io.github.swag4j.calibration.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Sample covariance of pairs of whole numbers, exact until the last rounding: products are summed
 * in 128 bits, so that neither order nor cancellation can change the result.
 */
public final class ExactCovariance {
  private long count;
  private long sumX;
  private long sumY;
  private long low;
  private long high;

  /** No pairs yet. */
  public ExactCovariance() {}

  /**
   * Adds a pair a number of times.
   *
   * @param x at least 0 and at most 2^31
   * @param y at least 0 and at most 2^31
   * @param times at least 0; the times of all pairs sum to at most 2^30
   */
  public void add(long x, long y, long times) {
    count += times;
    sumX += x * times;
    sumY += y * times;
    long product = x * y;
    long addend = product * times;
    low += addend;
    high += Math.multiplyHigh(product, times);
    if (Long.compareUnsigned(low, addend) < 0) {
      high++;
    }
  }

  /**
   * The unbiased sample covariance, sum (x - mean x)(y - mean y) / (n - 1).
   *
   * @return the covariance; NaN with fewer than two pairs
   */
  public double value() {
    if (count < 2) {
      return Double.NaN;
    }
    BigInteger products =
        BigInteger.valueOf(high)
            .shiftLeft(64)
            .add(BigInteger.valueOf(low >>> 1).shiftLeft(1))
            .add(BigInteger.valueOf(low & 1));
    BigInteger n = BigInteger.valueOf(count);
    BigInteger numerator =
        n.multiply(products).subtract(BigInteger.valueOf(sumX).multiply(BigInteger.valueOf(sumY)));
    BigInteger denominator = n.multiply(BigInteger.valueOf(count - 1));
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), MathContext.DECIMAL128)
        .doubleValue();
  }
}
