package io.github.swag4j.reports.drawing;

import java.util.Arrays;

/** Coordinates of many shapes in one series, separated by NaN as {@link Panel} wants them. */
public final class Polygons {
  private double[] x = new double[64];
  private double[] y = new double[64];
  private int size;

  /** A box from corner to corner. */
  public Polygons box(double x1, double y1, double x2, double y2) {
    separate();
    return point(x1, y1).point(x1, y2).point(x2, y2).point(x2, y1);
  }

  /** The outline of a box, as a line that returns to its start. */
  public Polygons outline(double x1, double y1, double x2, double y2) {
    return box(x1, y1, x2, y2).point(x1, y1);
  }

  /** A square on its corner around a point. */
  public Polygons diamond(double cx, double cy, double dx, double dy) {
    separate();
    return point(cx - dx, cy).point(cx, cy + dy).point(cx + dx, cy).point(cx, cy - dy);
  }

  /** The room between two lines over a stretch of points. */
  public Polygons band(double[] at, double[] lower, double[] upper, int from, int to) {
    separate();
    for (int i = from; i < to; i++) {
      point(at[i], upper[i]);
    }
    for (int i = to - 1; i >= from; i--) {
      point(at[i], lower[i]);
    }
    return this;
  }

  /** A line from one point to another. */
  public Polygons segment(double x1, double y1, double x2, double y2) {
    separate();
    return point(x1, y1).point(x2, y2);
  }

  /**
   * Parallel lines across a box: the part of {@code y = slope * x + c} inside it, for every c that
   * is a multiple of {@code distance}.
   */
  public Polygons hatch(double x1, double y1, double x2, double y2, double slope, double distance) {
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

  public Polygons point(double px, double py) {
    if (size == x.length) {
      x = Arrays.copyOf(x, 2 * size);
      y = Arrays.copyOf(y, 2 * size);
    }
    x[size] = px;
    y[size++] = py;
    return this;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public double[] x() {
    return Arrays.copyOf(x, size);
  }

  public double[] y() {
    return Arrays.copyOf(y, size);
  }

  private void separate() {
    if (size > 0) {
      point(Double.NaN, Double.NaN);
    }
  }
}
