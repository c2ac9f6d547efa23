package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.weights.WeightLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Sums over weights on all cores: they are cut into a number of segments that does not depend on
 * the machine, each is summed alone by a pass of its own, and the passes come back in order. Who
 * adds them in that order has the same bits whatever the number of threads.
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

  /** Runs a new pass over each segment of some tensors, given by their places. */
  static <P extends Pass> List<P> run(WeightLayout layout, int[] tensors, Supplier<P> passes) {
    BlockCut cut = new BlockCut(layout);
    int[] blocks =
        Arrays.stream(tensors)
            .flatMap(t -> IntStream.range(cut.first(t), cut.first(t + 1)))
            .toArray();
    int segments = Math.min(SEGMENTS, blocks.length);
    return IntStream.range(0, segments)
        .parallel()
        .mapToObj(
            s -> {
              P pass = passes.get();
              int end = bound(blocks, s + 1, segments);
              for (int b = bound(blocks, s, segments); b < end; b++) {
                int block = blocks[b];
                for (int at = 0; at < cut.length(block); at += CHUNK) {
                  int length = Math.min(CHUNK, cut.length(block) - at);
                  pass.add(cut.tensor(block), cut.from(block) + at, length);
                }
              }
              return pass;
            })
        .toList();
  }

  private static int bound(int[] blocks, int segment, int segments) {
    return (int) ((long) blocks.length * segment / segments);
  }
}
