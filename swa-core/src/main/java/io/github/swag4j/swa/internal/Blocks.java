package io.github.swag4j.swa.internal;

import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.WeightSource;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Walks over all weights in blocks that stay in the cache, on several threads where there are
 * enough weights to be worth it. Blocks are cut by place alone, so results do not depend on the
 * threads.
 */
public final class Blocks {

  /** Values in a block: four arrays of it fit a core's second-level cache. */
  public static final int SIZE = 16_384;

  /** Below this many weights one thread is faster than waking others. */
  private static final long PARALLEL_FROM = 8L * SIZE;

  private static final int EXPONENT_BITS = 0x7f800000;

  private Blocks() {}

  /** Work on a block. */
  @FunctionalInterface
  public interface Kernel {
    /**
     * Works on values {@code from} (inclusive) to {@code to} (exclusive) of a tensor.
     *
     * @param tensor place of the tensor in the layout
     * @param from first value
     * @param to one past the last value
     */
    void apply(int tensor, int from, int to);
  }

  /**
   * Runs a kernel over all blocks of a layout.
   *
   * @param layout the tensors
   * @param kernel what to do; called from several threads, for each block once
   */
  public static void forEach(WeightLayout layout, Kernel kernel) {
    List<int[]> blocks = new ArrayList<>();
    for (int t = 0; t < layout.tensors().size(); t++) {
      int size = layout.tensor(t).size();
      for (int from = 0; from < size; from += SIZE) {
        blocks.add(new int[] {t, from, Math.min(size, from + SIZE)});
        if (size - from <= SIZE) {
          break;
        }
      }
    }
    IntStream indices = IntStream.range(0, blocks.size());
    if (layout.size() >= PARALLEL_FROM) {
      indices = indices.parallel();
    }
    indices.forEach(
        i -> {
          int[] block = blocks.get(i);
          kernel.apply(block[0], block[1], block[2]);
        });
  }

  /**
   * Zeroed arrays for a layout.
   *
   * @param layout the tensors
   * @return {@code [tensors][size of tensor]}
   */
  public static float[][] allocate(WeightLayout layout) {
    float[][] values = new float[layout.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[layout.tensor(t).size()];
    }
    return values;
  }

  /**
   * Checks weights of a training run before anything is changed by them: the same layout as before,
   * all finite.
   *
   * @param known layout of those before, null for the first
   * @param weights the weights
   * @param what what they are, for the message
   * @return the layout
   * @throws IllegalArgumentException if the layout differs or a value is NaN or infinite
   */
  public static WeightLayout requireNext(WeightLayout known, WeightSource weights, String what) {
    WeightLayout layout = weights.layout();
    if (known != null) {
      known.requireSame(layout);
    }
    requireFinite(weights, what, "training has diverged, lower the learning rate");
    return layout;
  }

  /**
   * Checks that all values are finite, before anything is changed by them.
   *
   * @param source the weights
   * @param what what they are, for the message
   * @param remedy what to do about it, for the message
   * @throws IllegalArgumentException if one is NaN or infinite, naming the first
   */
  public static void requireFinite(WeightSource source, String what, String remedy) {
    WeightLayout layout = source.layout();
    boolean[] bad = new boolean[layout.tensors().size()];
    forEach(
        layout,
        (tensor, from, to) -> {
          float[] block = new float[to - from];
          source.values(tensor).get(from, block);
          int found = 0;
          for (float v : block) {
            int exponent = Float.floatToRawIntBits(v) & EXPONENT_BITS;
            found |= exponent == EXPONENT_BITS ? 1 : 0;
          }
          if (found != 0) {
            bad[tensor] = true;
          }
        });
    for (int t = 0; t < bad.length; t++) {
      if (bad[t]) {
        FloatBuffer values = source.values(t);
        int at = 0;
        while (Float.isFinite(values.get(at))) {
          at++;
        }
        throw new IllegalArgumentException(
            what
                + " must be finite, got "
                + values.get(at)
                + " at "
                + layout.tensor(t).name()
                + "["
                + at
                + "]: "
                + remedy);
      }
    }
  }
}
