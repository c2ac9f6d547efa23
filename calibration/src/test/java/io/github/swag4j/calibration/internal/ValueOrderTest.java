package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ValueOrderTest {
  private static final double[] VALUES = {0, -0.0, 1, -1, Double.NaN, 0.5, Double.MIN_VALUE, 1e300};

  @Property(tries = 300)
  void orderIsThatOfAStableSortOfTheKeys(
      @ForAll @Size(max = 40) int @IntRange(max = 511) [] picks) {
    double[][] keys = new double[3][picks.length];
    for (int k = 0; k < 3; k++) {
      for (int row = 0; row < picks.length; row++) {
        keys[k][row] = VALUES[picks[row] >> (3 * k) & 7];
      }
    }
    Comparator<Integer> byKeys =
        Comparator.<Integer>comparingDouble(row -> keys[0][row])
            .thenComparingDouble(row -> keys[1][row])
            .thenComparingDouble(row -> keys[2][row]);
    assertThat(ValueOrder.of(keys))
        .containsExactly(
            IntStream.range(0, picks.length)
                .boxed()
                .sorted(byKeys)
                .mapToInt(Integer::intValue)
                .toArray());
  }
}
