package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** evaluate, calibrate and ood on files alone. */
class FileCommandsTest {
  @TempDir private static Path folder;
  private static Path fit;
  private static Path test;
  private static Path ood;

  @BeforeAll
  static void writeFiles() throws IOException {
    fit = write("fit.npz", 1, 800, 3, true);
    test = write("test.npz", 2, 600, 3, true);
    ood = write("digits.npz", 3, 300, 0.7, false);
  }

  /** Overconfident predictions: labels follow the softmax of a third of the logits. */
  private static Path write(String name, int seed, int rows, double scale, boolean labelled)
      throws IOException {
    Random random = new Random(seed);
    double[][] probabilities = new double[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      double[] logits = new double[4];
      for (int k = 0; k < 4; k++) {
        logits[k] = scale * random.nextGaussian();
      }
      probabilities[r] = softmax(logits, 1);
      double u = random.nextDouble();
      double[] honest = softmax(logits, 1.0 / 3);
      while (labels[r] < 3 && (u -= honest[labels[r]]) > 0) {
        labels[r]++;
      }
    }
    PredictionsBuilder builder = Predictions.builder().probabilities(probabilities);
    Path file = folder.resolve(name);
    PredictionFiles.write(file, labelled ? builder.labels(labels).build() : builder.build());
    return file;
  }

