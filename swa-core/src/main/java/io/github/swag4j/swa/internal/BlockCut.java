package io.github.swag4j.swa.internal;

import io.github.swag4j.swa.weights.WeightLayout;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How the tensors of a layout are cut into blocks, and the walk over them on all cores. Blocks are
 * cut by place alone, so results do not depend on the threads. The next free thread takes the next
 * blocks: all read along the same stretch of memory, and a busy core holds up none.
 */
public final class BlockCut {

  /** Below this many weights one thread is faster than waking others. */
  private static final long PARALLEL_FROM = 131_072;

  /** Blocks taken at once. */
  private static final int STRIDE = 4;

  private final WeightLayout layout;
  private final int[] tensor;
  private final int[] from;
  private final int[] first;
  private final int longest;

  /**
   * Cuts a layout.
   *
   * @param layout the tensors
   */
  public BlockCut(WeightLayout layout) {
    this.layout = layout;
    int tensors = layout.tensors().size();
    int most = 0;
    first = new int[tensors + 1];
    for (int t = 0; t < tensors; t++) {
      int size = layout.tensor(t).size();
      most = Math.max(most, size);
      first[t + 1] = first[t] + size / Blocks.SIZE + (size % Blocks.SIZE == 0 ? 0 : 1);
    }
    longest = Math.min(Blocks.SIZE, most);
    tensor = new int[first[tensors]];
    from = new int[first[tensors]];
    for (int t = 0; t < tensors; t++) {
      for (int b = first[t]; b < first[t + 1]; b++) {
        tensor[b] = t;
        from[b] = (b - first[t]) * Blocks.SIZE;
      }
    }
  }

  /** Works on blocks one after the other, with scratch memory of its own. */
  public interface Worker {
    /**
     * Works on a block.
     *
     * @param block which
     */
    void apply(int block);

    /** There are no more blocks for this worker. */
    default void done() {}
  }

  /**
   * The layout that was cut.
   *
   * @return the layout
   */
  public WeightLayout layout() {
    return layout;
  }

  /**
   * How many blocks there are.
   *
   * @return the count
   */
  public int count() {
    return tensor.length;
  }

  /**
   * Whose values a block holds.
   *
   * @param block which block
   * @return place of the tensor
   */
  public int tensor(int block) {
    return tensor[block];
  }

  /**
   * Where a block begins in its tensor.
   *
   * @param block which block
   * @return first value
   */
  public int from(int block) {
    return from[block];
  }

  /**
   * How many values a block holds.
   *
   * @param block which block
   * @return the count, at most {@link Blocks#SIZE}
   */
  public int length(int block) {
    return Math.min(Blocks.SIZE, layout.tensor(tensor[block]).size() - from[block]);
  }

  /**
   * How many values the longest block holds: room for any of them.
   *
   * @return the count, at most {@link Blocks#SIZE}
   */
  public int longest() {
    return longest;
  }

  /**
   * The first block of a tensor.
   *
   * @param index place of the tensor, or the number of tensors for the end
   * @return the block
   */
  public int first(int index) {
    return first[index];
  }

  /**
   * Walks over all blocks.
   *
   * @param workers makes a worker for each thread
   */
  public void forEach(Supplier<? extends Worker> workers) {
    int blocks = count();
    AtomicInteger next = new AtomicInteger();
    int threads = layout.size() < PARALLEL_FROM ? 1 : ForkJoinPool.getCommonPoolParallelism() + 1;
    IntStream indices = IntStream.range(0, threads);
    (threads == 1 ? indices : indices.parallel())
        .forEach(
            thread -> {
              Worker worker = workers.get();
              for (int begin = next.getAndAdd(STRIDE);
                  begin < blocks;
                  begin = next.getAndAdd(STRIDE)) {
                for (int b = begin; b < Math.min(blocks, begin + STRIDE); b++) {
                  worker.apply(b);
                }
              }
              worker.done();
            });
  }
}
