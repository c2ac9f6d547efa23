package io.github.swag4j.calibration.recalibration.fit;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import java.util.Arrays;

/**
 * Newton's method for smooth convex functions of many variables, each step solved by conjugate
 * gradients with a diagonal preconditioner, so that the Hessian is never stored. Deterministic.
 *
 * <p>It has converged when the gradient is small and so was the last step. Where data are separable
 * the gradient vanishes but steps do not, however far one goes: that ends in {@link
 * NoFiniteOptimumException} rather than in large parameters.
 *
 * @see <a href="https://doi.org/10.1007/978-0-387-40065-5">Nocedal and Wright 2006, Numerical
 *     Optimization, algorithm 7.1</a>
 */
public final class NewtonCg {
  private static final int MAX_ITERATIONS = 100;
  private static final int MAX_INNER = 500;
  private static final double GRADIENT_TOLERANCE = 1e-9;
  private static final double STEP_TOLERANCE = 1e-5;
  private static final double ARMIJO = 1e-4;
  private static final double ROUNDING = 1e-11;
  private static final double LOST_CURVATURE = 1e-14;

  /**
   * A gradient below this, in units of the square root of the diagonal, is rounding. Where features
   * say the same the function is flat in some direction, and rounding must not become a step there.
   */
  private static final double NO_GRADIENT = 1e-14;

  /** Iterations of small gradients and large steps after which the steps will not become small. */
  private static final int PATIENCE = 6;

  /** A convex function; Hessian and diagonal are those at the point evaluated last. */
  interface Objective {
    double evaluate(double[] point, double[] gradient);

    void hessianTimes(double[] direction, double[] out);

    void hessianDiagonal(double[] out);

    /** Removes from a vector what the function does not depend on; nothing by default. */
    default void project(double[] vector) {}
  }

  private final Objective objective;
  private final String what;
  private final int n;
  private final double[] gradient;
  private final double[] step;
  private final double[] diagonal;
  private final double[] curvatureAtStart;
  private double scaledGradient; // in units of the square root of the diagonal

  private NewtonCg(Objective objective, String what, int dimension) {
    this.objective = objective;
    this.what = what;
    n = dimension;
    gradient = new double[n];
    step = new double[n];
    diagonal = new double[n];
    curvatureAtStart = new double[n];
  }

  /**
   * Minimises from a start.
   *
   * @throws NoFiniteOptimumException if the function keeps falling
   */
  public static double[] minimise(Objective objective, double[] start, String what) {
    return new NewtonCg(objective, what, start.length).run(start.clone());
  }

  private double[] run(double[] point) {
    double[] trial = new double[n];
    double value = objective.evaluate(point, gradient);
    int largeSteps = 0;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      if (iteration == 0) {
        objective.hessianDiagonal(curvatureAtStart);
      }
      if (maxAbs(gradient) == 0) {
        break;
      }
      solveForStep();
      double slope = dot(gradient, step);
      double size = maxAbs(step);
      double norm = maxAbs(gradient);
      if (!(slope < 0)) {
        break;
      }
      boolean small =
          norm <= GRADIENT_TOLERANCE && size <= STEP_TOLERANCE * Math.max(1, maxAbs(point));
      if (small) {
        for (int i = 0; i < n; i++) {
          point[i] += step[i];
        }
        break;
      }
      boolean flat = Math.min(norm, scaledGradient) <= GRADIENT_TOLERANCE;
      largeSteps = flat ? largeSteps + 1 : 0;
      if (largeSteps > PATIENCE) {
        throw noOptimum(point);
      }
      double length = 1;
      double next = Double.NaN;
      while (length > 1e-10) {
        for (int i = 0; i < n; i++) {
          trial[i] = point[i] + length * step[i];
        }
        next = objective.evaluate(trial, gradient);
        // Near the optimum the decrease drowns in rounding long before the gradient does: there, a
        // step that halves the gradient is a good step.
        if (next <= value + ARMIJO * length * slope
            || (next <= value + ROUNDING * Math.max(1, value) && maxAbs(gradient) <= 0.5 * norm)) {
          break;
        }
        length /= 2;
      }
      if (!(length > 1e-10)) {
        break;
      }
      System.arraycopy(trial, 0, point, 0, n);
      value = next;
    }
    return checked(point);
  }

  /** Accepts the point only if its gradient is small and a Newton step would hardly move it. */
  private double[] checked(double[] point) {
    objective.evaluate(point, gradient);
    if (maxAbs(gradient) > 0) {
      solveForStep();
    } else {
      Arrays.fill(step, 0);
      objective.hessianDiagonal(diagonal);
    }
    if (!hasLostCurvature()
        && maxAbs(gradient) <= 10 * GRADIENT_TOLERANCE
        && maxAbs(step) <= 10 * STEP_TOLERANCE * Math.max(1, maxAbs(point))) {
      return point;
    }
    throw noOptimum(point);
  }

  private NoFiniteOptimumException noOptimum(double[] point) {
    return new NoFiniteOptimumException(
        what
            + " has no finite optimum on these rows, the largest parameter was still growing at "
            + maxAbs(point)
            + ": the classes are separable, fit on more rows, regularise more, or use temperature");
  }

  /** Whether every row is so sure of itself that some parameter no longer matters. */
  private boolean hasLostCurvature() {
    for (int i = 0; i < n; i++) {
      if (diagonal[i] < LOST_CURVATURE * curvatureAtStart[i]) {
        return true;
      }
    }
    return false;
  }

  /** Preconditioned conjugate gradients on H step = -gradient. */
  private void solveForStep() {
    objective.hessianDiagonal(diagonal);
    double largest = maxAbs(diagonal);
    for (int i = 0; i < n; i++) {
      diagonal[i] = Math.max(diagonal[i], Math.max(1e-14 * largest, Double.MIN_NORMAL));
    }
    double[] residual = new double[n];
    double[] direction = new double[n];
    double[] product = new double[n];
    double[] preconditioned = new double[n];
    Arrays.fill(step, 0);
    for (int i = 0; i < n; i++) {
      residual[i] = -gradient[i];
    }
    objective.project(residual);
    double rz = precondition(residual, preconditioned);
    System.arraycopy(preconditioned, 0, direction, 0, n);
    // Tighter near the optimum for quadratic convergence, but never below what rounding allows.
    double target = rz * Math.max(Math.min(1e-4, 1e-2 * rz), 1e-16);
    target = Math.max(target, NO_GRADIENT * NO_GRADIENT);
    scaledGradient = Math.sqrt(rz);
    for (int i = 0; i < Math.min(2 * n + 10, MAX_INNER) && rz > target; i++) {
      objective.hessianTimes(direction, product);
      double curvature = dot(direction, product);
      if (!(curvature > 0)) {
        break;
      }
      double alpha = rz / curvature;
      for (int j = 0; j < n; j++) {
        step[j] += alpha * direction[j];
        residual[j] -= alpha * product[j];
      }
      objective.project(residual);
      double before = rz;
      rz = precondition(residual, preconditioned);
      for (int j = 0; j < n; j++) {
        direction[j] = preconditioned[j] + rz / before * direction[j];
      }
    }
  }

  private double precondition(double[] residual, double[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = residual[i] / diagonal[i];
    }
    objective.project(out);
    return dot(residual, out);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double maxAbs(double[] a) {
    double max = 0;
    for (double v : a) {
      max = Math.max(max, Math.abs(v));
    }
    return max;
  }
}
