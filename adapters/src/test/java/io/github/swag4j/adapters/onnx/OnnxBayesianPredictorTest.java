package io.github.swag4j.adapters.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.RowPrediction;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxBayesianPredictorTest {
  private static final int ROWS = 6;
  private static final long[] IMAGE = {2, 5, 5};
  private static final long[] STEPS = {4, 5};

  private static OnnxBayesianPredictor oneThread(OnnxBayesianPredictor predictor) {
    return predictor.session(options -> options.setIntraOpNumThreads(1));
  }

  private static OnnxBayesianPredictor net(String model) throws IOException {
    WeightPosterior ensemble = WeightPosterior.ensemble(Fixtures.members("net.safetensors", false));
    return oneThread(OnnxBayesianPredictor.of(OnnxModel.read(Fixtures.path(model)), ensemble));
  }

  private static SampleStatistics statistics() throws IOException {
    return new SampleStatistics(0, 0, Fixtures.members("net.safetensors", true));
  }

  private static OnnxInputs images() throws IOException {
    return OnnxInputs.rows("x", Fixtures.rows("net.safetensors", ROWS), IMAGE, 4);
  }

  private static void requireTorchs(Predictions got, String file) throws IOException {
    float[] p = Fixtures.values(file, "p");
    float[] entropy = Fixtures.values(file, "entropy");
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(got.probability(r, k)).isCloseTo(p[r * 3 + k], within(2e-6));
      }
      assertThat(got.expectedEntropy(r)).isCloseTo(entropy[r], within(2e-6));
    }
  }

  @Test
  void averagesOfANetworkWithBatchNormAreThoseOfTorch() throws Exception {
    Predictions got = net("net.onnx").batchNormStatistics(statistics()).predict(images(), null);
    requireTorchs(got, "net.safetensors");
  }

  @Test
  void averagesThatARuntimeFoldsAreThoseOfTorch() throws Exception {
    WeightPosterior ensemble =
        WeightPosterior.ensemble(Fixtures.members("steps.safetensors", false));
    OnnxModel model = OnnxModel.read(Fixtures.path("steps.onnx"));
    OnnxInputs inputs = OnnxInputs.rows("x", Fixtures.rows("steps.safetensors", ROWS), STEPS, 4);
    int[] labels = {0, 1, 2, 0, 1, 2};
    Predictions got =
        oneThread(OnnxBayesianPredictor.of(model, ensemble))
            .classNames(List.of("a", "b", "c"))
            .predict(inputs, labels);
    requireTorchs(got, "steps.safetensors");
    assertThat(got.classNames()).containsExactly("a", "b", "c");
    assertThat(got.label(2)).isEqualTo(2);
  }

  /**
   * Why weights are replaced in the file's bytes: the runtime folds the transpose of the weight
   * that the file has, whatever is given in its place.
   */
  @Test
  void initializersAreNotReplacedBeforeTheRuntimeFoldsThem() throws Exception {
    Weights member = Fixtures.member("steps.safetensors", 0, false);
    float[] biasAlone = steps(Fixtures.path("steps.onnx"), member, true);
    float[] unoptimised = steps(Fixtures.path("steps.onnx"), member, false);
    assertThat(biasAlone[0]).isNotCloseTo(unoptimised[0], within(1e-3f));
    OnnxModel model = OnnxModel.read(Fixtures.path("steps.onnx"));
    Predictions got =
        oneThread(OnnxBayesianPredictor.of(model, WeightPosterior.point(member)))
            .predict(
                OnnxInputs.rows("x", Fixtures.rows("steps.safetensors", ROWS), STEPS, 9), null);
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      sum += Math.exp(unoptimised[k]);
    }
    assertThat(got.probability(0, 1)).isCloseTo(Math.exp(unoptimised[1]) / sum, within(1e-6));
  }

  private static float[] steps(Path file, Weights member, boolean optimise) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OnnxTensor weight = tensor(member, 1);
        OnnxTensor bias = tensor(member, 0)) {
      if (!optimise) {
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      }
      options.setIntraOpNumThreads(1);
      options.addInitializer("fc.bias", bias);
      options.addInitializer("fc.weight", weight);
      try (OrtSession session = environment.createSession(file.toString(), options);
          OnnxTensor x =
              OnnxTensor.createTensor(
                  environment,
                  FloatBuffer.wrap(Fixtures.values("steps.safetensors", "x")),
                  new long[] {ROWS, 4, 5});
          OrtSession.Result result = session.run(Map.of("x", x))) {
        float[] out = new float[ROWS * 3];
        ((OnnxTensor) result.get(0)).getFloatBuffer().get(out);
        return out;
      }
    }
  }

  private static OnnxTensor tensor(Weights member, int index) throws OrtException {
    WeightLayout.Tensor of = member.layout().tensor(index);
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        ByteBuffer.allocateDirect(of.size() * 4)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(member.toArray(index))
            .flip(),
        of.shape().stream().mapToLong(d -> d).toArray());
  }

  @Test
  void aRowServedIsTheRowPredicted() throws Exception {
    OnnxBayesianPredictor predictor =
        net("net.onnx").batchNormStatistics(statistics()).classNames(List.of("a", "b", "c"));
    Predictions all = predictor.predict(images(), null);
    float[][] rows = Fixtures.rows("net.safetensors", ROWS);
    OnnxServingPredictor serving = predictor.serve();
    for (int r = 0; r < ROWS; r++) {
      RowPrediction one = serving.predict(rows[r], IMAGE);
      assertThat(one.className()).isEqualTo("abc".substring(one.predictedClass()).substring(0, 1));
      assertThat(one.predictedClass()).isEqualTo(all.predictedClass(r));
      assertThat(one.confidence()).isCloseTo(all.confidence(r), within(1e-6));
      assertThat(one.entropy()).isCloseTo(all.entropy(r), within(1e-5));
      assertThat(one.expectedEntropy()).isCloseTo(all.expectedEntropy(r), within(1e-5));
    }
    serving.close();
    assertThatThrownBy(() -> serving.predict(rows[0], IMAGE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aPosteriorFileBringsItsStatisticsAndTheirSeed(@TempDir Path folder) throws Exception {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    Fixtures.members("net.safetensors", false).forEach(collector::collect);
    SwagPosterior posterior = collector.posterior();
    SampleStatistics statistics =
        new SampleStatistics(7, 2, Fixtures.members("net.safetensors", true));
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, posterior, Provenance.unknown(), statistics);
    Predictions got =
        oneThread(OnnxBayesianPredictor.open(Fixtures.path("net.onnx"), file))
            .predict(images(), null);

    OnnxModel model = OnnxModel.read(Fixtures.path("net.onnx"));
    double[] mean = new double[3];
    for (int s = 0; s < 3; s++) {
      SampleStatistics own = new SampleStatistics(0, 0, List.of(statistics.samples().get(s)));
      Predictions one =
          oneThread(
                  OnnxBayesianPredictor.of(
                      model, WeightPosterior.point(posterior.sample(7, 2 + s))))
              .batchNormStatistics(own)
              .predict(images(), null);
      for (int k = 0; k < 3; k++) {
        mean[k] += one.probability(4, k) / 3;
      }
    }
    for (int k = 0; k < 3; k++) {
      assertThat(got.probability(4, k)).isCloseTo(mean[k], within(1e-6));
    }
    assertThatThrownBy(
            () ->
                OnnxBayesianPredictor.open(Fixtures.path("net.onnx"), file)
                    .samples(4)
                    .predict(images(), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("for 4 samples, got 3");
    assertThatThrownBy(
            () ->
                OnnxBayesianPredictor.open(Fixtures.path("net.onnx"), file)
                    .seed(8)
                    .predict(images(), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of samples of seed 7");
  }

  @Test
  void averagesNeedNoDjl(@TempDir Path folder) throws Exception {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    Fixtures.members("net.safetensors", false).forEach(collector::collect);
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, collector.posterior(), Provenance.unknown(), statistics());
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String without =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(entry -> !entry.replace('\\', '/').contains("/ai/djl/"))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            WithoutDjl.class.getName(),
            Fixtures.path("net.onnx").toString(),
            file.toString());
    program.environment().put("CLASSPATH", without);
    Process process = program.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed.lines()).contains("same", "without DJL");
  }

  @Test
  void batchNormWithoutStatisticsIsRefused() {
    assertThatThrownBy(() -> net("net.onnx").predict(images(), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("batch normalisation, whose statistics belong to other weights")
        .hasMessageContaining("PosteriorFiles.write");
  }

  @Test
  void batchNormThatTheExportFoldedIsRefused() {
    assertThatThrownBy(
            () -> net("folded.onnx").batchNormStatistics(statistics()).predict(images(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bn1.weight [4] is no initializer of the model")
        .hasMessageContaining("bn1.running_mean [4] is no initializer of the model")
        .hasMessageContaining("optimize=False");
  }

  @Test
  void weightsThatTheExportTransposedAreRefused() throws IOException {
    WeightPosterior ensemble =
        WeightPosterior.ensemble(Fixtures.members("steps.safetensors", false));
    OnnxModel model = OnnxModel.read(Fixtures.path("transposed.onnx"));
    assertThatThrownBy(
            () ->
                OnnxBayesianPredictor.of(model, ensemble)
                    .predict(OnnxInputs.rows("x", new float[1][20], STEPS, 1), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fc.weight [3, 5] is no initializer of the model")
        .hasMessageContaining("the model has val_0 [5, 3], for which none is");
  }

  @Test
  void weightsInAnotherFileAreRefused() {
    assertThatThrownBy(() -> OnnxModel.read(Fixtures.path("outside.onnx")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lie in another file")
        .hasMessageContaining("external_data=False");
  }

  @Test
  void whatIsNoOnnxFileIsRefused() {
    assertThatThrownBy(() -> OnnxModel.read(Fixtures.path("net.safetensors")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must");
    byte[] cut = {0x3a, 0x7f, 0};
    assertThatThrownBy(() -> OnnxModel.of(cut))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a field of 127 bytes where 1 are left");
  }

  @Test
  void logitsThatAreProbabilitiesAreRefused() throws Exception {
    OnnxModel model = OnnxModel.read(Fixtures.path("net.onnx"));
    OnnxBayesianPredictor own =
        oneThread(OnnxBayesianPredictor.of(model, WeightPosterior.point(model.weights())));
    assertThatThrownBy(() -> own.output(Output.PROBABILITIES).predict(images(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("if these are logits");
    assertThatThrownBy(() -> own.output(Output.BINARY_LOGIT).predict(images(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shape [4] or [4, 1], got [4, 3]");
    assertThat(own.predict(images(), null).rows()).isEqualTo(ROWS);
  }

  @Test
  void theModelsOwnWeightsAreRead() throws IOException {
    OnnxModel model = OnnxModel.read(Fixtures.path("net.onnx"));
    assertThat(model.hasBatchNorm()).isTrue();
    assertThat(model.layout().tensors())
        .extracting(WeightLayout.Tensor::name)
        .contains("conv1.weight", "bn1.running_var", "fc.bias");
    assertThat(model.layout().tensors())
        .filteredOn(t -> t.role() == WeightLayout.Role.RUNNING_VARIANCE)
        .extracting(WeightLayout.Tensor::name)
        .containsExactly("bn1.running_var");
    assertThat(model.weights().layout()).isEqualTo(model.layout());
  }

  @Test
  void rowsMustBeThoseOfTheFirstPass() throws IOException {
    OnnxInputs all = images();
    int[] pass = new int[1];
    OnnxInputs fewer =
        batches -> {
          if (pass[0]++ == 0) {
            all.forEach(batches);
          } else {
            OnnxInputs.rows("x", new float[2][50], IMAGE, 4).forEach(batches);
          }
        };
    assertThatThrownBy(() -> net("net.onnx").batchNormStatistics(statistics()).predict(fewer, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the same 6 rows of 3 classes, got 2 in that of sample 1");
  }
}
