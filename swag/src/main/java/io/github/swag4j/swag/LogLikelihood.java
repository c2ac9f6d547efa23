package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;

/**
 * How likely data are under weights. The same weights must give the same number each time: over all
 * rows or always the same ones, without dropout, augmentation or anything else drawn by chance.
 */
@FunctionalInterface
public interface LogLikelihood {

  /**
   * The natural logarithm of the likelihood of all rows, constants left out at will.
   *
   * @param weights weights of the model
   * @return sum over rows of ln p(y | x, w); {@link Double#NEGATIVE_INFINITY} where the data are
   *     impossible, never NaN
   * @throws IOException if data cannot be read
   */
  double at(Weights weights) throws IOException;
}
