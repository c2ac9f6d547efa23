package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScalePoint;
import io.github.swag4j.cli.Cli;
import io.github.swag4j.cli.RunCopy;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scale that held-out rows choose: what a run does with it, and everything made of the run. */
class ScaleChoiceTest {
  private static final String HELD_OUT = "60";

  @TempDir private static Path folder;
  private static Path images;
  private static Path run;
  private static Cli trained;

  @BeforeAll
  static void trainOnce() throws IOException {
    images = NoisyShapes.write(folder.resolve("shapes"), 150, 90);
    run = folder.resolve("run");
    trained = train(run, "--scale", "auto", "--validation", HELD_OUT);
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  /** A network with batch norm; the methods unless others are named. */
  private static Cli train(Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", images.toString()));
    words.addAll(List.of("--out", out.toString(), "--epochs", "5", "--swa-start", "2"));
    words.addAll(List.of("--samples", "3", "--batch-size", "16", "--threads", "1"));
    if (!List.of(more).contains("--method")) {
      words.addAll(List.of("--method", "sgd,swag,swag-diag"));
    }
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  private static Cli done(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  private static Path copy(String name) throws IOException {
    return RunCopy.of(run, folder.resolve(name));
  }

  private static double scaleOf(Path posterior) throws IOException {
    return PosteriorFiles.open(posterior).scale();
  }

  private static double nll(Path of, String method, String data) throws IOException {
    return RunDirectory.readJson(of.resolve("metrics.json"), JsonObject.class)
        .getAsJsonObject("methods")
        .getAsJsonObject(method)
        .getAsJsonObject(data)
        .get("nll")
        .getAsDouble();
  }

  private static ScaleCurve curve(Path of) throws IOException {
    return ScaleChoice.read(of.resolve("scale.json"));
  }

  /** Every file that says or shows what the posteriors predict. */
  private static void requireSamePredictions(Path one, Path other) {
    for (String file :
        List.of(
            "posterior.safetensors",
            "checkpoints/batch-norm.safetensors",
            "predictions/swag-shapes.npz",
            "predictions/swag-diag-shapes.npz",
            "predictions/swag-validation.npz",
            "metrics.json")) {
      assertThat(one.resolve(file)).as(file).hasSameBinaryContentAs(other.resolve(file));
    }
  }

  @Test
  void theScaleOfTheLeastNllAfterTemperatureIsTheRuns() throws IOException {
    ScaleCurve curve = curve(run);
    ScalePoint best = curve.best();
    assertThat(curve.rows()).isEqualTo(Integer.parseInt(HELD_OUT));
    assertThat(curve.points()).extracting(ScalePoint::scale).contains(0.0, 0.5, 1.0, 2.0);
    assertThat(curve.points().size()).isBetween(9, 11);
    assertThat(curve.points())
        .allSatisfy(
            p -> assertThat(p.calibratedNll()).isGreaterThanOrEqualTo(best.calibratedNll()));
    assertThat(scaleOf(run.resolve("posterior.safetensors"))).isEqualTo(best.scale());
    JsonObject json = RunDirectory.readJson(run.resolve("run.json"), JsonObject.class);
    assertThat(json.get("chosenScale").getAsDouble()).isEqualTo(best.scale());
    JsonObject averaging = json.getAsJsonObject("config").getAsJsonObject("averaging");
    assertThat(averaging.get("scale").getAsString()).isEqualTo("auto");
    assertThat(run.resolve("config.yaml")).content().contains("\nscale: auto\n");
    // The same samples under the same batch-norm statistics, so the very predictions of the run.
    assertThat(nll(run, "swag", "validation")).isEqualTo(best.nll(), within(1e-12));
  }

  @Test
  void oneLineThePageAndInfoSayIt() throws IOException {
    ScaleCurve curve = curve(run);
    assertThat(trained.err().lines().filter(line -> line.startsWith("Chosen by ")))
        .containsExactly("Chosen by the held-out rows with SWAG: " + curve);
    assertThat(trained.err()).contains("scale ", "all scales");
    assertThat(run.resolve("report.html"))
        .content()
        .contains("How the scale was chosen", ">SWAG, 60 held-out rows</text>")
        .contains("<dd>auto, " + curve.best().scale() + "</dd>");
    assertThat(run.resolve("figures/scale.svg")).isNotEmptyFile();
    assertThat(done(Cli.run("info", run.resolve("posterior.safetensors").toString())).out())
        .containsPattern("scale +" + curve.best().scale() + "\\R");
  }

  /** Also what overwrites it leaves nothing of the choice. */
  @Test
  void theNumberThatWasChosenGivesTheSameBitsWhenItIsGiven() throws IOException {
    Path given = copy("given");
    String number = Double.toString(curve(run).best().scale());
    Cli cli = done(train(given, "--overwrite", "--scale", number, "--validation", HELD_OUT));
    requireSamePredictions(given, run);
    assertThat(cli.err()).doesNotContain("Chosen by");
    assertThat(given.resolve("scale.json")).doesNotExist();
    assertThat(given.resolve("figures/scale.svg")).doesNotExist();
    assertThat(given.resolve("report.html")).content().doesNotContain("How the scale was chosen");
    String text = Files.readString(given.resolve("run.json"));
    assertThat(text).contains("\"scale\": " + number, "\"chosenScale\": null");
    // As an earlier version wrote it.
    String earlier = text.replaceFirst(",\\s*\"chosenScale\": null", "");
    assertThat(earlier).doesNotContain("chosenScale");
    Files.writeString(given.resolve("run.json"), earlier);
    Files.delete(given.resolve("predictions/swag-shapes.npz"));
    done(Cli.run("predict", given.toString()));
    requireSamePredictions(given, run);
    String out = folder.resolve("none.svg").toString();
    assertThat(Cli.run("chart", "scale", given.toString(), "-o", out).err())
        .contains("scale.json: must be there", "the scale of this run was not chosen");
  }

  @Test
  void theRunsOwnConfigurationMakesTheChoiceAgain() throws IOException {
    Path again = folder.resolve("again");
    String config = run.resolve("config.yaml").toString();
    done(Cli.run("train", "--config", config, "--out", again.toString()));
    requireSamePredictions(again, run);
    assertThat(again.resolve("scale.json")).hasSameBinaryContentAs(run.resolve("scale.json"));
  }

  @Test
  void predictAndShiftDrawAtTheChosenScale() throws IOException {
    Path copy = copy("predicted");
    for (String method : List.of("swag", "swag-diag")) {
      Files.delete(copy.resolve("predictions/" + method + "-shapes.npz"));
    }
    done(Cli.run("predict", copy.toString()));
    requireSamePredictions(copy, run);
    assertThat(copy.resolve("report.html")).content().contains("How the scale was chosen");
    done(
        Cli.run(
            "shift", copy.toString(), "--corruption", "contrast", "--method", "swag,swag-diag"));
    List<String> lines = Files.readAllLines(copy.resolve("shift/shift.csv"));
    for (String method : List.of("SWAG", "SWAG-diag")) {
      String unchanged =
          lines.stream().filter(l -> l.startsWith(method + ",none,0,")).findFirst().orElseThrow();
      assertThat(Double.parseDouble(unchanged.split(",", -1)[4]))
          .isEqualTo(nll(run, method.toLowerCase(Locale.ROOT), "shapes"), within(1e-9));
    }
  }

  @Test
  void aFinishedRunIsNotChosenForAgainAndOtherScalesAreRefused() throws IOException {
    byte[] description = Files.readAllBytes(run.resolve("run.json"));
    Cli finished = done(train(run, "--scale", "auto", "--validation", HELD_OUT, "--resume"));
    assertThat(finished.err()).contains("there is nothing to resume").doesNotContain("Chosen");
    assertThat(finished.out()).isEqualTo(trained.out());
    Cli other = train(run, "--scale", "0.5", "--validation", HELD_OUT, "--resume");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains("--scale must be \"auto\" as in the run to resume, got 0.5: repeat the run's");
    assertThat(run.resolve("run.json")).hasBinaryContent(description);
  }

  @Test
  void whatWasChosenMustBeThere() throws IOException {
    Path copy = copy("unsaid");
    Path file = copy.resolve("run.json");
    String text = Files.readString(file);
    Files.writeString(
        file, text.replaceFirst("\"chosenScale\": [^\\s}]+", "\"chosenScale\": null"));
    requireRefused(copy, "chosenScale must be there, the run was made with --scale auto");
    Files.writeString(file, text.replaceFirst("\"chosenScale\": [^\\s}]+", "\"chosenScale\": -1"));
    requireRefused(copy, "chosenScale must be at least 0, got -");
    Files.writeString(file, text.replace("\"scale\": \"auto\"", "\"scale\": \"wide\""));
    requireRefused(copy, "--scale must be a number of at least 0, or auto, got \"wide\"");
    Files.writeString(file, text.replace("\"scale\": \"auto\"", "\"scale\": {}"));
    requireRefused(copy, "--scale must be a number of at least 0, or auto, got begin object");
    Files.writeString(file, text);
    Files.writeString(copy.resolve("scale.json"), "{}");
    requireRefused(copy, "scale.json: must be scale.json of 'train --scale auto'");
  }

  private static void requireRefused(Path copy, String message) throws IOException {
    Cli cli = Cli.run("predict", copy.toString());
    assertThat(cli.code()).as(message).isEqualTo(1);
    assertThat(cli.err()).contains(message);
    assertThat(copy.resolve("metrics.json")).hasSameBinaryContentAs(run.resolve("metrics.json"));
  }

  @Test
  void theCurveIsDrawnOfTheRunAndOfItsFile() throws IOException {
    Path svg = folder.resolve("scale.svg");
    Path csv = folder.resolve("scale.csv");
    String[] words = {
      "chart", "scale", run.toString(), "-o", svg.toString(), "--csv", csv.toString(), "--overwrite"
    };
    done(Cli.run(words));
    assertThat(svg).content().contains(">SWAG, 60 held-out rows</text>");
    assertThat(Files.readAllLines(csv)).hasSize(curve(run).points().size() + 1);
    words[2] = run.resolve("scale.json").toString();
    done(Cli.run(words));
    assertThat(svg).content().contains(">60 held-out rows</text>");
    Path other = Files.writeString(folder.resolve("other.json"), "{\"kind\":\"map\"}");
    words[2] = other.toString();
    assertThat(Cli.run(words).err()).contains("other.json: must be scale.json of 'train --scale");
  }

  /** Its networks are mixed, and at scale 0 there is one sample of each. */
  @Test
  void multiSwagAloneIsPredictedByAllItsNetworks() throws IOException {
    Path out = folder.resolve("multi");
    List<String> words = List.of("--method", "multiswag", "--members", "2", "--model", "mlp");
    List<String> auto = new ArrayList<>(words);
    auto.addAll(List.of("--scale", "auto", "--validation", HELD_OUT));
    Cli cli = done(train(out, auto.toArray(String[]::new)));
    ScalePoint best = curve(out).best();
    assertThat(cli.err()).contains("Chosen by the held-out rows with MultiSWAG: scale ");
    assertThat(nll(out, "multiswag", "validation")).isEqualTo(best.nll(), within(1e-12));
    for (String posterior : List.of("posterior.safetensors", "members/2/posterior.safetensors")) {
      assertThat(scaleOf(out.resolve(posterior))).isEqualTo(best.scale());
    }
  }

  /** One sample of each network stands for all of them, stored statistics too. */
  @Test
  void samplesWithoutSpreadArePredictedAgain() throws IOException {
    Path none = folder.resolve("no-spread");
    done(train(none, "--method", "swa,swag,multiswag", "--members", "2", "--scale", "0"));
    assertThat(nll(none, "swag", "shapes")).isEqualTo(nll(none, "swa", "shapes"), within(1e-4));
    byte[] metrics = Files.readAllBytes(none.resolve("metrics.json"));
    done(Cli.run("predict", none.toString()));
    assertThat(none.resolve("metrics.json")).hasBinaryContent(metrics);
  }

  @Test
  void whatLeavesNothingToChooseIsRefusedInOneLineBeforeAnythingIsWritten() {
    Path none = folder.resolve("none");
    requireRefused(
        none,
        List.of("--scale", "auto", "--validation", "0"),
        "--scale auto needs 2 held-out rows at least to choose the scale by, got 0: hold rows out"
            + " with --validation, or give --scale a number");
    requireRefused(
        none, List.of("--scale", "auto", "--train-limit", "19"), "choose the scale by, got 1:");
    requireRefused(
        none,
        List.of("--scale", "auto", "--method", "sgd,swa"),
        "--scale auto chooses the scale that swag, swag-diag or multiswag draw samples at, got"
            + " --method sgd,swa: add one of the three, or leave --scale out");
    requireRefused(
        none,
        List.of("--scale", "high"),
        "--scale must be a number of at least 0, or auto, got 'high'");
    requireRefused(
        none, List.of("--scale=-1"), "--scale must be a number of at least 0, or auto, got -1.0");
  }

  private static void requireRefused(Path none, List<String> options, String message) {
    Cli cli = train(none, options.toArray(String[]::new));
    assertThat(cli.code()).as("%s: %s", options, cli.err()).isEqualTo(2);
    assertThat(cli.err().lines()).as("%s", options).hasSize(1);
    assertThat(cli.err()).contains(message);
    assertThat(none).doesNotExist();
  }
}
