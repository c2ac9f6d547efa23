package io.github.swag4j.calibration.recalibration.fit;

import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;

/**
 * Mean cross-entropy between targets in [0, 1] and sigmoid(w . x + c), convex in (w, c); the
 * intercept comes last.
 */
public final class LogisticLikelihood implements NewtonCg.Objective {
  private final double[][] features;
  private final double[] targets;
  private final double[] weights;
  private final double[] curvatures;

  /** Features are {@code [feature][row]}; weights are divided by their sum. */
  public LogisticLikelihood(double[][] features, double[] targets, double[] weights) {
    this.features = features;
    this.targets = targets;
    double total = Arrays.stream(weights).sum();
    this.weights = Arrays.stream(weights).map(w -> w / total).toArray();
    curvatures = new double[targets.length];
  }

  private double linear(double[] point, int row) {
    double sum = point[features.length];
    for (int j = 0; j < features.length; j++) {
      sum += point[j] * features[j][row];
    }
    return sum;
  }

  @Override
  public double evaluate(double[] point, double[] gradient) {
    Arrays.fill(gradient, 0);
    CompensatedSum loss = new CompensatedSum();
    for (int row = 0; row < targets.length; row++) {
      double z = linear(point, row);
      double t = targets[row];
      // ln(1 + e^z) - t z, arranged so that neither exp overflows nor the terms cancel.
      double e = Math.exp(-Math.abs(z));
      double own = z > 0 ? (1 - t) * z : -t * z;
      loss.add(weights[row] * (Math.log1p(e) + own));
      double p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      double q = z >= 0 ? e / (1 + e) : 1 / (1 + e);
      double r = weights[row] * ((1 - t) * p - t * q);
      curvatures[row] = weights[row] * p * q;
      for (int j = 0; j < features.length; j++) {
        gradient[j] += r * features[j][row];
      }
      gradient[features.length] += r;
    }
    return loss.value();
  }

  @Override
  public void hessianTimes(double[] direction, double[] out) {
    Arrays.fill(out, 0);
    for (int row = 0; row < targets.length; row++) {
      double u = curvatures[row] * linear(direction, row);
      for (int j = 0; j < features.length; j++) {
        out[j] += u * features[j][row];
      }
      out[features.length] += u;
    }
  }

  @Override
  public void hessianDiagonal(double[] out) {
    Arrays.fill(out, 0);
    for (int row = 0; row < targets.length; row++) {
      for (int j = 0; j < features.length; j++) {
        out[j] += curvatures[row] * features[j][row] * features[j][row];
      }
      out[features.length] += curvatures[row];
    }
  }
}
