package io.github.swag4j.studies.semisupervised.djl;

import io.github.swag4j.swa.weights.Weights;

/** Weights, a loss or logits are no numbers any more: the learning rate is too high. */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }

  static void requireFinite(float loss, Weights weights, long steps) {
    boolean finite = Float.isFinite(loss);
    for (int t = 0; finite && t < weights.layout().tensors().size(); t++) {
      for (float value : weights.toArray(t)) {
        finite &= Float.isFinite(value);
      }
    }
    if (!finite) {
      throw new DivergedException(
          "loss and weights must be finite, are not after step " + steps + ": lower the rate");
    }
  }
}
