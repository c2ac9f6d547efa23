package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Arrays;
import java.util.Objects;

/**
 * Smooth calibration error of the same rows again and again, each time with other multiplicities,
 * as a bootstrap needs it. The width is looked for near that of the rows as they are, in steps of 1
 * / 1024 as {@link SmoothCalibrationError} bisects to: the same number wherever the error falls
 * below the width once.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class SmoothErrorOnRows {
  private final double[] forecasts;
  private final double[] came;
  private final double[] weights;
  private final int near;

  /**
   * Rows, in the order in which they are to be added.
   *
   * @param forecasts {@code [rows]}, in [0, 1]
   * @param came {@code [rows]}, 1 where the event came and 0 elsewhere
   * @param weights {@code [rows]}, at least 0, not all 0
   * @throws IllegalArgumentException if the lengths differ or there is no row
   */
  public SmoothErrorOnRows(double[] forecasts, double[] came, double[] weights) {
    if (forecasts.length == 0
        || came.length != forecasts.length
        || weights.length != forecasts.length) {
      throw new IllegalArgumentException(
          "forecasts, outcomes and weights must be as many, at least 1, got "
              + forecasts.length
              + ", "
              + came.length
              + " and "
              + weights.length);
    }
    this.forecasts = forecasts.clone();
    this.came = came.clone();
    this.weights = weights.clone();
    ResidualGrid grid =
        new ResidualGrid(
            this.forecasts, this.came, this.weights, RowWeights.unit(this.weights), false);
    this.near = WidthSearch.from(WidthSearch.STEPS / 16, grid::error).step();
  }

  /**
   * The error when row i comes {@code times[i]} times.
   *
   * @param times {@code [rows]}, at least 0
   * @return smECE, in [0, 1]; NaN if no weight is left
   */
  public double of(int[] times) {
    Objects.checkFromIndexSize(0, forecasts.length, times.length);
    double[] drawn = new double[weights.length];
    Arrays.setAll(drawn, i -> times[i] * weights[i]);
    if (Arrays.stream(drawn).noneMatch(w -> w > 0)) {
      return Double.NaN;
    }
    double unit = RowWeights.unit(drawn);
    ResidualGrid grid = new ResidualGrid(forecasts, came, drawn, unit, false);
    return WidthSearch.from(near, grid::error).error();
  }
}
