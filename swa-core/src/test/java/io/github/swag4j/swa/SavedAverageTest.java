package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.WeightLayout.Role;
import io.github.swag4j.swa.WeightLayout.Tensor;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
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
      @ForAll @IntRange(max = 3) int rule,
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
}
