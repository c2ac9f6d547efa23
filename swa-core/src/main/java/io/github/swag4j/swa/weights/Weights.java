package io.github.swag4j.swa.weights;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Values for every tensor of a layout. Immutable; safe for use by several threads. */
public final class Weights implements WeightSource {
  private final WeightLayout layout;
  private final float[][] values;

  private Weights(WeightLayout layout, float[][] values) {
    this.layout = layout;
    this.values = values;
  }

  /**
   * Weights of given values.
   *
   * @param layout the tensors
   * @param values {@code [tensors][size of tensor]}; copied
   * @return the weights
   * @throws IllegalArgumentException if an array's length is not its tensor's size
   */
  public static Weights of(WeightLayout layout, float[]... values) {
    float[][] copy = new float[values.length][];
    for (int t = 0; t < values.length; t++) {
      copy[t] = values[t].clone();
    }
    return adopt(layout, copy);
  }

  /**
   * Weights that take over arrays their maker no longer uses, for sizes where a copy hurts.
   *
   * @param layout the tensors
   * @param values {@code [tensors][size of tensor]}; not copied, never to be written again
   * @return the weights
   * @throws IllegalArgumentException if an array's length is not its tensor's size
   */
  public static Weights adopt(WeightLayout layout, float[][] values) {
    if (values.length != layout.tensors().size()) {
      throw new IllegalArgumentException(
          "values must have " + layout.tensors().size() + " arrays, got " + values.length);
    }
    for (int t = 0; t < values.length; t++) {
      if (values[t].length != layout.tensor(t).size()) {
        throw new IllegalArgumentException(
            "values of "
                + layout.tensor(t).name()
                + " must have length "
                + layout.tensor(t).size()
                + ", got "
                + values[t].length);
      }
    }
    return new Weights(layout, values);
  }

  /**
   * The weights a source holds now.
   *
   * @param source a model or other weights
   * @return a copy
   */
  public static Weights copyOf(WeightSource source) {
    if (source instanceof Weights weights) {
      return weights;
    }
    WeightLayout layout = source.layout();
    float[][] values = new float[layout.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[layout.tensor(t).size()];
      source.values(t).get(0, values[t]);
    }
    return new Weights(layout, values);
  }

  @Override
  public WeightLayout layout() {
    return layout;
  }

  @Override
  public FloatBuffer values(int tensor) {
    return FloatBuffer.wrap(values[tensor]).asReadOnlyBuffer();
  }

  /**
   * A copy of one tensor's values.
   *
   * @param tensor its place in the layout
   * @return row-major values
   */
  public float[] toArray(int tensor) {
    return values[tensor].clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Weights other
        && layout.equals(other.layout)
        && Arrays.deepEquals(values, other.values);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    return layout.toString();
  }
}
