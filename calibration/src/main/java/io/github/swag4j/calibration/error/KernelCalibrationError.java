package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.Locale;

/**
 * Maximum mean calibration error (MMCE): with residuals r_i = y_i - f_i and the Laplace kernel,
 * sqrt(sum_ij w_i w_j r_i r_j exp(-|f_i - f_j| / width) / W^2). In [0, 1], lower is better; no
 * bins.
 *
 * <p>Because the kernel is exponential in the distance, sorted forecasts need one pass instead of
 * all pairs.
 *
 * @see <a href="https://proceedings.mlr.press/v80/kumar18a.html">Kumar et al. 2018, Trainable
 *     Calibration Measures from Kernel Mean Embeddings, eq. 3</a>
 */
public final class KernelCalibrationError {

  /** The paper's width, 0.4: exp(-2.5 |f_i - f_j|). */
  public static final double DEFAULT_WIDTH = 0.4;

  private final double mmce;
  private final double width;
  private final long rows;

  private KernelCalibrationError(double mmce, double width, long rows) {
    this.mmce = mmce;
    this.width = width;
    this.rows = rows;
  }

  /**
   * MMCE of the top label, or of the positive class of a problem given as one column, with the
   * default width.
   *
   * @param predictions labelled predictions
   * @return the error
   * @throws IllegalStateException if there are no labels
   */
  public static KernelCalibrationError of(Predictions predictions) {
    return of(
        predictions.isBinary()
            ? Forecasts.ofClass(predictions, 1)
            : Forecasts.topLabel(predictions),
        DEFAULT_WIDTH);
  }

  /**
   * MMCE of any forecasts.
   *
   * @param forecasts the forecasts
   * @param width the kernel's width, above 0
   * @return the error
   * @throws IllegalArgumentException if the width is not above 0 and finite
   */
  public static KernelCalibrationError of(Forecasts forecasts, double width) {
    if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("width must be finite and above 0, got " + width);
    }
    CompensatedSum sum = new CompensatedSum();
    double carried = 0;
    double previous = forecasts.probability(0);
    for (int i = 0; i < forecasts.rows(); i++) {
      double f = forecasts.probability(i);
      double residual = forecasts.weight(i) * ((forecasts.outcome(i) ? 1 : 0) - f);
      carried *= Math.exp((previous - f) / width);
      sum.add(residual * residual);
      sum.add(2 * residual * carried);
      carried += residual;
      previous = f;
    }
    double total = forecasts.totalWeight();
    // The kernel is positive definite; rounding may leave a sum of residuals that cancel below 0.
    double mmce = Math.sqrt(Math.max(0, sum.value())) / total;
    return new KernelCalibrationError(mmce, width, forecasts.rows());
  }

  /**
   * The error.
   *
   * @return MMCE, in [0, 1]
   */
  public double mmce() {
    return mmce;
  }

  /**
   * The error with its kernel.
   *
   * @return such as "MMCE 0.0889 (Laplace kernel, width 0.4, 500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "MMCE %.4f (Laplace kernel, width %s, %s)", mmce, width, RowCount.words(rows));
  }
}
