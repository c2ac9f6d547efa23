package io.github.swag4j.swa.quantize;

/** Tensors without NaN and infinities: one of them in a running mean stays there for good. */
final class FiniteTensors {
  private FiniteTensors() {}

  /**
   * Refuses the first number that is none.
   *
   * @param what they are, for the message
   * @param tensors {@code [tensors][elements]}
   * @throws IllegalArgumentException names tensor and element
   */
  static void require(String what, float[][] tensors) {
    for (int t = 0; t < tensors.length; t++) {
      for (int i = 0; i < tensors[t].length; i++) {
        if (!Float.isFinite(tensors[t][i])) {
          throw new IllegalArgumentException(
              what
                  + " must be finite, element "
                  + i
                  + " of tensor "
                  + t
                  + " is "
                  + tensors[t][i]
                  + ": nothing was changed, lower the learning rate");
        }
      }
    }
  }
}
