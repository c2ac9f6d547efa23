package io.github.swag4j.calibration.hypothesis;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CumulativeCalibrationError;
import io.github.swag4j.calibration.internal.CompensatedSum;

/**
 * Tests by the cumulative difference between outcomes and forecasts, which under calibration walks
 * like a Brownian motion: its largest distance from 0 (Kolmogorov-Smirnov) and its range (Kuiper),
 * in units of sqrt(sum_i w_i^2 f_i (1 - f_i)) / W. Ties are exact: the walk is looked at between
 * distinct forecasts only. P-values are asymptotic, and too large where there are few distinct
 * forecasts: with one, 2 % of calibrated rows are rejected at the 5 % level by Kolmogorov-Smirnov
 * and 1 % by Kuiper, with eleven 3 % and 2 %.
 *
 * @see <a href="https://jmlr.org/papers/v23/22-0658.html">Arrieta-Ibarra et al. 2022, Metrics of
 *     Calibration for Probabilistic Predictions</a>
 */
public final class CumulativeTests {
  private CumulativeTests() {}

  /**
   * Kolmogorov-Smirnov test of the top label, or of the positive class of one column.
   *
   * @param predictions labelled predictions
   * @return the statistic and its p-value
   * @throws IllegalStateException if there are no labels
   */
  public static TestResult kolmogorovSmirnov(Predictions predictions) {
    return kolmogorovSmirnov(TestedForecasts.of(predictions));
  }

  /**
   * Kolmogorov-Smirnov test of forecasts.
   *
   * @param forecasts the forecasts
   * @return the statistic and its p-value
   */
  public static TestResult kolmogorovSmirnov(Forecasts forecasts) {
    double distance = CumulativeCalibrationError.of(forecasts).ks();
    double statistic = standardised(distance, forecasts);
    double p = BrownianMotion.maximumSurvival(statistic);
    return new TestResult("Kolmogorov-Smirnov", statistic, p, forecasts.rows());
  }

  /**
   * Kuiper test of the top label, or of the positive class of one column.
   *
   * @param predictions labelled predictions
   * @return the statistic and its p-value
   * @throws IllegalStateException if there are no labels
   */
  public static TestResult kuiper(Predictions predictions) {
    return kuiper(TestedForecasts.of(predictions));
  }

  /**
   * Kuiper test of forecasts, the walk's start at 0 included.
   *
   * @param forecasts the forecasts
   * @return the statistic and its p-value
   */
  public static TestResult kuiper(Forecasts forecasts) {
    double statistic = standardised(CumulativeCalibrationError.of(forecasts).kuiper(), forecasts);
    return kuiper("Kuiper", statistic, forecasts);
  }

  /**
   * Kuiper test as MAPIE computes it, without the walk's start: never more significant than {@link
   * #kuiper(Forecasts)}.
   *
   * @param forecasts the forecasts
   * @return the statistic and its p-value
   */
  public static TestResult kuiperWithoutStart(Forecasts forecasts) {
    double range = CumulativeCalibrationError.of(forecasts).kuiperWithoutStart();
    return kuiper("Kuiper (mapie)", standardised(range, forecasts), forecasts);
  }

  private static TestResult kuiper(String name, double statistic, Forecasts forecasts) {
    return new TestResult(
        name, statistic, BrownianMotion.rangeSurvival(statistic), forecasts.rows());
  }

  /** The distance in standard errors; 0 / 0, certain forecasts that came true, is 0. */
  private static double standardised(double distance, Forecasts forecasts) {
    CompensatedSum variance = new CompensatedSum();
    for (int i = 0; i < forecasts.rows(); i++) {
      double f = forecasts.probability(i);
      double w = forecasts.weight(i);
      variance.add(w * w * f * (1 - f));
    }
    return distance == 0
        ? 0
        : distance * forecasts.totalWeight() / Math.sqrt(Math.max(0, variance.value()));
  }
}
