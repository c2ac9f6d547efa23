package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoubleSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class LowRankGaussianTest {

  /** Two tensors, so that something crosses a border. */
  private static WeightLayout layout(int weights) {
    return WeightLayout.of(
        List.of(
            new Tensor("a", Role.WEIGHT, List.of((long) weights - 2)),
            new Tensor("b", Role.BIAS, List.of(2L))));
  }

  private static SwagPosterior posterior(int weights, int columns, double scale, long seed) {
    Random random = new Random(seed);
    WeightLayout layout = layout(weights);
    List<Weights> deviations = new ArrayList<>();
    for (int k = 0; k < columns; k++) {
      deviations.add(weights(layout, values(weights, () -> 0.3 * random.nextGaussian())));
    }
    return new SwagPosterior(
        Options.defaults().withRank(columns),
        Math.max(2, columns),
        scale,
        weights(layout, values(weights, random::nextGaussian)),
        weights(layout, values(weights, () -> Math.exp(2 * random.nextGaussian()))),
        deviations);
  }

  private static float[] values(int count, DoubleSupplier next) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) next.getAsDouble();
    }
    return values;
  }

  /** Cut into the tensors of the layout. */
  private static Weights weights(WeightLayout layout, float[] all) {
    int first = layout.tensor(0).size();
    return Weights.of(
        layout, Arrays.copyOfRange(all, 0, first), Arrays.copyOfRange(all, first, all.length));
  }

  private static double[] flat(Weights weights) {
    double[] out = new double[(int) weights.layout().size()];
    int at = 0;
    for (int t = 0; t < weights.layout().tensors().size(); t++) {
      for (int i = 0; i < weights.layout().tensor(t).size(); i++) {
        out[at++] = weights.values(t).get(i);
      }
    }
    return out;
  }

  private static RealMatrix lowRank(SwagPosterior posterior) {
    int n = (int) posterior.layout().size();
    int k = posterior.deviations().size();
    RealMatrix covariance = new Array2DRowRealMatrix(n, n);
    for (Weights column : k < 2 ? List.<Weights>of() : posterior.deviations()) {
      RealMatrix d = new Array2DRowRealMatrix(flat(column));
      covariance = covariance.add(d.multiply(d.transpose()).scalarMultiply(1 / (k - 1.0)));
    }
    return covariance.scalarMultiply(posterior.scale());
  }

  private static RealMatrix covariance(SwagPosterior posterior) {
    RealMatrix diagonal =
        MatrixUtils.createRealDiagonalMatrix(flat(posterior.variance()))
            .scalarMultiply(posterior.scale());
    return lowRank(posterior).add(diagonal);
  }

  private static double denseDistance(RealMatrix covariance, double[] from, double[] to) {
    RealMatrix r = new Array2DRowRealMatrix(from).subtract(new Array2DRowRealMatrix(to));
    return r.transpose()
        .multiply(new LUDecomposition(covariance).getSolver().solve(r))
        .getEntry(0, 0);
  }

  private static double denseLogDeterminant(RealMatrix covariance) {
    return Arrays.stream(new EigenDecomposition(covariance).getRealEigenvalues())
        .map(Math::log)
        .sum();
  }

  @Property(tries = 200)
  void densityIsThatOfADenseMultivariateNormal(
      @ForAll @IntRange(min = 3, max = 14) int weights,
      @ForAll @IntRange(min = 0, max = 9) int columns,
      @ForAll @DoubleRange(min = 0.01, max = 5) double scale,
      @ForAll long seed) {
    if (columns == 1) {
      return;
    }
    SwagPosterior posterior = posterior(weights, columns, scale, seed);
    Weights point = posterior(weights, 0, 1, seed + 1).mean();
    RealMatrix dense = covariance(posterior);
    LowRankGaussian gaussian = posterior.gaussian();
    double distance = denseDistance(dense, flat(point), flat(posterior.mean()));
    assertRelative(gaussian.squaredMahalanobis(point), distance, 1);
    double logDet = denseLogDeterminant(dense);
    assertRelative(gaussian.logDeterminant(), logDet, 1);
    double logDensity = -0.5 * (weights * Math.log(2 * Math.PI) + logDet + distance);
    assertRelative(gaussian.logDensity(point), logDensity, 1);
    assertThat(posterior.logDensity(point)).isEqualTo(gaussian.logDensity(point));
    assertThat(posterior.gaussian()).isSameAs(posterior.gaussian());
  }

  @Property(tries = 200)
  void divergenceIsThatOfDenseMultivariateNormals(
      @ForAll @IntRange(min = 3, max = 12) int weights,
      @ForAll @IntRange(min = 2, max = 6) int columnsP,
      @ForAll @IntRange(min = 2, max = 6) int columnsQ,
      @ForAll boolean diagonalP,
      @ForAll boolean diagonalQ,
      @ForAll long seed) {
    SwagPosterior p = posterior(weights, diagonalP ? 0 : columnsP, 0.7, seed);
    SwagPosterior q = posterior(weights, diagonalQ ? 0 : columnsQ, 1.3, seed + 1);
    RealMatrix sp = covariance(p);
    RealMatrix sq = covariance(q);
    double dense =
        0.5
            * (new LUDecomposition(sq).getSolver().solve(sp).getTrace()
                + denseDistance(sq, flat(q.mean()), flat(p.mean()))
                - weights
                + denseLogDeterminant(sq)
                - denseLogDeterminant(sp));
    assertRelative(p.gaussian().klDivergence(q.gaussian()), dense, weights);
  }

  @Test
  void divergenceFromItselfIsZeroAndFromAnotherScaleIsKnown() {
    SwagPosterior posterior = posterior(5_000, 6, 0.5, 3);
    LowRankGaussian gaussian = posterior.gaussian();
    assertThat(gaussian.klDivergence(gaussian)).isCloseTo(0, within(1e-9));
    // n/2 (1/2 - 1 - log(1/2)) for a covariance half as large
    LowRankGaussian twice = posterior.withScale(1).gaussian();
    assertThat(gaussian.klDivergence(twice))
        .isCloseTo(2_500 * (0.5 - 1 + Math.log(2)), within(1e-7));
  }

  /** A weight that stood still in one chain and moved in the other: 1e-30 against 1. */
  @Test
  void divergenceIsFiniteWhereAVarianceIsAtItsFloor() {
    WeightLayout layout = layout(4);
    Weights mean = weights(layout, new float[4]);
    Weights still = weights(layout, new float[] {1e-30f, 1, 1, 1});
    Weights ones = weights(layout, new float[] {1, 1, 1, 1});
    Options diagonal = Options.defaults().withRank(0);
    LowRankGaussian p = new SwagPosterior(diagonal, 2, 1, mean, still, List.of()).gaussian();
    LowRankGaussian q = new SwagPosterior(diagonal, 2, 1, mean, ones, List.of()).gaussian();
    double t = (double) 1e-30f;
    assertThat(p.klDivergence(q)).isCloseTo(0.5 * (t - 1 - Math.log(t)), within(1e-9));
  }

  @Test
  void variancesThatAreNoneAreRefused() {
    WeightLayout layout = layout(4);
    Weights mean = weights(layout, new float[4]);
    for (float wrong : new float[] {0, -4, Float.NaN, Float.POSITIVE_INFINITY}) {
      Weights variance = weights(layout, new float[] {1, 1, wrong, 1});
      assertThatThrownBy(
              () -> new SwagPosterior(Options.defaults(), 2, 1, mean, variance, List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("b[0]");
    }
    Weights longer = weights(layout(5), new float[] {1, 1, 1, 1, 1});
    assertThatThrownBy(() -> new SwagPosterior(Options.defaults(), 2, 1, mean, longer, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** More columns than weights: the inner products are singular. */
  @Test
  void spectrumOfMoreColumnsThanWeightsIsFound() {
    SwagPosterior posterior = posterior(100, 400, 0.5, 2);
    double[] spectrum = posterior.gaussian().spectrum();
    double trace = lowRank(posterior).getTrace();
    assertThat(Arrays.stream(spectrum).sum()).isCloseTo(trace, within(1e-8 * trace));
    assertThat(spectrum[100]).isLessThan(1e-10 * spectrum[0]);
    assertThat(posterior.gaussian().effectiveRank()).isBetween(50.0, 100.0);
  }

  @Property(tries = 100)
  void spectrumIsThatOfTheLowRankPart(
      @ForAll @IntRange(min = 8, max = 14) int weights,
      @ForAll @IntRange(min = 2, max = 7) int columns,
      @ForAll long seed) {
    SwagPosterior posterior = posterior(weights, columns, 0.5, seed);
    double[] dense = new EigenDecomposition(lowRank(posterior)).getRealEigenvalues();
    Arrays.sort(dense);
    double[] spectrum = posterior.gaussian().spectrum();
    assertThat(spectrum).hasSize(columns);
    for (int k = 0; k < columns; k++) {
      assertThat(spectrum[k])
          .isCloseTo(dense[weights - 1 - k], within(1e-12 + 1e-10 * dense[weights - 1]));
    }
    assertThat(posterior.gaussian().effectiveRank()).isBetween(1.0, columns + 1e-9);
  }

  @Test
  void effectiveRankIsOneForOneDirectionAndKForEqualOnes() {
    WeightLayout layout = layout(4);
    Weights one = weights(layout, new float[] {1, 0, 0, 0});
    Weights other = weights(layout, new float[] {0, 0, 1, 0});
    assertThat(withDeviations(layout, one, one).gaussian().effectiveRank())
        .isCloseTo(1, within(1e-12));
    assertThat(withDeviations(layout, one, other).gaussian().effectiveRank())
        .isCloseTo(2, within(1e-12));
    Weights zero = weights(layout, new float[4]);
    assertThat(withDeviations(layout, zero, zero).gaussian().effectiveRank()).isZero();
    assertThat(posterior(4, 0, 1, 1).gaussian().effectiveRank()).isZero();
  }

  private static SwagPosterior withDeviations(WeightLayout layout, Weights... columns) {
    Weights ones = weights(layout, new float[] {1, 1, 1, 1});
    return new SwagPosterior(Options.defaults(), 2, 0.5, ones, ones, List.of(columns));
  }

  /** swa_gaussian's own test of its sampler: 2,000 samples in the chi-squared interval. */
  @Test
  void samplesLieAtChiSquaredDistancesAtEveryScale() {
    int weights = 60;
    int samples = 2_000;
    ChiSquaredDistribution chiSquared = new ChiSquaredDistribution(weights);
    double low = chiSquared.inverseCumulativeProbability(0.025);
    double high = chiSquared.inverseCumulativeProbability(0.975);
    for (double scale : new double[] {0.01, 0.1, 0.5, 1, 5}) {
      SwagPosterior posterior = posterior(weights, 8, scale, 17);
      LowRankGaussian gaussian = posterior.gaussian();
      int inside = 0;
      for (int s = 0; s < samples; s++) {
        double distance = gaussian.squaredMahalanobis(posterior.sample(5, s));
        inside += low < distance && distance < high ? 1 : 0;
      }
      // 95 % of 2,000: standard deviation 9.7
      assertThat(inside).as("at scale %s", scale).isBetween(1_861, 1_939);
    }
  }

  @Test
  void resultsHaveTheSameBitsOnAnyNumberOfThreads() throws Exception {
    SwagPosterior posterior = posterior(300_001, 5, 0.5, 9);
    Weights point = posterior.sample(1, 0);
    double here = posterior.logDensity(point);
    ForkJoinPool one = new ForkJoinPool(1);
    try {
      assertThat(one.submit(() -> posterior.logDensity(point)).get()).isEqualTo(here);
    } finally {
      one.shutdown();
    }
  }

  @Test
  void logarithmsOfProductsKeepTheirDigits() {
    LogProduct product = new LogProduct();
    double sum = 0;
    Random random = new Random(4);
    for (int i = 0; i < 10_000; i++) {
      double factor = Math.exp(60 * random.nextGaussian());
      product.multiply(factor);
      sum += Math.log(factor);
    }
    assertThat(product.log()).isCloseTo(sum, within(1e-9));
    LogProduct tiny = new LogProduct();
    for (int i = 0; i < 2_000; i++) {
      tiny.multiply(1e-30);
    }
    assertThat(tiny.log()).isCloseTo(2_000 * Math.log(1e-30), within(1e-8));
  }

  @Test
  void otherLayoutsAreRefused() {
    LowRankGaussian gaussian = posterior(6, 2, 1, 1).gaussian();
    SwagPosterior other = posterior(7, 2, 1, 1);
    assertThatThrownBy(() -> gaussian.logDensity(other.mean()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> gaussian.klDivergence(other.gaussian()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> other.withScale(0).gaussian())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no density");
  }

  private static void assertRelative(double actual, double expected, double least) {
    assertThat(actual).isCloseTo(expected, within(1e-9 * Math.max(least, Math.abs(expected))));
  }
}
