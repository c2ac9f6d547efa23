package io.github.swag4j.swa.djl.optim;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;

/**
 * Cuts a tensor into blocks that stay in a core's cache, and lends the arrays a block is worked on
 * in.
 *
 * <p>The arrays are kept: made anew for every block, the weights and gradients of each step would
 * go through the young generation, whose pages the first hundreds of steps touch for the first time
 * (8 times the work of the step itself, measured in a virtual machine).
 */
final class ParameterBlocks {

  /** Values in a block: weights, gradient and two moments of it fit a second-level cache. */
  static final int SIZE = 16_384;

  /** Below this many values one thread is faster than waking others. */
  private static final int PARALLEL_FROM = 8 * SIZE;

  private final ConcurrentLinkedDeque<Scratch> free = new ConcurrentLinkedDeque<>();

  /** Room for the weights and gradients of a block. */
  record Scratch(float[] weights, float[] gradients) {}

  /** Work on values {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  interface Kernel {
    void apply(int from, int to, Scratch scratch);
  }

  /** Runs a kernel over blocks cut by place alone: results do not depend on the threads. */
  void forEach(int size, Kernel kernel) {
    int blocks = (size + SIZE - 1) / SIZE;
    if (size < PARALLEL_FROM) {
      for (int b = 0; b < blocks; b++) {
        block(b, size, kernel);
      }
    } else {
      IntStream.range(0, blocks).parallel().forEach(b -> block(b, size, kernel));
    }
  }

  private void block(int number, int size, Kernel kernel) {
    Scratch lent = free.poll();
    Scratch scratch = lent == null ? new Scratch(new float[SIZE], new float[SIZE]) : lent;
    kernel.apply(number * SIZE, Math.min(size, (number + 1) * SIZE), scratch);
    free.push(scratch);
  }
}
