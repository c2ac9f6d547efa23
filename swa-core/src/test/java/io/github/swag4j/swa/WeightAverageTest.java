package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
  private static final WeightLayout LAYOUT = layout(7);

  static WeightLayout layout(long... sizes) {
    WeightLayout.Tensor[] tensors = new WeightLayout.Tensor[sizes.length];
    for (int t = 0; t < sizes.length; t++) {
      tensors[t] = new WeightLayout.Tensor("t" + t, WeightLayout.Role.WEIGHT, List.of(sizes[t]));
    }
    return WeightLayout.of(List.of(tensors));
  }

  @Test
  void uniformAverageIsThatOfTorchAndTheExactMeanToRounding() {
    JsonObject golden = Golden.read("averages.json");
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    for (int n = 0; n < golden.getAsJsonArray("vectors").size(); n++) {
      average.collect(Weights.of(LAYOUT, Golden.floats(golden.getAsJsonArray("vectors").get(n))));
      JsonObject update = golden.getAsJsonArray("updates").get(n).getAsJsonObject();
      assertThat(average.count()).isEqualTo(update.get("n").getAsLong());
      assertClose(average.average().toArray(0), Golden.doubles(update.get("torch_swa")), 5e-7);
      assertClose(average.average().toArray(0), Golden.doubles(update.get("mean")), 5e-7);
    }
  }

  @Test
  void exponentialAverageIsThatOfTorch() {
    JsonObject golden = Golden.read("averages.json");
    WeightAverage average =
        WeightAverage.exponential(AveragingPlan.epochs(), golden.get("decay").getAsDouble());
    int n = 0;
    for (JsonElement vector : golden.getAsJsonArray("vectors")) {
      average.collect(Weights.of(LAYOUT, Golden.floats(vector)));
      JsonObject update = golden.getAsJsonArray("updates").get(n++).getAsJsonObject();
      assertClose(average.average().toArray(0), Golden.doubles(update.get("torch_ema")), 5e-7);
      assertClose(average.average().toArray(0), Golden.doubles(update.get("ema")), 5e-7);
    }
  }

  @Property(tries = 100)
  void averageOfEqualWeightsIsThatWeight(
      @ForAll float value, @ForAll @IntRange(min = 1, max = 50) int times) {
    if (!Float.isFinite(value)) {
      return;
    }
    WeightAverage average = WeightAverage.uniform(AveragingPlan.steps());
    Weights weights = Weights.of(layout(1), new float[] {value});
    for (int i = 0; i < times; i++) {
      average.collect(weights);
    }
    assertThat(average.average()).isEqualTo(weights);
  }

  @Test
  void averageOverManyBlocksIsTheSameAsOverOne() {
    int size = 20 * Blocks.SIZE + 3;
    WeightLayout large = layout(size, 5);
    WeightAverage average = WeightAverage.uniform(AveragingPlan.steps());
    for (int n = 1; n <= 3; n++) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = i % 1000 + n;
      }
      average.collect(Weights.of(large, values, new float[] {n, n, n, n, n}));
    }
    float[] mean = average.average().toArray(0);
    for (int i = 0; i < size; i++) {
      assertThat(mean[i]).isCloseTo(i % 1000 + 2f, within(1e-3f));
    }
    assertThat(average.average().toArray(1)).containsOnly(2f);
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedAndNothingIsTakenIn() {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    average.collect(Weights.of(layout(2), new float[] {1, 2}));
    assertThatThrownBy(() -> average.collect(Weights.of(layout(2), new float[] {5, Float.NaN})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be finite, got NaN at t0[1]");
    assertThat(average.count()).isEqualTo(1);
    assertThat(average.average().toArray(0)).containsExactly(1, 2);
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    average.collect(Weights.of(layout(2), new float[] {1, 2}));
    assertThatThrownBy(() -> average.collect(Weights.of(layout(3), new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor 0 must be t0 [2], got t0 [3]");
  }

  @Test
  void anEmptyAverageSaysWhenItBegins() {
    assertThatThrownBy(() -> WeightAverage.uniform(AveragingPlan.epochs().from(10)).average())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("11");
  }

  @Test
  void decayOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> WeightAverage.exponential(AveragingPlan.steps(), 1))
        .hasMessage("decay must be in [0, 1), got 1.0");
  }

  private static void assertClose(float[] got, double[] expected, double relative) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) got[i])
          .as("weight %d", i)
          .isCloseTo(expected[i], within(relative * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
