package io.github.swag4j.cli.surface;

import io.github.swag4j.cli.run.UsageException;

/**
 * How surfaces are evaluated.
 *
 * @param grid points on a side
 * @param margin what is added on each side, as a share of the extent, null for each surface's own
 * @param rows training rows of the loss at most, null for all
 * @param testRows test rows at most, null for all
 * @param directions random directions of flatness
 * @param radius largest radius of flatness
 * @param workers points at a time
 */
public record SurfaceSettings(
    int grid,
    Double margin,
    Integer rows,
    Integer testRows,
    int directions,
    double radius,
    int workers) {

  /** Points on a side. */
  public static final int GRID = 21;

  /** Random directions of flatness. */
  public static final int DIRECTIONS = 5;

  /** Largest radius of flatness, as a share of each filter's length. */
  public static final double RADIUS = 0.5;

  /** Checks the numbers. */
  public SurfaceSettings {
    require(grid >= 3 && grid <= 201, "--grid must be between 3 and 201, got " + grid);
    require(
        margin == null || margin >= 0 && margin <= 10,
        "--margin must be between 0 and 10, got " + margin);
    require(rows == null || rows >= 2, "--rows must be at least 2, got " + rows);
    require(testRows == null || testRows >= 1, "--test-rows must be at least 1, got " + testRows);
    require(
        directions >= 1 && directions <= 100,
        "--directions must be between 1 and 100, got " + directions);
    require(radius > 0 && radius <= 100, "--radius must be above 0 and at most 100, got " + radius);
    require(
        workers >= 1 && workers <= 1024, "--workers must be between 1 and 1024, got " + workers);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new UsageException(message);
    }
  }

  double marginOr(double own) {
    return margin == null ? own : margin;
  }
}
