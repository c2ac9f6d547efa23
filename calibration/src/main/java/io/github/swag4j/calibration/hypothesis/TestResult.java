package io.github.swag4j.calibration.hypothesis;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.Locale;

/**
 * Outcome of a test of calibration.
 *
 * @param name the test and its settings
 * @param statistic the statistic, in the test's own unit
 * @param pValue probability, if the forecasts are calibrated, of a statistic at least as extreme
 * @param rows number of rows judged
 */
public record TestResult(String name, double statistic, double pValue, long rows) {

  /**
   * Checks the p-value.
   *
   * @param name the test and its settings
   * @param statistic the statistic
   * @param pValue in [0, 1]
   * @param rows number of rows judged
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  public TestResult {
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException("p-value must be in [0, 1], got " + pValue);
    }
  }

  /**
   * Whether calibration is rejected.
   *
   * @param level such as 0.05
   * @return true if the p-value is below the level
   */
  public boolean rejects(double level) {
    return pValue < level;
  }

  /**
   * Statistic and p-value.
   *
   * @return such as "Spiegelhalter: statistic 7.3769, p &lt; 0.0001 (500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: statistic %.4f, %s (%s)",
        name,
        statistic,
        PValue.equation(pValue),
        RowCount.words(rows));
  }
}
