package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import org.junit.jupiter.api.Test;

/** Vector, matrix and Dirichlet scaling against optima found by SciPy and scikit-learn. */
class LinearScalingTest {
  private static final JsonObject GOLDEN = Fixture.golden();

  private static void assertProbabilities(Recalibrator fitted, JsonElement expected, double eps) {
    Predictions out = fitted.apply(Fixture.held());
    JsonArray rows = expected.getAsJsonArray();
    assertThat(rows.size()).isEqualTo(out.rows());
    for (int i = 0; i < out.rows(); i++) {
      assertThat(out.probabilities(i)).containsExactly(Fixture.numbers(rows.get(i)), within(eps));
    }
  }

  private static JsonElement probabilities(String name) {
    return GOLDEN.getAsJsonObject(name).get("probabilities");
  }

  @Test
  void vectorScalingIsAtScipysOptimum() {
    assertProbabilities(VectorScaling.fit(Fixture.fit()), probabilities("vector"), 1e-8);
    assertProbabilities(
        VectorScaling.fit(Fixture.weighted(Fixture.fit())), probabilities("vector_weighted"), 1e-8);
  }

  @Test
  void matrixScalingIsAtScipysOptimumForSeveralPenalties() {
    Predictions fit = Fixture.fit();
    assertProbabilities(MatrixScaling.fit(fit), probabilities("matrix"), 1e-8);
    assertProbabilities(
        MatrixScaling.fit(fit, new OffDiagonalPenalty(1, 0.5)),
        probabilities("matrix_strong"),
        1e-8);
    MatrixScaling plain = MatrixScaling.fit(fit, OffDiagonalPenalty.none());
    assertProbabilities(plain, probabilities("matrix_unpenalised"), 1e-8);
    assertProbabilities(plain, GOLDEN.get("matrix_sklearn"), 1e-5);
  }

  @Test
  void dirichletCalibrationIsAtScipysOptimum() {
    assertProbabilities(DirichletCalibration.fit(Fixture.fit()), probabilities("dirichlet"), 1e-8);
  }

  @Test
  void penaltyWithoutBoundLeavesADiagonalMatrixWithoutIntercept() {
    MatrixScaling fitted = MatrixScaling.fit(Fixture.fit(), new OffDiagonalPenalty(1e9, 1e9));
    for (int i = 0; i < 4; i++) {
      assertThat(fitted.intercepts()[i]).isCloseTo(0, within(1e-8));
      for (int j = 0; j < 4; j++) {
        if (i != j) {
          assertThat(fitted.matrix()[i][j]).isCloseTo(0, within(1e-8));
        } else {
          assertThat(fitted.matrix()[i][i]).isBetween(0.3, 1.0);
        }
      }
    }
  }

  @Test
  void weightTwoIsTheRowTwice() {
    Predictions weighted = Fixture.weighted(Fixture.fit());
    Predictions repeated = Fixture.repeated(weighted);
    for (String method : new String[] {"temperature", "vector", "matrix", "dirichlet"}) {
      Predictions a = Recalibrators.fit(method, weighted).apply(Fixture.held());
      Predictions b = Recalibrators.fit(method, repeated).apply(Fixture.held());
      for (int i = 0; i < a.rows(); i++) {
        assertThat(a.probabilities(i)).containsExactly(b.probabilities(i), within(1e-8));
      }
    }
  }

  @Test
  void mapsFittedOnLogitsRefuseProbabilities() {
    VectorScaling fitted = VectorScaling.fit(Fixture.fit());
    assertThatThrownBy(() -> fitted.apply(Fixture.probabilities(Fixture.held())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fitted on logits, got probabilities only");
  }

  @Test
  void mapsFittedOnProbabilitiesTakeLogitsByTheirProbabilities() {
    VectorScaling fitted = VectorScaling.fit(Fixture.probabilities(Fixture.fit()));
    Fixture.assertSameBits(
        fitted.apply(Fixture.held()), fitted.apply(Fixture.probabilities(Fixture.held())));
  }

  @Test
  void separableClassesAreRefusedInsteadOfGrowingParameters() {
    double[][] z = new double[30][3];
    int[] y = new int[30];
    for (int i = 0; i < 30; i++) {
      y[i] = i % 3;
      z[i][y[i]] = 1 + 0.1 * (i % 7);
    }
    Predictions separable = Predictions.ofLogits(z, y);
    assertThatThrownBy(() -> VectorScaling.fit(separable))
        .isInstanceOf(NoFiniteOptimumException.class)
        .hasMessageContaining("vector scaling has no finite optimum");
    assertThatThrownBy(() -> MatrixScaling.fit(separable, OffDiagonalPenalty.none()))
        .isInstanceOf(NoFiniteOptimumException.class);
  }

  @Test
  void oneClassSeparableFromTheOthersIsRefusedToo() {
    double[][] z = new double[60][3];
    int[] y = new int[60];
    for (int i = 0; i < 60; i++) {
      y[i] = i % 3;
      // Classes 0 and 1 overlap, class 2 stands apart.
      z[i][0] = y[i] == 2 ? -5 : Math.sin(i);
      z[i][1] = y[i] == 2 ? -5 : Math.cos(3 * i);
      z[i][2] = y[i] == 2 ? 5 : -5;
    }
    assertThatThrownBy(
            () -> MatrixScaling.fit(Predictions.ofLogits(z, y), OffDiagonalPenalty.none()))
        .isInstanceOf(NoFiniteOptimumException.class);
  }

  @Test
  void twentyClassesAreFittedWithoutStoringAHessian() {
    Predictions fit = Fixture.random(3, 1000, 20, 0.6);
    MatrixScaling fitted = MatrixScaling.fit(fit, new OffDiagonalPenalty(1, 1));
    Predictions unseen = Fixture.random(4, 500, 20, 0.6);
    assertThat(Fixture.nll(fitted.apply(unseen))).isLessThan(Fixture.nll(unseen));
  }
}
