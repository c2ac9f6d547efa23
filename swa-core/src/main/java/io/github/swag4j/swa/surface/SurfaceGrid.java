package io.github.swag4j.swa.surface;

import java.util.List;

/**
 * Evenly spread places of a rectangle of a plane, row by row from the lowest y, each from the
 * lowest x.
 *
 * @param left lowest x
 * @param right highest x
 * @param bottom lowest y
 * @param top highest y
 * @param columns places in a row, at least 2
 * @param rows rows, at least 2
 */
public record SurfaceGrid(
    double left, double right, double bottom, double top, int columns, int rows) {

  /** Places in a row or column at most. */
  public static final int MOST = 1_001;

  /**
   * Checks the numbers.
   *
   * @param left lowest x
   * @param right highest x
   * @param bottom lowest y
   * @param top highest y
   * @param columns places in a row, between 2 and {@value #MOST}
   * @param rows rows, between 2 and {@value #MOST}
   * @throws IllegalArgumentException if a range is empty or not finite, or there are too few or too
   *     many places
   */
  public SurfaceGrid {
    requireRange("x", left, right);
    requireRange("y", bottom, top);
    requireCount("columns", columns);
    requireCount("rows", rows);
  }

  private static void requireRange(String axis, double low, double high) {
    if (!(low < high && Double.isFinite(high - low))) {
      throw new IllegalArgumentException(
          axis + " must lie in a finite range, got " + low + " to " + high);
    }
  }

  private static void requireCount(String what, int count) {
    if (count < 2 || count > MOST) {
      throw new IllegalArgumentException(
          what + " of a grid must be between 2 and " + MOST + ", got " + count);
    }
  }

  /**
   * The square around places, so that a unit is as long on both axes.
   *
   * @param places at least two different ones
   * @param margin what is added on each side, as a share of the larger of their extents; at least 0
   * @param points places in a row and in a column
   * @return the grid, its centre that of the places' bounding box
   * @throws IllegalArgumentException if the places have no extent, or the margin is negative or not
   *     finite
   */
  public static SurfaceGrid around(List<PlanePlace> places, double margin, int points) {
    if (!(margin >= 0 && Double.isFinite(margin))) {
      throw new IllegalArgumentException("margin must be finite and at least 0, got " + margin);
    }
    double left = places.stream().mapToDouble(PlanePlace::x).min().orElse(0);
    double right = places.stream().mapToDouble(PlanePlace::x).max().orElse(0);
    double bottom = places.stream().mapToDouble(PlanePlace::y).min().orElse(0);
    double top = places.stream().mapToDouble(PlanePlace::y).max().orElse(0);
    double half = Math.max(right - left, top - bottom) * (0.5 + margin);
    double x = (left + right) / 2;
    double y = (bottom + top) / 2;
    return new SurfaceGrid(x - half, x + half, y - half, y + half, points, points);
  }

  /**
   * How many places there are.
   *
   * @return columns times rows
   */
  public int size() {
    return columns * rows;
  }

  /**
   * The x of a column.
   *
   * @param column from 0
   * @return left at 0, right at the last
   */
  public double x(int column) {
    return between(left, right, column, columns);
  }

  /**
   * The y of a row.
   *
   * @param row from 0
   * @return bottom at 0, top at the last
   */
  public double y(int row) {
    return between(bottom, top, row, rows);
  }

  private static double between(double low, double high, int place, int count) {
    double share = (double) place / (count - 1);
    return (1 - share) * low + share * high;
  }
}
