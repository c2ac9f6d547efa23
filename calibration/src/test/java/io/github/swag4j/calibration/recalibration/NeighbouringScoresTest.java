package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saturated float64 probabilities: distinct scores between which there is no double. */
class NeighbouringScoresTest {

  @Test
  void bayesianBinsAtTheVeryEndOfTheScaleStillHaveAPrior() {
    double[] scores = {0, Double.MIN_VALUE, .2, Math.nextDown(1.0), 1};
    int[] positives = {0, 10, 10, 25, 50};
    double[] p = new double[250];
    int[] y = new int[250];
    for (int i = 0; i < 250; i++) {
      p[i] = scores[i / 50];
      y[i] = i % 50 < positives[i / 50] ? 1 : 0;
    }
    BayesianBinning fitted = BayesianBinning.fit(Predictions.binary(p, y));
    for (int s = 0; s < scores.length; s++) {
      assertThat(fitted.predict(1, scores[s])).isCloseTo(positives[s] / 50.0, within(0.05));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"histogram", "bbq", "enir", "isotonic", "venn-abers"})
  void neighbouringDoublesAreToldApartAndReadBack(String method) {
    double a = Math.nextDown(Math.nextDown(1.0));
    double[] scores = {.2, a, Math.nextDown(1.0), 1};
    double[] p = new double[200];
    int[] y = new int[200];
    for (int i = 0; i < p.length; i++) {
      p[i] = scores[i / 50];
      y[i] = i % 50 < new int[] {0, 10, 25, 50}[i / 50] ? 1 : 0;
    }
    Predictions rows = Predictions.binary(p, y);
    Recalibrator fitted = Recalibrators.fit(method, rows);
    Predictions out = Recalibrators.fromJson(fitted.toJson()).applyInSample(rows);
    double[] expected = {0, .2, .5, 1};
    for (int i = 0; i < p.length; i++) {
      assertThat(out.probability(i, 1)).isCloseTo(expected[i / 50], within(0.05));
    }
  }
}
