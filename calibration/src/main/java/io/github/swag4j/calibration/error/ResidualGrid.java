package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Residuals and weights laid on a grid over [0, 1], each row shared linearly by its two neighbours,
 * and their smoothing by a Gaussian kernel that is reflected at both ends.
 */
final class ResidualGrid {
  // Sizes and the density's floor are relplot's.
  private static final int FINEST_COMMON = 2000;
  private static final int MESH = 200;
  private static final double DENSITY_FLOOR = 1e-4;
  // Beyond nine widths the kernel is below 1e-17 of its peak.
  private static final double REACH = 9;

  private final double[] forecasts;
  private final double[] came;
  private final double[] rowWeights;
  private final double floor;
  private final boolean relplot;
  private double[] residuals = new double[0];
  private double[] weights;

  /** With relplot's mirror and kernel, or with those of the definition. */
  ResidualGrid(Forecasts of, boolean relplot) {
    this(
        all(of, of::probability),
        all(of, i -> of.outcome(i) ? 1 : 0),
        all(of, of::weight),
        unit(of),
        relplot);
  }

  /** Of rows as they are given, which are not copied; the unit is the weight of one row. */
  ResidualGrid(
      double[] forecasts, double[] came, double[] rowWeights, double unit, boolean relplot) {
    this.forecasts = forecasts;
    this.came = came;
    this.rowWeights = rowWeights;
    this.relplot = relplot;
    floor = DENSITY_FLOOR * unit;
  }

  private static double[] all(Forecasts of, IntToDoubleFunction value) {
    double[] values = new double[of.rows()];
    Arrays.setAll(values, value);
    return values;
  }

  /** A density's floor is a part of a row: of weights that sum to 1 it would be that of many. */
  static double unit(Forecasts forecasts) {
    double[] weights = new double[forecasts.rows()];
    Arrays.setAll(weights, forecasts::weight);
    return RowWeights.unit(weights);
  }

  /** Sum over a mesh of |K_sigma * residuals|, over that of K_sigma * weights. */
  double error(double sigma) {
    lay(points(sigma));
    int mesh = mesh(sigma);
    boolean[] read = read(residuals.length, mesh);
    double[] smoothResiduals =
        relplot ? smoothOnce(residuals, sigma) : smooth(residuals, sigma, read);
    double[] smoothWeights = relplot ? smoothOnce(weights, sigma) : smooth(weights, sigma, read);
    CompensatedSum error = new CompensatedSum();
    CompensatedSum density = new CompensatedSum();
    for (int i = 0; i < mesh; i++) {
      double t = (double) i / (mesh - 1);
      error.add(Math.abs(interpolate(smoothResiduals, t)));
      density.add(interpolate(smoothWeights, t) + floor);
    }
    return error.value() / density.value();
  }

  /** The weight of a row's floor in the density, for all of the mesh. */
  double floor() {
    return floor;
  }

  /** Number of points of the mesh at a width. */
  static int mesh(double sigma) {
    return (int) Math.max(MESH, Math.rint(10 / sigma));
  }

  /** Number of points of the grid at a width. */
  static int points(double sigma) {
    return (int) Math.max(FINEST_COMMON, Math.rint(20 / sigma)) / 2 + 1;
  }

