package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Centre;
import io.github.swag4j.swag.SwagPosterior.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SwagPosteriorTest {
  private static final Options RANK_4 = Options.defaults().withRank(4);

  @Test
  void momentsAndDeviationsAreTheExactOnes() {
    SwagPosterior posterior = Snapshots.posterior();
    assertThat(posterior.count()).isEqualTo(8);
    assertClose(posterior.mean(), Snapshots.GOLDEN.getAsJsonArray("mean"), 1e-6);
    assertClose(posterior.variance(), Snapshots.GOLDEN.getAsJsonArray("variance"), 1e-5);
    assertColumns(posterior, "running_mean");
    assertColumns(Snapshots.posterior(RANK_4.withCentre(Centre.FINAL_MEAN)), "final_mean");
  }

  @Test
  void meanIsTheStochasticWeightAverage() {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    Snapshots.GOLDEN
        .getAsJsonArray("snapshots")
        .forEach(s -> average.collect(Snapshots.weights(s.getAsJsonArray())));
    assertThat(Snapshots.posterior().mean()).isEqualTo(average.average());
  }

  @Test
  void samplesHaveTheAnalyticMeanAndCovariance() {
    assertSampleMoments(Snapshots.posterior(), "covariance");
    assertSampleMoments(
        Snapshots.posterior(RANK_4.withCentre(Centre.FINAL_MEAN)), "covariance_recentred");
    assertSampleMoments(Snapshots.posterior().diagonal(), "covariance_diagonal_only");
  }

  /** swa_gaussian's test of its sampler, with the exact covariance: chi-squared coverage. */
  @Test
  void squaredMahalanobisDistancesHaveTheirMean() {
    SwagPosterior posterior = Snapshots.posterior();
    double peak = posterior.logDensity(posterior.mean());
    int samples = 4000;
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      sum += 2 * (peak - posterior.logDensity(posterior.sample(11, s)));
    }
    // Chi-squared with 10 degrees of freedom: mean 10, standard deviation sqrt(20).
    assertThat(sum / samples).isCloseTo(10, within(4 * Math.sqrt(20.0 / samples)));
  }

  @Test
  void logDensityIsThatOfTheDistributionSampled() {
    for (JsonElement each : Snapshots.GOLDEN.getAsJsonArray("densities")) {
      JsonObject golden = each.getAsJsonObject();
      Weights point = Snapshots.weights(golden.getAsJsonArray("point"));
      SwagPosterior posterior = Snapshots.posterior();
      assertDensity(posterior, point, golden, "log_density");
      assertDensity(posterior.withScale(1), point, golden, "log_density_scale_1");
      assertDensity(posterior.diagonal(), point, golden, "log_density_diagonal");
      assertDensity(
          Snapshots.posterior(RANK_4.withCentre(Centre.FINAL_MEAN)),
          point,
          golden,
          "log_density_recentred");
    }
  }

  @Test
  void scaleZeroIsTheSwaSolution() {
    SwagPosterior posterior = Snapshots.posterior().withScale(0);
    assertThat(posterior.sample(5, 3)).isEqualTo(posterior.mean());
    assertThat(posterior.isPoint()).isTrue();
    assertThatThrownBy(() -> posterior.logDensity(posterior.mean()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void sampleIsAFunctionOfItsSeedAndIndexAlone() {
    SwagPosterior posterior = Snapshots.posterior();
    Weights seventeenth = posterior.sample(9, 17);
    List<Weights> parallel =
        IntStream.range(0, 40).parallel().mapToObj(i -> posterior.sample(9, i)).toList();
    assertThat(parallel.get(17)).isEqualTo(seventeenth);
    assertThat(posterior.sample(9, 18)).isNotEqualTo(seventeenth);
    assertThat(posterior.sample(10, 17)).isNotEqualTo(seventeenth);
  }

  @Test
  void samplesOfManyBlocksAreTheSameOnAnyNumberOfThreads() {
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("w", Role.WEIGHT, List.of(300_001L))));
    SwagCollector collector = new SwagCollector(AveragingPlan.steps(), RANK_4);
    Random random = new Random(1);
    for (int n = 0; n < 5; n++) {
      float[] values = new float[300_001];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat();
      }
      collector.collect(Weights.of(layout, values));
    }
    SwagPosterior posterior = collector.posterior();
    Weights here = posterior.sample(3, 1);
    // Inside a task of the common pool, parallel work is shared out differently.
    Weights there =
        IntStream.range(0, 3).parallel().mapToObj(i -> posterior.sample(3, 1)).toList().get(2);
    assertThat(there).isEqualTo(here);
  }

  /** Dividing by the configured rank shrinks the posterior of a short run (swa_gaussian). */
  @Test
  void lowRankPartIsScaledByTheColumnsCollectedNotTheRankConfigured() {
    SwagPosterior eightOfTwenty = Snapshots.posterior(Options.defaults().withRank(20));
    SwagPosterior eightOfEight = Snapshots.posterior(Options.defaults().withRank(8));
    assertThat(eightOfTwenty.deviations()).hasSize(8);
    assertThat(eightOfTwenty.sample(1, 1)).isEqualTo(eightOfEight.sample(1, 1));
  }

  /** Torch-uncertainty draws z2 anew for each tensor, which uncouples the layers. */
  @Test
  void lowRankNoiseIsSharedByAllTensors() {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("a", Role.WEIGHT, List.of(1L)),
                new Tensor("b", Role.WEIGHT, List.of(1L))));
    SwagCollector collector =
        new SwagCollector(AveragingPlan.steps(), new Options(4, 1e-30f, Centre.FINAL_MEAN));
    for (float v : new float[] {-3, 1, 0, 2}) {
      collector.collect(Weights.of(layout, new float[] {v}, new float[] {v}));
    }
    SwagPosterior posterior = collector.posterior();
    double product = 0;
    double square = 0;
    int samples = 4000;
    for (int s = 0; s < samples; s++) {
      Weights w = posterior.sample(2, s);
      product += w.toArray(0)[0] * w.toArray(1)[0];
      square += w.toArray(0)[0] * w.toArray(0)[0];
    }
    // Covariance is half of 14/3, variance that and half of 14/4: correlation 4/7.
    assertThat(product / square).isCloseTo(4.0 / 7, within(0.06));
  }

  /** Every SWAG code that keeps E[w^2] - E[w]^2 in float32 loses these variances to rounding. */
  @Test
  void smallVariancesBesideLargeMeansSurvive() {
    double[][] cases = {{1, 1e-3}, {1, 1e-4}, {0.1, 1e-5}, {1, 1e-5}};
    double[] limits = {5e-5, 5e-4, 5e-4, 5e-3};
    int size = 2000;
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("w", Role.WEIGHT, List.of(2000L))));
    for (int c = 0; c < cases.length; c++) {
      Random random = new Random(c);
      List<float[]> snapshots = new ArrayList<>();
      SwagCollector collector =
          new SwagCollector(AveragingPlan.steps(), Options.defaults().withRank(0));
      for (int n = 0; n < 50; n++) {
        float[] w = new float[size];
        for (int i = 0; i < size; i++) {
          w[i] = (float) (cases[c][0] + cases[c][1] * random.nextGaussian());
        }
        snapshots.add(w);
        collector.collect(Weights.of(layout, w));
      }
      float[] variance = collector.posterior().variance().toArray(0);
      double[] errors = new double[size];
      for (int i = 0; i < size; i++) {
        errors[i] = Math.abs(variance[i] / exactVariance(snapshots, i) - 1);
      }
      Arrays.sort(errors);
      assertThat(errors[size / 2])
          .as("mean %s, sd %s", cases[c][0], cases[c][1])
          .isLessThan(limits[c]);
    }
  }

  @Test
  void constantWeightsGetTheFloor() {
    SwagCollector collector = new SwagCollector(AveragingPlan.epochs(), RANK_4);
    Weights same =
        Snapshots.weights(Snapshots.GOLDEN.getAsJsonArray("snapshots").get(0).getAsJsonArray());
    for (int i = 0; i < 3; i++) {
      collector.collect(same);
    }
    assertThat(collector.posterior().variance().toArray(0)).containsOnly(1e-30f);
    assertThat(collector.posterior().mean()).isEqualTo(same);
  }

  @Test
  void tooFewIteratesAndWrongOptionsAreRefused() {
    SwagCollector collector = new SwagCollector(AveragingPlan.epochs(), RANK_4);
    assertThatThrownBy(collector::posterior)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least 2 collected weight vectors, got 0");
    assertThatThrownBy(() -> Options.defaults().withRank(1))
        .hasMessage("rank must be 0 or between 2 and 512, got 1");
    assertThatThrownBy(() -> new Options(4, 0, Centre.FINAL_MEAN))
        .hasMessageContaining("variance floor");
    assertThatThrownBy(() -> Snapshots.posterior().withScale(-1)).hasMessageContaining("scale");
    assertThatThrownBy(() -> Snapshots.posterior().sample(1, -1)).hasMessageContaining("index");
    assertThatThrownBy(() -> WeightPosterior.point(Snapshots.posterior().mean()).sample(1, -1))
        .hasMessage("sample index must be at least 0, got -1");
  }

  @Test
  void weightsThatAreNotFiniteChangeNothing() {
    SwagCollector collector = new SwagCollector(AveragingPlan.epochs(), RANK_4);
    Weights first =
        Snapshots.weights(Snapshots.GOLDEN.getAsJsonArray("snapshots").get(0).getAsJsonArray());
    Weights second =
        Snapshots.weights(Snapshots.GOLDEN.getAsJsonArray("snapshots").get(1).getAsJsonArray());
    collector.collect(first);
    collector.collect(second);
    Weights mean = collector.posterior().mean();
    Weights bad =
        Weights.of(Snapshots.LAYOUT, new float[6], new float[] {0, Float.NaN, 0}, new float[1]);
    assertThatThrownBy(() -> collector.collect(bad)).hasMessageContaining("b[1]");
    assertThat(collector.count()).isEqualTo(2);
    assertThat(collector.posterior().mean()).isEqualTo(mean);
  }

  private static double exactVariance(List<float[]> snapshots, int i) {
    double mean = snapshots.stream().mapToDouble(w -> w[i]).sum() / snapshots.size();
    return snapshots.stream().mapToDouble(w -> (w[i] - mean) * (w[i] - mean)).sum()
        / snapshots.size();
  }

  private static void assertDensity(
      SwagPosterior posterior, Weights point, JsonObject golden, String name) {
    assertThat(posterior.logDensity(point)).isCloseTo(golden.get(name).getAsDouble(), within(2e-5));
  }

  private static void assertSampleMoments(SwagPosterior posterior, String name) {
    JsonArray covariance = Snapshots.GOLDEN.getAsJsonArray(name);
    double[] mean = Snapshots.flat(posterior.mean());
    int samples = 20_000;
    double[][] sums = new double[10][10];
    double[] sum = new double[10];
    for (int s = 0; s < samples; s++) {
      double[] w = Snapshots.flat(posterior.sample(1, s));
      for (int i = 0; i < 10; i++) {
        sum[i] += w[i] - mean[i];
        for (int j = 0; j < 10; j++) {
          sums[i][j] += (w[i] - mean[i]) * (w[j] - mean[j]);
        }
      }
    }
    for (int i = 0; i < 10; i++) {
      double vi = covariance.get(i).getAsJsonArray().get(i).getAsDouble();
      assertThat(sum[i] / samples).isCloseTo(0, within(4.5 * Math.sqrt(vi / samples)));
      for (int j = 0; j < 10; j++) {
        double vj = covariance.get(j).getAsJsonArray().get(j).getAsDouble();
        double expected = covariance.get(i).getAsJsonArray().get(j).getAsDouble();
        double standardError = Math.sqrt((vi * vj + expected * expected) / samples);
        assertThat(sums[i][j] / samples)
            .as("covariance of %d and %d", i, j)
            .isCloseTo(expected, within(4.5 * standardError));
      }
    }
  }

  private static void assertColumns(SwagPosterior posterior, String name) {
    JsonArray golden = Snapshots.GOLDEN.getAsJsonObject("deviations").getAsJsonArray(name);
    for (int k = 0; k < 4; k++) {
      double[] column = Snapshots.flat(posterior.deviations().get(k));
      for (int i = 0; i < 10; i++) {
        assertThat(column[i])
            .isCloseTo(golden.get(i).getAsJsonArray().get(k).getAsDouble(), within(2e-6));
      }
    }
  }

  private static void assertClose(Weights got, JsonArray expected, double relative) {
    double[] values = Snapshots.flat(got);
    double[] goldenValues = Snapshots.doubles(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i])
          .isCloseTo(goldenValues[i], within(relative * Math.max(0.02, Math.abs(goldenValues[i]))));
    }
  }

  @Property(tries = 50)
  void samplesDrawnTogetherAreThoseDrawnAlone(
      @ForAll long seed, @ForAll @IntRange(max = 100) int first) {
    for (SwagPosterior p :
        List.of(
            Snapshots.posterior(),
            Snapshots.posterior().diagonal(),
            Snapshots.posterior().withScale(0),
            Snapshots.posterior().withSampler(Sampler.PHILOX_V1))) {
      List<Weights> together = p.samples(seed, first, 4);
      for (int i = 0; i < 4; i++) {
        assertThat(together.get(i)).isEqualTo(p.sample(seed, first + i));
      }
    }
  }
}
