package io.github.swag4j.reports.drawing;

import java.awt.Shape;
import java.util.function.DoubleUnaryOperator;

/** The shapes that plots are made of, in the coordinates of their axes. */
final class PlotShapes {
  private PlotShapes() {}

  static void segment(
      Figure figure,
      Panel panel,
      double x1,
      double y1,
      double x2,
      double y2,
      Ink ink,
      float... dash) {
    Shape line = panel.path(new double[] {x1, x2}, new double[] {y1, y2});
    figure.stroke(line, ink, 1.4f, dash);
  }

  static void band(
      Figure figure, Panel panel, double[] xs, double[] lower, double[] upper, Ink ink) {
    Polygons shape = new Polygons();
    int start = 0;
    while (start < xs.length) {
      int end = start;
      while (end < xs.length && Double.isFinite(xs[end] + lower[end] + upper[end])) {
        end++;
      }
      if (end - start > 1) {
        shape.band(xs, lower, upper, start, end);
      }
      start = end + 1;
    }
    if (!shape.isEmpty()) {
      figure.fill(panel.path(shape.x(), shape.y()), ink, 0.2);
    }
  }

  static double[] scaled(double[] values, DoubleUnaryOperator scale) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = scale.applyAsDouble(values[i]);
      result[i] = Double.isFinite(value) ? value : Double.NaN;
    }
    return result;
  }
}
