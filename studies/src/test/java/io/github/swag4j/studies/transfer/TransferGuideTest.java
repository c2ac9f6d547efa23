package io.github.swag4j.studies.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightMapping;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/transfer.md shows is the code of this test, and it runs. */
class TransferGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "transfer.md");
  private static final Path TEST =
      Path.of("src/test/java/io/github/swag4j/studies/transfer/TransferGuideTest.java");

  @TempDir private Path folder;
  private ArrayDataset rows;

  @Test
  void aTrainedNetworkIsFineTunedAndUncertainInItsLastLayer() throws Exception {
    TorchEngine.start(1, new PrintWriter(Writer.nullWriter())).setRandomSeed(1);
    Path trained = folder.resolve("trained.safetensors");
    try (Model source = network(4);
        Model model = network(3);
        NDManager manager = NDManager.newBaseManager()) {
      Weights before = ModelWeights.of(source.getBlock(), Selection.all()).capture();
      WeightFiles.write(trained, "weights", before, Map.of());
      rows = data(manager, true);
      ArrayDataset test = data(manager, false);
      int stepsOfAnEpoch = 4;
      int halfOfTheSteps = 4;

      // Take over a trained network, all but its last layer.
      ModelWeights body =
          ModelWeights.of(model.getBlock(), Selection.all().withoutNames(".*Linear.*"));
      try (TensorFile file = WeightFiles.open(trained)) {
        WeightMapping byName = WeightMapping.byName(body.layout(), file, UnaryOperator.identity());
        body.write(byName.leavingOut(name -> name.contains("Linear")).read());
      }
      Weights begun = body.capture();
      // Fine-tune at a constant rate, and collect weights four times an epoch.
      AveragingPlan plan =
          AveragingPlan.steps().from(halfOfTheSteps).every(Math.max(1, stepsOfAnEpoch / 4));
      SwagCollector moments = new SwagCollector(plan, SwagPosterior.Options.defaults());
      fineTune(model, SwaTrainingListener.of(moments));
      // Only the last layer is uncertain: all other tensors are the average's in every sample.
      SwagPosterior posterior =
          moments.posterior().withStochastic(Selection.all().onlyNames(".*Linear.*"));
      Predictions predictions =
          BayesianPredictor.of(model, posterior).samples(20).refreshBatchNorm(rows).predict(test);

      assertThat(begun)
          .isEqualTo(Weights.copyOf(Selection.all().withoutNames(".*Linear.*").of(before)));
      assertThat(moments.count()).isEqualTo(4);
      assertThat(predictions.rows()).isEqualTo(24);
      assertThat(predictions.classes()).isEqualTo(3);
      Weights sample = posterior.sample(1, 0);
      assertThat(sample).isNotEqualTo(posterior.mean());
      Selection others = Selection.all().withoutNames(".*Linear.*");
      assertThat(Weights.copyOf(others.of(sample)))
          .isEqualTo(Weights.copyOf(others.of(posterior.mean())));
    }
  }

  private static Model network(int classes) {
    Model model = Model.newInstance("cnn-small", "PyTorch");
    model.setBlock(Network.CNN_SMALL.block(classes, 0));
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, 8, 8));
    return model;
  }

  private static ArrayDataset data(NDManager manager, boolean shuffled) throws IOException {
    NDArray images = manager.randomNormal(new Shape(24, 1, 8, 8));
    NDArray labels = manager.arange(24f).mod(3);
    return new ArrayDataset.Builder()
        .setData(images)
        .optLabels(labels)
        .setSampling(6, shuffled)
        .build();
  }

  private void fineTune(Model model, SwaTrainingListener listener)
      throws IOException, TranslateException {
    try (Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build())
                .optDevices(new Device[] {Device.cpu()})
                .addTrainingListeners(listener))) {
      trainer.initialize(new Shape(1, 1, 8, 8));
      EasyTrain.fit(trainer, 2, rows, null);
    }
  }

  /** Lines are broken otherwise here than on a page. */
  private static String words(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void theGuidesCodeIsThisTests() throws IOException {
    String code = words(Files.readString(TEST)).replace("Weightsbegun=body.capture();", "");
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
    List<String> found = blocks.results().map(block -> block.group(1)).toList();
    assertThat(found).hasSize(1);
    assertThat(code).contains(words(found.get(0)));
  }
}
