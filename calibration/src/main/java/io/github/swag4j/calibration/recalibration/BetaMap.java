package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.recalibration.fit.LogisticLikelihood;
import io.github.swag4j.calibration.recalibration.fit.NewtonCg;
import java.util.Map;

/** sigmoid(a ln s - b ln(1 - s) + c) with a, b at least 0, so that the map never decreases. */
record BetaMap(double a, double b, double c) implements BinaryMap {

  static BetaMap fit(double[] scores, double[] labels, double[] weights) {
    double[] first = new double[scores.length];
    double[] second = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      first[i] = log(scores[i]);
      second[i] = -log(1 - scores[i]);
    }
    double[] w = minimum(labels, weights, first, second);
    if (w != null && w[0] >= 0 && w[1] >= 0) {
      return new BetaMap(w[0], w[1], w[2]);
    }
    // Kull et al.: a parameter that comes out negative is set to 0 and the others are fitted again.
    // With both allowed orders tried, this is the constrained optimum of the convex problem; also
    // where the unconstrained one has none, as with a class of one row in the middle, which two
    // curved features single out and no map that never decreases does.
    BetaMap best = null;
    double bestLoss = Double.POSITIVE_INFINITY;
    for (int kept = 0; kept < 2; kept++) {
      double[] feature = kept == 0 ? first : second;
      double[] point = notDecreasing(labels, weights, feature);
      double loss =
          new LogisticLikelihood(new double[][] {feature}, labels, weights)
              .evaluate(point, new double[2]);
      if (loss < bestLoss) {
        bestLoss = loss;
        best = kept == 0 ? new BetaMap(point[0], 0, point[1]) : new BetaMap(0, point[0], point[1]);
      }
    }
    return best;
  }

  /** The optimum of slope and intercept with a slope of at least 0. */
  private static double[] notDecreasing(double[] labels, double[] weights, double[] feature) {
    double[] constant = {0, minimise(labels, weights)[0]};
    double[] gradient = new double[2];
    new LogisticLikelihood(new double[][] {feature}, labels, weights).evaluate(constant, gradient);
    // Convex: where the loss does not fall with the slope at 0, it does not beyond.
    if (gradient[0] >= 0) {
      return constant;
    }
    // Of a feature that is constant but for rounding, the slope may have any sign.
    double[] free = minimise(labels, weights, feature);
    return free[0] >= 0 ? free : constant;
  }

  /** The unconstrained optimum, or null where there is none. */
  private static double[] minimum(double[] labels, double[] weights, double[]... features) {
    try {
      return minimise(labels, weights, features);
    } catch (NoFiniteOptimumException e) {
      return null;
    }
  }

  private static double[] minimise(double[] labels, double[] weights, double[]... features) {
    return NewtonCg.minimise(
        new LogisticLikelihood(features, labels, weights),
        new double[features.length + 1],
        "beta calibration");
  }

  private static double log(double s) {
    return Math.log(Math.max(s, Recalibrator.PROBABILITY_FLOOR));
  }

  @Override
  public double apply(double s) {
    return Sigmoid.logistic(a * log(s) - b * log(1 - s) + c);
  }

  @Override
  public void describe(String prefix, Map<String, double[]> out) {
    out.put(prefix + "beta", new double[] {a, b, c});
  }

  @Override
  public String inWords() {
    return "1 / (1 + exp(-(a ln f - b ln(1 - f) + c))), a = "
        + FittedRecalibrator.number(a)
        + ", b = "
        + FittedRecalibrator.number(b)
        + ", c = "
        + FittedRecalibrator.number(c);
  }

  static BetaMap read(RecalibratorParameters p, String prefix) {
    double[] v = p.finite(prefix + "beta", 3);
    return new BetaMap(v[0], v[1], v[2]);
  }
}
