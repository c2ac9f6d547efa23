package io.github.swag4j.calibration.internal;

/**
 * Sums of reciprocals continued to fractional numbers of terms: 1/(a + 1) + ... + 1/(a + s) is
 * digamma(a + s + 1) - digamma(a + 1), which also has a value where s is not whole.
 *
 * <p>The difference is formed term by term, so that nothing cancels: its relative error stays near
 * 1e-15 for any a, where two values of digamma would lose all digits for large a.
 *
 * @see <a href="https://dlmf.nist.gov/5.11.E2">DLMF 5.5.2 and 5.11.2</a>
 */
public final class HarmonicSum {
  private static final int DIRECT_TERMS = 16;
  private static final double ASYMPTOTIC_FROM = 16;

  // B(2k) / (2k): digamma(x) = ln x - 1/(2x) - sum_k coefficient / x^(2k)
  private static final double[] COEFFICIENTS = {
    1 / 12.0, -1 / 120.0, 1 / 252.0, -1 / 240.0, 1 / 132.0, -691 / 32760.0, 1 / 12.0
  };

  private HarmonicSum() {}

  /**
   * The sum of 1/(a + j) over j = 1 .. s.
   *
   * @param a at least 0
   * @param s number of terms, at least 0, not necessarily whole
   * @return digamma(a + s + 1) - digamma(a + 1)
   */
  public static double of(double a, double s) {
    double sum = 0;
    if (s <= DIRECT_TERMS && s == Math.rint(s)) {
      for (int j = 1; j <= s; j++) {
        sum += 1 / (a + j);
      }
      return sum;
    }
    double x = a + 1;
    for (; x < ASYMPTOTIC_FROM; x++) {
      sum += s / (x * (x + s)); // 1/x - 1/(x + s)
    }
    double y = x + s;
    double rest = Math.log1p(s / x) + s / (2 * x * y);
    double ratio = x / y * (x / y);
    double step = s / y * ((x + y) / y); // 1 - ratio
    double power = 1; // x^(-2k)
    double terms = 0; // 1 + ratio + ... + ratio^(k - 1)
    for (double coefficient : COEFFICIENTS) {
      power /= x * x;
      terms = 1 + ratio * terms;
      rest += coefficient * power * step * terms; // x^(-2k) - y^(-2k)
    }
    return sum + rest;
  }
}
