package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Smooth calibration error (smECE): the residuals f - y are smoothed over the confidence by a
 * Gaussian kernel of width sigma, reflected at 0 and 1, and the absolute value is integrated. The
 * width is not chosen but found, as the sigma that equals its own error; there are no bins.
 *
 * <p>In [0, 1], lower is better; changes continuously with the predictions. Grids and search are
 * those of relplot: residuals and density are smoothed on a grid of at least 1001 points, read at
 * at least 200, and the error is the sum of |smoothed residual| over the sum of smoothed density.
 * Ten bisections give sigma to 1 / 1024, and so the error within about 1e-3. Weights count as rows.
 * relplot itself counts saturated rows half; {@link Kernel#REFLECTED_RELPLOT} has its numbers.
 *
 * <p>{@link Kernel#LOGIT} smooths over the log odds instead, which resolves errors near 0 and 1; it
 * is relplot's default for plots and TorchUncertainty's for the number, except that here the ends
 * of the mesh weigh the same in numerator and denominator; {@link Kernel#LOGIT_RELPLOT} has
 * relplot's number, which can exceed 1. Kernels give different numbers, so the kernel is part of
 * what is printed.
 *
 * @see <a href="https://arxiv.org/abs/2309.12236">Blasiok and Nakkiran 2023, Smooth ECE, definition
 *     3 and algorithm 1</a>
 */
public final class SmoothCalibrationError {
  private static final int REFINEMENTS = 10;
  private static final double SMALLEST_WIDTH = 1e-3;

  /** Where residuals are smoothed. */
  public enum Kernel {
    /** Over the forecast, reflected at 0 and 1: the paper's definition. */
    REFLECTED("reflected Gaussian kernel"),
    /**
     * As {@link #REFLECTED}, but rows of forecast exactly 0 or 1 count half as much as others, and
     * the kernel ends half a unit away, as relplot smooths: only to compare with its numbers. They
     * are near the definition's where few forecasts lie within 0.001 of 0 or 1 and the error is
     * below 0.15.
     */
    REFLECTED_RELPLOT("reflected Gaussian kernel, ends as relplot"),
    /** Over the log odds of the forecast, at least 0.001 away from 0 and 1; a unit is four. */
    LOGIT("Gaussian kernel on log odds"),
    /**
     * As {@link #LOGIT}, but the first and the last point of the mesh count twice among the errors
     * and once among the weights, as in relplot: only to compare with its numbers, as the result
     * can exceed 1.
     */
    LOGIT_RELPLOT("Gaussian kernel on log odds, ends as relplot");

    private final String label;

    Kernel(String label) {
      this.label = label;
    }

    private DoubleUnaryOperator error(Forecasts forecasts) {
      return this == REFLECTED || this == REFLECTED_RELPLOT
          ? new ResidualGrid(forecasts, this == REFLECTED_RELPLOT)::error
          : new LogitResidualGrid(forecasts, this == LOGIT_RELPLOT)::error;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private final Kernel kernel;
  private final double value;
  private final double width;
  private final long rows;

  private SmoothCalibrationError(Kernel kernel, double value, double width, long rows) {
    this.kernel = kernel;
    this.value = value;
    this.width = width;
    this.rows = rows;
  }

  /**
   * Error of the top label, or of the positive class of a problem given as one column.
   *
   * @param predictions labelled predictions
   * @return the error at its own width
   * @throws IllegalStateException if there are no labels
   */
  public static SmoothCalibrationError of(Predictions predictions) {
    return of(predictions, Kernel.REFLECTED);
  }

  /**
   * Error of the top label, or of the positive class of a problem given as one column.
   *
   * @param predictions labelled predictions
   * @param kernel where residuals are smoothed
   * @return the error at its own width
   * @throws IllegalStateException if there are no labels
   */
  public static SmoothCalibrationError of(Predictions predictions, Kernel kernel) {
    return of(
        predictions.isBinary()
            ? Forecasts.ofClass(predictions, 1)
            : Forecasts.topLabel(predictions),
        kernel);
  }

  /**
   * Error of any forecasts.
   *
   * @param forecasts the forecasts
   * @return the error at its own width
   */
  public static SmoothCalibrationError of(Forecasts forecasts) {
    return of(forecasts, Kernel.REFLECTED);
  }

  /**
   * Error of any forecasts.
   *
   * @param forecasts the forecasts
   * @param kernel where residuals are smoothed
   * @return the error at its own width
   */
  public static SmoothCalibrationError of(Forecasts forecasts, Kernel kernel) {
    DoubleUnaryOperator grid = kernel.error(forecasts);
    double width = 1;
    if (!isBelowError(grid, 1)) {
      double above = 1;
      double below = 0;
      for (int i = 0; i < REFINEMENTS; i++) {
        double middle = (above + below) / 2;
        if (isBelowError(grid, middle)) {
          below = middle;
        } else {
          above = middle;
        }
      }
      width = above;
    }
    return new SmoothCalibrationError(kernel, grid.applyAsDouble(width), width, forecasts.rows());
  }

  /**
   * Error at a given width.
   *
   * @param forecasts the forecasts
   * @param sigma the kernel's width, in (0, 1]
   * @return the smoothed residuals' absolute value, summed over the density
   * @throws IllegalArgumentException if sigma is out of range
   */
  public static double at(Forecasts forecasts, double sigma) {
    return at(forecasts, sigma, Kernel.REFLECTED);
  }

  /**
   * Error at a given width.
   *
   * @param forecasts the forecasts
   * @param sigma the kernel's width, in (0, 1]
   * @param kernel where residuals are smoothed
   * @return the smoothed residuals' absolute value, averaged by the density
   * @throws IllegalArgumentException if sigma is out of range
   */
  public static double at(Forecasts forecasts, double sigma, Kernel kernel) {
    if (!(sigma >= SMALLEST_WIDTH && sigma <= 1)) {
      throw new IllegalArgumentException(
          "sigma must be between " + SMALLEST_WIDTH + " and 1, got " + sigma);
    }
    return kernel.error(forecasts).applyAsDouble(sigma);
  }

  /**
   * The error.
   *
   * @return smECE, in [0, 1]; may exceed 1 with {@link Kernel#LOGIT_RELPLOT}
   */
  public double value() {
    return value;
  }

  /**
   * The kernel width found.
   *
   * @return sigma, about equal to the error
   */
  public double width() {
    return width;
  }

  /**
   * The error with its width.
   *
   * @return such as "smECE 0.1048 (reflected Gaussian kernel, width 0.1055, 500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "smECE %.4f (%s, width %.4f, %s)", value, kernel, width, RowCount.words(rows));
  }

  private static boolean isBelowError(DoubleUnaryOperator grid, double sigma) {
    return sigma < SMALLEST_WIDTH || sigma < grid.applyAsDouble(sigma);
  }
}
