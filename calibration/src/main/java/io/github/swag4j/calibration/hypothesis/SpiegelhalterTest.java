package io.github.swag4j.calibration.hypothesis;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import org.apache.commons.math3.special.Erf;

/**
 * Spiegelhalter's test: the Brier score less its expectation under calibration, in standard errors,
 *
 * <p>z = sum_i w_i (y_i - f_i)(1 - 2 f_i) / sqrt(sum_i w_i^2 (1 - 2 f_i)^2 f_i (1 - f_i)).
 *
 * <p>Standard normal under calibration. For forecasts above one half z is above 0 for over- and
 * below 0 for under-confidence; the p-value is two-sided, erfc(|z| / sqrt 2).
 *
 * @see <a href="https://doi.org/10.1002/sim.4780050506">Spiegelhalter 1986</a>
 */
public final class SpiegelhalterTest {
  private SpiegelhalterTest() {}

  /**
   * Tests the top label, or the positive class of a problem given as one column.
   *
   * @param predictions labelled predictions
   * @return z and the two-sided p-value
   * @throws IllegalStateException if there are no labels
   */
  public static TestResult of(Predictions predictions) {
    return of(TestedForecasts.of(predictions));
  }

  /**
   * Tests forecasts. Where every forecast is 0, 1/2 or 1 there is no spread: z is 0 if nothing that
   * was ruled out came, else infinite.
   *
   * @param forecasts the forecasts
   * @return z and the two-sided p-value
   */
  public static TestResult of(Forecasts forecasts) {
    CompensatedSum difference = new CompensatedSum();
    CompensatedSum variance = new CompensatedSum();
    for (int i = 0; i < forecasts.rows(); i++) {
      double f = forecasts.probability(i);
      double w = forecasts.weight(i);
      double slope = 1 - 2 * f;
      difference.add(w * ((forecasts.outcome(i) ? 1 : 0) - f) * slope);
      variance.add(w * w * slope * slope * f * (1 - f));
    }
    double z =
        difference.value() == 0 ? 0 : difference.value() / Math.sqrt(Math.max(0, variance.value()));
    double p = Double.isInfinite(z) ? 0 : Erf.erfc(Math.abs(z) / Math.sqrt(2));
    return new TestResult("Spiegelhalter", z, p, forecasts.rows());
  }
}
