package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Centre;
import io.github.swag4j.swag.SwagPosterior.Options;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.PosteriorSummary;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Collectors and posteriors of mean and deviations, without variances. */
class DeviationsOnlyTest {
  private static final int SIZE = 5_000;
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("a", Role.WEIGHT, List.of((long) SIZE)),
              new Tensor("b", Role.BIAS, List.of(3L))));
  private static final AveragingPlan PLAN = AveragingPlan.epochs();

  @TempDir private Path folder;

  private static Weights weights(int n) {
    Random random = new Random(n);
    float[] a = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      a[i] = (float) (i % 7 + (1 + i % 3) * random.nextGaussian());
    }
    return Weights.of(LAYOUT, a, new float[] {n, 1, random.nextFloat()});
  }

  private static SwagCollector only(Centre centre, Accumulation accumulation) {
    return SwagCollector.withoutVariances(
        PLAN, new Options(4, 1e-30f, centre), accumulation, DeviationStorage.heap());
  }

  private static SwagCollector collected(SwagCollector collector, int from, int to) {
    IntStream.range(from, to).forEach(n -> collector.collect(weights(n)));
    return collector;
  }

  private static SwagCollector collected() {
    return collected(only(Centre.RUNNING_MEAN, Accumulation.COMPENSATED), 0, 7);
  }

  private static void requireSame(SwagPosterior got, SwagPosterior expected) {
    assertThat(got.mean()).isEqualTo(expected.mean());
    assertThat(got.deviations()).isEqualTo(expected.deviations());
    assertThat(got.scale()).isEqualTo(expected.scale());
    assertThat(got.samples(5, 0, 3)).isEqualTo(expected.samples(5, 0, 3));
  }

  @ParameterizedTest
  @EnumSource(Accumulation.class)
  void theyAreBitForBitTheLowRankPartOfWhatIsCollectedWithVariances(Accumulation accumulation) {
    for (Centre centre : Centre.values()) {
      Options options = new Options(4, 1e-30f, centre);
      SwagCollector both = collected(new SwagCollector(PLAN, options, accumulation), 0, 7);
      SwagCollector only = collected(only(centre, accumulation), 0, 7);
      requireSame(only.posterior(), both.posterior().lowRankOnly());
      assertThat(only.posterior().gaussian().spectrum())
          .isEqualTo(both.posterior().lowRankOnly().gaussian().spectrum());
      requireSame(only.freeze(), both.freeze().lowRankOnly());
    }
  }

  @ParameterizedTest
  @EnumSource(Accumulation.class)
  void partsThatWereCollectedApartAreMergedAsWithVariances(Accumulation accumulation) {
    Options options = new Options(4, 1e-30f, Centre.RUNNING_MEAN);
    SwagCollector both = collected(new SwagCollector(PLAN, options, accumulation), 0, 5);
    both.merge(collected(new SwagCollector(PLAN, options, accumulation), 5, 9));
    SwagCollector only = only(Centre.RUNNING_MEAN, accumulation);
    only.merge(collected(only(Centre.RUNNING_MEAN, accumulation), 0, 5));
    only.merge(collected(only(Centre.RUNNING_MEAN, accumulation), 5, 9));
    assertThat(only.count()).isEqualTo(9);
    requireSame(only.posterior(), both.posterior().lowRankOnly());
    assertThatThrownBy(() -> only.merge(both))
        .hasMessageContaining("variances or none")
        .hasMessageContaining("no variances");
  }

  @Test
  void aSavedCollectorGoesOnBitForBit() throws IOException {
    Path file = folder.resolve("collector.safetensors");
    for (int stop : new int[] {0, 3, 6}) {
      collected(only(Centre.RUNNING_MEAN, Accumulation.COMPENSATED), 0, stop).save(file);
      SwagCollector loaded = collected(SwagCollector.load(file, PLAN), stop, 7);
      requireSame(loaded.posterior(), collected().posterior());
      assertThatThrownBy(() -> loaded.variance(0)).hasMessageContaining("keeps no variances");
    }
    Path with = folder.resolve("with.safetensors");
    collected(new SwagCollector(PLAN, Options.defaults().withRank(4)), 0, 6).save(with);
    // The sum of squares is 8 bytes a weight with compensation.
    assertThat(Files.size(with) - Files.size(file)).isBetween(8L * SIZE, 8L * SIZE + 1000);
  }

  @Test
  void aPosteriorsFileHasNoVariancesAndGivesTheSameSamples() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    SwagPosterior posterior = collected().posterior().withScale(0.7).withAntitheticPairs(true);
    PosteriorFiles.write(file, posterior);
    requireSame(PosteriorFiles.read(file), posterior);
    requireSame(PosteriorFiles.read(file, LAYOUT), posterior);
    PosteriorFile opened = PosteriorFiles.open(file).verify();
    assertThat(opened.version()).isEqualTo(3);
    assertThat(opened.hasVariance()).isFalse();
    assertThatThrownBy(opened::variance).hasMessageContaining("has no variances");
    PosteriorSummary summary = PosteriorSummary.of(opened.moments());
    assertThat(summary.layers().get(0).iterateDeviation()).isNaN();
    assertThat(summary.layers().get(0).sampleDeviation()).isPositive();
    assertThat(summary.spectrum()).hasSize(4);
    assertThat(Files.size(file)).isBetween(20L * SIZE, 20L * SIZE + 3000);
  }

  @Test
  void deviationsOfBfloat16AndStatisticsComeBackToo() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    SwagCollector collector =
        SwagCollector.withoutVariances(
            PLAN,
            Options.defaults().withRank(4),
            Accumulation.FLOAT32,
            new DeviationStorage(DeviationStorage.heap().directory(), true));
    SwagPosterior posterior = collected(collector, 0, 6).posterior();
    SampleStatistics statistics = new SampleStatistics(1, 0, List.of(weights(3)));
    PosteriorFiles.write(file, posterior, Provenance.unknown(), statistics);
    requireSame(PosteriorFiles.read(file), posterior);
    assertThat(PosteriorFiles.open(file).statistics()).contains(statistics);
    assertThat(PosteriorFiles.open(file).hasBfloat16Deviations()).isTrue();
  }

  @Test
  void whatNeedsVariancesIsRefused() {
    SwagPosterior posterior = collected().posterior();
    assertThat(posterior.hasVariance()).isFalse();
    assertThat(posterior.mode().parts()).isEqualTo(SampleMode.Parts.LOW_RANK);
    assertThatThrownBy(posterior::variance).hasMessageContaining("deviations only");
    assertThatThrownBy(posterior::diagonal).hasMessageContaining("collect with variances");
    assertThatThrownBy(() -> posterior.withMode(SampleMode.DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs variances");
    assertThatThrownBy(() -> posterior.gaussian().logDeterminant())
        .isInstanceOf(IllegalStateException.class);
    assertThat(posterior.lowRankOnly().sample(1, 2)).isEqualTo(posterior.sample(1, 2));
    assertThatThrownBy(
            () ->
                SwagCollector.withoutVariances(
                    PLAN,
                    Options.defaults().withRank(0),
                    Accumulation.FLOAT32,
                    DeviationStorage.heap()))
        .hasMessageContaining("got rank 0: nothing would be left");
  }
}
