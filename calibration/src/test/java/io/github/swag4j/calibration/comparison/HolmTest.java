package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HolmTest {

  @Test
  void adjustedValuesOfAHandMadeExample() {
    // Sorted .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, made non-decreasing.
    double[] adjusted = Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005});
    double[] expected = {0.03, 0.06, 0.06, 0.02};
    for (int i = 0; i < expected.length; i++) {
      assertThat(adjusted[i]).isEqualTo(expected[i], within(1e-15));
    }
  }

  @Test
  void oneTestIsLeftAloneAndNoneIsNone() {
    assertThat(Holm.adjust(new double[] {0.2})).containsExactly(0.2);
    assertThat(Holm.adjust(new double[0])).isEmpty();
  }

  @Property(tries = 200)
  void adjustmentKeepsTheOrderAndLiesBetweenNoneAndBonferroni(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = 0, max = 1) Double> values) {
    double[] p = values.stream().mapToDouble(Double::doubleValue).toArray();
    double[] adjusted = Holm.adjust(p);
    for (int i = 0; i < p.length; i++) {
      assertThat(adjusted[i]).isBetween(p[i], Math.min(1, p.length * p[i]) + 1e-15);
      for (int j = 0; j < p.length; j++) {
        if (p[i] <= p[j]) {
          assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[j]);
        }
      }
    }
    double[] reversed =
        IntStream.range(0, p.length).mapToDouble(i -> p[p.length - 1 - i]).toArray();
    double[] back = Holm.adjust(reversed);
    assertThat(IntStream.range(0, p.length).mapToDouble(i -> back[p.length - 1 - i]).toArray())
        .isEqualTo(adjusted);
    assertThat(Arrays.stream(adjusted).max().orElseThrow()).isLessThanOrEqualTo(1);
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    assertThatThrownBy(() -> Holm.adjust(new double[] {0.1, Double.NaN}))
        .hasMessage("p-values[1] must be in [0, 1], got NaN");
    assertThatThrownBy(() -> Holm.adjust(new double[] {5}))
        .hasMessage("p-values[0] must be in [0, 1], got 5.0");
  }
}
