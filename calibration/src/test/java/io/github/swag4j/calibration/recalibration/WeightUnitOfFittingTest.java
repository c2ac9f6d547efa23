package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that sum to 1 must not make the pseudo-counts and priors of a method as heavy as all. */
class WeightUnitOfFittingTest {

  private static Predictions filled(Predictions p, double weight) {
    double[] weights = new double[p.rows()];
    Arrays.fill(weights, weight);
    return Fixture.withWeights(p, weights);
  }

  @Test
  void weightsOfSumOneFitWhatRowsFit() {
    Predictions fit = Fixture.top(Fixture.fit());
    Predictions small = filled(fit, 1.0 / fit.rows());
    Predictions held = Fixture.top(Fixture.held());
    for (String method : Recalibrators.methods()) {
      Predictions a = Recalibrators.fit(method, small).apply(held);
      Predictions b = Recalibrators.fit(method, fit).apply(held);
      for (int i = 0; i < a.rows(); i++) {
        assertThat(a.probability(i, 1)).as(method).isCloseTo(b.probability(i, 1), within(1e-8));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1, 50})
  void intervalOfTheTemperatureDoesNotDependOnTheUnitOfTheWeights(double unit) {
    TemperatureScaling rows = TemperatureScaling.fit(Fixture.fit());
    TemperatureScaling weighted = TemperatureScaling.fit(filled(Fixture.fit(), unit));
    assertThat(weighted.temperature()).isCloseTo(rows.temperature(), within(1e-10));
    assertThat(weighted.logStandardError()).isCloseTo(rows.logStandardError(), within(1e-10));
  }
}
