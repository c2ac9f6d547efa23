package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.swag4j.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must never happen to a run, on small directories of IDX files. */
class RunSafetyTest {
  @TempDir private static Path folder;
  private static Path images;
  private static Path other;

  @BeforeAll
  static void writeImages() throws IOException {
    images = write("shapes", 60, 30, 0);
    other = write("noise", 10, 20, 1);
  }

  private static Path write(String name, int train, int test, int shift) throws IOException {
    Path directory = folder.resolve(name);
    Shapes.split(directory, "train", train, shift);
    Shapes.split(directory, "t10k", test, shift);
    return directory;
  }

  private static Cli train(Path out, String... more) {
    return train(out, 16, more);
  }

  private static Cli train(Path out, int batchSize, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                images.toString(),
                "--epochs",
                "3",
                "--samples",
                "2",
                "--batch-size",
                Integer.toString(batchSize),
                "--threads",
                "1",
                "--model",
                "mlp",
                "--out",
                out.toString()));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  private static Path trained(String name, String... more) {
    Path out = folder.resolve(name);
    Cli cli = train(out, more);
    assertThat(cli.code()).as(cli.err()).isZero();
    return out;
  }

  private static JsonObject metrics(Path run) throws IOException {
    return RunDirectory.readJson(run.resolve("metrics.json"), JsonObject.class);
  }

  @Test
  void trainingWithoutValidationRowsWorks() throws IOException {
    Path run = trained("no-validation", "--validation", "0");
    assertThat(metrics(run).getAsJsonObject("methods").getAsJsonObject("swag").keySet())
        .containsExactly("shapes");
    assertThat(Files.readString(run.resolve("history.json"))).contains("null");
    assertThat(Cli.run("predict", run.toString()).code()).isZero();
  }

  @Test
  void overwritingLeavesNothingOfTheOldRun() throws IOException {
    Path fresh = trained("fresh");
    Path reused = trained("reused", "--ood", other.toString(), "--seed", "5");
    assertThat(Cli.run("predict", reused.toString(), "--method", "swag-diag").code()).isZero();
    assertThat(Cli.run("predict", reused.toString(), "--data", other.toString()).code()).isZero();
    Files.writeString(reused.resolve("notes.txt"), "mine");
    Files.writeString(reused.resolve("predictions/torch.npz"), "mine too");
    assertThat(train(reused, "--overwrite").code()).isZero();
    assertThat(reused.resolve("metrics.json"))
        .hasSameBinaryContentAs(fresh.resolve("metrics.json"));
    try (var files = Files.list(reused.resolve("predictions"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .noneMatch(name -> name.contains("diag") || name.contains("noise"));
    }
    assertThat(reused.resolve("notes.txt")).hasContent("mine");
    assertThat(reused.resolve("predictions/torch.npz")).hasContent("mine too");
    assertThat(reused.resolve("on-noise/metrics.json")).doesNotExist();
  }

  @Test
  void directoriesWithAMeaningInARunAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path reserved = write("validation", 60, 30, 0);
    Path out = folder.resolve("reserved-run");
    Cli cli = Cli.run("train", "--data", reserved.toString(), "--out", out.toString());
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("must not be called").contains("rename its directory");
    assertThat(out).doesNotExist();
    Cli ood = train(out, "--ood", reserved.toString());
    assertThat(ood.code()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaidToBeSo() throws IOException {
    Path file = Files.writeString(folder.resolve("a-file"), "mine");
    for (List<String> more : List.of(List.<String>of(), List.of("--seeds", "1,2"))) {
      Cli cli = train(file.resolve("run"), more.toArray(String[]::new));
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err())
          .contains(file.resolve("run") + ": directory cannot be made", "name another --out");
    }
    assertThat(file).hasContent("mine");
  }

  @Test
  void wrongUsageIsExitCodeTwoAndLeavesNoDirectory() {
    Path out = folder.resolve("never");
    for (List<String> wrong :
        List.of(
            List.of("--threads", "0"),
            List.of("--epochs", "2"),
            List.of("--validation", "5000"),
            List.of("--ood-dir", folder.toString()),
            List.of("--ood", other.toString(), "--ood", other.toString()),
            List.of("--ood", images.toString()),
            List.of("--model", "huge"),
            List.of("--learning-rate", "NaN"))) {
      Cli cli = train(out, wrong.toArray(String[]::new));
      assertThat(cli.code()).as("%s: %s", wrong, cli.err()).isEqualTo(2);
      assertThat(cli.err().lines()).as("%s", wrong).hasSize(1);
      assertThat(out).as("%s", wrong).doesNotExist();
    }
  }

  @Test
  void divergedTrainingSaysSoAndLeavesTheOldRunAlone() throws IOException {
    Path run = trained("kept");
    byte[] before = Files.readAllBytes(run.resolve("metrics.json"));
    Cli cli = train(run, "--overwrite", "--learning-rate", "1e30");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("lower");
    assertThat(Files.readAllBytes(run.resolve("metrics.json"))).isEqualTo(before);
    assertThat(run.resolve("run.json")).exists();
    Path none = folder.resolve("diverged");
    assertThat(train(none, "--learning-rate", "1e30").code()).isEqualTo(1);
    assertThat(none).doesNotExist();
    // No loss is computed after the only step of an epoch.
    cli = train(none, 100_000, "--learning-rate", "1e39");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("weights must be finite", "lower the learning rate");
    assertThat(none).doesNotExist();
  }

  @Test
  void predictingOtherDataMixesWithNothing() throws IOException {
    Path run = trained("mixed", "--ood", other.toString());
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.json"));
    byte[] report = Files.readAllBytes(run.resolve("report.html"));
    Cli cli = Cli.run("predict", run.toString(), "--data", other.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(run.resolve("on-noise/report.html")).exists();
    assertThat(Files.readAllBytes(run.resolve("metrics.json"))).isEqualTo(metrics);
    assertThat(Files.readAllBytes(run.resolve("report.html"))).isEqualTo(report);
    assertThat(metrics(run.resolve("on-noise")).getAsJsonObject("methods").keySet())
        .containsExactly("sgd", "swa", "swag");
  }

  @Test
  void aFurtherMethodJoinsTheOthersOnThePageAndSaysItsSamples() throws IOException {
    Path run = trained("joined");
    Cli cli = Cli.run("predict", run.toString(), "--method", "swag-diag", "--samples", "5");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("SWAG-diag")
        .contains("SWAG-diag 5");
    JsonObject methods = metrics(run).getAsJsonObject("methods");
    assertThat(samples(methods, "swag-diag")).isEqualTo(5);
    assertThat(samples(methods, "swag")).isEqualTo(2);
    assertThat(samples(methods, "sgd")).isEqualTo(1);
  }

  private static int samples(JsonObject methods, String method) {
    return methods.getAsJsonObject(method).getAsJsonObject("shapes").get("samples").getAsInt();
  }

  @Test
  void dataThatChangedSinceTheRunAreNotJudgedUnderItsName() throws IOException {
    Path changing = write("changing", 60, 30, 0);
    Path run = folder.resolve("changed-run");
    Cli made =
        Cli.run(
            "train",
            "--data",
            changing.toString(),
            "--epochs",
            "3",
            "--samples",
            "2",
            "--batch-size",
            "16",
            "--threads",
            "1",
            "--model",
            "mlp",
            "--out",
            run.toString());
    assertThat(made.code()).as(made.err()).isZero();
    Shapes.split(changing, "t10k", 30, 2);
    Cli cli = Cli.run("predict", run.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("test data must be the 30 rows of changing");
  }

  @Test
  void aRunIsNeverTheOutputOfOtherPredictions() throws IOException {
    Path run = trained("target", "--ood", other.toString());
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.json"));
    Cli cli =
        Cli.run(
            "predict",
            run.toString(),
            "--data",
            other.toString(),
            "--no-ood",
            "--out",
            run.toString(),
            "--overwrite");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("must not be the directory of a run");
    Cli alone = Cli.run("predict", run.toString(), "--no-ood", "--samples", "4");
    assertThat(alone.code()).as(alone.err()).isZero();
    assertThat(alone.out()).contains("on-shapes");
    assertThat(Files.readAllBytes(run.resolve("metrics.json"))).isEqualTo(metrics);
    assertThat(Cli.run("predict", run.toString(), "--no-ood", "--ood", "mnist").code())
        .isEqualTo(2);
  }

  /** They replaced the run's, its held-out rows' predictions were deleted, and nothing was said. */
  @Test
  void otherSamplesOrThreadsThanTheRunsGoBesideItAndLeaveItAlone() throws IOException {
    Path run = trained("resampled");
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.json"));
    byte[] report = Files.readAllBytes(run.resolve("report.html"));
    Cli more = Cli.run("predict", run.toString(), "--method", "swag,swa", "--samples", "3");
    assertThat(more.code()).as(more.err()).isZero();
    assertThat(more.err())
        .contains("The run's own results stay as they are; these go into " + run)
        .contains("samples-3.");
    JsonObject methods = metrics(run.resolve("samples-3")).getAsJsonObject("methods");
    assertThat(samples(methods, "swag")).isEqualTo(3);
    assertThat(samples(methods, "swa")).isEqualTo(1);
    Cli threads = Cli.run("predict", run.toString(), "--method", "sgd", "--threads", "2");
    assertThat(threads.code()).as(threads.err()).isZero();
    assertThat(run.resolve("threads-2/metrics.json")).exists();
    assertThat(Files.readAllBytes(run.resolve("metrics.json"))).isEqualTo(metrics);
    assertThat(Files.readAllBytes(run.resolve("report.html"))).isEqualTo(report);
    assertThat(run.resolve("predictions/swag-validation.npz")).exists();
    // What is there already is not replaced either.
    Cli again = Cli.run("predict", run.toString(), "--method", "swag", "--samples", "3");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("samples-3: must be empty or new").contains("--overwrite");
    // One network has no samples to differ in.
    Cli point = Cli.run("predict", run.toString(), "--method", "sgd", "--samples", "9");
    assertThat(point.code()).as(point.err()).isZero();
    assertThat(run.resolve("samples-9")).doesNotExist();
  }

  @Test
  void dataThatHaveMovedAreFoundWhereTheyAreSaidToBe() throws IOException {
    Path moving = write("moving", 60, 30, 0);
    Path run = folder.resolve("moved-run");
    Cli made =
        Cli.run(
            "train",
            "--data",
            moving.toString(),
            "--epochs",
            "3",
            "--samples",
            "2",
            "--batch-size",
            "16",
            "--threads",
            "1",
            "--model",
            "mlp",
            "--out",
            run.toString());
    assertThat(made.code()).as(made.err()).isZero();
    Path elsewhere = folder.resolve("elsewhere/moving");
    Files.createDirectories(elsewhere.getParent());
    Files.move(moving, elsewhere);
    assertThat(Cli.run("predict", run.toString()).code()).isEqualTo(1);
    for (Path given : List.of(elsewhere, elsewhere.getParent())) {
      Cli cli = Cli.run("predict", run.toString(), "--data-dir", given.toString());
      assertThat(cli.code()).as(cli.err()).isZero();
    }
  }

  @Test
  void aDamagedDescriptionIsOneLineWithTheFilesName() throws IOException {
    Path run = trained("damaged-description");
    Path file = run.resolve("run.json");
    Files.writeString(file, Files.readString(file).replace("\"epochs\": 3", "\"epochs\": -3"));
    Cli cli = Cli.run("predict", run.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err().lines()).hasSize(1);
    assertThat(cli.err()).contains("run.json").contains("--epochs must be at least 3");
  }
}
