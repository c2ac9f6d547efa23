package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.cli.Cli;
import io.github.swag4j.cli.RunCopy;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swag.io.LaplaceFiles;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run with every method, and runs with some. */
class MethodsRunTest {
  private static final String ALL =
      "sgd,swa,swag,swag-diag,multiswag,ensemble,fge,dropout,laplace,kfac-laplace";

  @TempDir private static Path folder;
  private static final List<String> AGAIN =
      List.of("multiswag", "ensemble", "fge", "dropout", "laplace", "kfac-laplace");

  private static Path images;
  private static Path run;
  private static Cli trained;

  @BeforeAll
  static void trainAll() throws IOException {
    images = NoisyShapes.write(folder.resolve("shapes"), 150, 90);
    run = folder.resolve("all");
    trained = train(run, "--method", ALL, "--members", "2", "--dropout", "0.2");
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  private static Cli train(Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", images.toString()));
    words.addAll(List.of("--out", out.toString(), "--epochs", "5", "--swa-start", "2"));
    words.addAll(List.of("--samples", "3", "--batch-size", "16", "--threads", "1"));
    words.addAll(List.of("--model", "mlp"));
    if (!List.of(more).contains("--validation")) {
      words.addAll(List.of("--validation", "60"));
    }
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  private static JsonObject metrics(Path of) throws IOException {
    return RunDirectory.readJson(of.resolve("metrics.json"), JsonObject.class);
  }

  private static JsonObject numbers(Path of, String method) throws IOException {
    return metrics(of).getAsJsonObject("methods").getAsJsonObject(method).getAsJsonObject("shapes");
  }

  @Test
  void everyMethodIsJudgedWithItsOwnNumberOfSamples() throws IOException {
    assertThat(metrics(run).getAsJsonObject("methods").keySet())
        .containsExactly(ALL.split(",", -1));
    assertThat(numbers(run, "swag").get("samples").getAsInt()).isEqualTo(3);
    // As many of each of two posteriors.
    assertThat(numbers(run, "multiswag").get("samples").getAsInt()).isEqualTo(4);
    assertThat(numbers(run, "ensemble").get("samples").getAsInt()).isEqualTo(2);
    assertThat(numbers(run, "fge").get("samples").getAsInt()).isEqualTo(2);
    assertThat(run.resolve("snapshots/epoch-000003.safetensors")).exists();
    assertThat(run.resolve("snapshots/epoch-000005.safetensors")).exists();
    assertThat(run.resolve("training")).doesNotExist();
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("Deep ensemble", "MultiSWAG", "FGE", "MC dropout", "NLL at T");
    for (String method : List.of("dropout", "laplace", "kfac-laplace")) {
      assertThat(numbers(run, method).get("samples").getAsInt()).isEqualTo(3);
      Predictions samples =
          PredictionFiles.read(run.resolve("predictions/" + method + "-shapes.npz"));
      Predictions point = PredictionFiles.read(run.resolve("predictions/sgd-shapes.npz"));
      assertThat(samples.hasExpectedEntropy()).isTrue();
      double apart = 0;
      for (int r = 0; r < point.rows(); r++) {
        apart = Math.max(apart, Math.abs(samples.probability(r, 0) - point.probability(r, 0)));
      }
      // Not the same weights alone.
      assertThat(apart).as(method).isGreaterThan(1e-4);
    }
    assertThat(trained.err()).contains("Laplace, last layer: prior precision ");
  }

  /** Weights sampled under the prior of the marginal likelihood predicted at chance. */
  @Test
  void weightsSampledOfAllLayersPredictBetterThanChance() throws IOException {
    assertThat(trained.err().lines().filter(line -> line.startsWith("Laplace, KFAC: ")))
        .singleElement()
        .asString()
        .contains("prior precision ", "the smallest NLL of the 60 held-out rows");
    double classes =
        PredictionFiles.read(run.resolve("predictions/kfac-laplace-shapes.npz")).classes();
    double chance = Math.log(classes);
    assertThat(numbers(run, "kfac-laplace").get("nll").getAsDouble()).isLessThan(0.8 * chance);
  }

  @Test
  void withoutHeldOutRowsThePriorOfAllLayersIsFromTheEvidenceAndSaysSo() throws IOException {
    Path out = folder.resolve("none-held-out");
    Cli cli = train(out, "--method", "sgd,kfac-laplace", "--validation", "0");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err().lines().filter(line -> line.startsWith("Laplace, KFAC: ")))
        .singleElement()
        .asString()
        .contains("the prior is from the evidence, and samples may predict at chance")
        .contains("--validation");
  }

  /** Recorded on the way, for one sample at a time and several alike. */
  @Test
  void howGoodTheFirstSamplesAreIsRecordedAndDrawn() throws IOException {
    for (String method : List.of("swag", "multiswag", "ensemble", "dropout", "laplace")) {
      JsonObject numbers = numbers(run, method);
      JsonObject curve = numbers.getAsJsonObject("by_samples");
      int samples = numbers.get("samples").getAsInt();
      assertThat(curve.keySet()).containsExactly("accuracy", "nll", "brier");
      for (String metric : curve.keySet()) {
        assertThat(curve.getAsJsonArray(metric)).as(method).hasSize(samples);
        assertThat(curve.getAsJsonArray(metric).get(samples - 1).getAsDouble())
            .as("%s of %s", metric, method)
            .isEqualTo(numbers.get(metric).getAsDouble(), within(1e-6));
      }
    }
    assertThat(numbers(run, "sgd").has("by_samples")).isFalse();
    // One network of the ensemble is plain SGD.
    assertThat(
            numbers(run, "ensemble")
                .getAsJsonObject("by_samples")
                .getAsJsonArray("nll")
                .get(0)
                .getAsDouble())
        .isEqualTo(numbers(run, "sgd").get("nll").getAsDouble(), within(1e-6));
    assertThat(run.resolve("figures/samples.svg"))
        .content()
        .contains("Posterior samples (logarithmic)")
        .doesNotContain("Monte Carlo error");
    assertThat(Files.readString(run.resolve("report.html"))).contains("Are the samples enough?");
  }

  @Test
  void keptSamplesAreThoseOfTheMeanAndChangeNoNumber() throws IOException {
    Path kept = copy("kept");
    Cli cli = Cli.run("predict", kept.toString(), "--method", "sgd,swag", "--keep-samples");
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonObject metrics = metrics(kept);
    JsonObject before = metrics(run);
    assertThat(metrics.remove("predictions")).isNotEqualTo(before.remove("predictions"));
    assertThat(metrics).isEqualTo(before);
    for (String set : List.of("shapes", "validation")) {
      String file = "predictions/swag-" + set + ".npz";
      if (!Files.exists(kept.resolve(file))) {
        continue;
      }
      Predictions old = PredictionFiles.read(run.resolve(file));
      Predictions now = PredictionFiles.read(kept.resolve(file));
      assertThat(now.samples()).isEqualTo(set.equals("shapes") ? 3 : now.samples());
      for (int r = 0; r < now.rows(); r++) {
        for (int k = 0; k < now.classes(); k++) {
          assertThat(now.probability(r, k)).isEqualTo(old.probability(r, k));
          double mean = 0;
          for (int s = 0; s < now.samples(); s++) {
            mean += now.sampleProbability(s, r, k) / now.samples();
          }
          if (now.samples() > 0) {
            assertThat(now.probability(r, k)).isEqualTo(mean, within(1e-6));
          }
        }
      }
    }
    assertThat(PredictionFiles.read(kept.resolve("predictions/sgd-shapes.npz")).samples()).isZero();
    assertThat(kept.resolve("figures/samples.svg")).content().contains("Monte Carlo error");
    String file = kept.resolve("predictions/swag-shapes.npz").toString();
    Path chart = folder.resolve("samples.svg");
    Cli drawn = Cli.run("chart", "samples", file, "-o", chart.toString());
    assertThat(drawn.code()).as(drawn.err()).isZero();
    assertThat(chart).content().contains("Monte Carlo error");
    Cli single =
        Cli.run(
            "chart",
            "samples",
            run.resolve("predictions/swag-shapes.npz").toString(),
            "-o",
            folder.resolve("none.svg").toString());
    assertThat(single.code()).isEqualTo(1);
    assertThat(single.err()).contains("got 0", "predict --keep-samples");
  }

  @Test
  void keptSamplesGoWhereThereIsAPlaceForThem() throws IOException {
    Path answers = folder.resolve("answers.npz");
    Cli cli =
        Cli.run(
            "predict",
            run.toString(),
            "--data",
            images.toString(),
            "--method",
            "laplace",
            "--keep-samples",
            "--out",
            answers.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(PredictionFiles.read(answers).samples()).isEqualTo(3);
    for (String name : List.of("answers.csv", "answers.parquet")) {
      Cli refused =
          Cli.run(
              "predict",
              run.toString(),
              "--method",
              "laplace",
              "--keep-samples",
              "--out",
              folder.resolve(name).toString());
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("--keep-samples", "--out *.npz", name);
      assertThat(folder.resolve(name)).doesNotExist();
    }
    Cli many =
        Cli.run(
            "predict",
            run.toString(),
            "--method",
            "swag",
            "--keep-samples",
            "--samples",
            "90000000");
    assertThat(many.code()).isEqualTo(2);
    assertThat(many.err()).contains("--keep-samples needs about", "MB of heap", "-Xmx");
    assertThat(run.resolve("samples-90000000")).doesNotExist();
    Cli cluster =
        Cli.run(
            "predict",
            run.toString(),
            "--data",
            "x.parquet",
            "--method",
            "swag",
            "--keep-samples",
            "--master",
            "spark://nowhere:7077",
            "--out",
            "y");
    assertThat(cluster.code()).isEqualTo(2);
    assertThat(cluster.err()).contains("--keep-samples keeps no samples on a cluster");
  }

  @Test
  void theEpochsOfAllTrainingsAreExplained() {
    assertThat(trained.err())
        .contains(
            "Epochs: 19 = network 1: 2 that all share, 3 more for swa, swag, swag-diag and"
                + " multiswag, 3 more for sgd, ensemble, dropout, laplace and kfac-laplace, 3 more for"
                + " fge; network 2: 2 that all"
                + " share, 3 more for multiswag, 3 more for ensemble.");
  }

  /** The second network alone is the same mean with the first one's share taken out. */
  @Test
  void anEnsemblePredictsTheMeanOfNetworksThatDiffer() throws IOException {
    Predictions both = PredictionFiles.read(run.resolve("predictions/ensemble-shapes.npz"));
    Predictions first = PredictionFiles.read(run.resolve("predictions/sgd-shapes.npz"));
    Path swapped = copy("swapped");
    writeUnnamed(
        run.resolve("members/2/sgd.safetensors"), swapped.resolve("checkpoints/sgd.safetensors"));
    Cli cli = Cli.run("predict", swapped.toString(), "--method", "sgd");
    assertThat(cli.code()).as(cli.err()).isZero();
    Predictions second = PredictionFiles.read(swapped.resolve("predictions/sgd-shapes.npz"));
    double apart = 0;
    for (int r = 0; r < both.rows(); r++) {
      for (int k = 0; k < both.classes(); k++) {
        double mean = (first.probability(r, k) + second.probability(r, k)) / 2;
        assertThat(both.probability(r, k)).isEqualTo(mean, within(1e-6));
        apart = Math.max(apart, Math.abs(first.probability(r, k) - second.probability(r, k)));
      }
    }
    assertThat(apart).isGreaterThan(0.01);
  }

  /** As an earlier version wrote it, which did not say whose weights they are. */
  private static void writeUnnamed(Path from, Path to) throws IOException {
    write(from, to, Map.of());
  }

  /** The same weights of another origin. */
  private static void write(Path from, Path to, Map<String, String> origin) throws IOException {
    try (SafeTensors opened = SafeTensors.open(from)) {
      SafeTensorsWriter writer =
          SafeTensorsWriter.of("weights").metadata("layout", opened.metadata().get("layout"));
      origin.forEach(writer::metadata);
      for (StoredTensor tensor : opened.entries().values()) {
        writer.tensor(
            tensor.name(),
            tensor.shape(),
            List.of(FloatBuffer.wrap(opened.readFiniteFloats(tensor.name()))));
      }
      writer.write(to);
    }
  }

  /** Files of one model all fit into each other's place, and were read there. */
  @Test
  void filesOfOneKindExchangedByHandAreToldApart() throws IOException {
    requireTold(
        "laplace",
        "checkpoints/laplace.safetensors",
        "checkpoints/kfac-laplace.safetensors",
        "method must be laplace, got kfac-laplace");
    requireTold(
        "swa",
        "checkpoints/swa.safetensors",
        "checkpoints/sgd.safetensors",
        "method must be swa, got sgd");
    requireTold(
        "sgd", "checkpoints/sgd.safetensors", "members/2/sgd.safetensors", "seed must be 1, got ");
    requireTold(
        "swag", "posterior.safetensors", "members/2/posterior.safetensors", "seed must be 1, got ");
  }

  private static void requireTold(String method, String place, String other, String message)
      throws IOException {
    Path to = copy("exchanged-" + method);
    Files.copy(run.resolve(other), to.resolve(place), StandardCopyOption.REPLACE_EXISTING);
    Cli cli = Cli.run("predict", to.toString(), "--method", method);
    assertThat(cli.code()).as(method).isEqualTo(1);
    assertThat(cli.err()).contains(place, message, "put the run's own back");
    assertThat(to.resolve("metrics.json")).hasSameBinaryContentAs(run.resolve("metrics.json"));
  }

  /** A posterior that was gone ended in a NullPointerException, a directory in no file's name. */
  @Test
  void whatARunNeedsAndHasNotIsNamedBeforeAnythingIsWritten() throws IOException {
    requireNamed("posterior.safetensors", "swag", "must be there");
    requireNamed("checkpoints/swa.safetensors", "swa", "must be there");
    requireNamed("checkpoints/sgd.safetensors", "dropout", "must be there");
    requireNamed("members/2/posterior.safetensors", "multiswag", "must be there");
    requireNamed("history.json", "sgd", "no such file");
    Path to = copy("a-directory");
    Path place = to.resolve("checkpoints/sgd.safetensors");
    Files.delete(place);
    Files.createDirectory(place);
    Cli cli = Cli.run("predict", to.toString(), "--method", "sgd");
    assertThat(cli.err()).contains(place + ": must be a safetensors file, got a directory");
  }

  private static void requireNamed(String place, String method, String message) throws IOException {
    Path to = copy("without-" + method);
    Files.delete(to.resolve(place));
    Files.delete(to.resolve("predictions/" + method + "-shapes.npz"));
    Cli cli = Cli.run("predict", to.toString(), "--method", method);
    assertThat(cli.code()).as(place).isEqualTo(1);
    assertThat(cli.err()).contains(to.resolve(place) + ": " + message);
    assertThat(cli.out()).isEmpty();
    assertThat(to.resolve("predictions/" + method + "-shapes.npz")).doesNotExist();
  }

  /** The key was refused without a word on whose it is. */
  @Test
  void aFileOfAnOriginThatIsNoneIsNamed() throws IOException {
    Path to = copy("odd-origin");
    String place = "checkpoints/sgd.safetensors";
    write(run.resolve(place), to.resolve(place), Map.of("provenance.Trained By", "me"));
    Cli cli = Cli.run("predict", to.toString(), "--method", "sgd");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(to.resolve(place).toString(), "got Trained By");
    assertThat(to.resolve("metrics.json")).hasSameBinaryContentAs(run.resolve("metrics.json"));
  }

  /** Files of earlier versions say no method; what they vary does. */
  @Test
  void aLaplacePosteriorWithoutANameIsToldByItsLayers() throws IOException {
    Path to = copy("unnamed");
    WeightLayout layout = PosteriorFiles.open(run.resolve("posterior.safetensors")).layout();
    LaplaceFiles.write(
        to.resolve("checkpoints/laplace.safetensors"),
        LaplaceFiles.read(run.resolve("checkpoints/laplace.safetensors"), layout));
    Cli own = Cli.run("predict", to.toString(), "--method", "laplace");
    assertThat(own.code()).as(own.err()).isZero();
    LaplaceFiles.write(
        to.resolve("checkpoints/laplace.safetensors"),
        LaplaceFiles.read(run.resolve("checkpoints/kfac-laplace.safetensors"), layout));
    Cli other = Cli.run("predict", to.toString(), "--method", "laplace");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("must vary the last layer alone, got 3 layers");
  }

  private static Path copy(String name) throws IOException {
    return RunCopy.of(run, folder.resolve(name));
  }

  @Test
  void predictingAgainFromWhatTheRunHoldsGivesTheSameBits() throws IOException {
    Path again = copy("again");
    for (String method : AGAIN) {
      Files.delete(again.resolve("predictions/" + method + "-shapes.npz"));
    }
    Cli cli = Cli.run("predict", again.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    for (String method : AGAIN) {
      String file = "predictions/" + method + "-shapes.npz";
      assertThat(again.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
    }
    assertThat(again.resolve("metrics.json")).hasSameBinaryContentAs(run.resolve("metrics.json"));
  }

  /** What else a run is trained for changes none of its methods, and only what is needed is. */
  @Test
  void aMethodAloneHasTheSameBitsAsAmongOthers() throws IOException {
    Path alone = folder.resolve("alone");
    Cli cli = train(alone, "--method", "sgd", "--dropout", "0.2");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("Epochs: 5 = 2 that all share, 3 more for sgd.");
    assertThat(alone.resolve("checkpoints/sgd.safetensors"))
        .hasSameBinaryContentAs(run.resolve("checkpoints/sgd.safetensors"));
    assertThat(alone.resolve("posterior.safetensors")).doesNotExist();
    Cli other = Cli.run("predict", alone.toString(), "--method", "swag");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains("--method swag needs weights that " + alone + " has not")
        .contains("it was trained for sgd, train one with --method swag");
    // Weights of plain SGD are all that these take.
    Cli joined = Cli.run("predict", alone.toString(), "--method", "dropout,kfac-laplace");
    assertThat(joined.code()).as(joined.err()).isZero();
    for (String method : List.of("dropout", "kfac-laplace")) {
      String file = "predictions/" + method + "-shapes.npz";
      assertThat(alone.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
    }
  }

  @Test
  void temperaturesAreThoseOfTheHeldOutRowsAndStandBeside() throws IOException {
    assertThat(trained.out()).contains("NLL at T").contains("fitted on the held-out rows");
    for (String method : List.of("sgd", "swag", "ensemble")) {
      TemperatureScaling fitted =
          TemperatureScaling.fit(
              PredictionFiles.read(run.resolve("predictions/" + method + "-validation.npz")));
      JsonObject stored = metrics(run).getAsJsonObject("temperature").getAsJsonObject(method);
      assertThat(stored.get("temperature").getAsDouble())
          .isEqualTo(fitted.temperature(), within(1e-9));
      assertThat(stored.get("fitted_on").getAsString()).isEqualTo("validation");
      assertThat(stored.getAsJsonObject("shapes").get("accuracy"))
          .isEqualTo(numbers(run, method).get("accuracy"));
      assertThat(stored.getAsJsonObject("shapes").get("nll"))
          .isNotEqualTo(numbers(run, method).get("nll"));
    }
  }

  @Test
  void withoutTemperatureThereIsNone() throws IOException {
    Path plain = folder.resolve("plain");
    Cli cli = train(plain, "--method", "sgd", "--no-temperature");
    assertThat(cli.out()).doesNotContain("NLL at T");
    assertThat(metrics(plain).has("temperature")).isFalse();
    // Resuming what is finished prints what is stored, as it is stored.
    Cli finished = train(plain, "--method", "sgd", "--resume", "--json");
    assertThat(finished.code()).isZero();
    assertThat(finished.err()).contains("is finished: there is nothing to resume");
    JsonObject printed = com.google.gson.JsonParser.parseString(finished.out()).getAsJsonObject();
    printed.remove("run");
    JsonObject stored = metrics(plain);
    // Hashes of the run's files, which are none of its results.
    assertThat(stored.remove("predictions").getAsJsonObject().keySet())
        .contains("sgd-shapes.npz", "sgd-validation.npz");
    assertThat(printed).isEqualTo(stored);
  }

  @Test
  void resumingAFinishedRunPrintsItsResults() throws IOException {
    Cli table =
        train(
            run,
            "--method",
            "kfac-laplace,laplace,dropout,fge,ensemble,multiswag,swag-diag,swag,swa,sgd",
            "--members",
            "2",
            "--dropout",
            "0.2",
            "--resume");
    assertThat(table.code()).as(table.err()).isZero();
    assertThat(table.out()).isEqualTo(trained.out());
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAnythingIsWritten() {
    Path none = folder.resolve("none");
    for (List<String> wrong :
        List.of(
            List.of("--method", "sgd,magic"),
            List.of("--method", "sgd,sgd"),
            List.of("--method", "sgd,dropout"),
            List.of("--dropout", "1"),
            List.of("--members", "4"),
            List.of("--method", "ensemble", "--members", "1"),
            List.of("--fge-cycle", "4"),
            List.of("--method", "fge", "--fge-cycle", "3"),
            List.of("--method", "fge", "--fge-cycle", "4"),
            List.of("--seeds", "1"),
            List.of("--seeds", "1,1"),
            List.of("--seeds", "1,2", "--seed", "3"))) {
      Cli cli = train(none, wrong.toArray(String[]::new));
      assertThat(cli.code()).as("%s: %s", wrong, cli.err()).isEqualTo(2);
      assertThat(cli.err().lines()).as("%s", wrong).hasSize(1);
      assertThat(cli.err()).contains(wrong.contains("--seeds") ? "--seeds" : "--");
      assertThat(none).doesNotExist();
    }
    assertThat(train(none, "--method", "fge", "--fge-cycle", "4").err())
        .contains("two snapshots at least", "shorten --fge-cycle");
  }
}
