package io.github.swag4j.swag.laplace;

import java.util.List;

/**
 * Gradients of a model's outputs for one row by the weights of one layer, not multiplied out: that
 * of output c is {@code gradients[c] inputs^T}, {@code [outputs][columns]}. A layer of a
 * convolution is applied at many places, and its gradient is the sum over them.
 *
 * @param places where the layer is applied, at least 1
 * @param inputs {@code [columns][places]} row-major, what goes in, a row of ones for the bias
 * @param gradients for each of the model's outputs {@code [outputs][places]} row-major, its
 *     gradient in what the layer gives
 */
public record LayerJacobian(int places, double[] inputs, List<double[]> gradients) {

  /**
   * Copies the list, not the arrays.
   *
   * @param places where the layer is applied
   * @param inputs what goes in
   * @param gradients for each of the model's outputs
   */
  public LayerJacobian {
    gradients = List.copyOf(gradients);
  }

  /** Checks the lengths. */
  void requireOf(LaplaceLayer layer) {
    if (inputs.length != layer.columns() * places
        || gradients.stream().anyMatch(g -> g.length != layer.outputs() * places)) {
      throw new IllegalArgumentException(
          "gradients of layer "
              + layer.name()
              + " must be of "
              + layer.columns()
              + " columns and "
              + layer.outputs()
              + " outputs at "
              + places
              + " places");
    }
  }
}
