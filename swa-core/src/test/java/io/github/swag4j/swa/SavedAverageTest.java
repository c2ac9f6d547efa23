package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An average that was saved and loaded goes on as one that was not. */
class SavedAverageTest {
  private static final AveragingPlan STEPS = AveragingPlan.steps();
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("a", Role.WEIGHT, List.of(50L, 100L)),
              new Tensor("none", Role.OTHER, List.of(0L)),
              new Tensor("v", Role.RUNNING_VARIANCE, List.of())));
  private static final List<AverageRule> RULES =
      List.of(
          AverageRule.uniform(),
          AverageRule.exponential(0.9),
          AverageRule.exponential(0.99).debiased().warmedUp(),
          AverageRule.exponential(0.95).startingAsMean(),
          AverageRule.last(3));

  @TempDir Path folder;

  static Weights drawn(Random random) {
    float[][] values = {new float[5000], {}, new float[1]};
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
      }
    }
    return Weights.of(LAYOUT, values);
  }

  @Property(tries = 40)
  void aLoadedAverageGoesOnBitForBit(
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int rule,
      @ForAll Accumulation accumulation,
      @ForAll Buffers buffers,
      @ForAll @IntRange(max = 6) int before,
      @ForAll @IntRange(min = 1, max = 4) int after)
      throws IOException {
    Random random = new Random(seed);
    WeightAverage whole = WeightAverage.of(STEPS, RULES.get(rule), accumulation, buffers);
    for (int n = 0; n < before; n++) {
      whole.collect(drawn(random));
    }
    Path file = Files.createTempFile("average", ".safetensors");
    whole.save(file);
    WeightAverage loaded = WeightAverage.load(file, STEPS);
    Files.delete(file);
    assertThat(loaded.rule()).isEqualTo(whole.rule());
    for (int n = 0; n < after; n++) {
      Weights next = drawn(random);
      whole.collect(next);
      loaded.collect(next);
    }
    assertThat(loaded.count()).isEqualTo(whole.count());
    assertThat(loaded.average()).isEqualTo(whole.average());
    Path one = Files.createTempFile("one", ".safetensors");
    Path two = Files.createTempFile("two", ".safetensors");
    whole.save(one);
    loaded.save(two);
    assertThat(two).hasSameBinaryContentAs(one);
    Files.delete(one);
    Files.delete(two);
  }

  @Test
  void filesOfAnotherKindAndRulesThatDoNotBelongAreRefused() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Weights weights = drawn(new Random(1));
    WeightFiles.write(file, "average", weights, Map.of());
    assertThatThrownBy(() -> WeightAverage.load(file, STEPS))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("kind must be weight-average-state");
    BlockUpdate own = (average, w, length, count) -> average[0] = 1;
    WeightAverage custom = WeightAverage.of(STEPS, AverageRule.custom(own));
    custom.collect(weights);
    custom.save(file);
    assertThatThrownBy(() -> WeightAverage.load(file, STEPS))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("give load the rule");
    assertThat(WeightAverage.load(file, STEPS, own).average()).isEqualTo(custom.average());
  }

  @Test
  void doublesAreStoredAsDoubles() throws IOException {
    WeightAverage average =
        WeightAverage.of(STEPS, AverageRule.uniform(), Accumulation.FLOAT64, Buffers.AVERAGED);
    average.collect(drawn(new Random(4)));
    Path file = folder.resolve("x.safetensors");
    average.save(file);
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThat(opened.entries().values())
          .allSatisfy(t -> assertThat(t.type()).isEqualTo(TensorType.F64));
      assertThat(opened.entries().get("mean/a").shape()).containsExactly(50L, 100L);
    }
  }

  /**
   * {@code float64-as-bits.safetensors} was saved by the version that had doubles as three floats,
   * after the three collections below.
   */
  @Test
  void doublesOfTheFirstFilesAreReadToTheBit() throws IOException {
    Path old = Golden.file("float64-as-bits.safetensors");
    WeightAverage loaded = WeightAverage.load(old, STEPS);
    WeightAverage same =
        WeightAverage.of(STEPS, AverageRule.uniform(), Accumulation.FLOAT64, Buffers.AVERAGED);
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("w", Role.WEIGHT, List.of(2L, 2L)),
                new Tensor("none", Role.OTHER, List.of(0L)),
                new Tensor("b", Role.BIAS, List.of())));
    float[][] w = {{1, -2.5f, 1e-30f, 3e38f}, {2, -0.1f, 0, 1e38f}, {0.7f, 5, 1e-38f, -1e37f}};
    float[] b = {7, 0.3f, -9};
    for (int n = 0; n < 3; n++) {
      same.collect(Weights.of(layout, w[n], new float[0], new float[] {b[n]}));
    }
    loaded.save(folder.resolve("loaded.safetensors"));
    same.save(folder.resolve("same.safetensors"));
    assertThat(folder.resolve("loaded.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("same.safetensors"));
  }
}