  private static double[] softmax(double[] logits, double beta) {
    double[] p = new double[logits.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(beta * logits[k]);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  private static JsonObject only(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().lines()).hasSize(1);
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  /** What is said on standard error, without what each file was read as. */
  private static List<String> withoutNotes(Cli cli) {
    return cli.err().lines().filter(line -> !line.contains(" · labels: ")).toList();
  }

  @Test
  void evaluateGivesEveryMetricAtFullPrecision() throws IOException {
    JsonObject json = only(Cli.run("evaluate", test.toString(), "--json"));
    assertThat(json.keySet())
        .contains(
            "n",
            "classes",
            "accuracy",
            "nll",
            "brier",
            "ece",
            "mce",
            "rmsce",
            "ace",
            "ece_equal_mass",
            "classwise_ece",
            "ece_debiased",
            "smece",
            "aurc",
            "augrc",
            "failure_auroc",
            "spiegelhalter_p",
            "mean_confidence",
            "saturated",
            "convention",
            "bins");
    Predictions predictions = PredictionFiles.read(test);
    assertThat(json.get("ece").getAsDouble()).isEqualTo(CalibrationError.of(predictions).ece());
    assertThat(json.get("nll").getAsDouble()).isEqualTo(ProperScores.of(predictions).nll());
    assertThat(json.get("convention").getAsString()).isEqualTo("guo");
  }

  @Test
  void evaluateTakesConventionsAndBins() {
    JsonObject netcal =
        only(
            Cli.run(
                "evaluate", test.toString(), "--json", "--convention", "netcal", "--bins", "7"));
    assertThat(netcal.get("convention").getAsString()).isEqualTo("netcal");
    assertThat(netcal.get("bins").getAsInt()).isEqualTo(7);
    Cli unknown = Cli.run("evaluate", test.toString(), "--convention", "mine");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("guo").contains("mine");
    assertThat(Cli.run("evaluate", test.toString(), "--bins", "0").code()).isEqualTo(2);
  }

  @Test
  void evaluateWritesAReport() throws IOException {
    Path report = folder.resolve("report");
    assertThat(Cli.run("evaluate", test.toString(), "--report", report.toString()).code()).isZero();
    assertThat(Files.readString(report.resolve("report.html"))).contains("test.npz");
    assertThat(report.resolve("figures/reliability-1.svg")).isNotEmptyFile();
    Cli again = Cli.run("evaluate", test.toString(), "--report", report.toString());
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("--overwrite");
  }

  @Test
  void calibrateCorrectsOverconfidenceAndSaysByHowMuch() throws IOException {
    Path out = folder.resolve("calibrated.npz");
    JsonObject json =
        only(
            Cli.run(
                "calibrate",
                "--fit",
                fit.toString(),
                "--apply",
                test.toString(),
                "-o",
                out.toString(),
                "--json"));
    double temperature =
        json.getAsJsonObject("parameters").getAsJsonArray("temperature").get(0).getAsDouble();
    assertThat(temperature).isCloseTo(3, within(0.4));
    double before = json.getAsJsonObject("before").get("nll").getAsDouble();
    double after = json.getAsJsonObject("after").get("nll").getAsDouble();
    assertThat(after).isLessThan(before);
    JsonObject written = only(Cli.run("evaluate", out.toString(), "--json"));
    assertThat(written.get("nll").getAsDouble()).isEqualTo(after);
  }

  @Test
  void aSavedMapGivesTheSameFileInAnotherProcess() throws IOException, InterruptedException {
    for (String method : List.of("temperature", "isotonic", "dirichlet")) {
      Path first = folder.resolve(method + "-1.csv");
      Path second = folder.resolve(method + "-2.csv");
      Path map = folder.resolve(method + ".json");
      Cli fitted =
          Cli.run(
              "calibrate",
              "--fit",
              fit.toString(),
              "--apply",
              test.toString(),
              "--method",
              method,
              "-o",
              first.toString(),
              "--save",
              map.toString());
      assertThat(fitted.code()).as(fitted.err()).isZero();
      Cli loaded =
          Cli.runInNewProcess(
              folder,
              List.of(),
              "calibrate",
              "--load",
              map.toString(),
              "--apply",
              test.toString(),
              "-o",
              second.toString());
      assertThat(loaded.code()).as(loaded.err()).isZero();
      assertThat(second).hasSameBinaryContentAs(first);
    }
  }

  @Test
  void fittingAndJudgingOnTheSameRowsIsRefusedAndNothingIsWritten() {
    Path out = folder.resolve("same.npz");
    Cli cli =
        Cli.run(
            "calibrate", "--fit", fit.toString(), "--apply", fit.toString(), "-o", out.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(withoutNotes(cli)).hasSize(1);
    assertThat(cli.err()).contains("not fitted on");
    assertThat(out).doesNotExist();
  }

  @Test
  void aFewRowsOfTheFitAmongThoseJudgedAreNotedAndMoreAreRefused() throws IOException {
    Predictions fitting = PredictionFiles.read(fit);
    Predictions judged = PredictionFiles.read(test);
    for (int shared : new int[] {5, 14}) {
      int rows = judged.rows() + shared;
      double[][] p = new double[rows][];
      int[] labels = new int[rows];
      for (int row = 0; row < rows; row++) {
        Predictions from = row < shared ? fitting : judged;
        p[row] = from.probabilities(row < shared ? row : row - shared);
        labels[row] = from.label(row < shared ? row : row - shared);
      }
      Path mixed = folder.resolve("mixed-" + shared + ".csv");
      PredictionFiles.write(mixed, Predictions.of(p, labels));
      Path out = folder.resolve("mixed-" + shared + "-out.csv");
      Cli cli =
          Cli.run(
              "calibrate",
              "--fit",
              fit.toString(),
              "--apply",
              mixed.toString(),
              "--method",
              "enir",
              "-o",
              out.toString());
      assertThat(cli.code()).as(cli.err()).isEqualTo(shared == 5 ? 0 : 1);
      assertThat(withoutNotes(cli)).hasSize(1);
      assertThat(cli.err())
          .contains(
              shared == 5
                  ? "warning: 5 rows of " + mixed + " equal rows that the map was fitted on"
                  : "of which 14 are among the");
    }
  }

  /** Positive probabilities in 1,500 steps: many agree across files, and within them. */
  private Path coarse(long seed) throws IOException {
    java.util.Random random = new java.util.Random(seed);
    double[] p = random.ints(3000, 0, 1501).mapToDouble(i -> i / 1500.0).toArray();
    int[] y = Arrays.stream(p).mapToInt(v -> random.nextDouble() < v ? 1 : 0).toArray();
    Path file = folder.resolve("coarse-" + seed + ".npz");
    PredictionFiles.write(file, Predictions.binary(p, y));
    return file;
  }

  @Test
  void rowsInCommonThatChanceExplainsAreNotNoted() throws IOException {
    String out = folder.resolve("coarse-out.npz").toString();
    String first = coarse(1).toString();
    Cli cli = Cli.run("calibrate", "--fit", first, "--apply", coarse(2).toString(), "-o", out);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(withoutNotes(cli)).isEmpty();
  }

  @Test
  void wrongCalls() {
    String out = folder.resolve("never.npz").toString();
    Cli method =
        Cli.run(
            "calibrate",
            "--fit",
            fit.toString(),
            "--apply",
            test.toString(),
            "--method",
            "magic",
            "-o",
            out);
    assertThat(method.code()).isEqualTo(2);
    assertThat(method.err()).contains("temperature").contains("magic");
    assertThat(Cli.run("calibrate", "--apply", test.toString(), "-o", out).code()).isEqualTo(2);
    Cli ownInput =
        Cli.run(
            "calibrate",
            "--fit",
            fit.toString(),
            "--apply",
            test.toString(),
            "-o",
            test.toString());
    assertThat(ownInput.code()).isEqualTo(2);
    assertThat(ownInput.err()).contains(test.getFileName().toString());
    Cli existing =
        Cli.run(
            "calibrate", "--fit", fit.toString(), "--apply", test.toString(), "-o", ood.toString());
    assertThat(existing.code()).isEqualTo(1);
    assertThat(existing.err()).contains("exists");
    Cli score =
        Cli.run("ood", "--in", test.toString(), "--out", ood.toString(), "--score", "magic");
    assertThat(score.code()).isEqualTo(2);
    Cli energy =
        Cli.run("ood", "--in", test.toString(), "--out", ood.toString(), "--score", "energy");
    assertThat(energy.code()).isEqualTo(1);
    assertThat(energy.err()).contains("logits");
  }

  @Test
  void oodGivesEveryScoreForEveryDataSet() {
    Cli cli =
        Cli.run(
            "ood",
            "--in",
            test.toString(),
            "--out",
            ood.toString(),
            "--out",
            fit.toString(),
            "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().lines()).hasSize(2);
    JsonObject far =
        JsonParser.parseString(cli.out().lines().findFirst().orElseThrow()).getAsJsonObject();
    assertThat(far.get("dataset").getAsString()).isEqualTo("digits");
    JsonObject entropy = far.getAsJsonObject("scores").getAsJsonObject("entropy");
    assertThat(entropy.keySet())
        .contains("auroc", "auroc_se", "aupr_in", "aupr_out", "fpr95", "fpr95_id_positive");
    assertThat(entropy.get("auroc").getAsDouble()).isGreaterThan(0.9);
    JsonObject near =
        JsonParser.parseString(cli.out().lines().skip(1).findFirst().orElseThrow())
            .getAsJsonObject();
    assertThat(near.getAsJsonObject("scores").getAsJsonObject("entropy").get("auroc").getAsDouble())
        .isCloseTo(0.5, within(0.06));
  }

  @Test
  void oodWritesAReport() throws IOException {
    Path report = folder.resolve("ood-report");
    Cli cli =
        Cli.run(
            "ood", "--in", test.toString(), "--out", ood.toString(), "--report", report.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("AUROC").contains("msp");
    String page = Files.readString(report.resolve("report.html"));
    assertThat(page)
        .contains("digits")
        .contains("<p class=\"lead\">", " from test.npz best by ", "AUROC, 95")
        .contains("<dt>msp</dt><dd>1 minus the largest probability")
        .contains("<h2>Is it unusual? ");
    // Every score of the table has a chart, and the receiver operating characteristics are beside.
    assertThat(
            page.split("<th scope=\"row\">(msp|margin|entropy|gen|energy|max_logit|mutual_)", -1)
                    .length
                - 1)
        .isEqualTo(page.split("<figure>", -1).length - 2);
  }

  @Test
  void probabilitiesAreNeverTakenForLogits() {
    Cli cli = Cli.run("evaluate", test.toString(), "--logits");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("distributions already").contains("leave --logits out");
  }

  @Test
  void classesInAnotherOrderAreRefusedNotMixedUp() throws IOException {
    Path one = folder.resolve("cats.csv");
    Path other = folder.resolve("dogs.csv");
    Files.writeString(one, "cat,dog,label\n0.75,0.25,0\n0.5,0.5,1\n0.25,0.75,0\n");
    Files.writeString(other, "dog,cat,label\n0.75,0.25,0\n0.5,0.5,1\n0.125,0.875,1\n");
    String out = folder.resolve("never.csv").toString();
    Cli calibrate =
        Cli.run("calibrate", "--fit", one.toString(), "--apply", other.toString(), "-o", out);
    Cli ood = Cli.run("ood", "--in", one.toString(), "--out", other.toString());
    for (Cli refused : List.of(calibrate, ood)) {
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains("dogs.csv: must have the classes of")
          .contains("[cat, dog], got [dog, cat]: name them in that order with --class-columns");
    }
    assertThat(Path.of(out)).doesNotExist();
    String[] named = {"--in", one.toString(), "--out", other.toString()};
    assertThat(
            Cli.run("ood", named[0], named[1], named[2], named[3], "--class-columns", "cat,dog")
                .code())
        .isZero();
  }

  @Test
  void rowsThatGiveTheirLabelProbabilityZeroAreNamedBesideTheNll() throws IOException {
    Path file = folder.resolve("zero.csv");
    Files.writeString(file, "a,b,label\n1,0,1\n0.5,0.5,0\n");
    assertThat(Cli.run("evaluate", file.toString()).out())
        .contains("zero.csv: 1 row gives its label probability 0, counted as 690.8");
    assertThat(Cli.run("evaluate", test.toString()).out()).doesNotContain("probability 0");
  }
}
