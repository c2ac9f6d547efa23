package io.github.swag4j.reports.drawing;

import java.util.ArrayList;
import java.util.List;

/**
 * The points of a long line that change its picture: a curve of a million rows must not be a file
 * of a million points.
 */
public final class Thinning {
  private static final int STEPS = 240;

  private Thinning() {}

  /**
   * Places of the points to keep: the first, the last, and each that is in another of {@value
   * #STEPS} steps of either axis than the point that was kept before it.
   */
  public static int[] keep(double[] x, double[] y) {
    double xStep = step(x);
    double yStep = step(y);
    List<Integer> kept = new ArrayList<>();
    long atX = 0;
    long atY = 0;
    for (int i = 0; i < x.length; i++) {
      long nowX = (long) Math.floor(x[i] / xStep);
      long nowY = (long) Math.floor(y[i] / yStep);
      if (kept.isEmpty() || i == x.length - 1 || nowX != atX || nowY != atY) {
        kept.add(i);
        atX = nowX;
        atY = nowY;
      }
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The values at places. */
  public static double[] at(double[] values, int[] places) {
    double[] result = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      result[i] = values[places[i]];
    }
    return result;
  }

  private static double step(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return high > low ? (high - low) / STEPS : 1;
  }
}
