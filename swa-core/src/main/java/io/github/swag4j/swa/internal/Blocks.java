package io.github.swag4j.swa.internal;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Walks over all weights in blocks that stay in the cache, on several threads where there are
 * enough weights to be worth it. Blocks are cut by place alone, so results do not depend on the
 * threads.
 */
public final class Blocks {

  /** Values in a block: a few arrays of it fit a core's first-level cache. */
  public static final int SIZE = 4_096;

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
    BlockCut cut = new BlockCut(layout);
    cut.forEach(
        () ->
            block -> {
              int from = cut.from(block);
              kernel.apply(cut.tensor(block), from, from + cut.length(block));
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
   * The values of a source, one view a tensor, so that a model is asked once.
   *
   * @param source the weights
   * @return the views, for absolute gets by any thread
   */
  public static FloatBuffer[] views(WeightSource source) {
    FloatBuffer[] views = new FloatBuffer[source.layout().tensors().size()];
    Arrays.setAll(views, source::values);
    return views;
  }

  /**
   * Whether all values are finite and below a size. One multiplication and one addition a value: v
   * * (2^128 / limit) * 0 is 0 for these and NaN for all others.
   *
   * @param cut the blocks
   * @param views the values
   * @param limit a power of two, 2^128 at most
   * @return true if so
   */
  public static boolean areBelow(BlockCut cut, FloatBuffer[] views, double limit) {
    float factor = (float) (0x1p128 / limit);
    int room = cut.longest();
    AtomicBoolean found = new AtomicBoolean();
    cut.forEach(
        () ->
            new BlockCut.Worker() {
              private final float[] block = new float[room];
              private final float[] sums = new float[room];

              @Override
              public void apply(int b) {
                int length = cut.length(b);
                views[cut.tensor(b)].get(cut.from(b), block, 0, length);
                addScaledZeros(block, sums, length, factor);
              }

              @Override
              public void done() {
                for (float sum : sums) {
                  if (sum != 0) {
                    found.set(true);
                  }
                }
              }
            });
    return !found.get();
  }

  /** Kept free of branches so that it becomes vector instructions. */
  private static void addScaledZeros(float[] values, float[] sums, int length, float factor) {
    for (int i = 0; i < length; i++) {
      sums[i] += values[i] * factor * 0f;
    }
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
    FloatBuffer[] views = views(source);
    if (!areBelow(new BlockCut(source.layout()), views, 0x1p128)) {
      requireBelow(source.layout(), views, 0x1p128, what, remedy);
    }
  }

  /**
   * Looks for the first value that is not finite or too large.
   *
   * @param layout the tensors
   * @param views their values
   * @param limit what all must be below in size
   * @param what what they are, for the message
   * @param remedy what to do about it, for the message
   * @throws IllegalArgumentException if there is one
   */
  public static void requireBelow(
      WeightLayout layout, FloatBuffer[] views, double limit, String what, String remedy) {
    for (int t = 0; t < views.length; t++) {
      int size = layout.tensor(t).size();
      for (int i = 0; i < size; i++) {
        float value = views[t].get(i);
        if (!(Math.abs(value) < limit) || Float.isInfinite(value)) {
          throw new IllegalArgumentException(
              what
                  + " must be "
                  + (Float.isFinite(value) ? "below " + (float) limit + " in size" : "finite")
                  + ", got "
                  + value
                  + " at "
                  + layout.tensor(t).name()
                  + "["
                  + i
                  + "]: "
                  + remedy);
        }
      }
    }
  }
}
