package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SampleMode.Parts;
import io.github.swag4j.swag.SwagPosterior.Centre;
import io.github.swag4j.swag.SwagPosterior.Options;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way of drawing against the covariance written out, and against the others bit for bit. */
class SampleModeTest {
  private static final int SAMPLES = 200_000;
  private static final int BATCH = 250;

  private static SwagPosterior full() {
    return Snapshots.posterior();
  }

  /** All ways of drawing, alone and some together. */
  private static Map<String, SwagPosterior> modes() {
    SwagPosterior full = full();
    Selection notA = Selection.all().withoutNames("a");
    Map<String, SwagPosterior> out = new LinkedHashMap<>();
    out.put("full", full);
    out.put(
        "full, final mean",
        Snapshots.posterior(Options.defaults().withRank(4).withCentre(Centre.FINAL_MEAN)));
    out.put("diagonal", full.diagonal());
    out.put("low rank", full.lowRankOnly());
    out.put("block-wise", full.withBlockwise(true));
    out.put("subset", full.withStochastic(notA));
    out.put("antithetic", full.withAntitheticPairs(true));
    out.put("low rank, block-wise", full.lowRankOnly().withBlockwise(true).withScale(2));
    out.put(
        "subset, block-wise, antithetic",
        full.withStochastic(notA).withAntitheticPairs(true).withBlockwise(true));
    out.put("diagonal subset", full.diagonal().withStochastic(Selection.all().onlyNames("c")));
    return out;
  }

  /** Mean and covariance of 200,000 samples, between tensors too. */
  @Test
  void samplesOfEachModeHaveTheAnalyticMeanAndCovariance() {
    modes().forEach(SampleModeTest::assertMoments);
  }

  private static void assertMoments(String name, SwagPosterior posterior) {
    RealMatrix covariance = DenseGaussian.covariance(posterior);
    double[] mean = DenseGaussian.flat(posterior.mean());
    int n = mean.length;
    double[] sum = new double[n];
    double[][] products = new double[n][n];
    for (int first = 0; first < SAMPLES; first += BATCH) {
      for (Weights sample : posterior.samples(23, first, BATCH)) {
        double[] w = DenseGaussian.flat(sample);
        for (int i = 0; i < n; i++) {
          w[i] -= mean[i];
          sum[i] += w[i];
          for (int j = 0; j <= i; j++) {
            products[i][j] += w[i] * w[j];
          }
        }
      }
    }
    // A pair has one product, and a sum of nothing but rounding.
    double independent = posterior.mode().antithetic() ? SAMPLES / 2.0 : SAMPLES;
    for (int i = 0; i < n; i++) {
      double vi = covariance.getEntry(i, i);
      double rounding = 1e-7 * Math.abs(mean[i]);
      assertThat(sum[i] / SAMPLES)
          .as("%s: mean of %d", name, i)
          .isCloseTo(
              0,
              within(rounding + (posterior.mode().antithetic() ? 0 : 5 * Math.sqrt(vi / SAMPLES))));
      for (int j = 0; j <= i; j++) {
        double expected = covariance.getEntry(i, j);
        double vj = covariance.getEntry(j, j);
        double error = Math.sqrt((vi * vj + expected * expected) / independent);
        assertThat(products[i][j] / SAMPLES)
            .as("%s: covariance of %d and %d", name, i, j)
            .isCloseTo(expected, within(5 * error + 1e-6 * Math.sqrt(vi * vj)));
      }
    }
  }

  /** swa_gaussian's own test of its sampler, for each mode, on the plane where samples lie. */
  @Test
  void samplesOfEachModeLieAtChiSquaredDistances() {
    int samples = 2_000;
    for (double scale : new double[] {0.01, 0.1, 0.5, 1, 5}) {
      modes()
          .forEach(
              (name, mode) -> {
                SwagPosterior posterior = mode.withScale(scale);
                DenseGaussian.Plane plane =
                    DenseGaussian.Plane.of(DenseGaussian.stochasticCovariance(posterior));
                int[] places = DenseGaussian.stochastic(posterior);
                ChiSquaredDistribution chi = new ChiSquaredDistribution(plane.values().length);
                double low = chi.inverseCumulativeProbability(0.025);
                double high = chi.inverseCumulativeProbability(0.975);
                int step = posterior.mode().antithetic() ? 2 : 1;
                int inside = 0;
                double[] mean = DenseGaussian.flat(posterior.mean());
                for (int s = 0; s < samples; s++) {
                  double[] w = DenseGaussian.flat(posterior.sample(5, s * step));
                  double d =
                      plane.squaredDistance(
                          Arrays.stream(places).mapToDouble(i -> w[i] - mean[i]).toArray());
                  inside += low < d && d < high ? 1 : 0;
                }
                // 95 % of 2,000: standard deviation 9.7
                assertThat(inside).as("%s at scale %s", name, scale).isBetween(1_861, 1_939);
              });
    }
  }

  @Property(tries = 30)
  void aSampleIsTheSameBitsAloneTogetherAndOnAnyThread(
      @ForAll long seed, @ForAll @IntRange(max = 50) int first) {
    modes()
        .forEach(
            (name, posterior) -> {
              List<Weights> alone =
                  IntStream.range(first, first + 5)
                      .parallel()
                      .mapToObj(i -> posterior.sample(seed, i))
                      .toList();
              assertThat(posterior.samples(seed, first, 5)).as(name).isEqualTo(alone);
              assertThat(posterior.sample(seed, first + 4)).isEqualTo(alone.get(4));
              assertThat(alone.get(0)).isNotEqualTo(alone.get(2));
            });
  }

