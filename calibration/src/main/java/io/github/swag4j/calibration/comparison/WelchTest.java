package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Welch's test of "two means are the same", of rows of two samples that need not vary alike: t =
 * (m1 - m2) / sqrt(v1 + v2) with v the squared standard error of a mean, on Welch and
 * Satterthwaite's degrees of freedom. A weighted mean's is sum w^2 (x - m)^2 / (sum w)^2 times n /
 * (n - 1), which without weights is s^2 / n.
 *
 * @param difference first mean minus second
 * @param standardError of the difference
 * @param degreesOfFreedom as Welch and Satterthwaite have them
 * @param pValue two-sided; 1 where nothing varies and the means are the same
 * @see <a href="https://doi.org/10.1093/biomet/34.1-2.28">Welch 1947</a>
 */
public record WelchTest(
    double difference, double standardError, double degreesOfFreedom, double pValue) {

  /**
   * The test of two samples. Nothing depends on the order of their rows.
   *
   * @param first values of the first, at least 2 of weight above 0
   * @param firstWeights one for each, at least 0
   * @param second values of the second, at least 2 of weight above 0
   * @param secondWeights one for each, at least 0
   * @return the test
   * @throws IllegalArgumentException if a sample has fewer than 2 values of weight above 0, or
   *     there is not one weight for each value
   */
  public static WelchTest of(
      double[] first, double[] firstWeights, double[] second, double[] secondWeights) {
    double[] a = meanAndVariance("first", first, firstWeights);
    double[] b = meanAndVariance("second", second, secondWeights);
    double difference = a[0] - b[0];
    double variance = a[1] + b[1];
    if (variance == 0) {
      return new WelchTest(difference, 0, Double.NaN, difference == 0 ? 1 : 0);
    }
    double freedom = variance * variance / (a[1] * a[1] / (a[2] - 1) + b[1] * b[1] / (b[2] - 1));
    double t = difference / Math.sqrt(variance);
    double p = 2 * new TDistribution(null, freedom).cumulativeProbability(-Math.abs(t));
    return new WelchTest(difference, Math.sqrt(variance), freedom, Math.min(1, p));
  }

  /** Mean, its squared standard error, and the number of rows that weigh. */
  private static double[] meanAndVariance(String which, double[] values, double[] given) {
    RowWeights.check(given, values.length, which);
    double[] weights = RowWeights.scaled(given, RowWeights.exponent(given));
    int[] order = ValueOrder.of(values, weights);
    int rows = RowWeights.positive(weights).length;
    if (rows < 2) {
      throw new IllegalArgumentException(
          "the " + which + " sample must have at least 2 rows that weigh, got " + rows);
    }
    double mean = ValueOrder.mean(values, weights);
    CompensatedSum squares = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    for (int row : order) {
      double strayed = weights[row] * (values[row] - mean);
      squares.add(strayed * strayed);
      total.add(weights[row]);
    }
    double variance = squares.value() / total.value() / total.value() * rows / (rows - 1.0);
    return new double[] {mean, variance, rows};
  }
}
