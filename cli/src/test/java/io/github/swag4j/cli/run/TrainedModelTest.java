package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.Cli;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --from-trained} on a network scripted in Python, of 1 x 8 x 8 images. */
class TrainedModelTest {
  private static final Path ARCHIVES =
      Path.of("")
          .toAbsolutePath()
          .resolveSibling("swa-core/src/test/resources/io/github/swag4j/swa/golden/torchscript");

  @TempDir private static Path folder;
  private static Path images;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    images = Shapes.write(folder.resolve("shapes"), 90, 30);
    run = folder.resolve("run");
    Cli cli = train(archive("cnn-scripted.pt"), run);
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static Path archive(String name) {
    return ARCHIVES.resolve(name);
  }

  private static Cli train(Path archive, Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--from-trained", "--model"));
    words.addAll(List.of(archive.toString(), "--data", images.toString(), "--out", out.toString()));
    words.addAll(List.of("--epochs", "4", "--samples", "2", "--rank", "2", "--batch-size", "16"));
    words.addAll(List.of("--swa-learning-rate", "0.02", "--threads", "1"));
    words.addAll(more.length > 0 ? List.of(more) : List.of("--scaling", "0.1,0.3"));
    return Cli.run(words.toArray(String[]::new));
  }

  @Test
  void theModelAsItWasIsTheBaselineAndEveryEpochIsAveraged() throws IOException {
    try (Model before = TorchScriptModels.load(archive("cnn-scripted.pt"))) {
      ModelWeights weights = ModelWeights.of(before.getBlock());
      Weights sgd = WeightFiles.read(run.resolve("checkpoints/sgd.safetensors"), weights.layout());
      assertThat(sgd).isEqualTo(weights.capture());
      assertThat(probabilities("sgd")).isEqualTo(classOfFirstImage(before), within(1e-5));
    }
    JsonObject config =
        RunDirectory.readJson(run.resolve("run.json"), JsonObject.class).getAsJsonObject("config");
    assertThat(config.get("fromTrained").getAsBoolean()).isTrue();
    assertThat(config.get("model").getAsString()).isEqualTo(archive("cnn-scripted.pt").toString());
    Courses courses = RunDirectory.readJson(run.resolve("history.json"), Courses.class);
    assertThat(courses.sgd()).isEmpty();
    assertThat(courses.swa()).hasSize(4).allMatch(e -> e.learningRate() == 0.02);
    assertThat(courses.swa().get(3).trainingLoss()).isLessThan(courses.swa().get(0).trainingLoss());
    assertThat(Files.readString(run.resolve("report.html"))).contains("cnn-scripted.pt on shapes");
  }

  @Test
  void theAveragedModelIsAnArchiveThatPredictsAsTheRunDid() throws IOException {
    try (Model averaged = TorchScriptModels.load(run.resolve("model.pt"))) {
      ModelWeights weights = ModelWeights.of(averaged.getBlock());
      Weights swa = WeightFiles.read(run.resolve("checkpoints/swa.safetensors"), weights.layout());
      assertThat(swa).isEqualTo(weights.capture());
      assertThat(probabilities("swa")).isEqualTo(classOfFirstImage(averaged), within(1e-5));
    }
  }

  /** The probability of class 0 that the run's predictions give to the first test image. */
  private static double probabilities(String method) throws IOException {
    return PredictionFiles.read(run.resolve("predictions/" + method + "-shapes.npz"))
        .probability(0, 0);
  }

  private static double classOfFirstImage(Model model) {
    float[] pixels = new float[64];
    for (int k = 0; k < pixels.length; k++) {
      // The first image of Shapes: pixel k is k, the one that marks class 0 is white.
      pixels[k] = ((k == 0 ? 255 : k) / 255f - 0.1f) / 0.3f;
    }
    try (NDManager manager = model.getNDManager().newSubManager()) {
      return model
          .getBlock()
          .forward(
              new ParameterStore(manager, false),
              new NDList(manager.create(pixels, new Shape(1, 1, 8, 8))),
              false)
          .singletonOrThrow()
          .softmax(1)
          .toFloatArray()[0];
    }
  }

