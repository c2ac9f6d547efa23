package io.github.swag4j.calibration.recalibration.fit;

import io.github.swag4j.calibration.internal.CompensatedSum;

/**
 * Mean negative log-likelihood of softmax(beta z) as a function of beta = 1/T, which is convex:
 * f(beta) = mean(logsumexp(beta z) - beta z_y), f' = mean(E_p[z] - z_y), f'' = mean(Var_p[z]).
 */
public final class TemperatureLikelihood {
  private static final int MAX_ITERATIONS = 200;

  private final FittingSet fit;
  private final double[] scores;
  private double value;
  private double slope;
  private double curvature;
  private double slopeVariance;

  /**
   * Scores are shifted so that each row's label has score 0, which changes nothing but rounding.
   */
  public TemperatureLikelihood(FittingSet fit, double[] scores) {
    this.fit = fit;
    this.scores = scores;
    for (int row = 0; row < fit.rows; row++) {
      double own = scores[row * fit.classes + fit.labels[row]];
      for (int k = 0; k < fit.classes; k++) {
        scores[row * fit.classes + k] -= own;
      }
    }
  }

  /** Whether no row's scores differ, so that every temperature fits alike. */
  public boolean isFlat() {
    for (int i = 0; i < scores.length; i++) {
      if (fit.weights[i / fit.classes] > 0 && scores[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether no class scores higher than the label in any row: f falls for ever. */
  public boolean isSeparable() {
    for (int i = 0; i < scores.length; i++) {
      if (fit.weights[i / fit.classes] > 0 && scores[i] > 0) {
        return false;
      }
    }
    return true;
  }

  /** The best beta at least 0, within rounding; of scores that are neither flat nor separable. */
  double optimum() {
    evaluate(0);
    if (slope >= 0) {
      return 0;
    }
    double high = 1;
    evaluate(high);
    while (slope < 0 && 2 * high < Double.POSITIVE_INFINITY) {
      high *= 2;
      evaluate(high);
    }
    return root(0, high);
  }

  /** Newton's method on the slope, with bisection whenever a step would leave the bracket. */
  public double root(double from, double to) {
    double low = from;
    double high = to;
    double beta = low < 1 && 1 < high ? 1 : 0.5 * (low + high);
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      evaluate(beta);
      if (slope == 0) {
        break;
      }
      if (slope > 0) {
        high = beta;
      } else {
        low = beta;
      }
      double next = beta - slope / curvature;
      if (!(next > low && next < high)) {
        next = low + 0.5 * (high - low);
      }
      if (Math.abs(next - beta) <= 2 * Math.ulp(beta)) {
        break;
      }
      beta = next;
    }
    return beta;
  }

  public void evaluate(double beta) {
    CompensatedSum values = new CompensatedSum();
    CompensatedSum slopes = new CompensatedSum();
    CompensatedSum curvatures = new CompensatedSum();
    CompensatedSum squares = new CompensatedSum();
    for (int row = 0; row < fit.rows; row++) {
      int from = row * fit.classes;
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < fit.classes; k++) {
        max = Math.max(max, scores[from + k]);
      }
      double sum = 0;
      double first = 0;
      double second = 0;
      for (int k = 0; k < fit.classes; k++) {
        // Moments about the row's largest score: nothing cancels when one class has nearly all.
        double d = scores[from + k] - max;
        double e = Math.exp(beta * d);
        sum += e;
        first += e * d;
        second += e * d * d;
      }
      double mean = first / sum;
      double w = fit.weights[row];
      values.add(w * (beta * max + Math.log(sum)));
      slopes.add(w * (max + mean));
      curvatures.add(w * Math.max(second / sum - mean * mean, 0));
      double share = w / fit.totalWeight * (max + mean);
      squares.add(share * share);
    }
    value = values.value() / fit.totalWeight;
    slope = slopes.value() / fit.totalWeight;
    curvature = curvatures.value() / fit.totalWeight;
    slopeVariance = fit.unequal ? squares.value() : curvature / fit.presentRows;
  }

  public double value() {
    return value;
  }

  public double slope() {
    return slope;
  }

  public double curvature() {
    return curvature;
  }

  /**
   * Variance of f' at the true beta over samples of rows. Rows that weigh the same have variance
   * f'' each, by the likelihood. Where weights go with scores or labels they have not, and the
   * variance is taken from the rows: sum s^2 g^2 with s the share of weight and g = E_p[z] - z_y.
   */
  public double slopeVariance() {
    return slopeVariance;
  }
}
