package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard error of ln T is its spread over data sets, also where weights go with logits. */
class WeightedTemperatureErrorTest {
  private static final int SETS = 500;
  private static final int ROWS = 400;

  private enum Weighting {
    NONE,
    INDEPENDENT,
    LIGHT_IF_SURE,
    HEAVY_IF_SURE,
    CLASSES
  }

  private static Predictions draw(Random random, Weighting weighting) {
    double[][] logits = new double[ROWS][2];
    int[] labels = new int[ROWS];
    double[] weights = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      double z =
          weighting == Weighting.CLASSES
              ? 2 * random.nextGaussian() - 2
              : 2 * random.nextGaussian();
      logits[r][1] = z;
      labels[r] = random.nextDouble() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
      weights[r] =
          switch (weighting) {
            case NONE -> 1;
            case INDEPENDENT -> Math.exp(0.5 * random.nextGaussian());
            case LIGHT_IF_SURE -> Math.exp(-Math.abs(z));
            case HEAVY_IF_SURE -> Math.exp(0.7 * Math.abs(z));
            case CLASSES -> labels[r] == 1 ? 10 : 1;
          };
    }
    PredictionsBuilder rows = Predictions.builder().logits(logits).labels(labels);
    return (weighting == Weighting.NONE ? rows : rows.weights(weights)).build();
  }

  @ParameterizedTest
  @EnumSource(Weighting.class)
  void standardErrorIsTheSpreadOverDataSets(Weighting weighting) {
    Random random = new Random(17);
    double[] logs = new double[SETS];
    double variance = 0;
    for (int s = 0; s < SETS; s++) {
      TemperatureScaling fitted = TemperatureScaling.fit(draw(random, weighting));
      logs[s] = Math.log(fitted.temperature());
      variance += fitted.logStandardError() * fitted.logStandardError() / SETS;
    }
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread =
        Math.sqrt(Arrays.stream(logs).map(v -> (v - mean) * (v - mean)).sum() / (SETS - 1));
    assertThat(Math.sqrt(variance) / spread).isBetween(0.85, 1.15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-160, 1e-9, 1, 1e100, 1e160})
  void intervalIsTheSameInAnyUnit(double unit) {
    double[] weights = new Random(5).doubles(Fixture.FIT, 0.1, 3).toArray();
    double[] scaled = Arrays.stream(weights).map(w -> w * unit).toArray();
    TemperatureScaling one = TemperatureScaling.fit(Fixture.withWeights(Fixture.fit(), weights));
    TemperatureScaling other = TemperatureScaling.fit(Fixture.withWeights(Fixture.fit(), scaled));
    assertThat(other.temperature()).isCloseTo(one.temperature(), within(1e-10));
    assertThat(other.logStandardError()).isCloseTo(one.logStandardError(), within(1e-10));
    assertThat(other.lower()).isLessThan(other.temperature()).isPositive();
  }

  @Test
  void rowsOfWeightZeroAreAbsentFromTheInterval() {
    double[] weights = new double[Fixture.FIT];
    Arrays.fill(weights, 0, 200, 2);
    TemperatureScaling masked = TemperatureScaling.fit(Fixture.withWeights(Fixture.fit(), weights));
    TemperatureScaling part = TemperatureScaling.fit(Fixture.logits(0, 200));
    assertThat(masked.logStandardError()).isCloseTo(part.logStandardError(), within(1e-12));
  }
}
