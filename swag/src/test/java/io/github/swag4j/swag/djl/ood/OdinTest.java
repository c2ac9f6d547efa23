package io.github.swag4j.swag.djl.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OdinTest {
  private OodNetwork network;

  @BeforeEach
  void open() throws Exception {
    network = new OodNetwork();
  }

  @AfterEach
  void close() {
    network.close();
  }

  private void requireGolden(double[] got, String name, double tolerance) {
    double[] expected = network.golden.numbers(name);
    assertThat(got).hasSize(expected.length);
    for (int r = 0; r < got.length; r++) {
      assertThat(got[r]).isCloseTo(expected[r], within(tolerance));
    }
  }

  /** At temperature 1000 rows differ by about 1e-3, at 10 by about 0.1. */
  @Test
  void scoresAreThoseOfPytorch() throws Exception {
    Odin odin = Odin.of(network.block);
    requireGolden(odin.scores(network.inputs()), "odin", 1e-8);
    Odin large = odin.temperature(10).epsilon(0.05);
    requireGolden(large.scores(network.inputs()), "odin_large_step", 1e-6);
    requireGolden(large.channelDeviations(0.5, 2).scores(network.inputs()), "odin_channels", 1e-6);
  }

  @Test
  void theStepIsChosenOnInDistributionRows() throws Exception {
    Odin chosen =
        Odin.of(network.block)
            .temperature(10)
            .chooseEpsilon(network.inputs(), network.golden.numbers("steps"));
    assertThat(chosen.epsilon()).isEqualTo(network.golden.number("best_step"));
  }

  /** Another softmax makes all rows alike, and nobody would see it. */
  @Test
  void aModelThatEndsInASoftmaxIsRefused() {
    network.block.add(new LambdaBlock(l -> new NDList(l.head().softmax(1)), "softmax"));
    assertThatThrownBy(() -> Odin.of(network.block).scores(network.inputs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("distribution already", "take off the softmax");
  }

  @Test
  void aStepMakesEveryRowMoreConfident() throws Exception {
    double[] without = Odin.of(network.block).temperature(10).epsilon(0).scores(network.inputs());
    double[] with = Odin.of(network.block).temperature(10).epsilon(1e-3).scores(network.inputs());
    for (int r = 0; r < with.length; r++) {
      assertThat(with[r]).isLessThan(without[r]);
    }
  }

  @Test
  void theLiveModelHasItsWeightsAndNoGradients() throws Exception {
    NDManager manager = network.manager;
    Weights weights = ModelWeights.of(network.block).capture();
    List<NDArray> live =
        network.block.getParameters().values().stream()
            .filter(Parameter::requiresGradient)
            .map(Parameter::getArray)
            .toList();
    live.forEach(a -> a.setRequiresGradient(true));
    int held = manager.getManagedArrays().size();
    Odin.of(network.block).scores(network.inputs());
    assertThat(ModelWeights.of(network.block).capture()).isEqualTo(weights);
    for (NDArray array : live) {
      try (NDArray gradient = array.getGradient()) {
        assertThat(gradient.toFloatArray()).containsOnly(0f);
      }
    }
    assertThat(manager.getManagedArrays()).hasSize(held);
  }

  @Test
  void archivesAreScoredThroughACopy() throws Exception {
    Path archive =
        Path.of(
            WeightPosterior.class
                .getResource("/io/github/swag4j/swag/golden/dropout-scripted.pt")
                .toURI());
    InputBatches rows =
        (parent, consumer) -> {
          try (NDManager own = parent.newSubManager()) {
            consumer.accept(new NDList(own.create(new float[] {1, -1, 0.5f, 2}, new Shape(1, 4))));
          }
        };
    try (Model model = TorchScriptModels.load(archive)) {
      double[] still = Odin.of(model).temperature(5).epsilon(0).scores(rows);
      double[] moved = Odin.of(model).temperature(5).epsilon(0.01).scores(rows);
      assertThat(moved[0]).isLessThan(still[0]);
    }
  }

  @Test
  void whatIsWrongIsRefused() {
    Odin odin = Odin.of(network.block);
    assertThatThrownBy(() -> odin.temperature(0)).hasMessageContaining("above 0 and finite");
    assertThatThrownBy(() -> odin.epsilon(-1)).hasMessageContaining("at least 0 and finite");
    assertThatThrownBy(() -> odin.channelDeviations(1, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> odin.channelDeviations(1, 1, 1).scores(network.inputs()))
        .hasMessageContaining("one for each channel of the input, got 3");
    assertThatThrownBy(() -> odin.scores((manager, consumer) -> {}))
        .hasMessageContaining("at least 1 row");
    try (GradientCollector other = network.manager.getEngine().newGradientCollector()) {
      assertThat(other).isNotNull();
      assertThatThrownBy(() -> odin.scores(network.inputs()))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
