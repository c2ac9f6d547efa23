package io.github.swag4j.swag.laplace;

import io.github.swag4j.swa.weights.WeightLayout;
import java.util.Objects;

/**
 * The weights of one layer as a matrix {@code [outputs][columns]}, row-major: column j is the
 * weight of input j, and the last column the bias where there is one. Curvature and samples are in
 * this order.
 *
 * @param name the layer, for messages and reports
 * @param weight name of its weight tensor, whose values are {@code [outputs][inputs]} row-major
 * @param bias name of its bias tensor {@code [outputs]}; null if it has none
 * @param outputs rows, at least 1
 * @param inputs weights of a row, at least 1; for a convolution channels times kernel size
 */
public record LaplaceLayer(String name, String weight, String bias, int outputs, int inputs) {

  /**
   * Checks the sizes.
   *
   * @param name the layer, for messages and reports
   * @param weight name of its weight tensor
   * @param bias name of its bias tensor; null if it has none
   * @param outputs rows, at least 1
   * @param inputs weights of a row, at least 1
   * @throws IllegalArgumentException if a size is below 1 or the layer has 2^31 weights or more
   */
  public LaplaceLayer {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(weight, "weight");
    if (outputs < 1 || inputs < 1) {
      throw new IllegalArgumentException(
          "layer "
              + name
              + " must have at least 1 output and 1 input, got "
              + outputs
              + " and "
              + inputs);
    }
    if ((long) outputs * (inputs + 1L) > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "layer " + name + " must have fewer than 2^31 weights, got " + outputs + " x " + inputs);
    }
  }

  /**
   * A tensor whose weights have no structure.
   *
   * @param tensor the tensor
   * @return a layer of one row
   */
  public static LaplaceLayer of(WeightLayout.Tensor tensor) {
    return new LaplaceLayer(tensor.name(), tensor.name(), null, 1, tensor.size());
  }

  /**
   * Columns of the matrix.
   *
   * @return inputs, and one more where there is a bias
   */
  public int columns() {
    return inputs + (bias == null ? 0 : 1);
  }

  /**
   * Weights of the layer.
   *
   * @return outputs times columns
   */
  public int size() {
    return outputs * columns();
  }

  /**
   * Checks that a model has the layer's tensors.
   *
   * @param layout the model's weights
   * @throws IllegalArgumentException if one is missing or of another size
   */
  public void requireIn(WeightLayout layout) {
    in(layout);
  }

  /** Where the layer's tensors are in a layout, checked. */
  Place in(WeightLayout layout) {
    return new Place(
        tensor(layout, weight, (long) outputs * inputs),
        bias == null ? -1 : tensor(layout, bias, outputs));
  }

  /** Indices of the tensors, -1 for no bias. */
  record Place(int weight, int bias) {}

  private int tensor(WeightLayout layout, String wanted, long size) {
    for (int t = 0; t < layout.tensors().size(); t++) {
      if (layout.tensor(t).name().equals(wanted)) {
        if (layout.tensor(t).size() != size) {
          throw new IllegalArgumentException(
              "tensor "
                  + wanted
                  + " of layer "
                  + name
                  + " must have "
                  + size
                  + " values, got "
                  + layout.tensor(t).size());
        }
        return t;
      }
    }
    throw new IllegalArgumentException(
        "layer " + name + " needs tensor " + wanted + ", the weights have none of that name");
  }

  /** Adds a matrix of this layer to the tensors it belongs to. */
  void addTo(float[][] values, Place place, double[] matrix) {
    float[] weights = values[place.weight()];
    int columns = columns();
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        weights[o * inputs + i] = (float) (weights[o * inputs + i] + matrix[o * columns + i]);
      }
      if (bias != null) {
        float[] biases = values[place.bias()];
        biases[o] = (float) (biases[o] + matrix[o * columns + inputs]);
      }
    }
  }
}
