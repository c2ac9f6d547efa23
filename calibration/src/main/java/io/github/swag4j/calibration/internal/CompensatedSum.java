package io.github.swag4j.calibration.internal;

/**
 * Sum of doubles with Neumaier's compensation: the error of each addition is kept and added at the
 * end, so that the result hardly depends on the order of the terms.
 *
 * @see <a href="https://doi.org/10.1002/zamm.19740540106">Neumaier 1974</a>
 */
public final class CompensatedSum {
  private double sum;
  private double compensation;

  /** An empty sum. */
  public CompensatedSum() {}

  /**
   * Adds a term.
   *
   * @param value the term
   */
  public void add(double value) {
    double t = sum + value;
    if (Math.abs(sum) >= Math.abs(value)) {
      compensation += (sum - t) + value;
    } else {
      compensation += (value - t) + sum;
    }
    sum = t;
  }

  /**
   * Adds another sum's terms.
   *
   * @param other the other sum, left as it is
   */
  public void add(CompensatedSum other) {
    add(other.sum);
    add(other.compensation);
  }

  /**
   * The sum so far.
   *
   * @return sum plus compensation
   */
  public double value() {
    return sum + compensation;
  }
}
