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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SwagCollectorTest {
  private static final AveragingPlan STEPS = AveragingPlan.steps();

  private static WeightLayout layout(long size) {
    return WeightLayout.of(List.of(new Tensor("w", Role.WEIGHT, List.of(size))));
  }

  private static Weights drawn(WeightLayout layout, Random random, double mean, double sd) {
    float[] values = new float[layout.tensor(0).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + sd * random.nextGaussian());
    }
    return Weights.of(layout, values);
  }

  /** Plain float32 gives 3.33e-7 here, four times too large. */
  @ParameterizedTest
  @EnumSource(names = {"COMPENSATED", "FLOAT64"})
  void varianceOf300000DriftingWeightsIsTheirVariance(Accumulation accumulation) {
    WeightLayout layout = layout(1);
    SwagCollector collector =
        new SwagCollector(STEPS, Options.defaults().withRank(0), accumulation);
    for (int n = 0; n < 300_000; n++) {
      collector.collect(Weights.of(layout, new float[] {(float) (1 + 0.001 * n / 299_999)}));
    }
    assertThat((double) collector.posterior().variance().toArray(0)[0])
        .isCloseTo(1e-6 / 12, Percentage.withPercentage(0.01));
  }

  /**
   * Mean 1, standard deviations 1e-3 to 1e-5, 50 iterates: the median relative error of variances
   * in float32, in float64, and by mean of squares minus square of the mean in float32, as every
   * other SWAG code has it.
   */
  @ParameterizedTest
  @EnumSource
  void smallVariancesBesideAMeanOfOneAreKept(Accumulation accumulation) {
    double[] sds = {1e-3, 1e-4, 1e-5};
    double[] limits = {1e-4, 1e-3, 1e-2};
    double[] naiveErrors = {0.1, 10, 1_000}; // measured: 0.2, 20, 2,770
    int size = 2000;
    for (int c = 0; c < sds.length; c++) {
      Random random = new Random(c);
      WeightLayout layout = layout(size);
      SwagCollector collector =
          new SwagCollector(STEPS, Options.defaults().withRank(0), accumulation);
      float[][] seen = new float[50][];
      for (int n = 0; n < 50; n++) {
        Weights w = drawn(layout, random, 1, sds[c]);
        seen[n] = w.toArray(0);
        collector.collect(w);
      }
      double[] exact = exactVariances(seen);
      double[] kept = collector.variance(0);
      float[] rounded = collector.posterior().variance().toArray(0);
      double[] stored = IntStream.range(0, size).mapToDouble(i -> rounded[i]).toArray();
      double limit =
          switch (accumulation) {
            case FLOAT32 -> limits[c];
            case COMPENSATED -> 6e-8;
            case FLOAT64 -> 1e-9;
          };
      assertThat(medianError(kept, exact)).as("sd %s", sds[c]).isLessThanOrEqualTo(limit);
      // The posterior's are float32: half a unit in their last place is 6e-8 at most.
      assertThat(medianError(stored, exact)).isLessThanOrEqualTo(Math.max(limit, 6e-8));
      assertThat(medianError(naiveVariances(seen), exact)).isGreaterThan(naiveErrors[c]);
    }
  }

  private static double[] exactVariances(float[][] seen) {
    double[] out = new double[seen[0].length];
    for (int i = 0; i < out.length; i++) {
      int at = i;
      double mean = Arrays.stream(seen).mapToDouble(w -> w[at]).sum() / seen.length;
      out[i] = Arrays.stream(seen).mapToDouble(w -> Math.pow(w[at] - mean, 2)).sum() / seen.length;
    }
    return out;
  }

  /** Running means of w and of w^2 in float32. More than half of the small ones are negative. */
  private static double[] naiveVariances(float[][] seen) {
    double[] out = new double[seen[0].length];
    for (int i = 0; i < out.length; i++) {
      float mean = 0;
      float square = 0;
      for (int n = 0; n < seen.length; n++) {
        float w = seen[n][i];
        mean = mean * n / (n + 1f) + w / (n + 1f);
        square = square * n / (n + 1f) + w * w / (n + 1f);
      }
      out[i] = square - mean * mean;
    }
    return out;
  }

  private static double medianError(double[] got, double[] exact) {
    double[] errors = new double[got.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.abs(got[i] / exact[i] - 1);
    }
    Arrays.sort(errors);
    return errors[errors.length / 2];
  }

  @Test
  void thereIsNoVarianceBeforeAnythingWasCollected() {
    assertThatThrownBy(() -> new SwagCollector(STEPS, Options.defaults()).variance(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nothing was collected");
  }

  /** The largest rank, less than which was collected; one column alone is no low-rank part. */
  @Test
  void rankGoesFrom0To512() {
    WeightLayout layout = layout(7);
    Random random = new Random(5);
    SwagCollector collector = new SwagCollector(STEPS, Options.defaults().withRank(512));
    for (int n = 0; n < 600; n++) {
      collector.collect(drawn(layout, random, 0, 1));
    }
    SwagPosterior posterior = collector.freeze();
    assertThat(posterior.deviations()).hasSize(512);
    assertThat(posterior.sample(1, 1)).isNotEqualTo(posterior.sample(1, 2));
    assertThat(posterior.logDensity(posterior.mean())).isFinite();
    for (int wrong : new int[] {-1, 1, 513}) {
      assertThatThrownBy(() -> Options.defaults().withRank(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("rank must be 0 or between 2 and 512, got " + wrong);
    }
  }

  @ParameterizedTest
  @EnumSource
  void freezingGivesTheSamePosteriorAndEndsTheCollector(Centre centre) {
    Options options = new Options(4, 1e-30f, centre);
    SwagCollector collector = new SwagCollector(STEPS, options);
    Random random = new Random(1);
    WeightLayout layout = layout(9000);
    collector.collect(drawn(layout, random, 0, 1));
    assertThatThrownBy(collector::freeze).hasMessageContaining("at least 2");
    for (int n = 0; n < 6; n++) {
      collector.collect(drawn(layout, random, 0, 1));
    }
    SwagPosterior copy = collector.posterior();
    SwagPosterior frozen = collector.freeze();
    assertThat(frozen.mean()).isEqualTo(copy.mean());
    assertThat(frozen.variance()).isEqualTo(copy.variance());
    assertThat(frozen.deviations()).isEqualTo(copy.deviations());
    Weights next = drawn(layout, random, 0, 1);
    Path file = Path.of("target", "frozen-collector.safetensors");
    CheckpointSeries series = CheckpointSeries.of(List.of(file), layout);
    SwagCollector other = new SwagCollector(STEPS, options);
    other.collect(next);
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> collector.collect(next),
            () -> collector.collectAll(series),
            () -> collector.merge(other),
            () -> other.merge(collector),
            () -> collector.variance(0),
            () -> collector.save(file),
            collector::posterior,
            collector::freeze)) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("gave its memory to the posterior of freeze()");
    }
    assertThat(file).doesNotExist();
    assertThat(other.count()).isEqualTo(1);
    assertThat(frozen.mean()).isEqualTo(copy.mean());
    assertThat(frozen.variance()).isEqualTo(copy.variance());
    assertThat(frozen.deviations()).isEqualTo(copy.deviations());
  }

  /** They gave an infinite variance, and a file that could not be read. */
  @Test
  void weightsWhoseSquaresLeaveFloat32AreRefusedAndNothingIsTakenIn() {
    SwagCollector collector = new SwagCollector(STEPS, Options.defaults());
    WeightLayout layout = layout(1);
    collector.collect(Weights.of(layout, new float[] {1}));
    collector.collect(Weights.of(layout, new float[] {2}));
    assertThatThrownBy(() -> collector.collect(Weights.of(layout, new float[] {1e20f})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be below 1.12589991E15 in size, got 1.0E20 at w[0]");
    assertThat(collector.count()).isEqualTo(2);
    assertThat(collector.posterior().mean().toArray(0)).containsExactly(1.5f);
  }

  @Test
  void diagonalKeepsAScaleThatSomebodyChose() {
    SwagPosterior posterior = Snapshots.posterior();
    assertThat(posterior.diagonal().scale()).isEqualTo(1);
    assertThat(posterior.withScale(0).diagonal().scale()).isEqualTo(0);
    assertThat(posterior.withScale(0.25).diagonal().scale()).isEqualTo(0.25);
    assertThat(posterior.diagonal().diagonal().scale()).isEqualTo(1);
  }

  @Test
  void optionsWithoutACentreAreRefused() {
    assertThatThrownBy(() -> new Options(20, 1e-30f, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("centre");
  }

  @Property(tries = 40)
  void aLoadedCollectorGoesOnBitForBit(
      @ForAll long seed,
      @ForAll Accumulation accumulation,
      @ForAll Centre centre,
      @ForAll boolean lowRank,
      @ForAll @IntRange(max = 7) int before)
      throws IOException {
    Random random = new Random(seed);
    WeightLayout layout = layout(5000);
    SwagCollector whole =
        new SwagCollector(STEPS, new Options(lowRank ? 3 : 0, 1e-30f, centre), accumulation);
    for (int n = 0; n < before; n++) {
      whole.collect(drawn(layout, random, 1, 1e-3));
    }
    Path file = Files.createTempFile("collector", ".safetensors");
    whole.save(file);
    SwagCollector loaded = SwagCollector.load(file, STEPS);
    Files.delete(file);
    assertThat(loaded.options()).isEqualTo(whole.options());
    for (int n = 0; n < 3; n++) {
      Weights next = drawn(layout, random, 1, 1e-3);
      whole.collect(next);
      loaded.collect(next);
    }
    SwagPosterior expected = whole.posterior();
    SwagPosterior got = loaded.freeze();
    assertThat(got.count()).isEqualTo(expected.count());
    assertThat(got.mean()).isEqualTo(expected.mean());
    assertThat(got.variance()).isEqualTo(expected.variance());
    assertThat(got.deviations()).isEqualTo(expected.deviations());
  }
}