  /** The kernel by the distance in points of the grid, as far as it reaches. */
  static double[] kernel(int points, double sigma) {
    double[] kernel = new double[(int) Math.ceil(REACH * sigma * (points - 1)) + 1];
    for (int j = 0; j < kernel.length; j++) {
      double distance = (double) j / (points - 1);
      kernel[j] =
          Math.exp(-distance * distance / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
    }
    return kernel;
  }

  /** The points between which the mesh interpolates: no others need to be smoothed. */
  private static boolean[] read(int points, int mesh) {
    boolean[] read = new boolean[points];
    for (int i = 0; i < mesh; i++) {
      int left = left(points, (double) i / (mesh - 1));
      read[left] = true;
      read[left + 1] = true;
    }
    return read;
  }

  private void lay(int points) {
    if (points == residuals.length) {
      return;
    }
    CompensatedSum[] r = new CompensatedSum[points];
    CompensatedSum[] w = new CompensatedSum[points];
    for (int i = 0; i < points; i++) {
      r[i] = new CompensatedSum();
      w[i] = new CompensatedSum();
    }
    for (int i = 0; i < forecasts.length; i++) {
      double f = forecasts[i];
      double weight = rowWeights[i];
      double residual = weight * (f - came[i]);
      double place = f * (points - 1);
      int left = Math.min((int) place, points - 2);
      double fraction = place - left;
      r[left].add((1 - fraction) * residual);
      r[left + 1].add(fraction * residual);
      w[left].add((1 - fraction) * weight);
      w[left + 1].add(fraction * weight);
    }
    residuals = new double[points];
    weights = new double[points];
    for (int i = 0; i < points; i++) {
      residuals[i] = r[i].value();
      weights[i] = w[i].value();
    }
  }

  /**
   * Mirrored at both ends again and again: what lies on an end is its own image and counts twice.
   */
  private static double[] smooth(double[] values, double sigma, boolean[] read) {
    int points = values.length;
    int period = 2 * (points - 1);
    double[] kernel = kernel(points, sigma);
    int reach = kernel.length - 1;
    double[] images = new double[points + 2 * reach];
    for (int i = 0; i < images.length; i++) {
      int place = Math.floorMod(i - reach, period);
      double value = values[place < points ? place : period - place];
      images[i] = place == 0 || place == points - 1 ? 2 * value : value;
    }
    double[] out = new double[points];
    for (int i = 0; i < points; i++) {
      if (!read[i]) {
        continue;
      }
      out[i] = kernel[0] * images[i + reach] + both(kernel, images, i + reach);
    }
    return out;
  }

  /** What lies on both sides of a place; four sums side by side, which need not wait in turn. */
  private static double both(double[] kernel, double[] images, int at) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 1;
    for (; j + 3 < kernel.length; j += 4) {
      a += kernel[j] * (images[at - j] + images[at + j]);
      b += kernel[j + 1] * (images[at - j - 1] + images[at + j + 1]);
      c += kernel[j + 2] * (images[at - j - 2] + images[at + j + 2]);
      d += kernel[j + 3] * (images[at - j - 3] + images[at + j + 3]);
    }
    for (; j < kernel.length; j++) {
      a += kernel[j] * (images[at - j] + images[at + j]);
    }
    return (a + b) + (c + d);
  }

  /**
   * As relplot: what lies on an end counts once, so half, and kernel values lie at i / (points - 1)
   * - 1/2, so that the kernel ends half a unit away.
   */
  private static double[] smoothOnce(double[] values, double sigma) {
    int points = values.length;
    int centre = points / 2;
    int reach = (int) Math.min(centre, Math.ceil(REACH * sigma * points) + 1);
    int from = centre - reach;
    int to = Math.min(points, centre + reach + 1);
    double[] kernel = new double[to - from];
    for (int j = from; j < to; j++) {
      double distance = (double) j / (points - 1) - 0.5;
      kernel[j - from] =
          Math.exp(-distance * distance / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
    }
    // Reflected at both ends: mirrored[points + i] is values[i].
    double[] mirrored = new double[3 * points];
    for (int i = 0; i < mirrored.length; i++) {
      mirrored[i] = values[reflected(i - points, points)];
    }
    double[] out = new double[points];
    for (int i = 0; i < points; i++) {
      int place = i + centre + points;
      double sum = 0;
      for (int j = from; j < to; j++) {
        sum += kernel[j - from] * mirrored[place - j];
      }
      out[i] = sum;
    }
    return out;
  }

  private static int reflected(int place, int points) {
    int i = Math.abs(place);
    return i < points ? i : Math.abs(2 * (points - 1) - i);
  }

  private static double interpolate(double[] values, double t) {
    double place = t * (values.length - 1);
    int left = left(values.length, t);
    double fraction = place - left;
    return values[left] * (1 - fraction) + values[left + 1] * fraction;
  }

  /** The point of the grid at a place, or on its left. */
  static int left(int points, double t) {
    return Math.min((int) (t * (points - 1)), points - 2);
  }
}
