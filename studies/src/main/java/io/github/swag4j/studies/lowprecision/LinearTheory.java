package io.github.swag4j.studies.lowprecision;

/**
 * What theory expects of linear regression in fixed point, where x ~ N(0, I_d) and no step is
 * longer than a cell of the grid.
 *
 * <p>A weight on the grid then moves by 0 or one cell, with the gradient for its mean, so that in
 * the long run E[w g] = (delta / 2) E|g| whatever the rate is. With b = d delta / pi and the
 * residual's standard deviation s = (b + sqrt(b^2 + 4 noise^2)) / 2 that gives
 *
 * <pre>
 *   last weights   E|w - w*|^2 = b s / (1 - d/N)
 *   average of T   E|mean - w*|^2 = 2 d delta s / (pi rate T) / (1 - d/N)^3
 * </pre>
 *
 * <p>The factors in d/N are traces of the inverse and of its square of the rows' covariance, by the
 * law of Marchenko and Pastur.
 */
final class LinearTheory {
  private final LinearTask.Sizes sizes;
  private final double delta;

  LinearTheory(LinearTask.Sizes sizes, int fractionBits) {
    this.sizes = sizes;
    this.delta = Math.scalb(1.0, -fractionBits);
  }

  private double residual() {
    double b = sizes.dimensions() * delta / Math.PI;
    return (b + Math.sqrt(b * b + 4 * sizes.noise() * sizes.noise())) / 2;
  }

  private double kept() {
    return 1 - (double) sizes.dimensions() / sizes.rows();
  }

  /** Squared distance at which SGD in fixed point stays. */
  double ball() {
    return sizes.dimensions() * delta / Math.PI * residual() / kept();
  }

  /** Squared distance of the mean of many steps. */
  double average(double rate, double steps) {
    return 2
        * sizes.dimensions()
        * delta
        * residual()
        / (Math.PI * rate * steps)
        / Math.pow(kept(), 3);
  }
}
