package io.github.swag4j.swag.laplace;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * Where the evidence is largest over one prior precision d: decades first, as it may have more tops
 * than one, then Brent's method in log d around the best. Gradient steps of a fixed number and
 * size, as laplace-torch takes, end wherever they are.
 */
final class PriorPrecisionOptimum {

  /** Least prior precision that is tried. */
  static final double LEAST = 1e-6;

  /** Largest prior precision that is tried. */
  static final double MOST = 1e8;

  private static final double DECADE = Math.log(10);

  private PriorPrecisionOptimum() {}

  /**
   * The best prior precision.
   *
   * @param what whose, for the message
   * @param evidence log marginal likelihood of a prior precision
   * @throws IllegalStateException if it is at an end of the range
   */
  static double of(String what, DoubleUnaryOperator evidence) {
    double first = StrictMath.log(LEAST);
    int steps = (int) Math.round((StrictMath.log(MOST) - first) / DECADE);
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int s = 0; s <= steps; s++) {
      double value = evidence.applyAsDouble(StrictMath.exp(first + s * DECADE));
      if (value > highest) {
        highest = value;
        best = s;
      }
    }
    if (best == 0 || best == steps) {
      throw new IllegalStateException(
          "the marginal likelihood of "
              + what
              + " has no maximum for prior precisions between "
              + LEAST
              + " and "
              + MOST
              + ", it is largest at "
              + (best == 0 ? LEAST : MOST)
              + ": set one with withPriorPrecision, or choose it on validation data");
    }
    double at = first + best * DECADE;
    double log =
        new BrentOptimizer(1e-10, 1e-9)
            .optimize(
                new MaxEval(200),
                GoalType.MAXIMIZE,
                new UnivariateObjectiveFunction(d -> evidence.applyAsDouble(StrictMath.exp(d))),
                new SearchInterval(at - DECADE, at + DECADE, at))
            .getPoint();
    return StrictMath.exp(log);
  }
}
