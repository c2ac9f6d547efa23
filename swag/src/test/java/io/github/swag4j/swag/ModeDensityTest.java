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
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/** Densities of each way of drawing against a dense multivariate normal of the same covariance. */
class ModeDensityTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("a", Role.WEIGHT, List.of(2L, 3L)),
              new Tensor("empty", Role.OTHER, List.of(0L)),
              new Tensor("b", Role.BIAS, List.of(3L)),
              new Tensor("c", Role.WEIGHT, List.of(4L))));

  private static Weights drawn(Random random, double spread, boolean positive) {
    float[][] values = new float[LAYOUT.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[LAYOUT.tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        double z = spread * random.nextGaussian();
        values[t][i] = (float) (positive ? Math.exp(z) : z);
      }
    }
    return Weights.of(LAYOUT, values);
  }

  private static SwagPosterior posterior(
      long seed, int columns, double scale, boolean blockwise, int subset) {
    Random random = new Random(seed);
    List<Weights> deviations = new ArrayList<>();
    for (int k = 0; k < columns; k++) {
      deviations.add(drawn(random, 0.4, false));
    }
    SwagPosterior out =
        new SwagPosterior(
                Options.defaults(),
                20,
                scale,
                drawn(random, 1, false),
                drawn(random, 1, true),
                deviations)
            .withBlockwise(blockwise);
    // Bits 0 to 3 are the tensors; all four are all.
    return subset == 15
        ? out
        : out.withStochastic(tensor -> (subset >> LAYOUT.tensors().indexOf(tensor) & 1) == 1);
  }

  private static double[] picked(double[] all, int[] places) {
    return Arrays.stream(places).mapToDouble(i -> all[i]).toArray();
  }

  private static double distance(RealMatrix covariance, double[] from, double[] to) {
    double[] r = IntStream.range(0, to.length).mapToDouble(i -> to[i] - from[i]).toArray();
    RealMatrix column = new Array2DRowRealMatrix(r);
    return column
        .transpose()
        .multiply(new LUDecomposition(covariance).getSolver().solve(column))
        .getEntry(0, 0);
  }

  private static double logDeterminant(RealMatrix covariance) {
    return Arrays.stream(new EigenDecomposition(covariance).getRealEigenvalues())
        .map(Math::log)
        .sum();
  }

  private static boolean isDrawn(int subset) {
    return (subset & 13) != 0; // tensor 1 has no weights
  }

  @Property(tries = 300)
  void densityIsThatOfADenseNormalOverTheStochasticWeights(
      @ForAll long seed,
      @ForAll @IntRange(max = 6) int columns,
      @ForAll @DoubleRange(min = 0.01, max = 5) double scale,
      @ForAll boolean blockwise,
      @ForAll @IntRange(min = 1, max = 15) int subset) {
    if (!isDrawn(subset)) {
      return;
    }
    SwagPosterior posterior = posterior(seed, columns, scale, blockwise, subset);
    Weights point = drawn(new Random(seed + 1), 1, false);
    RealMatrix dense = DenseGaussian.stochasticCovariance(posterior);
    int[] places = DenseGaussian.stochastic(posterior);
    double distance =
        distance(
            dense,
            picked(DenseGaussian.flat(posterior.mean()), places),
            picked(DenseGaussian.flat(point), places));
    double logDet = logDeterminant(dense);
    LowRankGaussian gaussian = posterior.gaussian();
    assertRelative(gaussian.squaredMahalanobis(point), distance);
    assertRelative(gaussian.logDeterminant(), logDet);
    assertRelative(
        posterior.logDensity(point),
        -0.5 * (places.length * Math.log(2 * Math.PI) + logDet + distance));
  }

  @Property(tries = 300)
  void divergenceIsThatOfDenseNormalsWhicheverIsBlockwise(
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int columnsP,
      @ForAll @IntRange(max = 5) int columnsQ,
      @ForAll boolean blockwiseP,
      @ForAll boolean blockwiseQ,
      @ForAll @IntRange(min = 1, max = 15) int subset) {
    if (!isDrawn(subset)) {
      return;
    }
    SwagPosterior p = posterior(seed, columnsP, 0.7, blockwiseP, subset);
    SwagPosterior q = posterior(seed + 1, columnsQ, 1.3, blockwiseQ, subset);
    int[] places = DenseGaussian.stochastic(p);
    RealMatrix sp = DenseGaussian.stochasticCovariance(p);
    RealMatrix sq = DenseGaussian.stochasticCovariance(q);
    double dense =
        0.5
            * (new LUDecomposition(sq).getSolver().solve(sp).getTrace()
                + distance(
                    sq,
                    picked(DenseGaussian.flat(q.mean()), places),
                    picked(DenseGaussian.flat(p.mean()), places))
                - places.length
                + logDeterminant(sq)
                - logDeterminant(sp));
    assertThat(p.gaussian().klDivergence(q.gaussian()))
        .isCloseTo(dense, within(1e-9 * Math.max(places.length, dense)));
  }

  @Property(tries = 100)
  void spectrumIsThatOfTheLowRankPartOfEachMode(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 6) int columns,
      @ForAll boolean blockwise,
      @ForAll @IntRange(min = 1, max = 15) int subset) {
    if (!isDrawn(subset)) {
      return;
    }
    SwagPosterior posterior = posterior(seed, columns, 0.5, blockwise, subset).lowRankOnly();
    double[] dense =
        new EigenDecomposition(DenseGaussian.stochasticCovariance(posterior)).getRealEigenvalues();
    Arrays.sort(dense);
    double[] spectrum = posterior.gaussian().spectrum();
    for (int k = 0; k < spectrum.length; k++) {
      double expected = k < dense.length ? dense[dense.length - 1 - k] : 0;
      assertThat(spectrum[k]).isCloseTo(expected, within(1e-9 * dense[dense.length - 1]));
    }
    assertThat(posterior.gaussian().effectiveRank()).isBetween(1.0, spectrum.length + 1e-9);
  }

  @Test
  void antitheticPairsAreOfTheSameDensity() {
    SwagPosterior posterior = posterior(3, 4, 0.5, false, 15);
    Weights sample = posterior.sample(1, 0);
    assertThat(posterior.withAntitheticPairs(true).logDensity(sample))
        .isEqualTo(posterior.logDensity(sample));
  }

  @Test
  void theLowRankPartAloneHasNoDensityAndSaysSo() {
    SwagPosterior posterior = posterior(5, 4, 0.5, false, 15).lowRankOnly();
    LowRankGaussian gaussian = posterior.gaussian();
    LowRankGaussian full = posterior(5, 4, 0.5, false, 15).gaussian();
    for (Runnable question :
        List.<Runnable>of(
            gaussian::logDeterminant,
            () -> gaussian.squaredMahalanobis(posterior.mean()),
            () -> posterior.logDensity(posterior.mean()),
            () -> gaussian.klDivergence(full),
            () -> full.klDivergence(gaussian))) {
      assertThatThrownBy(question::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no density")
          .hasMessageContaining("with its diagonal");
    }
  }

  @Test
  void divergenceBetweenDifferentStochasticTensorsIsRefused() {
    LowRankGaussian some = posterior(5, 4, 0.5, false, 4).gaussian();
    LowRankGaussian all = posterior(5, 4, 0.5, false, 15).gaussian();
    assertThatThrownBy(() -> some.klDivergence(all))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same stochastic tensors")
        .hasMessageContaining("stochastic in b");
  }

  private static void assertRelative(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
  }
}
