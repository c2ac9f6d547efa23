package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Centre;
import io.github.swag4j.swag.SwagPosterior.Options;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The paper's formulas in float64 NumPy on recorded iterates of a real network. */
class TrajectoryTest {

  private static SwagCollector collector(
      Centre centre, Accumulation accumulation, DeviationStorage storage) throws IOException {
    SwagCollector collector =
        new SwagCollector(
            AveragingPlan.steps(),
            Options.defaults().withRank(Trajectory.RANK).withCentre(centre),
            accumulation,
            storage);
    Trajectory.iterates().forEach(collector::collect);
    return collector;
  }

  private static SwagPosterior posterior() throws IOException {
    return collector(Centre.RUNNING_MEAN, Accumulation.COMPENSATED, DeviationStorage.heap())
        .freeze();
  }

  @ParameterizedTest
  @EnumSource
  void meanVarianceAndDeviationsAreThoseOfNumpy(Accumulation accumulation) throws IOException {
    // Float32 sums round at each of 60 steps, the others once at the end.
    double unit = accumulation == Accumulation.FLOAT32 ? 0x1p-20 : 0x1p-24;
    for (Centre centre : Centre.values()) {
      SwagPosterior posterior = collector(centre, accumulation, DeviationStorage.heap()).freeze();
      // Weights near 1 whose mean is near 0 leave some of their rounding.
      assertClose(posterior.mean(), Trajectory.golden("mean"), 1.01 * unit, unit / 16);
      double[] variance = Trajectory.golden("variance");
      assertClose(posterior.variance(), variance, 40 * unit, 0);
      String name = centre == Centre.RUNNING_MEAN ? "running_mean" : "final_mean";
      double[] golden = Trajectory.golden("deviations." + name);
      assertThat(posterior.deviations()).hasSize(Trajectory.RANK);
      for (int k = 0; k < Trajectory.RANK; k++) {
        double[] column = Arrays.copyOfRange(golden, k * 334, (k + 1) * 334);
        // Relative to the weight that was subtracted from.
        assertClose(posterior.deviations().get(k), column, 1.01 * unit, 6 * unit);
      }
    }
  }

  @Test
  void float64SumsGiveTheVarianceToNineDigits() throws IOException {
    SwagCollector collector =
        collector(Centre.RUNNING_MEAN, Accumulation.FLOAT64, DeviationStorage.heap());
    double[] golden = Trajectory.golden("variance");
    int at = 0;
    for (int t = 0; t < 4; t++) {
      for (double variance : collector.variance(t)) {
        assertThat(variance).isCloseTo(golden[at], within(1e-9 * golden[at]));
        at++;
      }
    }
  }

  @Test
  void densityIsThatOfNumpy() throws IOException {
    double[] golden = Trajectory.golden("density");
    LowRankGaussian gaussian = posterior().gaussian();
    Weights last = Trajectory.iterates().get(59);
    assertThat(gaussian.logDeterminant()).isCloseTo(golden[0], within(1e-4));
    assertThat(gaussian.squaredMahalanobis(last)).isCloseTo(golden[1], within(1e-5 * golden[1]));
    assertThat(gaussian.logDensity(last)).isCloseTo(golden[2], within(1e-4));
  }

  /** Covariance of weights of all four tensors over 200,000 samples. */
  @Test
  void samplesHaveTheCovarianceOfNumpy() throws IOException {
    SwagPosterior posterior = posterior();
    int[] picked =
        Arrays.stream(Trajectory.golden("picked")).mapToInt(place -> (int) place).toArray();
    double[] covariance = Trajectory.golden("picked.covariance");
    double[] mean = Trajectory.golden("mean");
    int n = picked.length;
    int samples = 200_000;
    double[] sum = new double[n];
    double[][] products = new double[n][n];
    for (int first = 0; first < samples; first += 250) {
      for (Weights sample : posterior.samples(17, first, 250)) {
        double[] w = DenseGaussian.flat(sample);
        for (int i = 0; i < n; i++) {
          double ri = w[picked[i]] - mean[picked[i]];
          sum[i] += ri;
          for (int j = 0; j <= i; j++) {
            products[i][j] += ri * (w[picked[j]] - mean[picked[j]]);
          }
        }
      }
    }
    for (int i = 0; i < n; i++) {
      double vi = covariance[i * n + i];
      assertThat(sum[i] / samples).isCloseTo(0, within(5 * Math.sqrt(vi / samples)));
      for (int j = 0; j <= i; j++) {
        double vj = covariance[j * n + j];
        double expected = covariance[i * n + j];
        assertThat(products[i][j] / samples)
            .as("covariance of %d and %d", picked[i], picked[j])
            .isCloseTo(expected, within(5 * Math.sqrt((vi * vj + expected * expected) / samples)));
      }
    }
  }

  /** What {@link DeviationStorage} says of bfloat16. */
  @Test
  void roundingDeviationsToBfloat16HasTheEffectThatIsDocumented() throws IOException {
    SwagPosterior exact = posterior();
    SwagPosterior rounded =
        collector(
                Centre.RUNNING_MEAN, Accumulation.COMPENSATED, DeviationStorage.heap().asBfloat16())
            .freeze();
    assertThat(rounded.mean()).isEqualTo(exact.mean());
    assertThat(rounded.variance()).isEqualTo(exact.variance());
    double[] e = columns(exact);
    double[] r = columns(rounded);
    double[] each = relative(e, r);
    assertThat(each[each.length - 1]).isLessThanOrEqualTo(0x1p-8);
    assertThat(Arrays.stream(each).average().orElse(1)).isCloseTo(0.0014, within(1e-4));
    double[] none = new double[334];
    double[] lowRank = relative(sd(e, none), sd(r, none));
    assertThat(lowRank[167]).isCloseTo(0.0003, within(5e-5));
    assertThat(lowRank[333]).isCloseTo(0.0022, within(5e-5));
    double[] variance = DenseGaussian.flat(exact.variance());
    double[] full = relative(sd(e, variance), sd(r, variance));
    assertThat(full[167]).isCloseTo(0.0002, within(5e-5));
    assertThat(full[333]).isCloseTo(0.0012, within(5e-5));
    double[] mean = DenseGaussian.flat(exact.mean());
    double[] off = new double[1000];
    for (int s = 0; s < off.length; s++) {
      double[] sample = DenseGaussian.flat(exact.sample(1, s));
      off[s] = length(DenseGaussian.flat(rounded.sample(1, s)), sample) / length(sample, mean);
    }
    assertThat(Arrays.stream(off).average().orElse(1)).isCloseTo(0.0016, within(1e-4));
    assertThat(Arrays.stream(off).max().orElse(1)).isCloseTo(0.0031, within(1e-4));
  }

  private static double length(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double[] columns(SwagPosterior posterior) {
    List<double[]> all = posterior.deviations().stream().map(DenseGaussian::flat).toList();
    return all.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] sd(double[] columns, double[] variance) {
    double[] out = variance.clone();
    for (int i = 0; i < columns.length; i++) {
      out[i % 334] += columns[i] * columns[i] / (Trajectory.RANK - 1);
    }
    return Arrays.stream(out).map(Math::sqrt).toArray();
  }

  private static double[] relative(double[] exact, double[] other) {
    double[] out = new double[exact.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.abs(other[i] / exact[i] - 1);
    }
    Arrays.sort(out);
    return out;
  }

  private static void assertClose(
      Weights got, double[] expected, double relative, double absolute) {
    double[] values = DenseGaussian.flat(got);
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i])
          .as("weight %d", i)
          .isCloseTo(expected[i], within(relative * Math.abs(expected[i]) + absolute));
    }
  }
}
