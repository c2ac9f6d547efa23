package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.run.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages from runs, files and both. */
class ReportCommandTest {
  private static final int ROWS = 30;

  @TempDir private static Path folder;
  private static Path seeds;

  @BeforeAll
  static void trainTwoSeeds() throws IOException {
    Path images = Shapes.write(folder.resolve("shapes"), 60, ROWS);
    Path other = folder.resolve("other");
    Shapes.split(other, "t10k", 12, 1);
    seeds = folder.resolve("seeds");
    Cli cli =
        Cli.run(
            "train --data IMAGES --ood OTHER --out OUT --seeds 2,10 --epochs 3 --swa-start 1"
                .replace("IMAGES", images.toString())
                .replace("OTHER", other.toString())
                .replace("OUT", seeds.toString())
                .concat(" --rank 2 --samples 2 --batch-size 16 --threads 1")
                .split(" "));
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  /** Probabilities of so many classes that are right more or less often. */
  private static Path predictions(String name, int rows, int classes, double skill)
      throws IOException {
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder();
    for (int k = 0; k < classes; k++) {
      csv.append("class ").append(k).append(',');
    }
    csv.append("label\n");
    for (int r = 0; r < rows; r++) {
      double[] weights = new double[classes];
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        weights[k] = Math.exp(random.nextGaussian() + (k == r % classes ? skill : 0));
        sum += weights[k];
      }
      for (double weight : weights) {
        csv.append(String.format(Locale.ROOT, "%.9f,", weight / sum));
      }
      csv.append("class ").append(r % classes).append('\n');
    }
    return Files.writeString(folder.resolve(name), csv);
  }

