package io.github.swag4j.swag;

/**
 * Logarithm of a product of many positive numbers: exponents are added as integers and mantissas
 * multiplied, so that one logarithm serves {@value #FACTORS} factors.
 */
final class LogProduct {

  /** Mantissas are below 2: their product stays below 2^512. */
  private static final int FACTORS = 512;

  private static final long MANTISSA = 0x000f_ffff_ffff_ffffL;
  private static final long ONE = 0x3ff0_0000_0000_0000L;

  private long exponents;
  private double logs;
  private double product = 1;
  private int factors;

  /** Multiplies by a normal number above 0. */
  void multiply(double factor) {
    exponents += Math.getExponent(factor);
    product *= Double.longBitsToDouble(Double.doubleToRawLongBits(factor) & MANTISSA | ONE);
    if (++factors == FACTORS) {
      logs += Math.log(product);
      product = 1;
      factors = 0;
    }
  }

  /** The natural logarithm of the product so far. */
  double log() {
    return exponents * Math.log(2) + logs + Math.log(product);
  }
}
