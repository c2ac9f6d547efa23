package io.github.swag4j.base;

/**
 * Sums of products in four parts, which need not wait for each other's additions: about four times
 * as fast as one sum, and with half of its rounding error as a rule. The order is fixed.
 */
public final class DotProduct {
  private DotProduct() {}

  /**
   * The sum of a_i b_i.
   *
   * @param a as long as b
   * @param b as long as a
   * @return the dot product
   */
  public static double of(double[] a, double[] b) {
    return of(a, b, 0, a.length);
  }

  /**
   * The sum of a_i b_i over a range.
   *
   * @param a has the range
   * @param b has the range
   * @param from the first index
   * @param to the index after the last
   * @return the dot product
   */
  public static double of(double[] a, double[] b, int from, int to) {
    return of(a, from, b, from, to - from);
  }

  /**
   * The sum of a_(i + aFrom) b_(i + bFrom) for i below a length.
   *
   * @param a has the range
   * @param aFrom its first index
   * @param b has the range
   * @param bFrom its first index
   * @param length how many products
   * @return the dot product
   */
  public static double of(double[] a, int aFrom, double[] b, int bFrom, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      s0 += a[aFrom + i] * b[bFrom + i];
      s1 += a[aFrom + i + 1] * b[bFrom + i + 1];
      s2 += a[aFrom + i + 2] * b[bFrom + i + 2];
      s3 += a[aFrom + i + 3] * b[bFrom + i + 3];
    }
    for (; i < length; i++) {
      s0 += a[aFrom + i] * b[bFrom + i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
