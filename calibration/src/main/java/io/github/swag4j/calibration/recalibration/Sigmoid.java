package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.internal.ValueOrder;
import io.github.swag4j.calibration.recalibration.fit.LogisticLikelihood;
import io.github.swag4j.calibration.recalibration.fit.NewtonCg;
import java.util.Map;

/**
 * Platt's sigmoid of a score f: 1 / (1 + exp(a f + b)); a is negative where greater scores mean the
 * positive class.
 *
 * @param a slope, in Platt's sign
 * @param b intercept, in Platt's sign
 */
public record Sigmoid(double a, double b) implements BinaryMap {
  private static final double ROUNDING = 1e-13;

  /**
   * Fits by maximum likelihood on Platt's smoothed targets, (N+ + 1) / (N+ + 2) for positives and 1
   * / (N- + 2) for negatives, which keeps the optimum finite on separable data.
   *
   * @param scores {@code [rows]}, finite
   * @param positive {@code [rows]}, whether the row is of the positive class
   * @return the sigmoid
   * @throws IllegalArgumentException if lengths differ, a score is not finite, or there is no row
   *     of one of the classes
   * @see <a href="https://doi.org/10.1007/s10994-007-5018-6">Lin, Lin and Weng 2007, A note on
   *     Platt's probabilistic outputs for support vector machines</a>
   */
  public static Sigmoid fit(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "scores and labels must have the same length, got "
              + scores.length
              + " and "
              + positive.length);
    }
    double[] labels = new double[scores.length];
    double[] weights = new double[scores.length];
    double count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException("scores[" + i + "] must be finite, got " + scores[i]);
      }
      labels[i] = positive[i] ? 1 : 0;
      weights[i] = 1;
      count += labels[i];
    }
    if (count == 0 || count == scores.length) {
      throw new IllegalArgumentException(
          "a sigmoid must be fitted on rows of both classes, got "
              + (long) count
              + " positive of "
              + scores.length);
    }
    return fit(scores, labels, weights);
  }

  static Sigmoid fit(double[] scores, double[] labels, double[] weights) {
    double positives = 0;
    double negatives = 0;
    for (int i = 0; i < labels.length; i++) {
      positives += weights[i] * labels[i];
      negatives += weights[i] * (1 - labels[i]);
    }
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (negatives + 2);
    double[] targets = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      targets[i] = labels[i] > 0 ? high : low;
    }
    // About their mean and in their own unit, so that neither a far-off zero nor huge margins cost
    // the digits that the optimum is found by.
    double centre = ValueOrder.mean(scores, weights);
    double unit = 0;
    for (int i = 0; i < scores.length; i++) {
      unit = weights[i] > 0 ? Math.max(unit, Math.abs(scores[i] - centre)) : unit;
    }
    // Scores that differ by rounding only are all alike, and have no slope.
    boolean alike = unit <= ROUNDING * Math.abs(centre);
    double scale = alike ? 0 : Math.scalb(1.0, -Math.getExponent(unit));
    double[] x = new double[scores.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = weights[i] > 0 ? (scores[i] - centre) * scale : 0;
    }
    double[] start = {0, Math.log((positives + 1) / (negatives + 1))};
    LogisticLikelihood f = new LogisticLikelihood(new double[][] {x}, targets, weights);
    double[] w = NewtonCg.minimise(f, start, "Platt scaling");
    return new Sigmoid(-w[0] * scale, w[0] * scale * centre - w[1]);
  }

  /**
   * Probability of the positive class.
   *
   * @param score the score f
   * @return 1 / (1 + exp(a f + b)), in [0, 1]
   */
  @Override
  public double apply(double score) {
    return logistic(-(a * score + b));
  }

  static double logistic(double z) {
    double e = Math.exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  @Override
  public void describe(String prefix, Map<String, double[]> out) {
    out.put(prefix + "sigmoid", new double[] {a, b});
  }

  @Override
  public String inWords() {
    return "1 / (1 + exp(a f + b)), a = "
        + FittedRecalibrator.number(a)
        + ", b = "
        + FittedRecalibrator.number(b)
        + ", f the log-odds";
  }

  static Sigmoid read(RecalibratorParameters p, String prefix) {
    double[] values = p.finite(prefix + "sigmoid", 2);
    return new Sigmoid(values[0], values[1]);
  }
}
