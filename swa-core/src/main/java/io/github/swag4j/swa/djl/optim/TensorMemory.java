package io.github.swag4j.swa.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/** A tensor's own memory, cut into blocks that stay in a core's cache. */
final class TensorMemory {

  /** Values in a block: weights, gradient and two moments of it fit a second-level cache. */
  static final int BLOCK = 16_384;

  /** Below this many values one thread is faster than waking others. */
  private static final int PARALLEL_FROM = 8 * BLOCK;

  private TensorMemory() {}

  /** Work on values {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  interface Kernel {
    void apply(int from, int to);
  }

  /** Runs a kernel over blocks cut by place alone: results do not depend on the threads. */
  static void forEach(int size, Kernel kernel) {
    int blocks = (size + BLOCK - 1) / BLOCK;
    if (size < PARALLEL_FROM) {
      for (int b = 0; b < blocks; b++) {
        kernel.apply(b * BLOCK, Math.min(size, (b + 1) * BLOCK));
      }
    } else {
      IntStream.range(0, blocks)
          .parallel()
          .forEach(b -> kernel.apply(b * BLOCK, Math.min(size, (b + 1) * BLOCK)));
    }
  }

  /** A view of the values; a copy if the tensor is elsewhere or in another memory order. */
  static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Whether what is written to a view is written to the tensor. */
  static boolean isShared(NDArray array) {
    FloatBuffer one = view(array);
    if (one.capacity() == 0) {
      return true;
    }
    float before = one.get(0);
    float probe = before == 1f ? 2f : 1f;
    one.put(0, probe);
    boolean shared = view(array).get(0) == probe;
    one.put(0, before);
    return shared;
  }

  static void requireShared(String what, NDArray array) {
    if (array.getDataType() != DataType.FLOAT32 || !isShared(array)) {
      throw new IllegalArgumentException(
          what
              + " must be FLOAT32, contiguous and on the CPU, got "
              + array.getDataType().name()
              + " on "
              + array.getDevice()
              + ": train on the CPU (optDevices), or take one of DJL's optimisers");
    }
  }

  /** Sets all values to 0, whatever the memory order. */
  static void zero(NDArray array) {
    FloatBuffer values = view(array);
    int size = values.capacity();
    float[] zeros = new float[Math.min(size, BLOCK)];
    for (int from = 0; from < size; from += BLOCK) {
      values.put(from, zeros, 0, Math.min(BLOCK, size - from));
    }
    if (size > 0 && !isShared(array)) {
      array.set(new NDIndex("..."), 0f);
    }
  }
}
