package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * One column of deviations, a number a weight: on the heap or in a mapped file, float32 or
 * bfloat16. Threads may read it together, and write to different places.
 */
sealed interface DeviationColumn {

  /** Reads values {@code from} to {@code from + length} of a tensor. */
  void read(int tensor, int from, float[] into, int length);

  /** Writes values {@code from} to {@code from + length} of a tensor, rounded if need be. */
  void write(int tensor, int from, float[] values, int length);

  /** The values as weights: a view of float32, a widened copy of bfloat16. */
  Weights weights(WeightLayout layout);

  /** A column that reads what some weights hold. */
  static DeviationColumn of(Weights weights) {
    FloatBuffer[] views = new FloatBuffer[weights.layout().tensors().size()];
    Arrays.setAll(views, weights::values);
    return new Singles(views);
  }

  /**
   * Numbers of float32.
   *
   * @param tensors a buffer each
   */
  record Singles(FloatBuffer[] tensors) implements DeviationColumn {

    @Override
    public void read(int tensor, int from, float[] into, int length) {
      tensors[tensor].get(from, into, 0, length);
    }

    @Override
    public void write(int tensor, int from, float[] values, int length) {
      tensors[tensor].put(from, values, 0, length);
    }

    @Override
    public Weights weights(WeightLayout layout) {
      return Weights.mapped(layout, List.of(tensors));
    }
  }

  /**
   * Upper halves of float32, rounded to the nearest, ties to even.
   *
   * @param tensors a buffer each
   */
  record Halves(ShortBuffer[] tensors) implements DeviationColumn {

    @Override
    public void read(int tensor, int from, float[] into, int length) {
      short[] bits = new short[length];
      tensors[tensor].get(from, bits);
      for (int i = 0; i < length; i++) {
        into[i] = Float.intBitsToFloat(bits[i] << 16);
      }
    }

    @Override
    public void write(int tensor, int from, float[] values, int length) {
      short[] bits = new short[length];
      for (int i = 0; i < length; i++) {
        int word = Float.floatToRawIntBits(values[i]);
        bits[i] = (short) (word + 0x7fff + (word >>> 16 & 1) >>> 16);
      }
      tensors[tensor].put(from, bits);
    }

    @Override
    public Weights weights(WeightLayout layout) {
      float[][] wide = new float[tensors.length][];
      for (int t = 0; t < wide.length; t++) {
        wide[t] = new float[layout.tensor(t).size()];
        read(t, 0, wide[t], wide[t].length);
      }
      return Weights.adopt(layout, wide);
    }
  }
}
