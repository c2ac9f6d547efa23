package io.github.swag4j.swag.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;

/**
 * Held against the same model seen as a normal distribution of the targets, N(0, s^2 I + A A^T /
 * d), of order rows and not weights: another computation altogether.
 */
class RegressionCollectorTest {
  private static final int ROWS = 12;
  private static final int INPUTS = 4;
  private static final double NOISE = 0.4;
  private static final double PRIOR = 2.5;
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("head.weight", Role.WEIGHT, List.of(1L, (long) INPUTS)),
              new Tensor("head.bias", Role.BIAS, List.of(1L))));
  private static final LaplaceLayer LAYER =
      new LaplaceLayer("head", "head.weight", "head.bias", 1, INPUTS);

  private final float[] features = new float[ROWS * INPUTS];
  private final double[] targets = new double[ROWS];
  private final RealMatrix a = new Array2DRowRealMatrix(ROWS, INPUTS + 1);

  RegressionCollectorTest() {
    Random random = new Random(5);
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < INPUTS; i++) {
        features[r * INPUTS + i] = (float) random.nextGaussian();
        a.setEntry(r, i, features[r * INPUTS + i]);
      }
      a.setEntry(r, INPUTS, 1);
      targets[r] = features[r * INPUTS] - 0.5 + 0.3 * random.nextGaussian();
    }
  }

  /** The weights that training with this noise and prior ends at. */
  private Weights ridge() {
    RealMatrix precision =
        a.transpose()
            .multiply(a)
            .scalarMultiply(1 / (NOISE * NOISE))
            .add(MatrixUtils.createRealIdentityMatrix(INPUTS + 1).scalarMultiply(PRIOR));
    RealVector right = a.transpose().operate(new ArrayRealVector(targets)).mapDivide(NOISE * NOISE);
    RealVector w = new CholeskyDecomposition(precision).getSolver().solve(right);
    float[] weight = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      weight[i] = (float) w.getEntry(i);
    }
    return Weights.of(LAYOUT, weight, new float[] {(float) w.getEntry(INPUTS)});
  }

  private CholeskyDecomposition marginal() {
    RealMatrix covariance =
        a.multiply(a.transpose())
            .scalarMultiply(1 / PRIOR)
            .add(MatrixUtils.createRealIdentityMatrix(ROWS).scalarMultiply(NOISE * NOISE));
    return new CholeskyDecomposition(covariance);
  }

  private RegressionCollector collector(Weights weights) {
    RegressionCollector collector =
        new RegressionCollector(LAYER, weights.toArray(0), weights.toArray(1));
    int half = 5;
    collector.add(Arrays.copyOf(features, half * INPUTS), Arrays.copyOf(targets, half));
    collector.add(
        Arrays.copyOfRange(features, half * INPUTS, features.length),
        Arrays.copyOfRange(targets, half, ROWS));
    return collector;
  }

  @Test
  void theMarginalLikelihoodIsTheDensityOfTheTargets() {
    LaplacePosterior posterior =
        collector(ridge()).posterior(ridge(), NOISE).withPriorPrecision(PRIOR);
    CholeskyDecomposition marginal = marginal();
    RealVector y = new ArrayRealVector(targets);
    double density =
        -0.5
            * (y.dotProduct(marginal.getSolver().solve(y))
                + Math.log(marginal.getDeterminant())
                + ROWS * Math.log(2 * Math.PI));
    assertThat(posterior.logMarginalLikelihood()).isCloseTo(density, within(1e-9));
    assertThat(posterior.rows()).isEqualTo(ROWS);
  }

  @Test
  void predictionsAreThoseOfTheTargetsConditioned() {
    LaplacePosterior posterior =
        collector(ridge()).posterior(ridge(), NOISE).withPriorPrecision(PRIOR);
    float[] at = {0.3f, -1, 2, 0.5f, 4, 4, -4, 4};
    List<double[]> got = new ArrayList<>();
    LastLayerRegression.of(posterior).predict(at, got);
    assertThat(got).hasSize(2);
    for (int r = 0; r < 2; r++) {
      double[] x = {1, 1, 1, 1, 1};
      for (int i = 0; i < INPUTS; i++) {
        x[i] = at[r * INPUTS + i];
      }
      RealVector row = new ArrayRealVector(x);
      RealVector cross = a.operate(row).mapDivide(PRIOR);
      RealVector solved = marginal().getSolver().solve(cross);
      assertThat(got.get(r)[0])
          .isCloseTo(solved.dotProduct(new ArrayRealVector(targets)), within(1e-5));
      assertThat(got.get(r)[1])
          .isCloseTo(row.dotProduct(row) / PRIOR - cross.dotProduct(solved), within(1e-9));
    }
  }

  @Test
  void theOptimumIsOneInNoiseAndPrior() {
    RegressionCollector collector = collector(ridge());
    RegressionCollector.Optimum best = collector.optimum();
    double most = evidence(collector, best.noise(), best.priorPrecision());
    for (double factor : new double[] {0.98, 1 / 0.98}) {
      assertThat(evidence(collector, best.noise() * factor, best.priorPrecision()))
          .isLessThan(most);
      assertThat(evidence(collector, best.noise(), best.priorPrecision() * factor))
          .isLessThan(most);
    }
    // Central differences of the logarithms: both derivatives are 0.
    double h = 1e-4;
    assertThat(
            evidence(collector, best.noise() * Math.exp(h), best.priorPrecision())
                - evidence(collector, best.noise() * Math.exp(-h), best.priorPrecision()))
        .isCloseTo(0, within(1e-8));
    assertThat(
            evidence(collector, best.noise(), best.priorPrecision() * Math.exp(h))
                - evidence(collector, best.noise(), best.priorPrecision() * Math.exp(-h)))
        .isCloseTo(0, within(1e-8));
  }

  private double evidence(RegressionCollector collector, double noise, double prior) {
    return collector.posterior(ridge(), noise).withPriorPrecision(prior).logMarginalLikelihood();
  }

  @Test
  void whatHasNoOptimumIsRefusedWithARemedy() {
    RegressionCollector met =
        new RegressionCollector(LAYER, new float[] {1, 0, 0, 0}, new float[1]);
    met.add(new float[] {1, 2, 3, 4}, new double[] {1});
    assertThatThrownBy(met::optimum)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sum of squared residuals of 0.0");
    RegressionCollector nothing = collector(Weights.of(LAYOUT, new float[INPUTS], new float[1]));
    assertThatThrownBy(nothing::optimum).hasMessageContaining("name the noise");
    RegressionCollector none = new RegressionCollector(LAYER, new float[INPUTS], new float[1]);
    assertThatThrownBy(none::optimum).hasMessageContaining("at least 1 training row");
    assertThatThrownBy(() -> nothing.posterior(ridge(), 0))
        .hasMessageContaining("noise must be positive");
  }

  @Test
  void whatIsNotOneFiniteNumberARowIsRefused() {
    RegressionCollector collector = collector(ridge());
    assertThatThrownBy(() -> collector.add(new float[INPUTS], new double[] {Double.NaN}))
        .hasMessageContaining("targets must be finite, got NaN in row 12");
    assertThatThrownBy(() -> collector.add(new float[INPUTS], new double[2]))
        .hasMessageContaining("features must be 2 x 4, got 4");
    assertThat(collector.rows()).isEqualTo(ROWS);
    LaplaceLayer two = new LaplaceLayer("head", "head.weight", null, 2, INPUTS);
    assertThatThrownBy(() -> new RegressionCollector(two, new float[2 * INPUTS], null))
        .hasMessageContaining("a regression must have one output");
  }
}
