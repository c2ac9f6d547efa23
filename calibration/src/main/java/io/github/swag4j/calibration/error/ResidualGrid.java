package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Arrays;

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

  private final Forecasts forecasts;
  private final double floor;
  private final boolean relplot;
  private double[] residuals = new double[0];
  private double[] weights;

  /** With relplot's mirror and kernel, or with those of the definition. */
  ResidualGrid(Forecasts forecasts, boolean relplot) {
    this.forecasts = forecasts;
    this.relplot = relplot;
    floor = DENSITY_FLOOR * unit(forecasts);
  }

  /** A density's floor is a part of a row: of weights that sum to 1 it would be that of many. */
  static double unit(Forecasts forecasts) {
    double[] weights = new double[forecasts.rows()];
    Arrays.setAll(weights, forecasts::weight);
    return RowWeights.unit(weights);
  }

  /** Sum over a mesh of |K_sigma * residuals|, over that of K_sigma * weights. */
  double error(double sigma) {
    lay((int) Math.max(FINEST_COMMON, Math.rint(20 / sigma)) / 2 + 1);
    double[] smoothResiduals = relplot ? smoothOnce(residuals, sigma) : smooth(residuals, sigma);
    double[] smoothWeights = relplot ? smoothOnce(weights, sigma) : smooth(weights, sigma);
    int mesh = (int) Math.max(MESH, Math.rint(10 / sigma));
    CompensatedSum error = new CompensatedSum();
    CompensatedSum density = new CompensatedSum();
    for (int i = 0; i < mesh; i++) {
      double t = (double) i / (mesh - 1);
      error.add(Math.abs(interpolate(smoothResiduals, t)));
      density.add(interpolate(smoothWeights, t) + floor);
    }
    return error.value() / density.value();
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
    for (int i = 0; i < forecasts.rows(); i++) {
      double f = forecasts.probability(i);
      double weight = forecasts.weight(i);
      double residual = weight * (f - (forecasts.outcome(i) ? 1 : 0));
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
  private static double[] smooth(double[] values, double sigma) {
    int points = values.length;
    int period = 2 * (points - 1);
    int reach = (int) Math.ceil(REACH * sigma * (points - 1));
    double[] kernel = new double[reach + 1];
    for (int j = 0; j <= reach; j++) {
      double distance = (double) j / (points - 1);
      kernel[j] =
          Math.exp(-distance * distance / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
    }
    double[] images = new double[points + 2 * reach];
    for (int i = 0; i < images.length; i++) {
      int place = Math.floorMod(i - reach, period);
      double value = values[place < points ? place : period - place];
      images[i] = place == 0 || place == points - 1 ? 2 * value : value;
    }
    double[] out = new double[points];
    for (int i = 0; i < points; i++) {
      double sum = kernel[0] * images[i + reach];
      for (int j = 1; j <= reach; j++) {
        sum += kernel[j] * (images[i + reach - j] + images[i + reach + j]);
      }
      out[i] = sum;
    }
    return out;
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
    int left = Math.min((int) place, values.length - 2);
    double fraction = place - left;
    return values[left] * (1 - fraction) + values[left + 1] * fraction;
  }
}
