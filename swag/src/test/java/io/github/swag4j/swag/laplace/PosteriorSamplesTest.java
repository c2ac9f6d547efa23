package io.github.swag4j.swag.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Samples have the covariance that the precision says, and are pure functions of seed and index.
 */
class PosteriorSamplesTest {
  private static final int OUTPUTS = 2;
  private static final int INPUTS = 3;
  private static final int SIZE = OUTPUTS * (INPUTS + 1);
  private static final LaplaceLayer LAYER = new LaplaceLayer("head", "w", "b", OUTPUTS, INPUTS);
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("body", Role.WEIGHT, List.of(5L)),
              new Tensor("w", Role.WEIGHT, List.of(2L, 3L)),
              new Tensor("b", Role.BIAS, List.of(2L))));

  private static Weights mean() {
    return Weights.of(
        LAYOUT,
        new float[] {1, 2, 3, 4, 5},
        new float[] {.5f, -1, 2, .25f, .125f, -3},
        new float[] {1, -2});
  }

  private static double[] gram(Random random, int n, int rank) {
    double[] x = random.doubles((long) n * rank, -1, 1).toArray();
    return DenseMatrix.transposedProduct(x, x, rank, n, n);
  }

  private static double[] kron(double[] g, double[] a) {
    int columns = INPUTS + 1;
    double[] out = new double[SIZE * SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        out[i * SIZE + j] =
            g[i / columns * OUTPUTS + j / columns] * a[i % columns * columns + j % columns];
      }
    }
    return out;
  }

  private static LayerCurvature curvature(Structure structure) {
    Random random = new Random(11);
    double[] a = gram(random, INPUTS + 1, 3);
    double[] g = gram(random, OUTPUTS, 2);
    return switch (structure) {
      case FULL -> FullCurvature.of(LAYER, kron(g, a));
      case KRONECKER -> KroneckerCurvature.of(LAYER, a, g);
      case DIAGONAL ->
          DiagonalCurvature.of(
              LAYER, IntStream.range(0, SIZE).mapToDouble(i -> kron(g, a)[i * SIZE + i]).toArray());
    };
  }

  private static LaplacePosterior posterior(Structure structure) {
    return LaplacePosterior.of(mean(), List.of(curvature(structure)), -10, 20)
        .withPriorPrecision(0.8)
        .withTemperature(1.5);
  }

  /** Dense P^-1 of the curvature above. */
  private static double[] covariance(Structure structure) {
    double[] p =
        structure == Structure.DIAGONAL
            ? new double[SIZE * SIZE]
            : ((FullCurvature) curvature(Structure.FULL)).matrix();
    for (int i = 0; i < SIZE; i++) {
      if (structure == Structure.DIAGONAL) {
        p[i * SIZE + i] = ((DiagonalCurvature) curvature(structure)).diagonal()[i];
      }
      for (int j = 0; j < SIZE; j++) {
        p[i * SIZE + j] = p[i * SIZE + j] / 1.5 + (i == j ? 0.8 : 0);
      }
    }
    return CholeskyFactor.inPlace(p, SIZE).inverse();
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void hundredThousandSamplesHaveTheCovarianceOfTheInversePrecision(Structure structure) {
    LaplacePosterior posterior = posterior(structure);
    double[] expected = covariance(structure);
    int samples = 100_000;
    double[] mean = new double[SIZE];
    double[] second = new double[SIZE * SIZE];
    double[] centre = posterior.withPriorPrecision(1e300).sampleLayer(0, 0, 0);
    for (int s = 0; s < samples; s++) {
      double[] w = posterior.sampleLayer(0, 5, s);
      for (int i = 0; i < SIZE; i++) {
        mean[i] += (w[i] - centre[i]) / samples;
        for (int j = 0; j < SIZE; j++) {
          second[i * SIZE + j] += (w[i] - centre[i]) * (w[j] - centre[j]) / samples;
        }
      }
    }
    for (int i = 0; i < SIZE; i++) {
      double variance = expected[i * SIZE + i];
      assertThat(mean[i]).isCloseTo(0, within(5 * Math.sqrt(variance / samples)));
      for (int j = 0; j < SIZE; j++) {
        double c = expected[i * SIZE + j];
        double error = Math.sqrt((variance * expected[j * SIZE + j] + c * c) / samples);
        assertThat(second[i * SIZE + j]).isCloseTo(c, within(5 * error));
      }
      assertThat(posterior.weightVariances(0)[i]).isCloseTo(variance, within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void outputVariancesAreTheQuadraticFormsOfTheCovariance(Structure structure) {
    LaplacePosterior posterior = posterior(structure);
    double[] dense = covariance(structure);
    double[] a = {0.3, -2, 1};
    double[] one = {0.3, -2, 1, 1};
    double[] actual = posterior.outputCovariance(0, a);
    for (int c = 0; c < OUTPUTS; c++) {
      for (int d = 0; d < OUTPUTS; d++) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
          for (int j = 0; j < 4; j++) {
            sum += one[i] * one[j] * dense[(c * 4 + i) * SIZE + d * 4 + j];
          }
        }
        assertThat(actual[c * OUTPUTS + d]).isCloseTo(sum, within(1e-12));
      }
      assertThat(posterior.outputVariances(0, a)[c])
          .isCloseTo(actual[c * OUTPUTS + c], within(1e-13));
    }
  }

  @Test
  void kroneckerOfFactorsIsTheFullMatrixOfTheirProduct() {
    LaplacePosterior full = posterior(Structure.FULL);
    LaplacePosterior kronecker = posterior(Structure.KRONECKER);
    assertThat(kronecker.logMarginalLikelihood())
        .isCloseTo(full.logMarginalLikelihood(), within(1e-11));
    assertThat(kronecker.optimisePriorPrecision().priorPrecisions()[0])
        .isCloseTo(full.optimisePriorPrecision().priorPrecisions()[0], within(1e-6));
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void anInfinitePriorPrecisionLeavesThePoint(Structure structure) {
    LaplacePosterior point = posterior(structure).withPriorPrecision(1e30);
    for (int s = 0; s < 20; s++) {
      assertThat(point.sample(3, s)).isEqualTo(mean());
    }
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void aSampleIsAFunctionOfSeedAndIndexAndLeavesOtherTensors(Structure structure) {
    LaplacePosterior posterior = posterior(structure);
    Weights third = posterior.sample(7, 3);
    posterior.samples(7, 0, 3);
    assertThat(posterior.sample(7, 3)).isEqualTo(third);
    assertThat(posterior(structure).samples(7, 2, 2).get(1)).isEqualTo(third);
    assertThat(posterior.sample(8, 3)).isNotEqualTo(third);
    assertThat(third.toArray(0)).containsExactly(mean().toArray(0));
    double[] layer = posterior.sampleLayer(0, 7, 3);
    for (int o = 0; o < OUTPUTS; o++) {
      assertThat(third.toArray(2)[o]).isEqualTo((float) layer[o * 4 + 3]);
      for (int i = 0; i < INPUTS; i++) {
        assertThat(third.toArray(1)[o * 3 + i]).isEqualTo((float) layer[o * 4 + i]);
      }
    }
  }

  @Test
  void atTheOptimumTheEffectiveParametersAreThePriorsSquaredNorm() {
    // MacKay: d |w|^2 = sum of l / (l + d), where the derivative of the evidence is 0.
    LaplacePosterior best =
        posterior(Structure.KRONECKER).withTemperature(1).optimisePriorPrecision();
    double d = best.priorPrecisions()[0];
    double effective = 0;
    for (double variance : best.weightVariances(0)) {
      effective += 1 - d * variance;
    }
    double squaredNorm = .25 + 1 + 4 + .0625 + .015625 + 9 + 1 + 4;
    assertThat(d * squaredNorm).isCloseTo(effective, within(1e-6));
  }

  @Test
  void layersHaveTheirOwnBestPriors() {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("u", Role.WEIGHT, List.of(2L)),
                new Tensor("v", Role.WEIGHT, List.of(2L))));
    Weights mean = Weights.of(layout, new float[] {1, 1}, new float[] {.1f, .1f});
    List<LayerCurvature> layers =
        List.of(
            DiagonalCurvature.of(LaplaceLayer.of(layout.tensor(0)), new double[] {50, 70}),
            DiagonalCurvature.of(LaplaceLayer.of(layout.tensor(1)), new double[] {5_000, 700}));
    LaplacePosterior posterior = LaplacePosterior.of(mean, layers, -3, 9);
    LaplacePosterior each = posterior.optimisePriorPrecisions();
    assertThat(each.priorPrecisions()[1]).isGreaterThan(10 * each.priorPrecisions()[0]);
    assertThat(each.logMarginalLikelihood())
        .isGreaterThan(posterior.optimisePriorPrecision().logMarginalLikelihood());
    assertThat(each.withPriorPrecision(1).logMarginalLikelihood())
        .isEqualTo(posterior.logMarginalLikelihood());
  }

  @Test
  void aPriorWithoutOptimumIsRefused() {
    Weights zero = Weights.of(LAYOUT, new float[5], new float[6], new float[2]);
    LaplacePosterior posterior =
        LaplacePosterior.of(zero, List.of(curvature(Structure.DIAGONAL)), -10, 20);
    assertThatThrownBy(posterior::optimisePriorPrecision)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("largest at 1.0E8")
        .hasMessageContaining("withPriorPrecision");
  }

  @Test
  void badNumbersAreRefused() {
    LaplacePosterior posterior = posterior(Structure.FULL);
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> posterior.withPriorPrecision(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("prior precision must be positive and finite, got " + bad);
      assertThatThrownBy(() -> posterior.withTemperature(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("temperature must be positive and finite, got " + bad);
    }
    assertThatThrownBy(() -> posterior.withPriorPrecisions(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one for each of 1 layers, got 2");
    assertThatThrownBy(() -> posterior.sample(0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 0, got -1");
    assertThatThrownBy(() -> posterior.outputVariances(0, new double[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be 3, got 4");
    assertThatThrownBy(
            () ->
                LaplacePosterior.of(
                    mean(),
                    List.of(curvature(Structure.FULL), curvature(Structure.DIAGONAL)),
                    -1,
                    2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in one layer at most");
    assertThatThrownBy(() -> FullCurvature.of(LAYER, new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have 64 values, got 3");
    double[] skew = kron(new double[] {1, 0, 0, 1}, gram(new Random(2), 4, 4));
    skew[1] += 1;
    assertThatThrownBy(() -> FullCurvature.of(LAYER, skew))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be symmetric");
    skew[1] = Double.NaN;
    assertThatThrownBy(() -> FullCurvature.of(LAYER, skew))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be finite, got NaN at 1");
    assertThatThrownBy(
            () -> FullCurvature.requireFits(new LaplaceLayer("wide", "w", null, 1_000, 2_048)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 8192 weights, layer wide has 2048000")
        .hasMessageContaining("use the Kronecker structure");
  }
}
