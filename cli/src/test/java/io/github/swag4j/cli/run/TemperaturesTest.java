package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.cli.page.ResultTables;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemperaturesTest {

  /** Rows of two classes, of which a share is predicted wrong. */
  private static Predictions rows(int rows, int wrong) {
    float[] probabilities = new float[2 * rows];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      probabilities[2 * r] = 0.8f;
      probabilities[2 * r + 1] = 0.2f;
      labels[r] = r < wrong ? 1 : 0;
    }
    return Predictions.builder().probabilities(probabilities, 2).labels(labels).build();
  }

  private static Results results(Predictions validation) {
    Results results =
        MadeResults.of(
            "test",
            Map.of(Method.SGD, Map.of("test", rows(40, 10), RunImages.VALIDATION, validation)));
    results.fitTemperatures();
    return results;
  }

  @Test
  void aTemperatureAtItsLimitIsNotShownWithoutAWord() {
    Results right = results(rows(30, 0));
    assertThat(right.temperatures().of(Method.SGD).orElseThrow().temperature()).isEqualTo(0.05);
    assertThat(ResultTables.temperatureCaption(right))
        .contains("The fit of T for SGD stopped at the least temperature allowed");
    Results random = results(rows(30, 20));
    assertThat(random.temperatures().of(Method.SGD).orElseThrow().temperature()).isEqualTo(20);
    assertThat(ResultTables.temperatureCaption(random))
        .contains("The fit of T for SGD stopped at the greatest temperature allowed");
    assertThat(ResultTables.temperatureCaption(results(rows(30, 5)))).doesNotContain("stopped");
  }
}
