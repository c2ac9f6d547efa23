package io.github.swag4j.adapters.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.adapters.djl.ClassificationPredictions;
import io.github.swag4j.adapters.djl.PosteriorTranslatorFactory;
import io.github.swag4j.adapters.micrometer.MonitorMeters;
import io.github.swag4j.adapters.onnx.Fixtures;
import io.github.swag4j.adapters.onnx.OnnxBayesianPredictor;
import io.github.swag4j.adapters.onnx.OnnxInputs;
import io.github.swag4j.adapters.onnx.OnnxPredictions;
import io.github.swag4j.adapters.tribuo.TribuoModels;
import io.github.swag4j.adapters.tribuo.TribuoPredictions;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.monitoring.DriftAlarm;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import io.github.swag4j.calibration.monitoring.MiscalibrationDetector;
import io.github.swag4j.calibration.monitoring.MiscalibrationOptions;
import io.github.swag4j.calibration.monitoring.MiscalibrationPane;
import io.github.swag4j.calibration.monitoring.MiscalibrationReport;
import io.github.swag4j.calibration.monitoring.MonitorOptions;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.RowPrediction;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tribuo.Dataset;
import org.tribuo.classification.Label;

/** What docs/guide/ecosystem.md shows is the code of this test, and it runs. */
class EcosystemGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "ecosystem.md");
  private static final Path THIS =
      Path.of("src/test/java/io/github/swag4j/adapters/docs/EcosystemGuideTest.java");
  private static final int ROWS = 6;

  private static Predictions fewRows() {
    double[][] probabilities = {{0.9, 0.1}, {0.4, 0.6}, {0.7, 0.3}, {0.2, 0.8}};
    int[] labels = {0, 1, 1, 1};
    Predictions predictions = Predictions.of(probabilities, labels); // double[rows][classes]
    System.out.println(CalibrationError.of(predictions));
    return predictions;
  }

  @Test
  void arraysAndCharts() {
    Predictions predictions = fewRows();
    assertThat(ReliabilityChart.of("Test", ReliabilityDiagram.of(predictions)))
        .asString()
        .startsWith("Test: ");
  }

  @Test
  void tribuo() {
    org.tribuo.Model<Label> model = TribuoModels.logistic();
    Dataset<Label> test = TribuoModels.test();
    Predictions ofTribuo = TribuoPredictions.of(model.predict(test));
    System.out.println(CalibrationError.of(ofTribuo));
    assertThat(ofTribuo.classNames()).containsExactly("cat", "dog", "owl");
  }

  @Test
  void onnxOutputs() throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] trueLabels = {7, 3};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session =
              environment.createSession(Fixtures.path("zipmap.onnx").toString(), options);
          OnnxTensor x = OnnxTensor.createTensor(environment, new float[][] {{2, 0}, {0, 3}})) {
        Map<String, OnnxTensor> inputs = Map.of("x", x);
        List<String> classes = List.of("3", "5", "7");
        Predictions ofOnnx;
        try (OrtSession.Result result = session.run(inputs)) {
          ofOnnx =
              OnnxPredictions.probabilities(result.get("probabilities").get(), classes)
                  .labels(OnnxPredictions.labels(trueLabels, classes)) // long[]
                  .build();
        }
        assertThat(ofOnnx.isCorrect(0)).isTrue();
      }
    }
  }

  private static InputBatches batch(float[][] rows) {
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        float[] flat = new float[rows.length * 50];
        for (int r = 0; r < rows.length; r++) {
          System.arraycopy(rows[r], 0, flat, r * 50, 50);
        }
        consumer.accept(new NDList(own.create(flat, new Shape(rows.length, 2, 5, 5))));
      }
    };
  }

  /** Averages of DJL's predictor, by DJL, ONNX Runtime and a folder for DJL Serving. */
  @Test
  void averages(@TempDir Path folder) throws Exception {
    float[][] rows = Fixtures.rows("net.safetensors", ROWS);
    int[] labels = {0, 1, 2, 0, 1, 2};
    InputBatches train = batch(rows);
    Path file = folder.resolve("posterior.safetensors");
    Predictions expected;
    try (Model model = TorchScriptModels.load(Fixtures.path("net.pt"))) {
      SwagPosterior posterior = posterior(model.getBlock());
      BayesianPredictor predictor =
          BayesianPredictor.of(model, posterior).samples(30).refreshBatchNorm(train);
      BayesianPredictor.Result result = predictor.predictAll(List.of(new Labelled(train, null)));
      PosteriorFiles.write(
          file, posterior, Provenance.unknown(), new SampleStatistics(0, 0, result.statistics()));
      expected = result.predictions().get(0);
    }
    Path modelFile = Fixtures.path("net.onnx");
    Path posteriorFile = file;
    Predictions averaged =
        OnnxBayesianPredictor.open(modelFile, posteriorFile) // model.onnx, posterior.safetensors
            .session(options -> options.setIntraOpNumThreads(1))
            .predict(OnnxInputs.rows("x", rows, new long[] {2, 5, 5}, 64), labels);
    for (int r = 0; r < ROWS; r++) {
      assertThat(averaged.expectedEntropy(r)).isCloseTo(expected.expectedEntropy(r), within(1e-5));
      for (int k = 0; k < 3; k++) {
        assertThat(averaged.probability(r, k)).isCloseTo(expected.probability(r, k), within(1e-5));
      }
    }
    served(folder, rows[1], expected);
  }

  private static void served(Path folder, float[] row, Predictions expected) throws Exception {
    Files.copy(Fixtures.path("net.pt"), folder.resolve("net.pt"));
    Files.writeString(folder.resolve("serving.properties"), block("properties"));
    Criteria<float[], RowPrediction> criteria =
        Criteria.builder()
            .setTypes(float[].class, RowPrediction.class)
            .optModelPath(folder)
            .optModelName("net")
            .optTranslatorFactory(new PosteriorTranslatorFactory())
            .build();
    RowPrediction answer;
    try (ZooModel<float[], RowPrediction> served = criteria.loadModel();
        Predictor<float[], RowPrediction> predictor = served.newPredictor()) {
      answer = predictor.predict(row);
    }
    System.out.println(answer); // class dog, confidence 0.71
    assertThat(answer.confidence()).isCloseTo(expected.confidence(1), within(1e-5));
    assertThat(answer.className()).isIn("cat", "dog", "owl");
  }

  private static SwagPosterior posterior(Block block) throws IOException {
    WeightLayout layout = ModelWeights.of(block).layout();
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    for (int m = 0; m < Fixtures.MEMBERS; m++) {
      collector.collect(Fixtures.member("net.safetensors", m, layout));
    }
    return collector.posterior();
  }

  /** Gives classes in the order of their probability, as many translators do. */
  private static final class Sorted implements Translator<float[], Classifications> {
    @Override
    public NDList processInput(TranslatorContext context, float[] row) {
      return new NDList(context.getNDManager().create(row));
    }

    @Override
    public Classifications processOutput(TranslatorContext context, NDList outputs) {
      float[] p = outputs.head().toFloatArray();
      return p[0] > 0.5
          ? new Classifications(
              List.of("owl", "cat", "dog"), List.of((double) p[0], (double) p[1], (double) p[2]))
          : new Classifications(
              List.of("dog", "owl", "cat"), List.of((double) p[2], (double) p[0], (double) p[1]));
    }

    @Override
    public Batchifier getBatchifier() {
      return Batchifier.STACK;
    }
  }

  @Test
  void classifications() throws Exception {
    Engine.getInstance();
    List<float[]> images = List.of(new float[] {0.75f, 0.25f, 0}, new float[] {0.25f, 0, 0.75f});
    int[] labels = {2, 1};
    try (Model model = Model.newInstance("identity")) {
      Block block = Blocks.identityBlock();
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
      model.setBlock(block);
      try (Predictor<float[], Classifications> predictor = model.newPredictor(new Sorted())) {
        Predictions ofDjl =
            ClassificationPredictions.of(
                    predictor.batchPredict(images), List.of("cat", "dog", "owl"))
                .labels(labels)
                .build();
        assertThat(ofDjl.probabilities(0)).containsExactly(0.25, 0, 0.75);
        assertThat(ofDjl.probabilities(1)).containsExactly(0, 0.75, 0.25);
        assertThat(ofDjl.isCorrect(0) && ofDjl.isCorrect(1)).isTrue();
      }
    }
  }

  @Test
  void meters() {
    MeterRegistry registry = new SimpleMeterRegistry();
    MonitorOptions monitorOptions = new MonitorOptions(20, 0, new DriftAlarm(0.01, true, 1));
    Predictions test = TribuoPredictions.of(TribuoModels.logistic().predict(TribuoModels.test()));
    Predictions served = test;
    Predictions labelled = test;
    int[] servedLabels = new int[test.rows()];
    for (int r = 0; r < servedLabels.length; r++) {
      servedLabels[r] = test.label(r);
    }
    MonitorMeters meters = new MonitorMeters("pets").bind(registry);
    DriftMonitor monitor = new DriftMonitor(MonitoringReference.of(test), monitorOptions);
    MiscalibrationOptions options = MiscalibrationOptions.spacing(1000).withTolerance(0.02);
    MiscalibrationDetector detector = new MiscalibrationDetector(options);

    // whenever rows were served; with their labels, or with DriftMonitor.UNKNOWN
    meters.update(monitor.add(served, servedLabels), monitor.counts());
    // once a minute, or every thousand labelled rows
    MiscalibrationPane pane = new MiscalibrationPane(options);
    pane.add(labelled);
    MiscalibrationReport report = detector.add(pane);
    meters.update(report);
    assertThat(report.rows()).isEqualTo(test.rows());
    assertThat(registry.get("swag4j.monitor.rows").functionCounter().count())
        .isEqualTo(test.rows());
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDE));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void snippetsOfTheGuideAreThisTest() throws IOException {
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
    String code = squeezed(Files.readString(THIS));
    int found = 0;
    while (blocks.find()) {
      String snippet = squeezed(blocks.group(1));
      assertThat(code.contains(snippet)).as(snippet).isTrue();
      found++;
    }
    assertThat(found).isEqualTo(9);
  }

  private static String squeezed(String code) {
    return code.replaceAll("//.*", "").replaceAll("\\s+", "");
  }
}
