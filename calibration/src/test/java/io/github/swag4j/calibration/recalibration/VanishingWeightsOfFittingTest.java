package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows of almost no weight must not thin out the others against priors and pseudo-counts. */
class VanishingWeightsOfFittingTest {
  private static final int HEAVY = 40;

  /** Methods whose maps have no edges that lie between neighbouring scores. */
  private static final List<String> SMOOTH =
      List.of("platt", "beta", "venn-abers", "vector", "temperature");

  /**
   * Those that cut bins. Edges lie half way to the next score, of any weight: they may move a
   * little.
   */
  private static final List<String> BINNED = List.of("bbq", "histogram", "scaling-binning");

  @Test
  void priorsAndPseudoCountsAreContinuousAsWeightsGoToZero() {
    Predictions held = Fixture.top(Fixture.held());
    for (String method : SMOOTH) {
      Predictions a = Recalibrators.fit(method, light(0)).apply(held);
      Predictions b = Recalibrators.fit(method, light(1e-12)).apply(held);
      assertThat(largestDifference(a, b, held.rows())).as(method).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void binsAreThoseOfTheRowsThatWeighSomething() {
    for (String method : BINNED) {
      Predictions a = Recalibrators.fit(method, light(0)).applyInSample(light(0));
      Predictions b = Recalibrators.fit(method, light(1e-12)).applyInSample(light(0));
      assertThat(largestDifference(a, b, HEAVY)).as(method).isCloseTo(0, within(0.02));
    }
  }

  /** 40 rows of weight 1 and 260 of another. */
  private static Predictions light(double weight) {
    Predictions fit = Fixture.top(Fixture.fit());
    double[] weights = new double[fit.rows()];
    Arrays.fill(weights, weight);
    Arrays.fill(weights, 0, HEAVY, 1);
    return Fixture.withWeights(fit, weights);
  }

  private static double largestDifference(Predictions a, Predictions b, int rows) {
    return IntStream.range(0, rows)
        .mapToDouble(i -> Math.abs(a.probability(i, 1) - b.probability(i, 1)))
        .max()
        .orElseThrow();
  }
}
