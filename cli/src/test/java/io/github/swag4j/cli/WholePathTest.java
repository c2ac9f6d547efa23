package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, predicting and judging small networks, end to end. */
class WholePathTest {
  @TempDir private static Path folder;
  private static Path run;
  private static Cli trained;

  /** Of fewer and smaller images, where it does not matter which. */
  private static Path small;

  private static Cli train(String data, String ood, Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", data, "--ood", ood));
    args.addAll(List.of("--epochs", "4", "--swa-start", "1", "--samples", "3"));
    args.addAll(List.of("--batch-size", "50", "--threads", "1", "--out", out.toString()));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  private static Cli trainSmall(Path out, String... more) {
    return train(
        folder.resolve("shapes").toString(), folder.resolve("others").toString(), out, more);
  }

  @BeforeAll
  static void trainOnce() throws IOException {
    run = folder.resolve("run");
    trained = train("quickstart", "quickstart-ood", run, "--train-limit", "260");
    assertThat(trained.code()).as(trained.err()).isZero();
    Shapes.write(folder.resolve("shapes"), 260, 90);
    Shapes.write(folder.resolve("others"), 10, 40);
    small = folder.resolve("small");
    Cli cli = trainSmall(small);
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @Test
  void aRunLeavesEverythingBehind() throws IOException {
    for (String file :
        List.of(
            "run.json",
            "history.json",
            "split.json",
            "metrics.json",
            "posterior.safetensors",
            "report.html",
            "checkpoints/sgd.safetensors",
            "checkpoints/swa.safetensors",
            "checkpoints/batch-norm.safetensors",
            "predictions/swag-quickstart.npz",
            "predictions/swag-quickstart-ood.npz",
            "predictions/sgd-validation.npz",
            "figures/reliability-swag.svg",
            "figures/training-swa.svg")) {
      assertThat(run.resolve(file)).isNotEmptyFile();
    }
    assertThat(trained.out())
        .contains("SGD")
        .contains("SWAG")
        .contains("AUROC")
        .contains("Report:");
    assertThat(trained.err()).contains("train ").contains("loss").contains("rate");
    String page = Files.readString(run.resolve("report.html"));
    assertThat(page).contains("Reliability").contains("cnn-small").doesNotContain("<script");
    assertThat(page)
        .contains(
            "The model knows 10 classes (T-shirt/top, Trouser,", "<td class=\"number\">2,000<")
        .contains("guo: 15 equal-width bins, 2,000 rows</text>", "<footer>Made by swag4j ")
        .contains("<dt>page made</dt>");
  }

  @Test
  void storedPredictionsGiveTheNumbersOfTheRun() throws IOException {
    JsonObject metrics = RunDirectory.readJson(run.resolve("metrics.json"), JsonObject.class);
    JsonObject swag =
        metrics.getAsJsonObject("methods").getAsJsonObject("swag").getAsJsonObject("quickstart");
    Cli evaluated =
        Cli.run("evaluate", "--json", run.resolve("predictions/swag-quickstart.npz").toString());
    for (String name : List.of("accuracy", "nll", "brier", "ece")) {
      assertThat(evaluated.out()).contains("\"" + name + "\":" + swag.get(name).getAsString());
    }
    Predictions predictions = PredictionFiles.read(run.resolve("predictions/swag-quickstart.npz"));
    assertThat(predictions.rows()).isEqualTo(2000);
    assertThat(predictions.hasExpectedEntropy()).isTrue();
    assertThat(predictions.classNames()).startsWith("T-shirt/top", "Trouser");
    assertThat(evaluated.out()).contains("T-shirt/top").doesNotContain("not known");
    Predictions ood = PredictionFiles.read(run.resolve("predictions/swag-quickstart-ood.npz"));
    assertThat(ood.classNames()).isEqualTo(predictions.classNames());
    // Those of these images are indices, which name nothing.
    assertThat(PredictionFiles.read(small.resolve("predictions/sgd-shapes.npz")).hasClassNames())
        .isFalse();
  }

  @Test
  void oneFileHoldsTheBitsOfTheRunAndNothingElseIsWritten() throws IOException {
    Predictions stored = PredictionFiles.read(small.resolve("predictions/swag-shapes.npz"));
    Path file = folder.resolve("swag.parquet");
    Cli cli = Cli.run("predict", small.toString(), "--method", "swag", "--out", file.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("Calibration on shapes", "Written: " + file);
    Predictions read = PredictionFiles.read(file);
    assertThat(read.rows()).isEqualTo(stored.rows());
    for (int row = 0; row < read.rows(); row++) {
      assertThat(read.probabilities(row)).containsExactly(stored.probabilities(row));
      assertThat(read.expectedEntropy(row)).isEqualTo(stored.expectedEntropy(row));
      assertThat(read.label(row)).isEqualTo(stored.label(row));
    }
    String sameNumbers = "\"nll\":[^,]*,";
    String npz = small.resolve("predictions/swag-shapes.npz").toString();
    assertThat(first(sameNumbers, Cli.run("evaluate", file.toString(), "--json").out()))
        .isEqualTo(first(sameNumbers, Cli.run("evaluate", npz, "--json").out()));
    assertThat(Cli.run("predict", small.toString(), "--out", file.toString()).err())
        .contains(
            "--method name the one whose predictions the file is to hold, got sgd, swa, swag");
    String[] again = {"predict", small.toString(), "--method", "sgd", "--out", file.toString()};
    assertThat(Cli.run(again).err()).contains("exists: name another file, or say --overwrite");
  }

  private static String first(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return found.group();
  }

  /** Averaged after epochs 2, 3 and 4; plain SGD ends with a hundredth of its first rate. */
  @Test
  void coursesAndSchedulesAreDrawnOfTheRun() throws IOException {
    Path csv = folder.resolve("numbers.csv");
    String svg = folder.resolve("chart.svg").toString();
    String[] words = {"chart", "", small.toString(), "-o", svg, "--csv", csv.toString()};
    words[1] = "schedule";
    assertThat(Cli.run(words).err()).isEmpty();
    assertThat(Files.readAllLines(csv).stream().filter(line -> line.startsWith("collected")))
        .containsExactly("collected,2.0,0.01", "collected,3.0,0.01", "collected,4.0,0.01");
    assertThat(Path.of(svg)).content().contains(">cnn-small on shapes, swa</text>");
    List<String> more = new ArrayList<>(List.of(words));
    more.set(1, "training");
    more.addAll(List.of("--overwrite", "--course", "sgd"));
    assertThat(Cli.run(more.toArray(String[]::new)).err()).isEmpty();
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(5);
    assertThat(Double.parseDouble(lines.get(4).split(",", -1)[3])).isCloseTo(5e-4, within(1e-12));
    more.set(more.size() - 1, "fge");
    assertThat(Cli.run(more.toArray(String[]::new)).err())
        .contains("has trainings [swa, sgd], got --course fge");
  }

  @Test
  void predictingAgainInANewProcessGivesTheSameBits() throws IOException, InterruptedException {
    Path copy = copy("again");
    byte[] metrics = Files.readAllBytes(copy.resolve("metrics.json"));
    byte[] predictions = Files.readAllBytes(copy.resolve("predictions/swag-shapes.npz"));
    Files.delete(copy.resolve("predictions/swag-shapes.npz"));
    Files.delete(copy.resolve("predictions/sgd-others.npz"));
    Cli cli =
        Cli.runInNewProcess(folder, List.of("-XX:TieredStopAtLevel=1"), "predict", copy.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readAllBytes(copy.resolve("metrics.json"))).isEqualTo(metrics);
    assertThat(Files.readAllBytes(copy.resolve("predictions/swag-shapes.npz")))
        .isEqualTo(predictions);
  }

  /** A file of one method under the name of another would be judged as the other. */
  @Test
  void predictionsThatTheRunDidNotWriteAreRefusedUntilTheyArePredictedAgain() throws IOException {
    Path copy = copy("exchanged");
    Path swag = copy.resolve("predictions/swag-shapes.npz");
    byte[] own = Files.readAllBytes(swag);
    Files.write(swag, Files.readAllBytes(copy.resolve("predictions/sgd-shapes.npz")));
    for (Cli cli :
        List.of(
            trainSmall(copy, "--resume"), Cli.run("predict", copy.toString(), "--method", "sgd"))) {
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err())
          .contains("swag-shapes.npz: must be what the run has predicted with swag for shapes")
          .contains("predict again with --method swag");
    }
    Cli again = Cli.run("predict", copy.toString(), "--method", "swag");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(swag).hasBinaryContent(own);
    Cli resumed = trainSmall(copy, "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
  }

  @Test
  void samplesAreTheSameBitsWithMoreThreads() throws IOException {
    Path out = folder.resolve("threads");
    Cli cli =
        Cli.run("predict", copy("threaded").toString(), "--threads", "2", "--out", out.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(out.resolve("predictions/swag-shapes.npz"))
        .hasSameBinaryContentAs(small.resolve("predictions/swag-shapes.npz"));
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherDoesNot() throws IOException {
    Path second = folder.resolve("second");
    assertThat(trainSmall(second).code()).isZero();
    assertThat(second.resolve("metrics.json"))
        .hasSameBinaryContentAs(small.resolve("metrics.json"));
    assertThat(second.resolve("posterior.safetensors"))
        .hasSameBinaryContentAs(small.resolve("posterior.safetensors"));
    Path other = folder.resolve("other");
    assertThat(trainSmall(other, "--seed", "2").code()).isZero();
    assertThat(Files.readAllBytes(other.resolve("metrics.json")))
        .isNotEqualTo(Files.readAllBytes(small.resolve("metrics.json")));
  }

  @Test
  void furtherMethodsAndSamplesRefreshFromTheTrainingData() throws IOException {
    Path copy = copy("further");
    Cli cli =
        Cli.run("predict", copy.toString(), "--method", "swag-diag", "--samples", "2", "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("\"swag-diag\"");
    JsonObject methods =
        RunDirectory.readJson(copy.resolve("metrics.json"), JsonObject.class)
            .getAsJsonObject("methods");
    assertThat(methods.keySet()).containsExactly("sgd", "swa", "swag", "swag-diag");
  }

  @Test
  void anExistingRunIsNotOverwrittenUnlessAsked() throws IOException {
    Path copy = copy("kept");
    byte[] before = Files.readAllBytes(copy.resolve("metrics.json"));
    Cli refused = trainSmall(copy, "--seed", "3");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("--overwrite");
    assertThat(Files.readAllBytes(copy.resolve("metrics.json"))).isEqualTo(before);
    assertThat(trainSmall(copy, "--seed", "3", "--overwrite", "--model", "mlp").code()).isZero();
    assertThat(Files.readAllBytes(copy.resolve("metrics.json"))).isNotEqualTo(before);
  }

  @Test
  void aDamagedPosteriorIsNamedAndNothingIsWritten() throws IOException {
    Path copy = copy("damaged");
    Path posterior = copy.resolve("posterior.safetensors");
    byte[] bytes = Files.readAllBytes(posterior);
    Files.write(posterior, java.util.Arrays.copyOf(bytes, bytes.length - 100));
    Cli cli = Cli.run("predict", copy.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("posterior.safetensors").contains("truncated");
    assertThat(copy.resolve("metrics.json")).hasSameBinaryContentAs(small.resolve("metrics.json"));
  }

  @Test
  void unknownDataSaysWhatThereIs() {
    Cli cli =
        Cli.run("train", "--data", "no-such-data", "--out", folder.resolve("none").toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("fashion-mnist").contains("no-such-data");
    assertThat(folder.resolve("none/run.json")).doesNotExist();
  }

  private static Path copy(String name) throws IOException {
    return RunCopy.of(small, folder.resolve(name));
  }
}
