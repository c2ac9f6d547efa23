package io.github.swag4j.reports.surface;

import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Numbers;
import java.awt.geom.Rectangle2D;
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

  /** Of the key's boxes. */
  private static final int WIDTH = 16;

  /** Shares of the places that lie below the first and the last level. */
  private static final double FIRST = 0.02;

  private static final double LAST = 0.94;

  /** How much farther the last level lies from the lowest value than the first, at most. */
  private static final double FINEST = 40;

  /** Values that differ by more than this part of their range are shares of counted rows. */
  private static final double COUNTED = 1_000;

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
    double step = step(values);
    first = Math.max(first, Math.max(last / FINEST, step));
    TreeSet<Double> levels = new TreeSet<>();
    for (int i = 0; i < LINES; i++) {
      double exact = lowest + first * Math.pow(last / first, i / (LINES - 1.0));
      double gap = first * Math.pow(last / first, Math.max(0, i - 1) / (LINES - 1.0)) / 2;
      boolean counted = step > range / COUNTED;
      double level = counted ? rounded(between(values, exact), step / 2) : rounded(exact, gap);
      if (level > lowest && level < values[values.length - 1]) {
        levels.add(level);
      }
    }
    return levels.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The least difference of two that are not equal. */
  private static double step(double[] rising) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 1; i < rising.length; i++) {
      // Sums of shares differ in their last digits where they are meant to be equal.
      boolean different = rising[i] - rising[i - 1] > 1e-9 * Math.abs(rising[i]);
      least = different ? Math.min(least, rising[i] - rising[i - 1]) : least;
    }
    return Double.isFinite(least) ? least : 0;
  }

  /** Between two values, as a line through places that have its very level runs astray. */
  private static double between(double[] rising, double level) {
    int at = 1;
    while (at < rising.length - 1 && rising[at] <= level) {
      at++;
    }
    int below = at - 1;
    while (below > 0 && rising[at] - rising[below] <= 1e-9 * Math.abs(rising[at])) {
      below--;
    }
    return (rising[below] + rising[at]) / 2;
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
    int decimals = Math.max(0, BigDecimal.valueOf(level).stripTrailingZeros().scale());
    return Numbers.cell(level, decimals);
  }

  /** A value in words: four digits of it. */
  static String shortened(double value) {
    return label(new BigDecimal(value).round(new MathContext(4)).doubleValue());
  }

  /** Draws the key: a box for each colour from bottom to top, and the levels between them. */
  static void key(Figure figure, double[] levels, double left, double top, double height) {
    double step = height / (levels.length + 1);
    for (int i = 0; i <= levels.length; i++) {
      double boxTop = top + height - (i + 1) * step;
      figure.fill(
          new Rectangle2D.Double(left, boxTop, WIDTH, step),
          SurfaceColors.of(i, levels.length + 1));
      if (i < levels.length) {
        figure.text(label(levels[i]), left + WIDTH + 6, boxTop + 4, Anchor.START, Style.TICK);
      }
    }
  }
}
