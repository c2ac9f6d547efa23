package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;

/**
 * Residuals and weights laid on a grid over the log odds of the forecasts, and their smoothing by a
 * Gaussian kernel: fine near 0 and 1, where trained classifiers put their forecasts, and coarse in
 * the middle. Forecasts are kept {@value #EDGE} away from 0 and 1.
 */
final class LogitResidualGrid {
  // Sizes, floors and the width's unit of four on the axis of log odds are relplot's.
  private static final int FINEST_COMMON = 2000;
  private static final int MESH = 200;
  private static final double DENSITY_FLOOR = 1e-4;
  private static final double EDGE = 1e-3;
  private static final double UNIT = 4;
  private static final double REACH = 9;

  private final Forecasts forecasts;
  private final boolean relplot;
  private final double floor;

  /** The outermost forecasts of rows that have weight. */
  private final int first;

  private final int last;

  /** With relplot's ends, or with ends that weigh the same in numerator and denominator. */
  LogitResidualGrid(Forecasts forecasts, boolean relplot) {
    this.forecasts = forecasts;
    this.relplot = relplot;
    floor = DENSITY_FLOOR * ResidualGrid.unit(forecasts);
    int from = 0;
    while (forecasts.weight(from) == 0) {
      from++;
    }
    int to = forecasts.rows() - 1;
    while (forecasts.weight(to) == 0) {
      to--;
    }
    first = from;
    last = to;
  }

  /** Mean of |smoothed residual| over a mesh of [0, 1], by the density there. */
  double error(double sigma) {
    int mesh = (int) Math.max(MESH, Math.rint(10 / sigma));
    double least = Math.min(odds(clipped(first)), odds(1.0 / (mesh - 1)));
    double most = Math.max(odds(clipped(last)), -odds(1.0 / (mesh - 1)));
    double width = sigma * UNIT / (most - least);
    int points = (int) Math.max(FINEST_COMMON, Math.rint(20 / width)) / 2 + 1;
    double[][] smooth = smooth(lay(points, least, most), width);
    CompensatedSum error = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    for (int i = 1; i < mesh - 1; i++) {
      double t = (double) i / (mesh - 1);
      double place = (odds(t) - least) / (most - least);
      double density = interpolate(smooth[1], place) + floor;
      double residual = Math.abs(interpolate(smooth[0], place)) / density;
      double share = density / (t * (1 - t));
      // The ends of the mesh, where log odds are infinite, take the values of their neighbours.
      int times = i == 1 || i == mesh - 2 ? 2 : 1;
      error.add(times * residual * share);
      total.add(relplot ? share : times * share);
    }
    return error.value() / total.value();
  }

  private double clipped(int i) {
    return Math.min(Math.max(forecasts.probability(i), EDGE), 1 - EDGE);
  }

  private static double odds(double p) {
    return Math.log(p / (1 - p));
  }

  /** Sums of residuals and of weights at each point, a row shared by its two neighbours. */
  private double[][] lay(int points, double least, double most) {
    CompensatedSum[][] sums = new CompensatedSum[2][points];
    for (CompensatedSum[] row : sums) {
      Arrays.setAll(row, i -> new CompensatedSum());
    }
    for (int i = first; i <= last; i++) {
      double weight = forecasts.weight(i);
      double residual = weight * (forecasts.probability(i) - (forecasts.outcome(i) ? 1 : 0));
      double place = (odds(clipped(i)) - least) / (most - least) * (points - 1);
      int left = Math.min((int) place, points - 2);
      double fraction = place - left;
      sums[0][left].add((1 - fraction) * residual);
      sums[0][left + 1].add(fraction * residual);
      sums[1][left].add((1 - fraction) * weight);
      sums[1][left + 1].add(fraction * weight);
    }
    double[][] out = new double[2][points];
    for (int s = 0; s < 2; s++) {
      CompensatedSum[] row = sums[s];
      Arrays.setAll(out[s], i -> row[i].value());
    }
    return out;
  }

  /** Nothing lies beyond the ends; the kernel ends half a unit away. */
  private static double[][] smooth(double[][] values, double width) {
    int points = values[0].length;
    int centre = (points - 1) / 2;
    int reach = (int) Math.min(centre, Math.ceil(REACH * width * points) + 1);
    int from = centre - reach;
    int to = Math.min(points, centre + reach + 2);
    double[] kernel = new double[to - from];
    for (int j = from; j < to; j++) {
      double distance = (double) j / (points - 1) - 0.5;
      kernel[j - from] =
          Math.exp(-distance * distance / (2 * width * width)) / (Math.sqrt(2 * Math.PI) * width);
    }
    double[][] out = new double[2][points];
    for (int i = 0; i < points; i++) {
      int place = i + centre;
      for (int j = Math.max(from, place - points + 1); j < Math.min(to, place + 1); j++) {
        out[0][i] += kernel[j - from] * values[0][place - j];
        out[1][i] += kernel[j - from] * values[1][place - j];
      }
    }
    return out;
  }

  private static double interpolate(double[] values, double t) {
    double place = t * (values.length - 1);
    int left = Math.min((int) place, values.length - 2);
    double fraction = place - left;
    return values[left] * (1 - fraction) + values[left + 1] * fraction;
  }
}
