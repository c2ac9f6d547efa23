package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Arrays;
import java.util.Objects;

/**
 * Smooth calibration error of the same rows again and again, each time with other multiplicities,
 * as a bootstrap needs it. Of the rows as they are it is {@link SmoothCalibrationError}; of others
 * it is that to first order: with e(s) the error at width s, and s0 the width at which e(s0) = s0,
 * rows whose error at s0 is e' have the smooth error e(s0) + (e' - e(s0)) / (1 - de/ds). Rows are
 * gathered in at least {@value #FEWEST_PLACES} places, at most half a width apart, so that a draw
 * costs little more than its rows.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class SmoothErrorOnRows {
  private static final int FEWEST_PLACES = 256;

  /** For the slope of the error, in steps of 1 / 1024. */
  private static final int STRIDE = 4;

  private static final double STEEPEST = -20;

  private final int[] place;
  private final double[] fraction;
  private final double[] residuals;
  private final double[] weights;

  /** {@code [places]}: what a row at a place adds to the mesh. */
  private final MeshImages.Image[] images;

  private final int mesh;

  /** What a row at a place adds to all of the mesh. */
  private final double[] densities;

  private final double floor;
  private final double atOnce;
  private final double error;
  private final double slope;

  /**
   * Rows, in the order in which they are to be added.
   *
   * @param forecasts {@code [rows]}, in [0, 1]
   * @param came {@code [rows]}, 1 where the event came and 0 elsewhere
   * @param weights {@code [rows]}, at least 0, not all 0
   * @throws IllegalArgumentException if the lengths differ or there is no row
   */
  public SmoothErrorOnRows(double[] forecasts, double[] came, double[] weights) {
    int rows = forecasts.length;
    if (rows == 0 || came.length != rows || weights.length != rows) {
      throw new IllegalArgumentException(
          "forecasts, outcomes and weights must be as many, at least 1, got "
              + rows
              + ", "
              + came.length
              + " and "
              + weights.length);
    }
    this.weights = weights.clone();
    ResidualGrid grid = new ResidualGrid(forecasts, came, weights, RowWeights.unit(weights), false);
    WidthSearch found = WidthSearch.from(WidthSearch.STEPS / 16, grid::error);
    error = found.error();
    slope = slope(grid, found.step());
    double sigma = Math.max(WidthSearch.SMALLEST, (double) found.step() / WidthSearch.STEPS);
    int places = Math.max(FEWEST_PLACES, (int) Math.ceil(2 / sigma) + 1);
    place = new int[rows];
    fraction = new double[rows];
    residuals = new double[rows];
    for (int i = 0; i < rows; i++) {
      place[i] = ResidualGrid.left(places, forecasts[i]);
      fraction[i] = forecasts[i] * (places - 1) - place[i];
      residuals[i] = forecasts[i] - came[i];
    }
    MeshImages at = new MeshImages(sigma);
    mesh = at.mesh();
    images = new MeshImages.Image[places];
    densities = new double[places];
    for (int k = 0; k < places; k++) {
      images[k] = at.of((double) k / (places - 1));
      densities[k] = Arrays.stream(images[k].values()).sum();
    }
    floor = grid.floor() * mesh;
    int[] once = new int[rows];
    Arrays.fill(once, 1);
    atOnce = atWidth(once);
  }

  /** How the error changes with the width, at most 0. */
  private static double slope(ResidualGrid grid, int step) {
    int low = Math.max(2, step - STRIDE);
    int high = Math.min(WidthSearch.STEPS, Math.max(low + 1, step + STRIDE));
    double change =
        grid.error((double) high / WidthSearch.STEPS)
            - grid.error((double) low / WidthSearch.STEPS);
    return Math.max(STEEPEST, Math.min(0, change * WidthSearch.STEPS / (high - low)));
  }

  /**
   * The error when row i comes {@code times[i]} times.
   *
   * @param times {@code [rows]}, at least 0
   * @return smECE to first order, in [0, 1]; NaN if no weight is left
   */
  public double of(int[] times) {
    Objects.checkFromIndexSize(0, weights.length, times.length);
    double at = atWidth(times);
    return Double.isNaN(at) ? at : Math.max(0, Math.min(1, error + (at - atOnce) / (1 - slope)));
  }

  /** The error at the width of the rows as they are. */
  private double atWidth(int[] times) {
    double[] gathered = new double[images.length];
    double[] counted = new double[images.length];
    double total = 0;
    for (int i = 0; i < times.length; i++) {
      if (times[i] > 0) {
        double weight = times[i] * weights[i];
        double right = weight * fraction[i];
        int k = place[i];
        total += weight;
        counted[k] += weight - right;
        counted[k + 1] += right;
        gathered[k] += (weight - right) * residuals[i];
        gathered[k + 1] += right * residuals[i];
      }
    }
    if (!(total > 0)) {
      return Double.NaN;
    }
    double[] smooth = new double[mesh];
    double density = floor;
    for (int k = 0; k < images.length; k++) {
      if (counted[k] > 0) {
        density += counted[k] * densities[k];
        images[k].add(gathered[k], smooth);
      }
    }
    double sum = 0;
    for (double residual : smooth) {
      sum += Math.abs(residual);
    }
    return sum / density;
  }
}
