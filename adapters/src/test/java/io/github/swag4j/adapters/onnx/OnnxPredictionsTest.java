package io.github.swag4j.adapters.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models as scikit-learn's converter writes them, run by the runtime. */
class OnnxPredictionsTest {
  private static final float[][] X = {{2, 0}, {0, 3}, {-1, -1}, {0.5f, 0.2f}};

  /** Scores 1 x_1, 1 x_2 + 0.1, -x_1 - x_2 + 0.2 of the classes in the model's order. */
  private static double[] expected(float[] x) {
    double[] z = {x[0], x[1] + 0.1, -x[0] - x[1] + 0.2};
    double sum = Arrays.stream(z).map(Math::exp).sum();
    return Arrays.stream(z).map(v -> Math.exp(v) / sum).toArray();
  }

  /** What is done with a result. */
  private interface Use {
    void accept(OrtSession.Result result) throws OrtException;
  }

  private static void run(String model, Use use) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session =
              environment.createSession(Fixtures.path(model).toString(), options);
          OnnxTensor x = OnnxTensor.createTensor(environment, X);
          OrtSession.Result result = session.run(Map.of("x", x))) {
        use.accept(result);
      }
    }
  }

  @Test
  void mapsAreReadInTheOrderSaid() throws OrtException {
    run(
        "zipmap.onnx", // classes 7, 3, 5
        result -> {
          List<String> classes = List.of("3", "5", "7");
          Predictions predictions =
              OnnxPredictions.probabilities(result.get("probabilities").orElseThrow(), classes)
                  .labels(OnnxPredictions.labels(new long[] {7, 3, 5, 7}, classes))
                  .build();
          assertThat(predictions.classNames()).isEqualTo(classes);
          for (int r = 0; r < X.length; r++) {
            double[] p = expected(X[r]);
            assertThat(predictions.probability(r, 2)).isCloseTo(p[0], within(1e-6));
            assertThat(predictions.probability(r, 0)).isCloseTo(p[1], within(1e-6));
            assertThat(predictions.probability(r, 1)).isCloseTo(p[2], within(1e-6));
          }
          assertThat(predictions.label(0)).isEqualTo(2);
          assertThat(predictions.isCorrect(0)).isTrue();
        });
  }

  @Test
  void mapsOfNamesAreReadInTheOrderSaid() throws OrtException {
    run(
        "zipmap-names.onnx", // classes dog, cat, owl
        result -> {
          Predictions predictions =
              OnnxPredictions.probabilities(
                      result.get("probabilities").orElseThrow(), List.of("cat", "dog", "owl"))
                  .build();
          assertThat(predictions.probability(0, 1)).isCloseTo(expected(X[0])[0], within(1e-6));
          assertThat(predictions.probability(1, 0)).isCloseTo(expected(X[1])[1], within(1e-6));
        });
  }

  @Test
  void otherClassesThanTheMapsHaveAreRefused() throws OrtException {
    run(
        "zipmap.onnx",
        result -> {
          var output = result.get("probabilities").orElseThrow();
          assertThatThrownBy(
                  () -> OnnxPredictions.probabilities(output, List.of("0", "1", "2")).build())
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("row 0 must have the classes [0, 1, 2], got");
          assertThatThrownBy(() -> OnnxPredictions.probabilities(output))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("say the order of the classes");
        });
  }

  @Test
  void anArrayOfProbabilitiesIsTakenColumnByColumn() throws OrtException {
    run(
        "array.onnx",
        result -> {
          Predictions predictions =
              OnnxPredictions.probabilities(result.get("raw").orElseThrow()).build();
          for (int k = 0; k < 3; k++) {
            assertThat(predictions.probability(3, k)).isCloseTo(expected(X[3])[k], within(1e-6));
          }
          assertThatThrownBy(
                  () ->
                      OnnxPredictions.probabilities(
                          result.get("raw").orElseThrow(), List.of("a", "b")))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("a column for each of the 2 classes [a, b], got 3");
        });
  }

  @Test
  void thePredictedClassIsNotTakenForProbabilities() throws OrtException {
    run(
        "array.onnx",
        result ->
            assertThatThrownBy(
                    () -> OnnxPredictions.probabilities(result.get("label").orElseThrow()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("these are the classes that the model predicts"));
  }

  @Test
  void logitsBecomeTheirSoftmaxAndAreNotTakenForProbabilities() throws OrtException {
    try (OnnxTensor logits =
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new double[][] {{1, 2}, {3, 3}})) {
      Predictions predictions = OnnxPredictions.logits(logits).build();
      assertThat(predictions.probability(0, 1)).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
      assertThatThrownBy(() -> OnnxPredictions.probabilities(logits).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("if these are logits");
    }
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    assertThatThrownBy(() -> OnnxPredictions.labels(new long[] {1, 4}, List.of("1", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels[1] must be one of [1, 2], got 4");
  }
}
