package io.github.swag4j.calibration;

/**
 * An interval of numbers, both ends included; NaN at both ends where nothing is known.
 *
 * @param lower lower end
 * @param upper upper end
 */
public record Interval(double lower, double upper) {

  /** The interval of a quantity of which nothing is known. */
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /**
   * Checks the order of the ends.
   *
   * @param lower lower end
   * @param upper upper end
   * @throws IllegalArgumentException if lower is above upper
   */
  public Interval {
    if (lower > upper) {
      throw new IllegalArgumentException(
          "lower must not be above upper, got " + lower + " and " + upper);
    }
  }

  /**
   * Whether a value lies inside.
   *
   * @param value the value
   * @return true if lower &lt;= value &lt;= upper
   */
  public boolean contains(double value) {
    return value >= lower && value <= upper;
  }
}
