package io.github.swag4j.adapters.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.adapters.onnx.Fixtures;
import io.github.swag4j.adapters.onnx.OnnxBayesianPredictor;
import io.github.swag4j.adapters.onnx.OnnxInputs;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.RowPrediction;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that DJL loads from a folder as DJL Serving does, with a Criteria. */
class PosteriorTranslatorTest {
  private static final int ROWS = 6;
  private static final String PROPERTIES =
      """
      engine=PyTorch
      translatorFactory=io.github.swag4j.adapters.djl.PosteriorTranslatorFactory
      posterior=posterior.safetensors
      classes=cat,dog,owl
      shape=2,5,5
      """;

  @TempDir static Path folder;
  private static float[][] rows;
  private static Predictions expected;

  /** The posterior's averages by another engine are what is expected. */
  @BeforeAll
  static void writeModel() throws Exception {
    rows = Fixtures.rows("net.safetensors", ROWS);
    Files.copy(Fixtures.path("net.pt"), folder.resolve("net.pt"));
    Files.writeString(folder.resolve("serving.properties"), PROPERTIES);
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, posterior(), Provenance.unknown(), statistics());
    expected =
        OnnxBayesianPredictor.open(Fixtures.path("net.onnx"), file)
            .predict(OnnxInputs.rows("x", rows, new long[] {2, 5, 5}, ROWS), null);
  }

  private static SwagPosterior posterior() throws IOException {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    try (Model model = TorchScriptModels.load(Fixtures.path("net.pt"))) {
      WeightLayout layout = ModelWeights.of(model.getBlock()).layout();
      for (int m = 0; m < Fixtures.MEMBERS; m++) {
        collector.collect(Fixtures.member("net.safetensors", m, layout));
      }
    }
    return collector.posterior();
  }

  private static SampleStatistics statistics() throws IOException {
    List<Weights> statistics = new ArrayList<>();
    try (Model model = TorchScriptModels.load(Fixtures.path("net.pt"))) {
      WeightLayout layout = ModelWeights.statistics(model.getBlock()).layout();
      for (int m = 0; m < Fixtures.MEMBERS; m++) {
        statistics.add(Fixtures.member("net.safetensors", m, layout));
      }
    }
    return new SampleStatistics(4, 0, statistics);
  }

  private static void requireExpected(RowPrediction got, int row) {
    for (int k = 0; k < 3; k++) {
      assertThat(got.probabilities()[k]).isCloseTo(expected.probability(row, k), within(1e-5));
    }
    assertThat(got.expectedEntropy()).isCloseTo(expected.expectedEntropy(row), within(1e-5));
    assertThat(got.className())
        .isEqualTo(List.of("cat", "dog", "owl").get(expected.predictedClass(row)));
  }

  @Test
  void aFolderWithServingPropertiesAnswersWithAverages() throws Exception {
    Criteria<float[], RowPrediction> criteria =
        Criteria.builder()
            .setTypes(float[].class, RowPrediction.class)
            .optTranslatorFactory(new PosteriorTranslatorFactory())
            .optModelPath(folder)
            .optModelName("net")
            .build();
    try (ZooModel<float[], RowPrediction> model = criteria.loadModel();
        Predictor<float[], RowPrediction> predictor = model.newPredictor()) {
      for (int r = 0; r < ROWS; r++) {
        requireExpected(predictor.predict(rows[r]), r);
      }
      List<RowPrediction> batch = predictor.batchPredict(Arrays.asList(rows));
      for (int r = 0; r < ROWS; r++) {
        requireExpected(batch.get(r), r);
      }
      assertThatThrownBy(() -> predictor.predict(new float[3]))
          .hasStackTraceContaining("a row must have 50 values, shape (2, 5, 5), got 3");
    }
  }

  @Test
  void aRequestInJsonIsAnsweredInJson() throws Exception {
    Criteria<Input, Output> criteria =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelPath(folder)
            .optModelName("net")
            .build();
    try (ZooModel<Input, Output> model = criteria.loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      Input request = new Input();
      request.addProperty("Content-Type", "application/json");
      request.add("{\"data\": " + Arrays.toString(rows[2]) + "}");
      Output output = predictor.predict(request);
      JsonObject answer = JsonParser.parseString(output.getAsString(0)).getAsJsonObject();
      assertThat(output.getProperty("Content-Type", "")).isEqualTo("application/json");
      assertThat(answer.get("confidence").getAsDouble())
          .isCloseTo(expected.confidence(2), within(1e-5));
      assertThat(answer.get("mutual_information").getAsDouble())
          .isCloseTo(expected.entropy(2) - expected.expectedEntropy(2), within(2e-5));
      assertThat(answer.get("probabilities").getAsJsonArray()).hasSize(3);
      assertThat(answer.get("classes").getAsJsonArray().get(1).getAsString()).isEqualTo("dog");

      for (String wrong :
          List.of("[[1, 2], [3, 4]]", "[[1], [2]]", "[NaN]", "[\"1\"]", "[1e39]", "[null]")) {
        Input nested = new Input();
        nested.add(wrong);
        assertThatThrownBy(() -> predictor.predict(nested))
            .as(wrong)
            .hasStackTraceContaining("a request must be an array of numbers in JSON");
      }
    }
  }

  @Test
  void anotherNumberOfClassNamesIsRefused(@TempDir Path other) throws Exception {
    Files.copy(Fixtures.path("net.pt"), other.resolve("net.pt"));
    Files.copy(folder.resolve("posterior.safetensors"), other.resolve("posterior.safetensors"));
    Files.writeString(
        other.resolve("serving.properties"),
        PROPERTIES.replace("cat,dog,owl", "background,cat,dog,owl"));
    Criteria<float[], RowPrediction> criteria =
        Criteria.builder()
            .setTypes(float[].class, RowPrediction.class)
            .optTranslatorFactory(new PosteriorTranslatorFactory())
            .optModelPath(other)
            .optModelName("net")
            .build();
    assertThatThrownBy(
            () -> {
              try (ZooModel<float[], RowPrediction> model = criteria.loadModel();
                  Predictor<float[], RowPrediction> predictor = model.newPredictor()) {
                predictor.predict(rows[0]);
              }
            })
        .hasStackTraceContaining("class names must be as many as the model's classes, 3, got 4");
  }

  @Test
  void batchNormWithoutStatisticsIsRefused(@TempDir Path other) throws Exception {
    Files.copy(Fixtures.path("net.pt"), other.resolve("net.pt"));
    Files.writeString(other.resolve("serving.properties"), PROPERTIES);
    PosteriorFiles.write(other.resolve("posterior.safetensors"), posterior());
    Criteria<float[], RowPrediction> criteria =
        Criteria.builder()
            .setTypes(float[].class, RowPrediction.class)
            .optTranslatorFactory(new PosteriorTranslatorFactory())
            .optModelPath(other)
            .optModelName("net")
            .build();
    assertThatThrownBy(criteria::loadModel)
        .hasStackTraceContaining("the model has batch normalisation");
  }

  @Test
  void anotherSeedThanTheStatisticsHaveIsRefused() throws IOException {
    ServingArguments arguments = new ServingArguments(folder, Map.of("seed", "5", "samples", "2"));
    SampleStatistics statistics = statistics();
    assertThatThrownBy(() -> arguments.seed(Optional.of(statistics)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("samples of seed 4 from 0");
    assertThat(arguments.samples(Optional.of(statistics))).isEqualTo(2);
    assertThat(arguments.seed(Optional.empty())).isEqualTo(5);
  }
}
