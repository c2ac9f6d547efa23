package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the likelihood is flat, saturated, or without an optimum, and where it only seems so. */
class ConvexFitEdgeTest {

  /** 40 rows that all say the same; labels 0, 1 and 2 come 20, 12 and 8 times. */
  private static Predictions constant(double... p) {
    double[][] all = new double[40][];
    int[] y = new int[40];
    for (int i = 0; i < 40; i++) {
      all[i] = p;
      y[i] = i < 20 ? 0 : i < 32 ? 1 : 2;
    }
    return Predictions.of(all, y);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "matrix", "dirichlet", "beta", "platt"})
  void rowsThatAllSayTheSameAreMappedToTheFrequencies(String method) {
    for (double[] p : new double[][] {{1 / 3., 1 / 3., 1 / 3.}, {.8, .15, .05}, {1, 0, 0}}) {
      Predictions rows = constant(p);
      double[] out = Recalibrators.fit(method, rows).applyInSample(rows).probabilities(0);
      // Platt's targets are smoothed, and intercepts of matrices are penalised.
      assertThat(out).as(method).containsExactly(new double[] {.5, .3, .2}, within(0.05));
    }
  }

  @Test
  void scoresThatDifferByRoundingOnlyHaveNoSlope() {
    double third = Math.log(1 / 3.0);
    double[] p = new double[400];
    double[] scores = new double[400];
    boolean[] positive = new boolean[400];
    int[] y = new int[400];
    for (int i = 0; i < 400; i++) {
      scores[i] = i % 2 == 0 ? third : Math.nextUp(third);
      p[i] = i % 2 == 0 ? 1 / 3.0 : Math.nextUp(1 / 3.0);
      positive[i] = i % 5 == 0;
      y[i] = i % 5 == 0 ? 1 : 0;
    }
    Sigmoid platt = Sigmoid.fit(scores, positive);
    assertThat(platt.apply(third)).isCloseTo((80 * (81 / 82.0) + 320 / 322.0) / 400, within(1e-9));
    assertThat(platt.a()).isBetween(-1.0, 1.0);
    BetaCalibration beta = BetaCalibration.fit(Predictions.binary(p, y));
    assertThat(beta.coefficients(1)[0]).isNotNegative();
    assertThat(beta.coefficients(1)[1]).isNotNegative();
    Predictions rows = constant(1 / 3., 1 / 3., 1 / 3.);
    for (int k = 0; k < 3; k++) {
      assertThat(PlattScaling.fit(rows).sigmoid(k).a()).isBetween(-1.0, 1.0);
      double[] slopes = BetaCalibration.fit(rows).coefficients(k);
      assertThat(slopes[0]).isNotNegative();
      assertThat(slopes[1]).isNotNegative();
    }
  }

  @Test
  void constantScoresGivePlattTheMeanOfItsTargets() {
    Sigmoid fitted =
        Sigmoid.fit(
            new double[] {-27, -27, -27, -27, -27}, new boolean[] {true, false, true, true, true});
    double mean = (4 * (5 / 6.0) + 1 / 3.0) / 5;
    assertThat(fitted.apply(-27)).isCloseTo(mean, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-12, 1e6, 1e12, 1e100})
  void plattsSigmoidDependsNeitherOnTheUnitNorOnTheZeroOfTheScores(double unit) {
    double[] scores = new double[200];
    boolean[] positive = new boolean[200];
    double[] scaled = new double[200];
    double[] moved = new double[200];
    for (int i = 0; i < 200; i++) {
      scores[i] = Math.sin(i);
      positive[i] = Math.sin(i) + Math.cos(7.3 * i) > 0.2;
      scaled[i] = unit * scores[i];
      moved[i] = 1e5 + scores[i];
    }
    Sigmoid own = Sigmoid.fit(scores, positive);
    Sigmoid other = Sigmoid.fit(scaled, positive);
    Sigmoid off = Sigmoid.fit(moved, positive);
    for (int i = 0; i < 200; i++) {
      assertThat(other.apply(scaled[i])).isCloseTo(own.apply(scores[i]), within(1e-9));
      assertThat(off.apply(moved[i])).isCloseTo(own.apply(scores[i]), within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 50, 1e4})
  void vectorAndPlainMatrixScalingDoNotDependOnTheUnitOfTheLogits(double unit) {
    double[][] z = new double[Fixture.fit().rows()][4];
    int[] y = new int[z.length];
    for (int i = 0; i < z.length; i++) {
      y[i] = Fixture.fit().label(i);
      for (int k = 0; k < 4; k++) {
        z[i][k] = unit * Fixture.fit().logit(i, k);
      }
    }
    Predictions large = Predictions.ofLogits(z, y);
    Predictions vector = VectorScaling.fit(large).applyInSample(large);
    Predictions matrix = MatrixScaling.fit(large, OffDiagonalPenalty.none()).applyInSample(large);
    Predictions own = VectorScaling.fit(Fixture.fit()).applyInSample(Fixture.fit());
    Predictions ownMatrix =
        MatrixScaling.fit(Fixture.fit(), OffDiagonalPenalty.none()).applyInSample(Fixture.fit());
    for (int i = 0; i < z.length; i++) {
      assertThat(vector.probabilities(i)).containsExactly(own.probabilities(i), within(1e-6));
      assertThat(matrix.probabilities(i)).containsExactly(ownMatrix.probabilities(i), within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "matrix", "dirichlet"})
  void rowsThatAreAllRightAreRefusedHoweverSaturated(String method) {
    for (double size : new double[] {1, 30, 3000}) {
      double[][] z = new double[30][3];
      int[] y = new int[30];
      for (int i = 0; i < 30; i++) {
        y[i] = i % 3;
        z[i][y[i]] = size;
      }
      Predictions right = Predictions.ofLogits(z, y);
      assertThatThrownBy(() -> Recalibrators.fit(method, right))
          .isInstanceOf(NoFiniteOptimumException.class)
          .hasMessageContaining("all 30 are predicted right");
    }
  }

  @Test
  void betaFitsAClassOfOneRowInTheMiddleThoughTwoCurvedFeaturesSingleItOut() {
    double[] p = {.1, .2, .3, .5, .7, .8, .9};
    int[] y = {0, 0, 0, 1, 0, 0, 0};
    Predictions rows = Predictions.binary(p, y);
    BetaCalibration fitted = BetaCalibration.fit(rows);
    double[] abc = fitted.coefficients(1);
    assertThat(abc[0]).isNotNegative();
    assertThat(abc[1]).isNotNegative();
    // At the optimum of slopes that may not be negative: the mean is kept, and no slope helps.
    Predictions out = fitted.applyInSample(rows);
    double mean = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < p.length; i++) {
      double residual = out.probability(i, 1) - y[i];
      mean += residual;
      first += residual * Math.log(p[i]);
      second -= residual * Math.log(1 - p[i]);
    }
    assertThat(mean).isCloseTo(0, within(1e-7));
    assertThat(first).isGreaterThan(-1e-7);
    assertThat(second).isGreaterThan(-1e-7);
    assertThat(abc[0] * first).isCloseTo(0, within(1e-6));
    assertThat(abc[1] * second).isCloseTo(0, within(1e-6));
  }

  @Test
  void betaOfScoresThatPointTheWrongWayIsTheFrequency() {
    Predictions rows =
        Predictions.binary(new double[] {.1, .2, .3, .8, .9}, new int[] {1, 1, 1, 0, 0});
    Predictions out = BetaCalibration.fit(rows).applyInSample(rows);
    for (int i = 0; i < rows.rows(); i++) {
      assertThat(out.probability(i, 1)).isCloseTo(0.6, within(1e-9));
    }
  }

  /** Rows are summed in blocks, whose number is that of the rows and not of the threads. */
  @Test
  void threadsChangeNoBitOfAMatrixFit() throws Exception {
    SplittableRandom random = new SplittableRandom(8);
    double[][] z = new double[700][20];
    int[] labels = new int[700];
    for (int r = 0; r < 700; r++) {
      labels[r] = random.nextInt(20);
      for (int k = 0; k < 20; k++) {
        z[r][k] = 3 * random.nextDouble() + (k == labels[r] ? 1 : 0);
      }
    }
    Predictions p = Predictions.builder().logits(z).labels(labels).build();
    ForkJoinPool one = new ForkJoinPool(1);
    ForkJoinPool four = new ForkJoinPool(4);
    try {
      assertThat(one.submit(() -> MatrixScaling.fit(p).toJson()).get())
          .isEqualTo(four.submit(() -> MatrixScaling.fit(p).toJson()).get());
    } finally {
      one.shutdown();
      four.shutdown();
    }
  }
}
