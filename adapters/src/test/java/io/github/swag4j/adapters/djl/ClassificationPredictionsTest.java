package io.github.swag4j.adapters.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.Classifications;
import io.github.swag4j.calibration.Predictions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationPredictionsTest {
  private static final Classifications FIRST =
      new Classifications(List.of("dog", "cat", "owl"), List.of(0.7, 0.2, 0.1));
  private static final Classifications SECOND =
      new Classifications(List.of("cat", "owl", "dog"), List.of(0.5, 0.3, 0.2));

  @Test
  void classesAreFoundByName() {
    Predictions predictions =
        ClassificationPredictions.of(List.of(FIRST, SECOND), List.of("cat", "dog", "owl"))
            .labels(new int[] {1, 0})
            .build();
    assertThat(predictions.probabilities(0)).containsExactly(0.2, 0.7, 0.1);
    assertThat(predictions.probabilities(1)).containsExactly(0.5, 0.2, 0.3);
    assertThat(predictions.classNames()).containsExactly("cat", "dog", "owl");
    assertThat(predictions.isCorrect(0)).isTrue();
  }

  @Test
  void rowsCutToTheMostProbableAreRefused() {
    Classifications cut = new Classifications(List.of("dog", "cat"), List.of(0.7, 0.2));
    assertThatThrownBy(
            () -> ClassificationPredictions.of(List.of(FIRST, cut), List.of("cat", "dog", "owl")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 1 must have the classes [cat, dog, owl], got [dog, cat]");
  }
}