  @Test
  void predictingAgainNeedsTheRunAlone() throws IOException {
    Path copied = Files.copy(archive("cnn-scripted.pt"), folder.resolve("moved.pt"));
    Path out = folder.resolve("again");
    assertThat(train(copied, out).code()).isZero();
    Files.delete(copied);
    byte[] metrics = Files.readAllBytes(out.resolve("metrics.json"));
    Files.delete(out.resolve("predictions/swag-shapes.npz"));
    Cli cli = Cli.run("predict", out.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readAllBytes(out.resolve("metrics.json"))).isEqualTo(metrics);
    assertThat(out.resolve("predictions/swag-shapes.npz"))
        .hasSameBinaryContentAs(run.resolve("predictions/swag-shapes.npz"));
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
    Path none = folder.resolve("none");
    requireRefused(train(archive("resnet-1.pt"), none), 1, "for 2 images and the 3 classes");
    requireRefused(train(archive("various.pt"), none), 1, "must take images of shape (2, 1, 8, 8)");
    requireRefused(train(archive("cnn-frozen.pt"), none), 1, "must have parameters");
    requireRefused(train(archive("cnn-state-dict.pt"), none), 1, "cnn-state-dict.pt");
    requireRefused(
        train(archive("cnn-scripted.pt"), none, "--momentum", "0.8"),
        2,
        "--from-trained needs --scaling MEAN,STD");
    requireRefused(
        train(archive("cnn-scripted.pt"), none, "--scaling", "0,1", "--swa-start", "2"),
        2,
        "--from-trained excludes --swa-start");
    requireRefused(
        train(archive("cnn-scripted.pt"), none, "--scaling", "0,0"), 2, "deviation above 0");
    requireRefused(
        train(folder.resolve("nowhere.pt"), none), 2, "needs a TorchScript archive as --model");
    assertThat(none).doesNotExist();
  }

  private static Path own(String name) {
    return Path.of("")
        .toAbsolutePath()
        .resolve("src/test/resources/io/github/swag4j/cli/run")
        .resolve(name);
  }

  /** Each was trained for as long as it took until something deep inside noticed, or for ever. */
  @Test
  void archivesThatCannotBeAveragedAreRefusedBeforeTraining() {
    Path none = folder.resolve("never");
    requireRefused(train(own("fixed-batch-2.pt"), none), 1, "it takes 2 images and not 3");
    requireRefused(
        train(own("fixed-batch-2.pt"), none), 1, "export it with torch.jit.script(model)");
    requireRefused(train(own("fixed-batch-16.pt"), none), 1, "traced with another number of rows");
    requireRefused(train(own("frozen-layer.pt"), none), 1, "conv.weight was frozen");
    requireRefused(train(own("frozen-layer.pt"), none), 1, "requires_grad_(True)");
    requireRefused(train(own("instance-norm.pt"), none), 1, "track_running_stats=False");
    assertThat(none).doesNotExist();
  }

  /** What is trained by softmax of probabilities, or not at all, predicts all the same. */
  @Test
  void archivesThatGiveNoLogitsToTrainAreRefusedBeforeTraining() {
    Path none = folder.resolve("no-logits");
    requireRefused(
        train(own("ending-softmax.pt"), none), 1, "export the model without its softmax");
    requireRefused(
        train(own("ending-sigmoid.pt"), none), 1, "export the model without its sigmoids");
    requireRefused(train(own("ending-detached.pt"), none), 1, "must have gradients");
    requireRefused(train(own("ending-detached.pt"), none), 1, "torch.no_grad, detach");
    assertThat(none).doesNotExist();
  }

  @Test
  void archivesOfOtherNumbersOrOutputsAreToldByWhatTheyAre() {
    Path none = folder.resolve("other-numbers");
    requireRefused(
        train(own("double.pt"), none), 1, "weights must be float32, out.weight is float64");
    requireRefused(train(own("double.pt"), none), 1, "model.float()");
    requireRefused(train(own("ending-half-output.pt"), none), 1, "outputs must be float32, got");
    requireRefused(train(own("ending-two-outputs.pt"), none), 1, "one tensor of logits, got 2");
    requireRefused(train(own("nan.pt"), none), 1, "weights must be finite, out.bias has NaN");
    assertThat(none).doesNotExist();
  }

  @Test
  void ofATrainedModelTheMethodsThatMakeSenseCanBeHad() throws IOException {
    Path out = folder.resolve("methods");
    requireRefused(
        method(archive("cnn-scripted.pt"), out, "sgd,ensemble"),
        2,
        "--method ensemble takes trainings from different initial weights");
    requireRefused(
        method(archive("cnn-scripted.pt"), out, "kfac-laplace"),
        2,
        "--method kfac-laplace takes what goes into each layer");
    requireRefused(
        method(own("fixed-batch-2.pt"), out, "dropout"), 1, "it takes 2 images and not 3");
    assertThat(out).doesNotExist();
    Cli cli = method(archive("cnn-scripted.pt"), out, "sgd,fge,dropout,laplace");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("Epochs: 4 = 4 more for fge.");
    assertThat(out.resolve("snapshots/epoch-000001.safetensors")).exists();
    byte[] metrics = Files.readAllBytes(out.resolve("metrics.json"));
    Cli again = Cli.run("predict", out.toString());
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(Files.readAllBytes(out.resolve("metrics.json"))).isEqualTo(metrics);
  }

  @Test
  void monteCarloDropoutOfAModelWithoutBatchNormNeedsNothing() {
    Path out = folder.resolve("no-dropout");
    Cli cli = method(own("dropping.pt"), out, "sgd,dropout");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static Cli method(Path archive, Path out, String methods) {
    return train(archive, out, "--scaling", "0.1,0.3", "--method", methods);
  }

  private static void requireRefused(Cli cli, int code, String message) {
    assertThat(cli.err()).contains(message);
    assertThat(cli.code()).isEqualTo(code);
  }
}
