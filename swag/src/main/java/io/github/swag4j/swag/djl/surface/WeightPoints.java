package io.github.swag4j.swag.djl.surface;

import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;

/** The weight vectors of a surface, made when they are asked for. */
@FunctionalInterface
public interface WeightPoints {

  /**
   * Makes the weights of a point.
   *
   * @param index which point, from 0
   * @return its weights: the same bits whenever and by whichever thread they are asked for
   * @throws IOException if they come from a file that cannot be read
   */
  Weights at(int index) throws IOException;
}
