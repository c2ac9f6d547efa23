package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.base.DotProduct;

/**
 * A network's last linear layer: logits = W x + b. Immutable; arrays are copied in.
 *
 * @see FeatureBatch
 */
public final class LinearHead {
  private final double[][] weight;
  private final double[] bias;

  private LinearHead(double[][] weight, double[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * A head.
   *
   * @param weight W, {@code [classes][dimensions]}, finite
   * @param bias b, {@code [classes]}, finite
   * @return the head
   * @throws IllegalArgumentException if shapes do not fit or a value is not finite
   */
  public static LinearHead of(double[][] weight, double[] bias) {
    double[][] copy = FeatureBatch.checked("weight", weight);
    if (bias.length != weight.length) {
      throw new IllegalArgumentException(
          "bias must have " + weight.length + " values, one for each class, got " + bias.length);
    }
    for (int k = 0; k < bias.length; k++) {
      if (!Double.isFinite(bias[k])) {
        throw new IllegalArgumentException("bias[" + k + "] must be finite, got " + bias[k]);
      }
    }
    return new LinearHead(copy, bias.clone());
  }

  /**
   * Number of features the head takes.
   *
   * @return the dimensions
   */
  public int dimensions() {
    return weight[0].length;
  }

  /**
   * The logits of one row's features.
   *
   * @param features {@code [dimensions]}
   * @return {@code [classes]}
   * @throws IllegalArgumentException if the number of features is another
   */
  public double[] logits(double[] features) {
    if (features.length != dimensions()) {
      throw new IllegalArgumentException(
          "features must have " + dimensions() + " values, got " + features.length);
    }
    double[] logits = new double[bias.length];
    for (int k = 0; k < logits.length; k++) {
      logits[k] = bias[k] + DotProduct.of(weight[k], features);
    }
    return logits;
  }

  /** The most probable class, the lowest among equals. */
  static int argmax(double[] logits) {
    int best = 0;
    for (int k = 1; k < logits.length; k++) {
      best = logits[k] > logits[best] ? k : best;
    }
    return best;
  }

  /** W, shared. */
  double[][] weight() {
    return weight;
  }

  /** b, shared. */
  double[] bias() {
    return bias;
  }

  static LinearHead of(DetectorState state) {
    return of(state.matrix("weight"), state.row("bias"));
  }
}
