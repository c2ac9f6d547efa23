package io.github.swag4j.calibration.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.CrossFitting;
import io.github.swag4j.calibration.recalibration.Recalibrators;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selection.RecalibrationChoice.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecalibrationChoiceTest {

  /** Logits of three classes, multiplied: calibrated at 1. */
  private static Predictions rows(int count, double sharper, long seed) {
    SplitMix random = new SplitMix(seed);
    double[][] z = new double[count][3];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      double[] e = new double[3];
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        z[i][k] = 1.5 * random.gaussian();
        e[k] = Math.exp(z[i][k]);
        sum += e[k];
        z[i][k] *= sharper;
      }
      double u = random.uniform() * sum;
      labels[i] = u < e[0] ? 0 : u < e[0] + e[1] ? 1 : 2;
    }
    return Predictions.ofLogits(z, labels);
  }

  private static Candidate of(RecalibrationChoice choice, String method) {
    return choice.candidates().stream().filter(c -> c.method().equals(method)).findAny().get();
  }

  @Test
  void logitsTwiceAsLargeAreBestCorrectedByATemperature() {
    RecalibrationChoice choice =
        RecalibrationChoice.of(
            rows(600, 2, 1), List.of("histogram", "temperature", "isotonic"), 5, 0);
    assertThat(choice.best().method()).isEqualTo("temperature");
    assertThat(choice.best().clearlyBetter()).isTrue();
    assertThat(choice.fit().toString()).startsWith("temperature scaling, T 2.");
    assertThat(choice.candidates()).hasSize(4);
  }

  @Test
  void calibratedRowsStayAsTheyAreWhereNoMethodLowersTheNll() {
    RecalibrationChoice choice =
        RecalibrationChoice.of(rows(300, 1, 2), List.of("histogram", "isotonic"), 5, 0);
    assertThat(choice.best().method()).isEqualTo(RecalibrationChoice.NONE);
    Predictions other = rows(20, 1, 3);
    Predictions after = choice.fit().apply(other);
    for (int i = 0; i < 20; i++) {
      assertThat(after.probability(i, 0)).isCloseTo(other.probability(i, 0), within(1e-15));
    }
  }

  @Test
  void aCandidatesNumbersAreThoseOfItsCrossFittedRows() {
    Predictions rows = rows(200, 1.7, 4);
    RecalibrationChoice choice = RecalibrationChoice.of(rows, List.of("temperature"), 4, 7);
    CrossFitting fit = CrossFitting.of(rows, 4, 7, fold -> Recalibrators.fit("temperature", fold));
    Candidate candidate = of(choice, "temperature");
    assertThat(candidate.nll()).isEqualTo(ProperScores.of(fit.predictions()).nll());
    assertThat(candidate.difference())
        .isCloseTo(candidate.nll() - ProperScores.of(rows).nll(), within(1e-12));
    assertThat(candidate.interval().contains(candidate.difference())).isTrue();
  }

  @Test
  void whatCannotBeComparedSaysWhy() {
    RecalibrationChoice choice = RecalibrationChoice.of(rows(14, 2, 5), 0);
    Candidate matrix = of(choice, "matrix");
    assertThat(matrix.compared()).isFalse();
    assertThat(matrix.problem()).contains("12 numbers, more than the 11 rows");
    assertThatThrownBy(
            () ->
                RecalibrationChoice.of(
                    Predictions.builder().logits(new double[][] {{1, 2}}).build(), 0))
        .hasMessageContaining("needs labels");
  }
}
