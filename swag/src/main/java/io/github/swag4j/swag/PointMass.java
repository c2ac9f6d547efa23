package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;

/**
 * All probability on one weight vector.
 *
 * @param mean the point
 */
record PointMass(Weights mean) implements WeightPosterior {

  @Override
  public WeightLayout layout() {
    return mean.layout();
  }

  @Override
  public Weights sample(long seed, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("sample index must be at least 0, got " + index);
    }
    return mean;
  }

  @Override
  public boolean isPoint() {
    return true;
  }
}
