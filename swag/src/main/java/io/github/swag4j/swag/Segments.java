package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.weights.WeightLayout;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Sums over all weights on all cores: the weights are cut into a number of segments that does not
 * depend on the machine, each is summed alone by a pass of its own, and the passes come back in
 * order. Who adds them in that order has the same bits whatever the number of threads.
 */
final class Segments {

  /** Most weights a pass is given at a time: a few dozen columns of them stay in the cache. */
  static final int CHUNK = 256;

  private static final int SEGMENTS = 64;

  private Segments() {}

  /** Sums over one segment. */
  @FunctionalInterface
  interface Pass {
    /** Takes values {@code from} to {@code from + length} of a tensor, at most {@link #CHUNK}. */
    void add(int tensor, int from, int length);
  }

  /** Runs a new pass over each segment. */
  static <P extends Pass> List<P> run(WeightLayout layout, Supplier<P> passes) {
    BlockCut cut = new BlockCut(layout);
    int segments = Math.min(SEGMENTS, cut.count());
    return IntStream.range(0, segments)
        .parallel()
        .mapToObj(
            s -> {
              P pass = passes.get();
              int end = bound(cut, s + 1, segments);
              for (int block = bound(cut, s, segments); block < end; block++) {
                for (int at = 0; at < cut.length(block); at += CHUNK) {
                  int length = Math.min(CHUNK, cut.length(block) - at);
                  pass.add(cut.tensor(block), cut.from(block) + at, length);
                }
              }
              return pass;
            })
        .toList();
  }

  private static int bound(BlockCut cut, int segment, int segments) {
    return (int) ((long) cut.count() * segment / segments);
  }
}
