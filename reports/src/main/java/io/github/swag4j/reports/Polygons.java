package io.github.swag4j.reports;

import java.util.Arrays;

/** Coordinates of many shapes in one series, separated by NaN as {@link Panel} wants them. */
final class Polygons {
  private double[] x = new double[64];
  private double[] y = new double[64];
  private int size;

  /** A box from corner to corner. */
  Polygons box(double x1, double y1, double x2, double y2) {
    separate();
    return point(x1, y1).point(x1, y2).point(x2, y2).point(x2, y1);
  }

  /** The outline of a box, as a line that returns to its start. */
  Polygons outline(double x1, double y1, double x2, double y2) {
    return box(x1, y1, x2, y2).point(x1, y1);
  }

  /** A line from one point to another. */
  Polygons segment(double x1, double y1, double x2, double y2) {
    separate();
    return point(x1, y1).point(x2, y2);
  }

  /**
   * Parallel lines across a box: the part of {@code y = slope * x + c} inside it, for every c that
   * is a multiple of {@code distance}.
   */
  Polygons hatch(double x1, double y1, double x2, double y2, double slope, double distance) {
    double a = y1 - slope * x1;
    double b = y1 - slope * x2;
    long first = (long) Math.ceil(Math.min(a, b) / distance);
    long last = (long) Math.floor((Math.max(a, b) + y2 - y1) / distance);
    for (long i = first; i <= last; i++) {
      double c = i * distance;
      double atLow = (y1 - c) / slope;
      double atHigh = (y2 - c) / slope;
      double from = Math.max(x1, Math.min(atLow, atHigh));
      double to = Math.min(x2, Math.max(atLow, atHigh));
      if (from < to) {
        segment(from, slope * from + c, to, slope * to + c);
      }
    }
    return this;
  }

  Polygons point(double px, double py) {
    if (size == x.length) {
      x = Arrays.copyOf(x, 2 * size);
      y = Arrays.copyOf(y, 2 * size);
    }
    x[size] = px;
    y[size++] = py;
    return this;
  }

  boolean isEmpty() {
    return size == 0;
  }

  double[] x() {
    return Arrays.copyOf(x, size);
  }

  double[] y() {
    return Arrays.copyOf(y, size);
  }

  private void separate() {
    if (size > 0) {
      point(Double.NaN, Double.NaN);
    }
  }
}
