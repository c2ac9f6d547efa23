package io.github.swag4j.swa.weights;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Values for every tensor of a layout, in arrays or in a mapped file. Immutable; safe for use by
 * several threads.
 */
public final class Weights implements WeightSource {
  private static final int CHUNK = 4096;

  private final WeightLayout layout;

  /** Read-only, from position 0 to the tensor's size. */
  private final FloatBuffer[] values;

  private Weights(WeightLayout layout, FloatBuffer[] values) {
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
    return mapped(layout, Arrays.stream(values).map(FloatBuffer::wrap).toList());
  }

  /**
   * Weights that stay where they are: in buffers over a mapped file, for sizes that the heap does
   * not hold. Nothing is read here.
   *
   * <p>There is nothing to close. A mapping lives as long as a buffer over it can be reached, here
   * or in a {@link #values view}, and its memory is the operating system's cache, not the heap.
   * Until then the file's bytes must not change and the file must not become shorter: a read would
   * give other values, or end in an {@link InternalError}. To replace the file by a new one of the
   * same name does no harm, except on Windows, which refuses it.
   *
   * @param layout the tensors
   * @param values a buffer for each, its values from position to limit; not copied
   * @return the weights
   * @throws IllegalArgumentException if a buffer's length is not its tensor's size
   */
  public static Weights mapped(WeightLayout layout, List<FloatBuffer> values) {
    if (values.size() != layout.tensors().size()) {
      throw new IllegalArgumentException(
          "values must have " + layout.tensors().size() + " arrays, got " + values.size());
    }
    FloatBuffer[] views = new FloatBuffer[values.size()];
    for (int t = 0; t < views.length; t++) {
      views[t] = values.get(t).slice().asReadOnlyBuffer();
      if (views[t].limit() != layout.tensor(t).size()) {
        throw new IllegalArgumentException(
            "values of "
                + layout.tensor(t).name()
                + " must have length "
                + layout.tensor(t).size()
                + ", got "
                + views[t].limit());
      }
    }
    return new Weights(layout, views);
  }

  /**
   * The weights a source holds now.
   *
   * @param source a model or other weights
   * @return a copy; weights are their own
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
    return adopt(layout, values);
  }

  @Override
  public WeightLayout layout() {
    return layout;
  }

  @Override
  public FloatBuffer values(int tensor) {
    return values[tensor].duplicate();
  }

  /**
   * A copy of one tensor's values.
   *
   * @param tensor its place in the layout
   * @return row-major values
   */
  public float[] toArray(int tensor) {
    float[] copy = new float[values[tensor].limit()];
    values[tensor].get(0, copy);
    return copy;
  }

  /** The same layout and values: NaN equals NaN, 0 does not equal -0. */
  @Override
  public boolean equals(Object o) {
    if (!(o instanceof Weights other) || !layout.equals(other.layout)) {
      return false;
    }
    float[] mine = new float[CHUNK];
    float[] theirs = new float[CHUNK];
    for (int t = 0; t < values.length; t++) {
      for (int at = 0; at < values[t].limit(); at += CHUNK) {
        int length = Math.min(CHUNK, values[t].limit() - at);
        values[t].get(at, mine, 0, length);
        other.values[t].get(at, theirs, 0, length);
        if (!Arrays.equals(mine, 0, length, theirs, 0, length)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = layout.hashCode();
    for (FloatBuffer tensor : values) {
      for (int i = 0; i < tensor.limit(); i++) {
        hash = 31 * hash + Float.hashCode(tensor.get(i));
      }
    }
    return hash;
  }

  @Override
  public String toString() {
    return layout.toString();
  }
}
