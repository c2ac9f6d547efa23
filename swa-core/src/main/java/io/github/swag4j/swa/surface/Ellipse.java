package io.github.swag4j.swa.surface;

/**
 * An ellipse in a plane: the places at one Mahalanobis distance from the middle of a normal
 * distribution.
 *
 * @param x middle
 * @param y middle
 * @param major the longer half axis, at least the other
 * @param minor the shorter half axis, at least 0
 * @param angle of the longer axis against the first axis of the plane, in radians, in (-pi/2, pi/2]
 */
public record Ellipse(double x, double y, double major, double minor, double angle) {

  /**
   * The ellipse of a covariance at a number of standard deviations.
   *
   * @param x middle
   * @param y middle
   * @param xx variance along the first axis
   * @param xy covariance
   * @param yy variance along the second axis
   * @param sigmas Mahalanobis distance, above 0; of a normal distribution in the plane a share 1 -
   *     exp(-sigmas^2 / 2) lies within: 39 %, 86 % and 99 % for 1, 2 and 3
   * @return the ellipse
   * @throws IllegalArgumentException if the matrix is not positive semidefinite or not finite, or
   *     sigmas is not above 0
   */
  public static Ellipse of(double x, double y, double xx, double xy, double yy, double sigmas) {
    // Rounding may leave the determinant of a line a little below 0.
    double slack = 1e-9 * Math.max(xx, yy) * Math.max(xx, yy);
    if (!(xx >= 0 && yy >= 0 && xx * yy - xy * xy >= -slack && Double.isFinite(xx + yy))) {
      throw new IllegalArgumentException(
          "a covariance must be positive semidefinite, got " + xx + ", " + xy + ", " + yy);
    }
    if (!(sigmas > 0 && Double.isFinite(sigmas))) {
      throw new IllegalArgumentException("sigmas must be finite and above 0, got " + sigmas);
    }
    double middle = (xx + yy) / 2;
    double radius = Math.hypot((xx - yy) / 2, xy);
    double angle = radius == 0 ? 0 : 0.5 * Math.atan2(2 * xy, xx - yy);
    return new Ellipse(
        x,
        y,
        sigmas * Math.sqrt(middle + radius),
        sigmas * Math.sqrt(Math.max(0, middle - radius)),
        angle);
  }

  /**
   * Places on it, evenly spread in the angle.
   *
   * @param count how many, at least 3
   * @return {@code [count][2]} x and y
   * @throws IllegalArgumentException if count is below 3
   */
  public double[][] places(int count) {
    if (count < 3) {
      throw new IllegalArgumentException("places must be at least 3, got " + count);
    }
    double[][] places = new double[count][2];
    for (int i = 0; i < count; i++) {
      double a = 2 * Math.PI * i / count;
      double along = major * Math.cos(a);
      double across = minor * Math.sin(a);
      places[i][0] = x + along * Math.cos(angle) - across * Math.sin(angle);
      places[i][1] = y + along * Math.sin(angle) + across * Math.cos(angle);
    }
    return places;
  }
}
