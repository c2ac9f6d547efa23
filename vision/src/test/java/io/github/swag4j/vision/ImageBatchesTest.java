package io.github.swag4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageBatchesTest {
  private static final int IMAGES = 1000;
  private static final int EPOCHS = 64;

  private final ImageBatches batches =
      new ImageBatches(
          ImageData.of("zeros", new byte[IMAGES], new int[IMAGES], 1, 1, List.of("no", "yes")),
          Normalisation.same(0, 1, 1),
          10);

  @Test
  void anOrderHasEveryRowOnceAndIsTheSameAgain() {
    int[] order = batches.shuffled(7, 3);
    assertThat(order).isEqualTo(batches.shuffled(7, 3));
    assertThat(IntStream.of(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, IMAGES).toArray());
  }

  /**
   * Where the last row went moves by another distance from each epoch to the next. With seeds that
   * differ by 1 java.util.Random gives sequences a fixed distance apart, so there were only a few.
   */
  @Test
  void ordersOfNeighbouringEpochsAreUnrelated() {
    for (long seed = 0; seed < 4; seed++) {
      Set<Integer> distances = new HashSet<>();
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        int moved = place(seed, epoch + 1) - place(seed, epoch);
        distances.add(Math.floorMod(moved, IMAGES));
      }
      assertThat(distances).hasSizeGreaterThan(EPOCHS - 10);
    }
  }

  private int place(long seed, int epoch) {
    int[] order = batches.shuffled(seed, epoch);
    return IntStream.range(0, IMAGES).filter(i -> order[i] == IMAGES - 1).findFirst().orElseThrow();
  }
}
