package io.github.swag4j.calibration.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SampleUncertaintyPropertiesTest {

  @Property(tries = 150)
  void partsSumToTheWhole(
      @ForAll @IntRange(min = 2, max = 9) int s,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll Random random) {
    double[][][] samples = random(random, s, 5, classes);
    SampleUncertainty u = SampleUncertainty.of(samples);
    for (int r = 0; r < 5; r++) {
      assertThat(u.mutualInformation()[r]).isGreaterThanOrEqualTo(0);
      assertThat(u.expectedEntropy()[r] + u.mutualInformation()[r])
          .isCloseTo(u.totalEntropy()[r], within(1e-12));
      double total = 0;
      for (double p : u.predictions().probabilities(r)) {
        total += p * (1 - p);
      }
      assertThat(u.aleatoricVariance()[r] + u.epistemicVariance()[r])
          .isCloseTo(total, within(1e-12));
      assertThat(u.pairwiseKl()[r]).isGreaterThanOrEqualTo(u.mutualInformation()[r] - 1e-12);
      assertThat(u.disagreement()[r]).isBetween(0.0, 1.0);
      assertThat(u.variationRatio()[r]).isBetween(0.0, 1 - 1.0 / s);
    }
  }

  /** Distributions of which some are certain and some are copies. */
  private static double[][][] random(Random random, int s, int rows, int classes) {
    double[][][] samples = new double[s][rows][classes];
    for (int i = 0; i < s; i++) {
      for (int r = 0; r < rows; r++) {
        if (i > 0 && random.nextInt(4) == 0) {
          samples[i][r] = samples[i - 1][r].clone();
          continue;
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
          samples[i][r][k] =
              random.nextInt(3) == 0 ? 0 : Math.pow(random.nextDouble(), 1 + random.nextInt(30));
          sum += samples[i][r][k];
        }
        for (int k = 0; k < classes; k++) {
          samples[i][r][k] = sum > 0 ? samples[i][r][k] / sum : k == 0 ? 1 : 0;
        }
      }
    }
    return samples;
  }
}
