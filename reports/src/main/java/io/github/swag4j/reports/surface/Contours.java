package io.github.swag4j.reports.surface;

import java.awt.geom.Path2D;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Where the values of a grid are below a level, and the lines between, by marching squares with
 * linear interpolation. Values that are not finite are above every level. A grid is closed by a
 * frame of such values on its own border, so that every region has a closed outline.
 */
final class Contours {
  private static final double OUTSIDE = Double.POSITIVE_INFINITY;

  private final int columns;
  private final int rows;
  private final double[] x;
  private final double[] y;

  /** {@code [rows][columns]}, padded. */
  private final double[][] values;

  /**
   * A grid.
   *
   * @param gridX of each column, rising
   * @param gridY of each row, rising
   * @param grid {@code [rows][columns]}
   * @param toX position in the figure
   * @param toY position in the figure
   */
  Contours(
      double[] gridX,
      double[] gridY,
      double[][] grid,
      DoubleUnaryOperator toX,
      DoubleUnaryOperator toY) {
    this.columns = gridX.length + 2;
    this.rows = gridY.length + 2;
    this.x = padded(gridX, toX);
    this.y = padded(gridY, toY);
    this.values = new double[rows][columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        boolean frame = r == 0 || c == 0 || r == rows - 1 || c == columns - 1;
        double value = frame ? OUTSIDE : grid[r - 1][c - 1];
        values[r][c] = Double.isFinite(value) ? value : OUTSIDE;
      }
    }
  }

  private static double[] padded(double[] places, DoubleUnaryOperator to) {
    double[] out = new double[places.length + 2];
    for (int i = 0; i < out.length; i++) {
      int inside = Math.min(Math.max(i - 1, 0), places.length - 1);
      out[i] = to.applyAsDouble(places[inside]);
    }
    return out;
  }

  /** The region below a level, its outline included; to be filled by the even-odd rule. */
  Path2D below(double level) {
    return new Tracing(level).path(false);
  }

  /** The lines at a level, without the frame and the outlines of holes. */
  Path2D lines(double level) {
    return new Tracing(level).path(true);
  }

  /** Follows the segments of all cells from edge to edge. */
  private final class Tracing {
    private final double level;

    /** From the edge where a segment begins, to the one where it ends. */
    private final Map<Integer, Integer> next = new LinkedHashMap<>();

    Tracing(double level) {
      this.level = level;
      for (int r = 0; r + 1 < rows; r++) {
        for (int c = 0; c + 1 < columns; c++) {
          cell(r, c);
        }
      }
    }

    /**
     * Around a cell against the clock, edges alternate between those that leave the region and
     * those that enter it. A segment goes from a leaving to an entering edge, the region on its
     * left.
     */
    private void cell(int r, int c) {
      double[] corners = {values[r][c], values[r][c + 1], values[r + 1][c + 1], values[r + 1][c]};
      int[] edges = {
        edge(r, c, false), edge(r, c + 1, true), edge(r + 1, c, false), edge(r, c, true)
      };
      int[] leaving = new int[2];
      int[] entering = new int[2];
      int out = 0;
      int in = 0;
      boolean leavesFirst = false;
      for (int e = 0; e < 4; e++) {
        boolean from = corners[e] < level;
        boolean to = corners[(e + 1) % 4] < level;
        if (from && !to) {
          leavesFirst |= out + in == 0;
          leaving[out++] = edges[e];
        } else if (!from && to) {
          entering[in++] = edges[e];
        }
      }
      double middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
      for (int s = 0; s < out; s++) {
        // The next entering edge, or at a saddle that is high in the middle the one before.
        boolean before = out == 2 && !(middle < level);
        int shift = before == leavesFirst ? 1 : 0;
        next.put(leaving[s], entering[(s + shift) % in]);
      }
    }

    private int edge(int r, int c, boolean upward) {
      return 2 * (r * columns + c) + (upward ? 1 : 0);
    }

    Path2D path(boolean linesOnly) {
      Path2D.Double path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
      Map<Integer, Integer> left = new LinkedHashMap<>(next);
      while (!left.isEmpty()) {
        int start = left.keySet().iterator().next();
        if (linesOnly) {
          line(start, left, path);
        } else {
          loop(start, left, path);
        }
      }
      return path;
    }

    private void loop(int start, Map<Integer, Integer> left, Path2D.Double path) {
      path.moveTo(xOf(start), yOf(start));
      Integer at = left.remove(start);
      while (at != null && at != start) {
        path.lineTo(xOf(at), yOf(at));
        at = left.remove(at);
      }
      path.closePath();
    }

    private void line(int start, Map<Integer, Integer> left, Path2D.Double path) {
      boolean down = false;
      int at = start;
      Integer to = left.remove(at);
      while (to != null) {
        boolean drawn = isBetweenValues(at) && isBetweenValues(to);
        if (drawn && !down) {
          path.moveTo(xOf(at), yOf(at));
        }
        if (drawn) {
          path.lineTo(xOf(to), yOf(to));
        }
        down = drawn;
        at = to;
        to = left.remove(at);
      }
    }

    private boolean isBetweenValues(int edge) {
      return Double.isFinite(first(edge)) && Double.isFinite(second(edge));
    }

    private double first(int edge) {
      return values[edge / 2 / columns][edge / 2 % columns];
    }

    private double second(int edge) {
      int up = edge % 2;
      return values[edge / 2 / columns + up][edge / 2 % columns + 1 - up];
    }

    /** Share of the way from the first end of an edge to the second. */
    private double share(int edge) {
      double a = first(edge);
      double b = second(edge);
      if (!Double.isFinite(b)) {
        return 0;
      }
      return Double.isFinite(a) ? (level - a) / (b - a) : 1;
    }

    private double xOf(int edge) {
      int c = edge / 2 % columns;
      return edge % 2 == 1 ? x[c] : x[c] + share(edge) * (x[c + 1] - x[c]);
    }

    private double yOf(int edge) {
      int r = edge / 2 / columns;
      return edge % 2 == 0 ? y[r] : y[r] + share(edge) * (y[r + 1] - y[r]);
    }
  }
}