  private static JsonObject group(Cli cli, int index) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out())
        .getAsJsonObject()
        .getAsJsonArray("groups")
        .get(index)
        .getAsJsonObject();
  }

  private static double metric(Path run, String method) throws IOException {
    return JsonParser.parseString(Files.readString(run.resolve("metrics.json")))
        .getAsJsonObject()
        .getAsJsonObject("methods")
        .getAsJsonObject(method)
        .getAsJsonObject("shapes")
        .get("nll")
        .getAsDouble();
  }

  @Test
  void seedsAreAveragedAndComparedInPairs() throws IOException {
    Path out = folder.resolve("of-seeds");
    JsonObject group = group(Cli.run("report", "" + seeds, "--out", "" + out, "--json"), 0);
    assertThat(group.get("baseline").getAsString()).isEqualTo("SGD");
    JsonObject swa = group.getAsJsonObject("methods").getAsJsonObject("SWA");
    double a = metric(seeds.resolve("seed-2"), "swa");
    double b = metric(seeds.resolve("seed-10"), "swa");
    assertThat(swa.getAsJsonArray("seeds").toString()).isEqualTo("[2,10]");
    assertThat(swa.getAsJsonObject("nll").getAsJsonArray("values").toString())
        .isEqualTo("[" + a + "," + b + "]");
    assertThat(swa.getAsJsonObject("nll").get("mean").getAsDouble()).isEqualTo((a + b) / 2);
    // Of two values the deviation is the distance over the root of 2, the error half the distance.
    assertThat(swa.getAsJsonObject("nll").get("se").getAsDouble())
        .isCloseTo(Math.abs(a - b) / 2, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(swa.getAsJsonObject("ood").getAsJsonObject("other").keySet()).contains("entropy");
    assertThat(group.getAsJsonArray("differences")).hasSizeGreaterThanOrEqualTo(8);
    assertThat(out.resolve("report.html"))
        .content()
        .contains("train --config", "seed-10", "sha256", "pytorch", "±", "Holm")
        .contains("<dt>made again by</dt><dd>");
    for (String name : List.of("means", "differences", "detection")) {
      assertThat(out.resolve("tables/" + name + ".csv")).isNotEmptyFile();
      assertThat(out.resolve("tables/" + name + ".md")).content().startsWith("| ");
      assertThat(out.resolve("tables/" + name + ".tex"))
          .content()
          .contains("\\toprule", "\\bottomrule", "\\label{tab:" + name + "}");
    }
  }

  @Test
  void filesStandBesideRunsThatWereJudgedByTheSameRows() throws IOException {
    Path file = predictions("mine.csv", ROWS, 3, 3);
    Path others = predictions("others.csv", 50, 3, 3);
    Cli cli =
        Cli.run(
            "report",
            "" + seeds.resolve("seed-2"),
            "" + file,
            "" + others,
            "--out",
            "" + folder.resolve("mixed"),
            "--baseline",
            "mine.csv",
            "--json");
    assertThat(group(cli, 0).getAsJsonObject("methods").keySet())
        .containsExactly("mine.csv", "SGD", "SWA", "SWAG");
    assertThat(group(cli, 0).get("baseline").getAsString()).isEqualTo("mine.csv");
    JsonObject first = group(cli, 0).getAsJsonArray("differences").get(0).getAsJsonObject();
    assertThat(first.get("p_rows_holm").isJsonNull()).isFalse();
    assertThat(first.get("p_seeds_holm").isJsonNull()).isTrue();
    assertThat(group(cli, 1).getAsJsonObject("methods").keySet()).containsExactly("others.csv");
  }

  @Test
  void runsOfOtherSettingsAreToldApartByThem() throws IOException {
    Path other = folder.resolve("slower");
    Path config = seeds.resolve("seed-2/config.yaml");
    Cli cli =
        Cli.run(
            "train",
            "--config",
            config.toString(),
            "--learning-rate",
            "0.01",
            "--method",
            "sgd",
            "--out",
            other.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    Cli report =
        Cli.run("report", "" + seeds, "" + other, "--out", "" + folder.resolve("two"), "--json");
    assertThat(group(report, 0).getAsJsonObject("methods").keySet())
        .containsExactly(
            "SGD, learning-rate 0.05",
            "SWA, learning-rate 0.05",
            "SWAG, learning-rate 0.05",
            "SGD, learning-rate 0.01");
  }

  /** Folders of images have their labels in the same order whatever the images are. */
  @Test
  void rowsOfTheSameLabelsAndOtherImagesAreNotPaired() throws IOException {
    Path changed = RunCopy.of(seeds.resolve("seed-10"), folder.resolve("changed"));
    Path description = changed.resolve("run.json");
    JsonObject json = JsonParser.parseString(Files.readString(description)).getAsJsonObject();
    JsonObject data = json.getAsJsonObject("data");
    data.getAsJsonObject("test").addProperty("sha256", "0".repeat(64));
    JsonObject train = data.getAsJsonObject("train");
    train.addProperty("rows", train.get("rows").getAsInt() + 1);
    Files.writeString(description, json.toString());
    Path out = folder.resolve("pairs");
    Cli cli =
        Cli.run("report", "" + seeds.resolve("seed-2"), "" + changed, "--out", "" + out, "--json");
    assertThat(group(cli, 0).getAsJsonObject("methods").getAsJsonObject("SWA").get("seeds"))
        .hasToString("[2]");
    assertThat(group(cli, 1).getAsJsonObject("methods").getAsJsonObject("SWA").get("seeds"))
        .hasToString("[10]");
    String note = "changed: was trained on other data than ";
    assertThat(cli.err()).contains(note);
    assertThat(out.resolve("report.html")).content().contains(note);
  }

  @Test
  void ensemblesOfOtherSizesAreTwoContenders() throws IOException {
    Path three = folder.resolve("three");
    Path two = folder.resolve("two-members");
    for (Path out : List.of(two, three)) {
      Cli cli =
          Cli.run(
              "train",
              "--config",
              seeds.resolve("seed-2/config.yaml").toString(),
              "--method",
              "sgd,ensemble",
              "--members",
              out.equals(two) ? "2" : "3",
              "--out",
              out.toString());
      assertThat(cli.code()).as(cli.err()).isZero();
    }
    Cli report =
        Cli.run("report", "" + two, "" + three, "--out", "" + folder.resolve("sizes"), "--json");
    assertThat(group(report, 0).getAsJsonObject("methods").keySet())
        .containsExactly("SGD", "Deep ensemble, members 2", "Deep ensemble, members 3");
  }

  @Test
  void aPageOverAnotherLeavesNoTablesOfThat() throws IOException {
    Path out = folder.resolve("over");
    assertThat(Cli.run("report", "" + seeds, "--out", "" + out).code()).isZero();
    assertThat(out.resolve("tables/detection.tex")).exists();
    Path alone = predictions("alone.csv", 50, 3, 3);
    Cli cli = Cli.run("report", "" + alone, "--out", "" + out, "--overwrite");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(out.resolve("tables/means.csv")).content().contains("alone.csv");
    assertThat(out.resolve("figures/reliability-1.svg")).exists();
    for (String gone :
        List.of("tables/differences.csv", "tables/detection.tex", "figures/reliability-2.svg")) {
      assertThat(out.resolve(gone)).doesNotExist();
    }
  }

  @Test
  void aPageOfTenClassesAndFiveMethodsIsBelowThreeMegabytes() throws IOException {
    List<String> words = new ArrayList<>(List.of("report"));
    for (int m = 0; m < 5; m++) {
      words.add(predictions("method-" + m + ".csv", 2000, 10, 1 + m).toString());
    }
    Path out = folder.resolve("large");
    words.addAll(List.of("--out", out.toString(), "--title", "Five & <ten>"));
    Cli cli = Cli.run(words.toArray(String[]::new));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.size(out.resolve("report.html"))).isBetween(30_000L, 3_000_000L);
    assertThat(out.resolve("report.html")).content().contains("<h1>Five &amp; &lt;ten&gt;</h1>");
    assertThat(cli.out()).contains("method-4.csv", "Report: ");
  }

  @Test
  void whatIsNoRunAndWhatWouldBeLostIsRefused() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThat(Cli.run("report", "" + empty, "--out", "" + folder.resolve("x")).err())
        .contains("must be the directory of a finished run");
    Path run = seeds.resolve("seed-2");
    assertThat(Cli.run("report", "" + run, "--out", "" + run, "--overwrite").err())
        .contains("--out must not be the directory of a run");
    Path other = seeds.resolve("seed-10");
    assertThat(Cli.run("report", "" + run, "--out", "" + other, "--overwrite").err())
        .contains("--out must not be the directory of a run");
    assertThat(
            Cli.run("report", "" + run, "--out", "" + folder.resolve("y"), "--baseline", "SWAGG")
                .err())
        .contains("--baseline must be one of SGD; SWA; SWAG, got 'SWAGG'");
    assertThat(folder.resolve("y")).doesNotExist();
  }

  @Test
  void aFolderOfPartFilesIsOneTable() throws IOException {
    Path csv = predictions("whole.csv", 40, 3, 1);
    Predictions all = PredictionFiles.read(csv);
    Path parts = folder.resolve("parts");
    int[][] halves = {IntStream.range(0, 20).toArray(), IntStream.range(20, 40).toArray()};
    for (int part = 0; part < 2; part++) {
      PredictionFiles.write(parts.resolve("part-" + part + ".parquet"), all.select(halves[part]));
    }
    String out = folder.resolve("parts-page").toString();
    Cli cli = Cli.run("report", csv.toString(), parts.toString(), "--out", out, "--json");
    JsonObject methods = group(cli, 0).getAsJsonObject("methods");
    assertThat(methods.getAsJsonObject("parts").get("nll"))
        .isEqualTo(methods.getAsJsonObject("whole.csv").get("nll"));
  }
}
