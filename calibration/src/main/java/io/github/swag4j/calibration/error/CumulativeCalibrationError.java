package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.Locale;

/**
 * Calibration errors from the cumulative difference C(t) = sum over f_i &lt;= t of w_i (y_i - f_i)
 * / W, which is flat where the forecasts are calibrated. It starts at 0 and steps only at distinct
 * forecasts, so that ties are exact.
 *
 * <ul>
 *   <li>KS = max_t |C(t)|, in [0, 1] (also ECCE-MAD)
 *   <li>Kuiper = max_t C(t) - min_t C(t) with C = 0 at the start, in [0, 1] (also ECCE-R)
 * </ul>
 *
 * @see <a href="https://arxiv.org/abs/2006.12800">Gupta et al. 2021, Calibration of Neural Networks
 *     using Splines, eq. 6</a>
 * @see <a href="https://jmlr.org/papers/v23/22-0658.html">Arrieta-Ibarra et al. 2022, Metrics of
 *     Calibration for Probabilistic Predictions</a>
 */
public final class CumulativeCalibrationError {
  private final double lowest;
  private final double highest;
  private final long rows;

  private CumulativeCalibrationError(double lowest, double highest, long rows) {
    this.lowest = lowest;
    this.highest = highest;
    this.rows = rows;
  }

  /**
   * Errors of the top label, or of the positive class of a problem given as one column.
   *
   * @param predictions labelled predictions
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static CumulativeCalibrationError of(Predictions predictions) {
    return of(
        predictions.isBinary()
            ? Forecasts.ofClass(predictions, 1)
            : Forecasts.topLabel(predictions));
  }

  /**
   * Errors of any forecasts.
   *
   * @param forecasts the forecasts
   * @return the errors
   */
  public static CumulativeCalibrationError of(Forecasts forecasts) {
    double total = forecasts.totalWeight();
    CompensatedSum sum = new CompensatedSum();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int n = forecasts.rows();
    for (int i = 0; i < n; i++) {
      double f = forecasts.probability(i);
      sum.add(forecasts.weight(i) * ((forecasts.outcome(i) ? 1 : 0) - f));
      if (i + 1 == n || forecasts.probability(i + 1) != f) {
        low = Math.min(low, sum.value() / total);
        high = Math.max(high, sum.value() / total);
      }
    }
    return new CumulativeCalibrationError(low, high, n);
  }

  /**
   * Kolmogorov-Smirnov calibration error.
   *
   * @return max_t |C(t)|
   */
  public double ks() {
    return Math.max(Math.abs(lowest), Math.abs(highest));
  }

  /**
   * Kuiper calibration error.
   *
   * @return max_t C(t) - min_t C(t), the start C = 0 included
   */
  public double kuiper() {
    return Math.max(highest, 0) - Math.min(lowest, 0);
  }

  /**
   * Kuiper error as MAPIE computes it, without the start: too small where C never changes sign.
   *
   * @return max_t C(t) - min_t C(t) over the forecasts alone
   */
  public double kuiperWithoutStart() {
    return highest - lowest;
  }

  /**
   * Both errors.
   *
   * @return such as "KS calibration error 0.1047, Kuiper 0.1066 (500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "KS calibration error %.4f, Kuiper %.4f (%s)",
        ks(),
        kuiper(),
        RowCount.words(rows));
  }
}
