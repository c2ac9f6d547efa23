package io.github.swag4j.reports;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The levels of a surface's contour lines: their distances from the lowest value grow by the same
 * factor, so that the floor of a valley and its walls both have lines. Rounded to numbers that can
 * be read, never two alike.
 */
final class SurfaceLevels {
  private static final int LINES = 9;

  /** Shares of the places that lie below the first and the last level. */
  private static final double FIRST = 0.02;

  private static final double LAST = 0.94;

  private SurfaceLevels() {}

  /** The levels of these values in rising order; none where all finite values are equal. */
  static double[] of(double[][] grid) {
    double[] values =
        Arrays.stream(grid).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
    Arrays.sort(values);
    if (values.length == 0 || values[0] == values[values.length - 1]) {
      return new double[0];
    }
    double lowest = values[0];
    double first = values[(int) (FIRST * (values.length - 1))] - lowest;
    double last = values[(int) (LAST * (values.length - 1))] - lowest;
    double range = values[values.length - 1] - lowest;
    last = last > 0 ? last : range;
    first = Math.max(first, last * 1e-3);
    TreeSet<Double> levels = new TreeSet<>();
    for (int i = 0; i < LINES; i++) {
      double exact = lowest + first * Math.pow(last / first, i / (LINES - 1.0));
      double gap = first * Math.pow(last / first, Math.max(0, i - 1) / (LINES - 1.0)) / 2;
      double level = rounded(exact, gap);
      if (level > lowest && level < values[values.length - 1]) {
        levels.add(level);
      }
    }
    return levels.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The nearest number of as few digits as keep it within a third of a gap. */
  private static double rounded(double value, double gap) {
    for (int digits = 1; digits < 15; digits++) {
      double shorter =
          new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_UP)).doubleValue();
      if (Math.abs(shorter - value) <= gap / 3) {
        return shorter;
      }
    }
    return value;
  }

  /** A level as it is written beside its colour. */
  static String label(double level) {
    if (level != 0 && (Math.abs(level) < 1e-3 || Math.abs(level) >= 1e6)) {
      return Numbers.tick(level, 1e-5);
    }
    int decimals =
        Math.max(0, BigDecimal.valueOf(level).stripTrailingZeros().scale());
    return Numbers.cell(level, decimals);
  }
}
