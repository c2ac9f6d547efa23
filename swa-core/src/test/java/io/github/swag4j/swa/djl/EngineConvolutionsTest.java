package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineConvolutionsTest {
  private static final int ROWS = 5;
  private static final int SIDE = 8;

  /**
   * With inputs and weights of 1, an output is the number of inputs under it, channels times 4 in a
   * corner, 6 at an edge and 9 within, and so is an input's gradient. oneDNN 3.7.1 gave 4 within
   * where it had to give 9, and now and then NaN, on an AMD EPYC of 2026.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 6, 8, 12, 15, 16, 17, 24, 32, 40, 64})
  void outputsAndGradientsOfConvolutionsHaveAllTheirTerms(int channels) {
    Engine engine = Engine.getEngine("PyTorch");
    EngineConvolutions.verified(engine);
    try (NDManager manager = engine.newBaseManager(Device.cpu())) {
      NDArray inputs = manager.ones(new Shape(ROWS, channels, SIDE, SIDE));
      NDArray weights = manager.ones(new Shape(channels, channels, 3, 3));
      inputs.setRequiresGradient(true);
      weights.setRequiresGradient(true);
      NDArray outputs;
      try (GradientCollector collector = engine.newGradientCollector()) {
        Shape one = new Shape(1, 1);
        outputs = Conv2d.conv2d(inputs, weights, null, one, one, one).singletonOrThrow();
        collector.backward(outputs.sum());
      }
      float[] gradients = inputs.getGradient().toFloatArray();
      float[] values = outputs.toFloatArray();
      for (int i = 0; i < values.length; i++) {
        int row = i / SIDE % SIDE;
        int column = i % SIDE;
        float terms = channels * (inside(row) * inside(column));
        assertThat(values[i]).as("output %d", i).isEqualTo(terms);
        assertThat(gradients[i]).as("gradient %d", i).isEqualTo(terms);
      }
      float[] ofWeights = weights.getGradient().toFloatArray();
      for (int i = 0; i < ofWeights.length; i++) {
        float terms = ROWS * (SIDE - Math.abs(i / 3 % 3 - 1)) * (SIDE - Math.abs(i % 3 - 1));
        assertThat(ofWeights[i]).as("gradient of weight %d", i).isCloseTo(terms, within(0f));
      }
    }
  }

  private static int inside(int at) {
    return at == 0 || at == SIDE - 1 ? 2 : 3;
  }
}
