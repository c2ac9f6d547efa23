package io.github.swag4j.swag.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ellipses are those of what the sampler draws, however it draws. */
class SwagPlaneTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("body", Role.WEIGHT, List.of(5L, 4L)),
              new Tensor("head", Role.WEIGHT, List.of(3L, 5L))));

  private static Weights random(long seed, double scale, double shift) {
    Random random = new Random(seed);
    float[][] values = {new float[20], new float[15]};
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = (float) (shift + scale * random.nextGaussian());
      }
    }
    return Weights.of(LAYOUT, values);
  }

  private static SwagPosterior posterior() {
    List<Weights> columns = new ArrayList<>();
    for (int k = 0; k < 5; k++) {
      columns.add(random(100 + k, 0.4 / (k + 1), 0));
    }
    Random random = new Random(5);
    float[][] variances = {new float[20], new float[15]};
    for (float[] tensor : variances) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = 0.01f + 0.05f * random.nextFloat();
      }
    }
    return new SwagPosterior(
        SwagPosterior.Options.defaults().withRank(5),
        10,
        0.5,
        random(1, 1, 0),
        Weights.of(LAYOUT, variances),
        columns);
  }

  private static void requireCovarianceOfSamples(SwagPosterior posterior) {
    SwagPlane plane = SwagPlane.of(posterior);
    int samples = 4000;
    double[] sums = new double[5];
    for (int s = 0; s < samples; s++) {
      PlanePlace p = plane.plane().project(posterior.sample(3, s));
      sums[0] += p.x() / samples;
      sums[1] += p.y() / samples;
      sums[2] += p.x() * p.x() / samples;
      sums[3] += p.x() * p.y() / samples;
      sums[4] += p.y() * p.y() / samples;
    }
    double[][] c = plane.covariance();
    // Five standard errors of a moment of 4,000 normal numbers.
    double error = 5 * Math.sqrt(2.0 / samples);
    assertThat(sums[0]).isCloseTo(0, within(error * Math.sqrt(c[0][0])));
    assertThat(sums[1]).isCloseTo(0, within(error * Math.sqrt(c[1][1])));
    assertThat(sums[2]).isCloseTo(c[0][0], within(error * c[0][0]));
    assertThat(sums[3]).isCloseTo(c[0][1], within(error * Math.sqrt(c[0][0] * c[1][1])));
    assertThat(sums[4]).isCloseTo(c[1][1], within(error * c[1][1]));
  }

  @Test
  void theCovarianceIsThatOfProjectedSamples() {
    requireCovarianceOfSamples(posterior());
  }

  @Test
  void itFollowsTheModeOfTheSampler() {
    requireCovarianceOfSamples(posterior().withScale(2));
    requireCovarianceOfSamples(posterior().withBlockwise(true));
    requireCovarianceOfSamples(posterior().lowRankOnly());
    requireCovarianceOfSamples(posterior().withStochastic(Selection.all().onlyNames("head")));
  }

  @Test
  void axesLeadAlongTheLargestDeviations() {
    SwagPosterior posterior = posterior().lowRankOnly();
    SwagPlane plane = SwagPlane.of(posterior);
    double[] spectrum = posterior.gaussian().spectrum();
    double[][] c = plane.covariance();
    assertThat(c[0][0]).isCloseTo(spectrum[0], within(1e-6 * spectrum[0]));
    assertThat(c[1][1]).isCloseTo(spectrum[1], within(1e-6 * spectrum[0]));
    assertThat(c[0][1]).isCloseTo(0, within(1e-6 * spectrum[0]));
    assertThat(plane.ellipse(2).major()).isCloseTo(2 * Math.sqrt(spectrum[0]), within(1e-5));
    assertThat(plane.plane().project(posterior.mean())).isEqualTo(new PlanePlace(0, 0, 0));
    assertThat(plane.deviations()).hasSize(5);
  }

  @Test
  void whatHasNoPlaneOrNoEllipseIsRefused() {
    assertThatThrownBy(() -> SwagPlane.of(posterior().withScale(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("withScale");
    assertThatThrownBy(() -> SwagPlane.of(posterior().diagonal()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("low-rank part");
  }
}
