package io.github.swag4j.calibration.recalibration.fit;

/**
 * Softmax and log-sum-exp of one row, safe for logits of any size: the row's own maximum goes
 * first.
 */
public final class Softmax {
  private Softmax() {}

  public static double logSumExp(double[] z, int from, int length) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < length; k++) {
      max = Math.max(max, z[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += Math.exp(z[from + k] - max);
    }
    return max + Math.log(sum);
  }

  public static void apply(double[] z, int from, int length, double[] out, int to) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < length; k++) {
      max = Math.max(max, z[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < length; k++) {
      out[to + k] = Math.exp(z[from + k] - max);
      sum += out[to + k];
    }
    for (int k = 0; k < length; k++) {
      out[to + k] /= sum;
    }
  }

  public static double[] of(double[] z) {
    double[] out = new double[z.length];
    apply(z, 0, z.length, out, 0);
    return out;
  }
}
