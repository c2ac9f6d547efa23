package io.github.swag4j.calibration.error;

/**
 * What a row at a place of [0, 1] adds to the mesh of {@link ResidualGrid} at one width, with
 * weight 1: shared by its two neighbours on the grid, smoothed, and mirrored at both ends again and
 * again. Only points within the kernel's reach are looked at.
 */
final class MeshImages {
  private final int points;
  private final int mesh;
  private final double[] kernel;

  /** The points that a row reaches, from one on. */
  record Image(int from, double[] values) {

    /** Adds it, so many times, to the mesh. */
    void add(double times, double[] to) {
      for (int i = 0; i < values.length; i++) {
        to[from + i] += times * values[i];
      }
    }
  }

  MeshImages(double sigma) {
    points = ResidualGrid.points(sigma);
    mesh = ResidualGrid.mesh(sigma);
    kernel = ResidualGrid.kernel(points, sigma);
  }

  /** Number of points of the mesh. */
  int mesh() {
    return mesh;
  }

  /** The image of a row at f. */
  Image of(double f) {
    int left = ResidualGrid.left(points, f);
    double fraction = f * (points - 1) - left;
    // A point of the mesh lies between two of the grid, as the row does: two steps more.
    double reach = (kernel.length + 1.0) / (points - 1);
    int from = (int) Math.max(0, Math.floor((f - reach) * (mesh - 1)));
    int to = (int) Math.min(mesh - 1.0, Math.ceil((f + reach) * (mesh - 1)));
    double[] values = new double[to - from + 1];
    for (int i = from; i <= to; i++) {
      double t = (double) i / (mesh - 1);
      int at = ResidualGrid.left(points, t);
      double right = t * (points - 1) - at;
      values[i - from] =
          (1 - right) * smoothed(at, left, fraction) + right * smoothed(at + 1, left, fraction);
    }
    return new Image(from, values);
  }

  /** What the two neighbours of a row bring to a point of the grid. */
  private double smoothed(int at, int left, double fraction) {
    return (1 - fraction) * mirrored(at, left) + fraction * mirrored(at, left + 1);
  }

  /** The kernel from a point, and from its image in the mirror, to another. */
  private double mirrored(int to, int from) {
    return repeated(to - from) + repeated(to + from);
  }

  /** The kernel over all distances that are the same but for whole periods. */
  private double repeated(int distance) {
    int period = 2 * (points - 1);
    int forth = Math.floorMod(distance, period);
    double sum = 0;
    for (int d = forth; d < kernel.length; d += period) {
      sum += kernel[d];
    }
    for (int d = period - forth; d < kernel.length; d += period) {
      sum += kernel[d];
    }
    return sum;
  }
}
