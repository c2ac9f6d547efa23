package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptModelsTest {
  private static final JsonObject CNN = Golden.read("torchscript/cnn.json");
  private static final JsonObject RESNET = Golden.read("torchscript/resnet.json");

  @TempDir Path folder;

  private Path archive(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = Golden.class.getResourceAsStream("golden/torchscript/" + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static InputBatches batches(JsonObject golden, String field, Shape row, int... sizes) {
    float[] values = Golden.floats(golden.get(field));
    int width = (int) row.size();
    return (parent, consumer) -> {
      int from = 0;
      for (int i = 0; from < values.length / width; i++) {
        int rows = Math.min(sizes[Math.min(i, sizes.length - 1)], values.length / width - from);
        float[] part = java.util.Arrays.copyOfRange(values, from * width, (from + rows) * width);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(rows).addAll(row))));
        }
        from += rows;
      }
    };
  }

  private static InputBatches cnnBatches() {
    return batches(CNN, "inputs", new Shape(1, 8, 8), 16, 16, 7);
  }

  private static float[] outputs(Model model, InputBatches all) throws IOException {
    float[][] got = new float[1][];
    try (InferencePass pass = InferencePass.of(model.getBlock())) {
      all.forEach(pass.manager(), batch -> got[0] = pass.run(batch).toFloatArray());
    }
    return got[0];
  }

  private static float[] cnnOutputs(Model model) throws IOException {
    return outputs(model, batches(CNN, "inputs", new Shape(1, 8, 8), 39));
  }

  private static void requireClose(float[] got, JsonElement expected, double tolerance) {
    double[] values = Golden.doubles(expected);
    assertThat(got).hasSize(values.length);
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .isCloseTo(values[i], within(tolerance * Math.max(1, Math.abs(values[i]))));
    }
  }

  private static void requireStatistics(Model model, JsonObject expected, double tolerance) {
    Weights got = ModelWeights.statistics(model.getBlock()).capture();
    assertThat(got.layout().tensors()).hasSize(2 * expected.size());
    for (int t = 0; t < got.layout().tensors().size(); t++) {
      String name = got.layout().tensor(t).name();
      int dot = name.lastIndexOf('.');
      JsonObject layer = expected.getAsJsonObject(name.substring(0, dot));
      requireClose(
          got.toArray(t), layer.get(name.endsWith("mean") ? "mean" : "variance"), tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn-scripted.pt", "cnn-traced-training.pt"})
  void anArchivePredictsAsInPythonAndItsStatisticsAreReachable(String name) throws IOException {
    try (Model model = TorchScriptModels.load(archive(name))) {
      requireClose(cnnOutputs(model), CNN.get("outputs"), 2e-6);
      assertThat(cnnOutputs(model)).isEqualTo(cnnOutputs(model));
      assertThat(ModelWeights.of(model.getBlock()).layout().tensors())
          .extracting("name")
          .containsExactlyInAnyOrder(
              "conv.weight",
              "bn1.weight",
              "bn1.bias",
              "fc.weight",
              "fc.bias",
              "bn2.weight",
              "bn2.bias",
              "out.weight",
              "out.bias");
      assertThat(ModelWeights.statistics(model.getBlock()).layout().tensors())
          .extracting("name")
          .containsExactlyInAnyOrder(
              "bn1.running_mean", "bn1.running_var", "bn2.running_mean", "bn2.running_var");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn-scripted.pt", "cnn-traced-training.pt"})
  void statisticsArePooledOverAllActivationsWithDropoutOff(String name) throws IOException {
    try (Model model = TorchScriptModels.load(archive(name))) {
      BatchNormRefresh refresh = BatchNormRefresh.of(model.getBlock());
      assertThat(refresh.isNeeded()).isTrue();
      refresh.refresh(cnnBatches());
      requireStatistics(model, CNN.getAsJsonObject("pooled"), 1e-6);
      requireClose(cnnOutputs(model), CNN.get("outputs_pooled"), 2e-6);
    }
  }

  @Test
  void batchesOfEqualWeightGiveWhatUpdateBnGives() throws IOException {
    try (Model model = TorchScriptModels.load(archive("cnn-scripted.pt"))) {
      BatchNormRefresh.of(model.getBlock(), BatchNormRefresh.Weighting.PER_BATCH)
          .refresh(cnnBatches());
      requireStatistics(model, CNN.getAsJsonObject("update_bn"), 1e-6);
    }
  }

  /** Momentum null, without affine weights, without running statistics, over sequences. */
  @Test
  void lessUsualBatchNormIsRefreshedToo() throws IOException {
    JsonObject golden = Golden.read("torchscript/various.json");
    Shape row = new Shape(2, 2, 5);
    try (Model model = TorchScriptModels.load(archive("various.pt"))) {
      InputBatches all = batches(golden, "inputs", row, 39);
      requireClose(outputs(model, all), golden.get("outputs"), 2e-6);
      BatchNormRefresh.of(model.getBlock()).refresh(batches(golden, "inputs", row, 16, 16, 7));
      requireStatistics(model, golden.getAsJsonObject("pooled"), 2e-6);
      requireClose(outputs(model, all), golden.get("outputs_pooled"), 5e-6);
      BatchNormRefresh.of(model.getBlock(), BatchNormRefresh.Weighting.PER_BATCH)
          .refresh(batches(golden, "inputs", row, 16, 16, 7));
      requireStatistics(model, golden.getAsJsonObject("update_bn"), 2e-6);
    }
  }

  @Test
  void layersThatDoNotRunOnceAreRefusedAndStatisticsStay() throws IOException {
    requireNotRefreshed("repeated.pt", "layer /norm must run once", "ran several times");
    requireNotRefreshed("unused.pt", "layer /left must run as torch.batch_norm", "it did not");
  }

  /**
   * Its statistics are of single rows: pooling them over a batch would be another normalisation.
   */
  @Test
  void runningStatisticsOfAnInstanceNormAreRefusedAndStay() throws IOException {
    requireNotRefreshed("instance.pt", "must run as torch.batch_norm", "other normalisations");
  }

  /** DJL reads such a tensor as of an unknown type; to be asked for bfloat16 ends the process. */
  @Test
  void bfloat16IsRefusedBeforeTheEngineIsAskedForIt() throws IOException {
    try (Model model = TorchScriptModels.load(archive("bfloat16.pt"))) {
      assertThatThrownBy(() -> ModelWeights.of(model.getBlock()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("weight must be FLOAT32", "UNKNOWN", "float32");
    }
  }

  private void requireNotRefreshed(String name, String... parts) throws IOException {
    try (Model model = TorchScriptModels.load(archive(name))) {
      Weights before = ModelWeights.statistics(model.getBlock()).capture();
      InputBatches rows =
          (m, consumer) -> consumer.accept(new NDList(m.randomNormal(new Shape(9, 3))));
      assertThatThrownBy(() -> BatchNormRefresh.of(model.getBlock()).refresh(rows))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(parts);
      assertThat(ModelWeights.statistics(model.getBlock()).capture()).isEqualTo(before);
    }
  }

  @Test
  void aBatchOfOneRowIsLeftOutOfAModulesStatistics() throws IOException {
    try (Model model = TorchScriptModels.load(archive("cnn-scripted.pt"))) {
      BatchNormRefresh.of(model.getBlock())
          .refresh(batches(CNN, "inputs", new Shape(1, 8, 8), 19, 19, 1));
      Weights with = ModelWeights.statistics(model.getBlock()).capture();
      BatchNormRefresh.of(model.getBlock())
          .refresh(batches(CNN, "inputs", new Shape(1, 8, 8), 19).first(38));
      assertThat(ModelWeights.statistics(model.getBlock()).capture()).isEqualTo(with);
    }
  }

  @Test
  void theMeanOfCheckpointsIsAsAccurateAsAfterUpdateBnAndNotAsStale() throws IOException {
    InputBatches test = batches(RESNET, "test", new Shape(1, 8, 8), 120);
    try (Model model = TorchScriptModels.load(archive("resnet-1.pt"))) {
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
      for (int n = 1; n <= 3; n++) {
        try (Model checkpoint = TorchScriptModels.load(archive("resnet-" + n + ".pt"))) {
          average.collect(ModelWeights.of(checkpoint.getBlock()));
        }
      }
      ModelWeights.of(model.getBlock()).write(average.average());
      double stale = RESNET.get("accuracy_stale").getAsDouble();
      assertThat(accuracy(outputs(model, test))).isCloseTo(stale, within(1e-6));
      BatchNormRefresh.of(model.getBlock())
          .refresh(batches(RESNET, "train", new Shape(1, 8, 8), 64));
      requireStatistics(model, RESNET.getAsJsonObject("pooled"), 2e-6);
      requireClose(outputs(model, test), RESNET.get("outputs_pooled"), 1e-5);
      assertThat(accuracy(outputs(model, test)))
          .isGreaterThan(stale + 0.2)
          .isCloseTo(RESNET.get("accuracy_update_bn").getAsDouble(), within(1e-6));
    }
  }

  private static double accuracy(float[] logits) {
    JsonArray labels = RESNET.getAsJsonArray("labels");
    int right = 0;
    for (int r = 0; r < labels.size(); r++) {
      int best = 0;
      for (int k = 1; k < 4; k++) {
        best = logits[4 * r + k] > logits[4 * r + best] ? k : best;
      }
      right += best == labels.get(r).getAsInt() ? 1 : 0;
    }
    return (double) right / labels.size();
  }

  @Test
  void aModelThatDjlLoadedIsRefusedBecauseItsStatisticsCannotBeSeen() throws Exception {
    try (Model model = Model.newInstance("plain", Device.cpu(), "PyTorch")) {
      model.load(archive("cnn-scripted.pt"), null, Map.of("trainParam", "true"));
      assertThatThrownBy(() -> BatchNormRefresh.of(model.getBlock()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("TorchScriptModels.load", "withoutBatchNorm()");
    }
  }

  @Test
  void archivesThatCannotBeTrainedOrAveragedAreRefusedWithTheReason() throws IOException {
    requireRefused("cnn-traced-evaluation.pt", "traced in evaluation mode", "torch.jit.script");
    requireRefused("cnn-frozen.pt", "torch.jit.freeze", "before freezing");
    requireRefused("cnn-state-dict.pt", "a state dict of torch.save", "torch.jit.script");
    Path text = Files.writeString(folder.resolve("text.pt"), "weights");
    assertThatThrownBy(() -> TorchScriptModels.load(text))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("text.pt must be a TorchScript archive", "no ZIP archive");
  }

  private void requireRefused(String name, String... parts) throws IOException {
    Path file = archive(name);
    assertThatThrownBy(() -> TorchScriptModels.load(file)).hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn-scripted.pt", "cnn-traced-training.pt"})
  void theFirstTrainingPassTrainsAndTheModelEvaluatesAfterwards(String name) throws Exception {
    try (Model model = TorchScriptModels.load(archive(name));
        Trainer trainer = trainer(model)) {
      Weights statistics = ModelWeights.statistics(model.getBlock()).capture();
      Weights weights = ModelWeights.of(model.getBlock()).capture();
      for (Batch batch : trainer.iterateDataset(dataset(model.getNDManager()))) {
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
        batch.close();
        break;
      }
      assertThat(ModelWeights.statistics(model.getBlock()).capture()).isNotEqualTo(statistics);
      assertThat(ModelWeights.of(model.getBlock()).capture()).isNotEqualTo(weights);
      assertThat(cnnOutputs(model)).isEqualTo(cnnOutputs(model));
      BatchNormRefresh.of(model.getBlock()).refresh(cnnBatches());
      Weights once = ModelWeights.statistics(model.getBlock()).capture();
      BatchNormRefresh.of(model.getBlock()).refresh(cnnBatches());
      assertThat(ModelWeights.statistics(model.getBlock()).capture()).isEqualTo(once);
    }
  }

  private static Trainer trainer(Model model) {
    return model.newTrainer(
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build()));
  }

  private static ArrayDataset dataset(NDManager manager) {
    float[] labels = new float[39];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 3;
    }
    NDArray inputs = manager.create(Golden.floats(CNN.get("inputs")), new Shape(39, 1, 8, 8));
    return new ArrayDataset.Builder()
        .setData(inputs)
        .optLabels(manager.create(labels))
        .setSampling(13, false)
        .build();
  }

  /** Where {@code check_torchscript.py} looks for archives. */
  private static Path checkedInPython(String name) throws IOException {
    Path checked = Files.createDirectories(Path.of("target", "torchscript"));
    return checked.resolve(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn-scripted.pt", "cnn-traced-training.pt", "resnet-1.pt"})
  void aSavedArchiveHasItsBuffersAgainAndLoadsWithTheSameValues(String name) throws IOException {
    Path saved = checkedInPython(name);
    Weights weights;
    Weights statistics;
    try (Model model = TorchScriptModels.load(archive(name))) {
      ModelWeights.of(model.getBlock()).values(0).put(0, 0.25f);
      weights = ModelWeights.of(model.getBlock()).capture();
      BatchNormRefresh.of(model.getBlock()).refresh(cnnBatches());
      TorchScriptModels.save(model, saved);
      statistics = ModelWeights.statistics(model.getBlock()).capture();
      String outputs = java.util.Arrays.toString(cnnOutputs(model));
      Files.writeString(saved.resolveSibling(name + ".json"), outputs);
    }
    Map<String, String> code = code(saved);
    assertThat(code.values())
        .noneMatch(text -> text.contains("swag4j"))
        .anyMatch(text -> text.contains("__buffers__ = [\"running_mean\", \"running_var\", "))
        .noneMatch(text -> text.contains("\"bias\", \"running_mean\""));
    if (!name.contains("traced")) {
      assertThat(declarations(code)).isEqualTo(declarations(code(folder.resolve(name))));
    }
    try (Model again = TorchScriptModels.load(saved)) {
      assertThat(ModelWeights.of(again.getBlock()).capture()).isEqualTo(weights);
      assertThat(ModelWeights.statistics(again.getBlock()).capture()).isEqualTo(statistics);
    }
  }

  private static Map<String, String> code(Path file) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (entry.getName().endsWith(".py")) {
          String path = entry.getName().substring(entry.getName().indexOf('/') + 1);
          byte[] bytes = zip.getInputStream(entry).readAllBytes();
          texts.put(path, new String(bytes, StandardCharsets.UTF_8));
        }
      }
    }
    return texts;
  }

  /** Which tensors modules have, and how batch normalisation is called. */
  private static Map<String, String> declarations(Map<String, String> code) {
    Map<String, String> kept = new TreeMap<>();
    code.forEach(
        (path, text) -> {
          StringBuilder lines = new StringBuilder();
          text.lines()
              .filter(l -> l.contains("__parameters__") || l.contains("__buffers__"))
              .forEach(l -> lines.append(l).append('\n'));
          kept.put(path, lines.toString());
        });
    return kept;
  }

  @Test
  void tiedTensorsAreThereOnceAndThoseInAnotherMemoryOrderCanBeWritten() throws IOException {
    JsonObject golden = Golden.read("torchscript/awkward.json");
    InputBatches inputs = batches(golden, "inputs", new Shape(2, 5, 5), 6);
    try (Model model = TorchScriptModels.load(archive("awkward.pt"))) {
      requireClose(outputs(model, inputs), golden.get("outputs"), 2e-6);
      ModelWeights weights = ModelWeights.of(model.getBlock());
      Weights before = weights.capture();
      assertThat(before.layout().tensors())
          .extracting("name")
          .containsExactlyInAnyOrder("conv.weight", "conv.bias", "first.weight", "turned");
      float[][] zeros = new float[before.layout().tensors().size()][];
      java.util.Arrays.setAll(zeros, t -> new float[before.layout().tensor(t).size()]);
      weights.write(Weights.of(before.layout(), zeros));
      assertThat(outputs(model, inputs)).containsOnly(0f);
      assertThat(model.getBlock().getParameters().get("again").getArray().toFloatArray())
          .containsOnly(0f);
      weights.write(before);
      requireClose(outputs(model, inputs), golden.get("outputs"), 2e-6);
      assertThat(BatchNormRefresh.of(model.getBlock()).isNeeded()).isFalse();
      Path saved = folder.resolve("saved.pt");
      TorchScriptModels.save(model, saved);
      try (Model again = TorchScriptModels.load(saved)) {
        requireClose(outputs(again, inputs), golden.get("outputs"), 2e-6);
      }
    }
  }

  /** Fine-tuned with SWA, refreshed and saved; Python checks what is saved. */
  @Test
  void aModuleIsTrainedAveragedRefreshedAndSaved() throws Exception {
    Path saved = checkedInPython("trained-cnn-scripted.pt");
    try (Model model = TorchScriptModels.load(archive("cnn-scripted.pt"))) {
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
      Weights before = ModelWeights.of(model.getBlock()).capture();
      try (Trainer trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                  .optDevices(new Device[] {Device.cpu()})
                  .optOptimizer(
                      Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build())
                  .addTrainingListeners(SwaTrainingListener.of(average)))) {
        EasyTrain.fit(trainer, 3, dataset(model.getNDManager()), null);
      }
      assertThat(average.count()).isEqualTo(3);
      assertThat(average.average()).isNotEqualTo(before);
      ModelWeights.of(model.getBlock()).write(average.average());
      BatchNormRefresh.of(model.getBlock()).refresh(cnnBatches());
      float[] outputs = cnnOutputs(model);
      TorchScriptModels.save(model, saved);
      Files.writeString(
          saved.resolveSibling("trained-cnn-scripted.pt.json"), java.util.Arrays.toString(outputs));
      try (Model again = TorchScriptModels.load(saved)) {
        assertThat(ModelWeights.of(again.getBlock()).capture()).isEqualTo(average.average());
        assertThat(cnnOutputs(again)).isEqualTo(outputs);
      }
    }
  }

  @Test
  void onlyAModelFromHereIsSavedAsTorchScript() {
    try (Model model = Model.newInstance("dense", Device.cpu(), "PyTorch")) {
      model.setBlock(ai.djl.nn.core.Linear.builder().setUnits(2).build());
      assertThatThrownBy(() -> TorchScriptModels.save(model, folder.resolve("no.pt")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must come from TorchScriptModels.load");
      assertThat(folder.resolve("no.pt")).doesNotExist();
    }
  }
}
