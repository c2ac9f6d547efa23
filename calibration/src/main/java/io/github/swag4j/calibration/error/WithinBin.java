package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;

/** How much the calibrated forecast differs within a bin, by the least-squares line through it. */
final class WithinBin {

  private WithinBin() {}

  /**
   * Variance of the line's values at the rows, without what chance adds: (slope^2 - its squared
   * standard error) times the variance of the forecasts. 0 for fewer than three rows and for one
   * forecast.
   */
  static double variance(UnsortedForecasts judged, int[] rows) {
    int n = rows.length;
    double[][] points = sorted(judged, rows);
    if (n < 3 || points[0][0] == points[n - 1][0]) {
      return 0;
    }
    double x = mean(points, 0);
    double y = mean(points, 1);
    double xx = products(points, 0, x, 0, x);
    double xy = products(points, 0, x, 1, y);
    double slope = xy / xx;
    double residual = Math.max(0, products(points, 1, y, 1, y) - slope * xy) / (n - 2);
    return (slope * slope - residual / xx) * xx / n;
  }

  /** (forecast, outcome), sorted, so that the order of rows does not matter. */
  private static double[][] sorted(UnsortedForecasts judged, int[] rows) {
    double[][] points = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      points[i] = new double[] {judged.p()[rows[i]], judged.came()[rows[i]] ? 1 : 0};
    }
    Arrays.sort(points, Arrays::compare);
    return points;
  }

  private static double mean(double[][] points, int column) {
    CompensatedSum sum = new CompensatedSum();
    for (double[] p : points) {
      sum.add(p[column]);
    }
    return sum.value() / points.length;
  }

  private static double products(double[][] points, int i, double mi, int j, double mj) {
    CompensatedSum sum = new CompensatedSum();
    for (double[] p : points) {
      sum.add((p[i] - mi) * (p[j] - mj));
    }
    return sum.value();
  }
}
