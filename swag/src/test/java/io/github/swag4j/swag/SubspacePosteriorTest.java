package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;

class SubspacePosteriorTest {
  private static final int ROWS = 12;
  private static final double NOISE = 0.7;
  private static final SubspacePosterior.Options LONG =
      SubspacePosterior.Options.defaults().withSteps(20_000, 200, 2);

  private static final RealMatrix INPUTS = inputs();
  private static final RealVector TARGETS = targets();

  private static RealMatrix inputs() {
    Random random = new Random(1);
    RealMatrix x = new Array2DRowRealMatrix(ROWS, 10);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < 10; j++) {
        x.setEntry(i, j, random.nextGaussian());
      }
    }
    return x;
  }

  private static RealVector targets() {
    Random random = new Random(2);
    RealVector y = new ArrayRealVector(ROWS);
    for (int i = 0; i < ROWS; i++) {
      y.setEntry(i, 1 + 2 * random.nextGaussian());
    }
    return y;
  }

  /** y = X w + noise. */
  private static double logLikelihood(Weights w) {
    RealVector r = TARGETS.subtract(INPUTS.operate(new ArrayRealVector(Snapshots.flat(w), false)));
    return -r.dotProduct(r) / (2 * NOISE * NOISE);
  }

  private static RealMatrix basis(Subspace subspace) {
    RealMatrix p = new Array2DRowRealMatrix(10, subspace.dimensions());
    for (int j = 0; j < subspace.dimensions(); j++) {
      p.setColumn(j, Snapshots.flat(subspace.directions().get(j)));
    }
    return p;
  }

  private static RealVector mean(double[][] z) {
    RealVector mean = new ArrayRealVector(z[0].length);
    for (double[] place : z) {
      mean = mean.add(new ArrayRealVector(place).mapMultiply(1.0 / z.length));
    }
    return mean;
  }

  private static RealMatrix covariance(double[][] z) {
    RealVector mean = mean(z);
    RealMatrix sum = new Array2DRowRealMatrix(mean.getDimension(), mean.getDimension());
    for (double[] place : z) {
      RealVector d = new ArrayRealVector(place).subtract(mean);
      sum = sum.add(d.outerProduct(d).scalarMultiply(1.0 / z.length));
    }
    return sum;
  }

  /** The posterior of a linear model in a subspace is Gaussian and known. */
  @Test
  void theExactPosteriorOfALinearModelIsRecovered() throws IOException {
    Subspace subspace = Subspace.principal(Snapshots.posterior(), 3);
    double prior = 1.5;
    double temperature = 25;
    SubspacePosterior got =
        SubspacePosterior.run(
            subspace,
            SubspacePosteriorTest::logLikelihood,
            LONG.withSteps(20_000, 200, 4).withPriorDeviation(prior).withTemperature(temperature),
            7);
    RealMatrix a = INPUTS.multiply(basis(subspace));
    RealVector r =
        TARGETS.subtract(INPUTS.operate(new ArrayRealVector(Snapshots.flat(subspace.origin()))));
    double unit = 1 / (NOISE * NOISE * temperature);
    RealMatrix precision =
        a.transpose()
            .multiply(a)
            .scalarMultiply(unit)
            .add(MatrixUtils.createRealIdentityMatrix(3).scalarMultiply(1 / (prior * prior)));
    RealMatrix expected = new LUDecomposition(precision).getSolver().getInverse();
    RealVector centre = expected.operate(a.transpose().operate(r).mapMultiply(unit));

    double[] draws = got.effectiveSamples();
    RealVector mean = mean(got.coordinates());
    RealMatrix covariance = covariance(got.coordinates());
    for (int i = 0; i < 3; i++) {
      assertThat(draws[i]).isGreaterThan(1000);
      double deviation = Math.sqrt(expected.getEntry(i, i));
      assertThat(mean.getEntry(i))
          .isCloseTo(centre.getEntry(i), within(4.5 * deviation / Math.sqrt(draws[i])));
      for (int j = 0; j < 3; j++) {
        double other = Math.sqrt(expected.getEntry(j, j));
        double least = Math.min(draws[i], draws[j]);
        assertThat(covariance.getEntry(i, j))
            .isCloseTo(expected.getEntry(i, j), within(6.5 * deviation * other / Math.sqrt(least)));
      }
    }
    assertThat(got.acceptance()).isBetween(0.05, 0.999);
    assertThat(got.logLikelihoods()[5]).isCloseTo(logLikelihood(got.sample(0, 5)), within(1e-9));
  }

  /** A rival sampled with the variance for years; 3 is neither 9 nor its root. */
  @Test
  void withoutDataTheChainIsThePriorWhoseDeviationIsADeviation() throws IOException {
    Subspace subspace = Subspace.random(Snapshots.posterior().mean(), 2, 1);
    SubspacePosterior got = SubspacePosterior.run(subspace, w -> 0, LONG.withPriorDeviation(3), 3);
    assertThat(got.acceptance()).isEqualTo(1);
    RealMatrix covariance = covariance(got.coordinates());
    double least = Math.min(got.effectiveSamples()[0], got.effectiveSamples()[1]);
    assertThat(covariance.getEntry(0, 0)).isCloseTo(9, within(5 * 9 * Math.sqrt(2 / least)));
    assertThat(covariance.getEntry(1, 1)).isCloseTo(9, within(5 * 9 * Math.sqrt(2 / least)));
    assertThat(covariance.getEntry(0, 1)).isCloseTo(0, within(5 * 9 / Math.sqrt(least)));
  }

  @Test
  void impossiblePlacesAreNeverTaken() throws IOException {
    Subspace line = Subspace.random(Snapshots.posterior().mean(), 1, 1);
    Weights wall = line.at(-0.5);
    LogLikelihood half = w -> along(line, w) > along(line, wall) ? 0 : Double.NEGATIVE_INFINITY;
    SubspacePosterior got = SubspacePosterior.run(line, half, LONG, 9);
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    double expected = normal.density(-0.5) / (1 - normal.cumulativeProbability(-0.5));
    for (double[] place : got.coordinates()) {
      assertThat(place[0]).isGreaterThan(-0.5 - 1e-6);
    }
    assertThat(mean(got.coordinates()).getEntry(0))
        .isCloseTo(expected, within(4.5 * 0.8 / Math.sqrt(got.effectiveSamples()[0])));
  }

  private static double along(Subspace line, Weights w) {
    return new ArrayRealVector(Snapshots.flat(line.directions().get(0)))
        .dotProduct(new ArrayRealVector(Snapshots.flat(w)));
  }

  @Test
  void temperatureDividesTheLogLikelihoodAndAConstantCountsForNothing() throws IOException {
    Subspace subspace = Subspace.principal(Snapshots.posterior(), 2);
    SubspacePosterior.Options options = SubspacePosterior.Options.defaults();
    double[][] tempered =
        SubspacePosterior.run(
                subspace, SubspacePosteriorTest::logLikelihood, options.withTemperature(8), 1)
            .coordinates();
    double[][] divided =
        SubspacePosterior.run(subspace, w -> logLikelihood(w) / 8, options, 1).coordinates();
    double[][] shifted =
        SubspacePosterior.run(subspace, w -> logLikelihood(w) / 8 - 1024, options, 1).coordinates();
    assertThat(divided).isDeepEqualTo(tempered);
    assertThat(shifted).isDeepEqualTo(tempered);
  }

  /** The prior is round, so that the same plane in other axes holds the same weights. */
  @Test
  void axesTurnedInTheirPlaneGiveTheSameWeights() throws IOException {
    Subspace plane = Subspace.random(Snapshots.posterior().mean(), 2, 6);
    double cos = Math.cos(0.8);
    double sin = Math.sin(0.8);
    Subspace zero = Subspace.of(SubspaceTest.weights(new double[10]), plane.directions());
    Subspace turned = Subspace.of(plane.origin(), List.of(zero.at(cos, sin), zero.at(-sin, cos)));
    SubspacePosterior.Options options = LONG.withTemperature(5);
    SubspacePosterior a =
        SubspacePosterior.run(plane, SubspacePosteriorTest::logLikelihood, options, 1);
    SubspacePosterior b =
        SubspacePosterior.run(turned, SubspacePosteriorTest::logLikelihood, options, 2);
    double[] first = Snapshots.flat(a.mean());
    double[] second = Snapshots.flat(b.mean());
    double least = Math.min(a.effectiveSamples()[0], b.effectiveSamples()[0]);
    for (int i = 0; i < 10; i++) {
      assertThat(first[i]).isCloseTo(second[i], within(5 * 1.5 / Math.sqrt(least)));
    }
    assertThat(covariance(a.coordinates()).getTrace())
        .isCloseTo(covariance(b.coordinates()).getTrace(), within(0.1));
  }

  @Test
  void theChainIsAFunctionOfItsSeedAndThinningLeavesMembersOut() throws IOException {
    Subspace subspace = Subspace.principal(Snapshots.posterior(), 2);
    SubspacePosterior.Options options = SubspacePosterior.Options.defaults();
    SubspacePosterior all =
        SubspacePosterior.run(
            subspace, SubspacePosteriorTest::logLikelihood, options.withSteps(24, 0, 1), 5);
    SubspacePosterior some =
        SubspacePosterior.run(
            subspace, SubspacePosteriorTest::logLikelihood, options.withSteps(10, 4, 2), 5);
    for (int s = 0; s < 10; s++) {
      assertThat(some.coordinates()[s]).isEqualTo(all.coordinates()[4 + 2 * s + 1]);
      assertThat(some.sample(0, s)).isEqualTo(some.sample(99, s));
      assertThat(some.sample(0, s)).isEqualTo(subspace.at(some.coordinates()[s]));
    }
    assertThat(
            SubspacePosterior.run(
                    subspace, SubspacePosteriorTest::logLikelihood, options.withSteps(10, 4, 2), 6)
                .coordinates())
        .isNotEqualTo(some.coordinates());
    assertThat(some.mostSamples()).isEqualTo(10);
    assertThat(some.isPoint()).isFalse();
    assertThat(some.evaluations()).isGreaterThan(24);
    assertThat(some.coordinates()[0]).isNotEqualTo(new double[2]);
    assertThatThrownBy(() -> some.sample(0, 10))
        .hasMessageContaining("below the 10 members of the chain, got 10");
    assertThat(some.toString()).contains("chain of 10 members");
  }

  @Test
  void whatIsNoLikelihoodIsRefused() {
    Subspace line = Subspace.random(Snapshots.posterior().mean(), 1, 1);
    SubspacePosterior.Options options = SubspacePosterior.Options.defaults();
    assertThatThrownBy(() -> SubspacePosterior.run(line, w -> Double.NaN, options, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got NaN at 0.000 from the origin")
        .hasMessageContaining("give negative infinity");
    assertThatThrownBy(() -> SubspacePosterior.run(line, w -> Double.NEGATIVE_INFINITY, options, 0))
        .hasMessageContaining("finite at the origin");
    double[] falling = {0};
    assertThatThrownBy(() -> SubspacePosterior.run(line, w -> falling[0]--, options, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the same at every call");
    assertThatThrownBy(() -> options.withTemperature(0)).hasMessageContaining("got 0.0");
    assertThatThrownBy(() -> options.withPriorDeviation(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> options.withSteps(0, 1, 1)).hasMessageContaining("got 0, 1 and 1");
  }

  @Test
  void aChainIsWorthAsManyDrawsAsItsMemoryAllows() {
    Random random = new Random(3);
    double[] independent = new double[40_000];
    double[] slow = new double[40_000];
    for (int i = 0; i < slow.length; i++) {
      independent[i] = random.nextGaussian();
      slow[i] = (i == 0 ? 0 : 0.8 * slow[i - 1]) + random.nextGaussian();
    }
    assertThat(ChainLength.effective(independent)).isBetween(38_000.0, 40_000.0);
    assertThat(ChainLength.effective(slow)).isCloseTo(40_000 * 0.2 / 1.8, within(500.0));
    assertThat(ChainLength.effective(new double[] {2, 2, 2})).isEqualTo(3);
    assertThat(ChainLength.effective(new double[] {5})).isEqualTo(1);
  }
}
