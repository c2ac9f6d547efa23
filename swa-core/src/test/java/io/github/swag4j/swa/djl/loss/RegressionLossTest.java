package io.github.swag4j.swa.djl.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood.VarianceForm;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Losses and gradients of PyTorch, whenever Java collects garbage. */
class RegressionLossTest {
  private static final JsonObject GOLDEN = Golden.read("regression-losses.json");
  private static final int TIMES = 20;

  private static double[] numbers(JsonObject from, String name) {
    return from.getAsJsonArray(name).asList().stream().mapToDouble(e -> e.getAsDouble()).toArray();
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  private static NDArray outputs(NDManager manager, int columns) {
    float[] both = floats(numbers(GOLDEN, "outputs"));
    NDArray all = manager.create(both, new Shape(both.length / 2, 2));
    NDArray own = columns == 2 ? all : all.get(new NDIndex(":, 0")).reshape(-1, 1).duplicate();
    own.setRequiresGradient(true);
    return own;
  }

  private static void requireGolden(
      Loss loss, NDArray x, NDArray y, UnaryOperator<NDArray> last, JsonObject golden) {
    NDManager manager = x.getManager();
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDArray value = loss.evaluate(new NDList(y), new NDList(last.apply(x)));
      assertThat((double) value.getFloat())
          .isCloseTo(
              golden.get("loss").getAsDouble(),
              within(2e-6 * Math.abs(golden.get("loss").getAsDouble()) + 1e-6));
      collectGarbage();
      collector.backward(value);
    }
    float[] got = x.getGradient().toFloatArray();
    double[] expected = numbers(golden, "gradient");
    assertThat(got).hasSize(expected.length);
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i]) + 1e-7));
    }
  }

  /** Collects, and fills what was freed with other numbers. */
  private static void collectGarbage() {
    System.gc();
    try (NDManager other = NDManager.newBaseManager()) {
      for (int i = 0; i < 200; i++) {
        other.create(7f);
        other.create(new float[] {7, 7, 7});
      }
    }
    System.gc();
  }

  @Test
  void meanSquaredErrorIsTorchs() {
    for (int i = 0; i < TIMES; i++) {
      try (NDManager manager = NDManager.newBaseManager()) {
        requireGolden(
            new MeanSquaredLoss(),
            outputs(manager, 1),
            manager.create(floats(numbers(GOLDEN, "targets"))),
            a -> a,
            GOLDEN.getAsJsonObject("mean-squared"));
      }
    }
  }

  @Test
  void gaussianLikelihoodIsTorchsInEachForm() {
    for (VarianceForm form : VarianceForm.values()) {
      for (int i = 0; i < TIMES; i++) {
        try (NDManager manager = NDManager.newBaseManager()) {
          NDArray tenth = manager.create(new float[] {0, 0.1f}, new Shape(1, 2));
          NDArray first = manager.create(new float[] {1, 0}, new Shape(1, 2));
          NDArray second = manager.create(new float[] {0, 1}, new Shape(1, 2));
          // Column 0 as it is, column 1 as its square and a tenth.
          UnaryOperator<NDArray> last = a -> a.mul(first).add(a.mul(a).mul(second)).add(tenth);
          requireGolden(
              new GaussianNegativeLogLikelihood(form),
              outputs(manager, 2),
              manager.create(floats(numbers(GOLDEN, "targets"))),
              form == VarianceForm.VARIANCE ? last : a -> a,
              GOLDEN.getAsJsonObject(form.name().toLowerCase(Locale.ROOT)));
        }
      }
    }
  }

  @Test
  void aVarianceBelowTheLeastHasTheGradientThatLeadsItBack() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {0.5f, 1e-9f}, new Shape(1, 2));
      x.setRequiresGradient(true);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray value =
            new GaussianNegativeLogLikelihood(VarianceForm.VARIANCE)
                .evaluate(new NDList(manager.create(new float[] {0.503f})), new NDList(x));
        collector.backward(value);
      }
      double[] expected = numbers(GOLDEN.getAsJsonObject("below"), "gradient");
      float[] got = x.getGradient().toFloatArray();
      // 0.503 - 0.5 has four digits in float32.
      assertThat((double) got[0]).isCloseTo(expected[0], within(1e-3 * Math.abs(expected[0])));
      assertThat((double) got[1]).isCloseTo(expected[1], within(1e-3 * Math.abs(expected[1])));
    }
  }

  @Test
  void targetsAreNeverSpreadOverPredictions() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray four = manager.ones(new Shape(4, 1));
      NDArray two = manager.ones(new Shape(2));
      assertThatThrownBy(() -> new MeanSquaredLoss().evaluate(new NDList(two), new NDList(four)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one target for each prediction, got targets of shape (2)");
      assertThatThrownBy(
              () ->
                  new GaussianNegativeLogLikelihood(VarianceForm.SOFTPLUS)
                      .evaluate(new NDList(two), new NDList(four)))
          .hasMessageContaining("needs predictions [rows][2], mean and variance, got (4, 1)");
      // A vector of targets beside a column of predictions is no table of differences.
      NDArray y = manager.create(new float[] {1, 2, 3, 4});
      assertThat(new MeanSquaredLoss().evaluate(new NDList(y), new NDList(four)).getFloat())
          .isEqualTo(3.5f);
    }
  }
}
