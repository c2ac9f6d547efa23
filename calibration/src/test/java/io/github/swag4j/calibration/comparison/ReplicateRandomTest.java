package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicateRandomTest {

  /** Computed by an independent SplitMix64 in Python; stored intervals depend on it. */
  @Test
  void numbersAreAFunctionOfSeedReplicateAndStream() {
    assertThat(new ReplicateRandom(0, 0, 0).nextLong()).isEqualTo(2558736989570252433L);
    assertThat(new ReplicateRandom(42, 7, 2).nextLong()).isEqualTo(3620145077285671418L);
    ReplicateRandom random = new ReplicateRandom(1, 3, 0);
    assertThat(IntStream.range(0, 8).map(i -> random.nextInt(10)).toArray())
        .containsExactly(6, 9, 5, 9, 0, 3, 4, 0);
  }

  @Test
  void relplotNeverDrawsTheLastRowAndWeDo() {
    int rows = 7;
    int replicates = 4000;
    long[] drawn = new long[rows];
    for (int b = 0; b < replicates; b++) {
      int[] times = new ReplicateRandom(5, b, 0).multiplicities(rows);
      assertThat(Arrays.stream(times).sum()).isEqualTo(rows);
      for (int row = 0; row < rows; row++) {
        drawn[row] += times[row];
      }
    }
    // Each count is Binomial(28000, 1/7): mean 4000, standard deviation 59.
    assertThat(Arrays.stream(drawn).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(3700L, 4300L));
  }

  @Test
  void permutationHoldsEveryIndexOnce() {
    int[] order = new ReplicateRandom(9, 0, 1).permutation(1000);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
  }
}
