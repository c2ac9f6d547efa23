package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.AverageRule.WarmUp;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The exponential average that begins as a mean: Mean Teacher's. */
class TeacherAverageTest {
  private static final WeightLayout ONE = WeightAverageTest.layout(1);

  /** min(1 - 1/(s + 1), 0.97) is 1 - 1/(s + 1) for s up to 32. */
  @Property(tries = 50)
  void itIsThePlainMeanUntilItsDecayIsReached(
      @ForAll long seed, @ForAll @IntRange(max = 32) int updates) {
    Random random = new Random(seed);
    WeightAverage teacher =
        WeightAverage.of(AveragingPlan.steps(), AverageRule.exponential(0.97).startingAsMean());
    double sum = 0;
    for (int s = 0; s <= updates; s++) {
      float w = (float) random.nextGaussian();
      sum += w;
      teacher.collect(Weights.of(ONE, new float[] {w}));
    }
    assertThat((double) teacher.average().toArray(0)[0])
        .isCloseTo(sum / (updates + 1), within(1e-6));
  }

  @Test
  void afterwardsItHasTheClosedFormOfTheExponentialAverage() {
    Random random = new Random(7);
    WeightAverage teacher =
        WeightAverage.of(AveragingPlan.steps(), AverageRule.exponential(0.97).startingAsMean());
    int last = 90;
    double expected = 0;
    for (int s = 0; s <= last; s++) {
      float w = (float) random.nextGaussian();
      teacher.collect(Weights.of(ONE, new float[] {w}));
      // A mean of the first 33, then each with 0.03 0.97^(later ones).
      double share = s <= 32 ? Math.pow(0.97, last - 32) / 33 : 0.03 * Math.pow(0.97, last - s);
      expected += share * w;
    }
    assertThat((double) teacher.average().toArray(0)[0]).isCloseTo(expected, within(1e-6));
  }

  /** fastswa-semi-sup's teacher begins as a network of its own: 0.97^s of it stay for ever. */
  @Test
  void theFirstWeightsCountAsAnyOthers() {
    WeightAverage teacher =
        WeightAverage.of(AveragingPlan.steps(), AverageRule.exponential(0.97).startingAsMean());
    teacher.collect(Weights.of(ONE, new float[] {1000}));
    for (int s = 0; s < 19; s++) {
      teacher.collect(Weights.of(ONE, new float[] {0}));
    }
    assertThat((double) teacher.average().toArray(0)[0]).isCloseTo(1000.0 / 20, within(1e-4));
  }

  @Test
  void aMeanHasNoBias() {
    assertThatThrownBy(() -> AverageRule.exponential(0.9).startingAsMean().debiased())
        .hasMessageContaining("has no bias: leave debiased() out");
    assertThat(AverageRule.exponential(0.9).startingAsMean().warmUp()).isEqualTo(WarmUp.MEAN);
    assertThat(AverageRule.exponential(0.9).warmedUp().warmUp()).isEqualTo(WarmUp.TENSORFLOW);
  }
}
