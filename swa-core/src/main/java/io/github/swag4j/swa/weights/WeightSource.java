package io.github.swag4j.swa.weights;

import java.nio.FloatBuffer;

/**
 * Something whose weights can be read: a value ({@link Weights}) or a live model.
 *
 * <p>What is read from a live model is only valid until the model changes or closes.
 */
public interface WeightSource {

  /**
   * The tensors there are.
   *
   * @return the layout
   */
  WeightLayout layout();

  /**
   * The values of one tensor, row-major, from position 0 to the tensor's size. Readers use absolute
   * gets or a duplicate, and do not write.
   *
   * @param tensor its place in the layout
   * @return a view of the values
   */
  FloatBuffer values(int tensor);
}
