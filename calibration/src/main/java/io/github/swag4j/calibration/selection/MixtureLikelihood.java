package io.github.swag4j.calibration.selection;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * Maximises f(w) = sum_r v_r ln sum_m w_m q_rm over the simplex, v shares of the rows' weight.
 *
 * <p>f is concave, and -f(w) + sum w over w >= 0 has its least value on the simplex, so that the
 * sum needs no constraint. A logarithmic barrier -mu sum ln w keeps weights above 0; Newton's
 * method with a line search finds its centre for falling mu. With the gradient g of f at a point of
 * the simplex, f is at most max_m g_m - 1 below its greatest value, because f is concave and w g =
 * 1: this bound ends the search, not a small step.
 *
 * <p>Where members are alike, so that several w are best, the barrier leads to the one that shares
 * most evenly.
 *
 * @see "Boyd and Vandenberghe 2004, Convex Optimization, sections 9.5 and 11.3"
 */
final class MixtureLikelihood {
  private static final int STEPS = 500;
  private static final double SMALL = 1e-6;

  private final double[][] q;
  private final double[] shares;
  private final int members;
  private final double[] mixed;

  /**
   * A likelihood.
   *
   * @param p {@code [rows][members]}, at least 0, some above 0 in each row of a share above 0
   * @param all {@code [rows]} shares, at least 0, sum 1; rows of share 0 are left out
   */
  MixtureLikelihood(double[][] p, double[] all) {
    int[] kept = IntStream.range(0, p.length).filter(r -> all[r] > 0).toArray();
    this.members = p[0].length;
    this.shares = Arrays.stream(kept).mapToDouble(r -> all[r]).toArray();
    this.q = new double[kept.length][];
    for (int r = 0; r < kept.length; r++) {
      double[] row = p[kept[r]];
      // Divided by the row's largest, which moves f by a constant and keeps 1e-300 from vanishing.
      double largest = Arrays.stream(row).max().getAsDouble();
      this.q[r] = Arrays.stream(row).map(v -> v / largest).toArray();
    }
    this.mixed = new double[kept.length];
  }

  /** Weights whose likelihood is at most a tolerance below the greatest. */
  double[] maximise(double tolerance) {
    double[] w = new double[members];
    Arrays.fill(w, 1.0 / members);
    if (members == 1) {
      return w;
    }
    double least = tolerance / (4 * members);
    double mu = Math.max(least, 0.1 / members);
    for (int step = 0; step < STEPS; step++) {
      double[] g = gradient(w);
      if (excess(g, w) <= tolerance) {
        return cleaned(w, tolerance);
      }
      double[] direction = newton(w, g, mu);
      double decrement = advance(w, g, direction, mu);
      if (decrement <= 0.01 * mu) {
        mu = Math.max(least, 0.1 * mu);
      }
    }
    throw new IllegalStateException(
        "weights were not found within "
            + tolerance
            + " nats in "
            + STEPS
            + " steps: ask for a larger tolerance");
  }

  /** How far f can be below its greatest value at w divided by its sum. */
  double gap(double[] w) {
    return Math.max(0, excess(gradient(w), w));
  }

  private static double excess(double[] gradient, double[] w) {
    return Arrays.stream(gradient).max().getAsDouble() * Arrays.stream(w).sum() - 1;
  }

  /** Small weights become 0 where the bound allows it; the sum becomes 1. */
  private double[] cleaned(double[] w, double tolerance) {
    double sum = Arrays.stream(w).sum();
    double[] all = Arrays.stream(w).map(v -> v / sum).toArray();
    double kept = Arrays.stream(all).filter(v -> v > SMALL).sum();
    double[] some = Arrays.stream(all).map(v -> v > SMALL ? v / kept : 0).toArray();
    return gap(some) <= tolerance ? some : all;
  }

  private double[] gradient(double[] w) {
    double[] g = new double[members];
    mix(w);
    for (int r = 0; r < q.length; r++) {
      double factor = shares[r] / mixed[r];
      for (int m = 0; m < members; m++) {
        g[m] += factor * q[r][m];
      }
    }
    return g;
  }

  private void mix(double[] w) {
    for (int r = 0; r < q.length; r++) {
      double sum = 0;
      for (int m = 0; m < members; m++) {
        sum += w[m] * q[r][m];
      }
      mixed[r] = sum;
    }
  }

  /** The step relative to w: the Hessian is that in the coordinates w_m (1 + u_m). */
  private double[] newton(double[] w, double[] g, double mu) {
    double[][] hessian = new double[members][members];
    double[] part = new double[members];
    for (int r = 0; r < q.length; r++) {
      for (int m = 0; m < members; m++) {
        part[m] = q[r][m] * w[m] / mixed[r];
      }
      for (int m = 0; m < members; m++) {
        double factor = shares[r] * part[m];
        for (int l = 0; l <= m; l++) {
          hessian[m][l] += factor * part[l];
        }
      }
    }
    double[] downhill = new double[members];
    for (int m = 0; m < members; m++) {
      hessian[m][m] += mu;
      for (int l = 0; l < m; l++) {
        hessian[l][m] = hessian[m][l];
      }
      downhill[m] = w[m] * (g[m] - 1) + mu;
    }
    return new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false), 1e-9, 0)
        .getSolver()
        .solve(new ArrayRealVector(downhill, false))
        .toArray();
  }

  /** Goes along a direction as far as the objective falls enough; the squared Newton decrement. */
  private double advance(double[] w, double[] g, double[] direction, double mu) {
    double decrement = 0;
    double steepest = 0;
    for (int m = 0; m < members; m++) {
      decrement += direction[m] * (w[m] * (g[m] - 1) + mu);
      steepest = Math.max(steepest, -direction[m]);
    }
    double length = steepest > 0 ? Math.min(1, 0.95 / steepest) : 1;
    double before = objective(w, mu);
    double[] next = moved(w, direction, length);
    // Below 1e-12 the objective's own rounding would decide; there the full step is right.
    while (decrement > 1e-12
        && objective(next, mu) > before - 0.25 * length * decrement
        && length > 1e-12) {
      length /= 2;
      next = moved(w, direction, length);
    }
    System.arraycopy(next, 0, w, 0, members);
    return decrement;
  }

  private static double[] moved(double[] w, double[] direction, double length) {
    double[] next = new double[w.length];
    for (int m = 0; m < w.length; m++) {
      next[m] = w[m] * (1 + length * direction[m]);
    }
    return next;
  }

  private double objective(double[] w, double mu) {
    mix(w);
    double sum = 0;
    for (int r = 0; r < q.length; r++) {
      sum -= shares[r] * Math.log(mixed[r]);
    }
    for (double v : w) {
      sum += v - mu * Math.log(v);
    }
    return sum;
  }
}