  @Test
  void aPairIsTheMeanPlusAndMinusTheSameNoise() {
    for (SwagPosterior posterior :
        List.of(full(), full().withBlockwise(true), full().lowRankOnly())) {
      SwagPosterior pairs = posterior.withAntitheticPairs(true);
      double[] mean = DenseGaussian.flat(posterior.mean());
      for (int i = 0; i < 20; i += 2) {
        double[] plus = DenseGaussian.flat(pairs.sample(7, i));
        double[] minus = DenseGaussian.flat(pairs.sample(7, i + 1));
        for (int w = 0; w < mean.length; w++) {
          double noise = plus[w] - mean[w];
          assertThat(minus[w]).isCloseTo(mean[w] - noise, within(3e-7 * (Math.abs(mean[w]) + 1)));
        }
        assertThat(pairs.sample(7, i)).isEqualTo(posterior.sample(7, i));
        assertThat(pairs.sample(7, i + 1)).isNotEqualTo(posterior.sample(7, i + 1));
      }
    }
  }

  @Test
  void stochasticTensorsHaveTheNoiseOfTheWholeAndOthersTheMean() {
    for (SwagPosterior whole : List.of(full(), full().withBlockwise(true), full().diagonal())) {
      SwagPosterior some = whole.withStochastic(Selection.all().only(Role.BIAS));
      assertThat(some.mode().stochastic()).contains(List.of("b", "c"));
      for (int i = 0; i < 5; i++) {
        Weights sample = some.sample(3, i);
        assertThat(sample.toArray(0)).isEqualTo(whole.mean().toArray(0));
        assertThat(sample.toArray(1)).isEqualTo(whole.sample(3, i).toArray(1));
        assertThat(sample.toArray(2)).isEqualTo(whole.sample(3, i).toArray(2));
      }
    }
    assertThat(full().withStochastic(tensor -> tensor.size() == 1).mode().stochastic())
        .contains(List.of("c"));
  }

  /** Shared, the three columns of one tensor move another's; drawn for each they do not. */
  @Test
  void blockwiseNoiseIsThatOfEachTensorAlone() {
    SwagPosterior blocks = full().lowRankOnly().withBlockwise(true);
    SwagPosterior alone = blocks.withStochastic(Selection.all().onlyNames("b"));
    SwagPosterior shared = full().lowRankOnly();
    assertThat(blocks.sample(1, 0).toArray(1)).isEqualTo(alone.sample(1, 0).toArray(1));
    assertThat(blocks.sample(1, 0).toArray(1)).isNotEqualTo(shared.sample(1, 0).toArray(1));
  }

  @Test
  void onePartAloneHasScaleOneUnlessSomebodyChoseAnother() {
    assertThat(full().scale()).isEqualTo(0.5);
    assertThat(full().lowRankOnly().scale()).isEqualTo(1);
    assertThat(full().lowRankOnly().lowRankOnly().scale()).isEqualTo(1);
    assertThat(full().withScale(0.3).lowRankOnly().scale()).isEqualTo(0.3);
    assertThat(full().withScale(0).lowRankOnly().isPoint()).isTrue();
    assertThat(full().lowRankOnly().diagonal().mode()).isEqualTo(SampleMode.DEFAULT);
    assertThat(full().lowRankOnly().diagonal().scale()).isEqualTo(1);
    // A scale that somebody asked for stays, be it the number of the default or not.
    assertThat(full().withScale(0.5).diagonal().scale()).isEqualTo(0.5);
    assertThat(full().withScale(0.5).withBlockwise(true).lowRankOnly().scale()).isEqualTo(0.5);
    assertThat(full().withScale(0.25).diagonal().scale()).isEqualTo(0.25);
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    SwagPosterior full = full();
    assertThatThrownBy(() -> full.diagonal().lowRankOnly())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least 2 deviations, got 0");
    assertThatThrownBy(() -> full.diagonal().withMode(full.lowRankOnly().mode()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> full.withStochastic(Selection.all().onlyNames("head")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one or more");
    assertThatThrownBy(
            () ->
                full.withMode(
                    new SampleMode(Parts.BOTH, false, false, Optional.of(List.of("head")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be of the posterior's, got [head]");
    assertThatThrownBy(() -> full.withSampler(Sampler.PHILOX_V1).withBlockwise(true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("withSampler(Sampler.THREEFRY_V2)");
    assertThatThrownBy(() -> full.withAntitheticPairs(true).withSampler(Sampler.PHILOX_V1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theModeSurvivesMetadataAndTheDefaultHasNone() {
    assertThat(SampleMode.DEFAULT.toMetadata()).isEmpty();
    modes()
        .values()
        .forEach(
            posterior -> {
              Map<String, String> metadata = posterior.mode().toMetadata();
              metadata.put("rank", "20");
              assertThat(SampleMode.ofMetadata(metadata)).isEqualTo(posterior.mode());
            });
    assertThatThrownBy(() -> SampleMode.ofMetadata(Map.of("sample_blockwise", "yes")))
        .hasMessage("sample_blockwise must be true or missing, got yes");
    assertThat(full().withBlockwise(true).toString()).contains("block-wise");
  }

  @Test
  void aPosteriorFileDrawsWhatThePosteriorDrew(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    for (SwagPosterior posterior : modes().values()) {
      PosteriorFiles.write(file, posterior);
      SwagPosterior read = PosteriorFiles.read(file);
      assertThat(read.mode()).isEqualTo(posterior.mode());
      assertThat(read.scale()).isEqualTo(posterior.scale());
      assertThat(read.samples(3, 1, 3)).isEqualTo(posterior.samples(3, 1, 3));
      assertThat(PosteriorFiles.open(file).mode()).isEqualTo(posterior.mode());
    }
  }
}
