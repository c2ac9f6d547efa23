package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Locale;

/**
 * Smooth calibration error (smECE): the residuals f - y are smoothed over the confidence by a
 * Gaussian kernel of width sigma, reflected at 0 and 1, and the absolute value is integrated. The
 * width is not chosen but found, as the sigma that equals its own error; there are no bins.
 *
 * <p>In [0, 1], lower is better; changes continuously with the predictions. The numbers are those
 * of relplot: a grid of at least 200 points, refined to 20 / sigma, and ten bisections, so that
 * sigma is known to 1 / 1024 and the error within about 1e-3.
 *
 * @see <a href="https://arxiv.org/abs/2309.12236">Blasiok and Nakkiran 2023, Smooth ECE, definition
 *     3 and algorithm 1</a>
 */
public final class SmoothCalibrationError {
  private static final int COARSE_GRID = 200;
  private static final int REFINEMENTS = 10;
  private static final double SMALLEST_WIDTH = 1e-3;
  private static final double KERNEL_REACH = 9;

  private final double value;
  private final double width;
  private final long rows;

  private SmoothCalibrationError(double value, double width, long rows) {
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
    return of(
        predictions.isBinary()
            ? Forecasts.ofClass(predictions, 1)
            : Forecasts.topLabel(predictions));
  }

  /**
   * Error of any forecasts.
   *
   * @param forecasts the forecasts
   * @return the error at its own width
   */
  public static SmoothCalibrationError of(Forecasts forecasts) {
    Grid grid = new Grid(forecasts);
    double width = 1;
    if (!grid.isBelowError(1)) {
      double above = 1;
      double below = 0;
      for (int i = 0; i < REFINEMENTS; i++) {
        double middle = (above + below) / 2;
        if (grid.isBelowError(middle)) {
          below = middle;
        } else {
          above = middle;
        }
      }
      width = above;
    }
    return new SmoothCalibrationError(grid.error(width), width, forecasts.rows());
  }

  /**
   * Error at a given width.
   *
   * @param forecasts the forecasts
   * @param sigma the kernel's width, in (0, 1]
   * @return the integral of the smoothed residuals' absolute value
   * @throws IllegalArgumentException if sigma is out of range
   */
  public static double at(Forecasts forecasts, double sigma) {
    if (!(sigma >= SMALLEST_WIDTH && sigma <= 1)) {
      throw new IllegalArgumentException(
          "sigma must be between " + SMALLEST_WIDTH + " and 1, got " + sigma);
    }
    Grid grid = new Grid(forecasts);
    grid.refine(sigma);
    return grid.error(sigma);
  }

  /**
   * The error.
   *
   * @return smECE, in [0, 1]
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
        Locale.ROOT,
        "smECE %.4f (reflected Gaussian kernel, width %.4f, %,d rows)",
        value,
        width,
        rows);
  }

  /** The residuals laid on a grid over [0, 1], each shared linearly by its two neighbours. */
  private static final class Grid {
    private final Forecasts forecasts;
    private final double totalWeight;
    private double[] residuals;

    Grid(Forecasts forecasts) {
      this.forecasts = forecasts;
      totalWeight = forecasts.totalWeight();
      lay(COARSE_GRID);
    }

    boolean isBelowError(double sigma) {
      refine(sigma);
      return sigma < SMALLEST_WIDTH || sigma < error(sigma);
    }

    void refine(double sigma) {
      int points = residuals.length;
      while (Math.rint(20 / sigma) > points) {
        points *= 4;
      }
      if (points != residuals.length) {
        lay(points);
      }
    }

    private void lay(int points) {
      residuals = new double[points];
      CompensatedSum[] sums = new CompensatedSum[points];
      for (int i = 0; i < points; i++) {
        sums[i] = new CompensatedSum();
      }
      for (int i = 0; i < forecasts.rows(); i++) {
        double f = forecasts.probability(i);
        double residual = forecasts.weight(i) * (f - (forecasts.outcome(i) ? 1 : 0)) / totalWeight;
        double place = f * (points - 1);
        int left = Math.min((int) place, points - 2);
        double fraction = place - left;
        sums[left].add((1 - fraction) * residual);
        sums[left + 1].add(fraction * residual);
      }
      for (int i = 0; i < points; i++) {
        residuals[i] = sums[i].value();
      }
    }

    /**
     * Mean over the grid of |K_sigma * residuals|. Kernel values lie at i / (points - 1) - 1/2, as
     * relplot lays them: for an even number of points the centre falls between two of them.
     */
    double error(double sigma) {
      int points = residuals.length;
      double[] kernel = new double[points];
      for (int i = 0; i < points; i++) {
        double distance = (double) i / (points - 1) - 0.5;
        kernel[i] =
            Math.exp(-distance * distance / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
      }
      // Beyond nine widths the kernel is below 1e-17 of its peak.
      int reach = (int) Math.min(points / 2.0, Math.ceil(KERNEL_REACH * sigma * points) + 1);
      int from = Math.max(0, points / 2 - reach);
      int to = Math.min(points, points / 2 + reach + 1);
      CompensatedSum sum = new CompensatedSum();
      for (int i = 0; i < points; i++) {
        double smoothed = 0;
        for (int j = from; j < to; j++) {
          // The convolution's place i + points / 2 + points - 1 - j in the reflected residuals.
          smoothed += kernel[j] * residuals[reflected(i + points / 2 - j, points)];
        }
        sum.add(Math.abs(smoothed));
      }
      return sum.value() / points;
    }

    private static int reflected(int place, int points) {
      int i = Math.abs(place);
      return i < points ? i : 2 * (points - 1) - i;
    }
  }
}
