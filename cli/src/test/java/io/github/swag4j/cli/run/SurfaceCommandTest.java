package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.cli.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Surfaces of a run: what they leave, how they go on, what they refuse. */
class SurfaceCommandTest {
  @TempDir private static Path folder;
  private static Path images;
  private static Path run;

  @BeforeAll
  static void trainBoth() throws IOException {
    images = NoisyShapes.write(folder.resolve("shapes"), 120, 60);
    run = train("run", "8", "sgd,swa,swag,fge");
  }

  private static Path train(String name, String epochs, String methods) {
    Path out = folder.resolve(name);
    Cli trained =
        Cli.run(
            words(
                "train --swa-start 2 --samples 2 --batch-size 16 --threads 1 --model mlp",
                "--data",
                images.toString(),
                "--epochs",
                epochs,
                "--method",
                methods,
                "--out",
                out.toString()));
    assertThat(trained.code()).as(trained.err()).isZero();
    return out;
  }

  private static String[] words(String blanks, String... more) {
    List<String> words = new ArrayList<>(List.of(blanks.split(" ", -1)));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static Cli surface(String options) {
    return Cli.run(words("surface " + run + " " + options));
  }

  private static Path file(String name) {
    return run.resolve("surfaces").resolve(name);
  }

  @Test
  void aPlaneOfSnapshotsIsWrittenAndGoesOnToTheSameBits() throws IOException {
    String options = "--plane fge --grid 5 --rows 40 --test-rows 30";
    Cli made = surface(options + " --json");
    assertThat(made.code()).as(made.err()).isZero();
    JsonObject json = JsonParser.parseString(made.out()).getAsJsonObject();
    JsonArray marked = json.getAsJsonArray("marked");
    assertThat(marked.size()).isEqualTo(5);
    assertThat(json.get("points").getAsInt()).isEqualTo(30);
    assertThat(json.get("notFinite").getAsInt()).isZero();
    for (JsonElement each : marked) {
      boolean corner = each.getAsJsonObject().get("name").getAsString().matches("FGE \\d");
      double off = each.getAsJsonObject().get("distance").getAsDouble();
      assertThat(off).isBetween(0.0, corner ? 1e-6 : 1e6);
    }
    for (String name : List.of("plane-fge-train-loss.svg", "plane-fge-test-error.svg")) {
      assertThat(file(name)).isNotEmptyFile();
    }
    String csv = Files.readString(file("plane-fge.csv"));
    assertThat(csv.lines()).hasSize(26);
    String points = Files.readString(file("plane-fge.points"));

    assertThat(surface(options).err()).contains("has this surface already", "--overwrite");
    assertThat(surface("--plane fge --grid 6 --rows 40 --test-rows 30 --resume").err())
        .contains("begun with grid 5 x 5, got 6 x 6");

    // As a process leaves them that was killed after some points.
    Files.delete(file("plane-fge.json"));
    Files.delete(file("plane-fge.csv"));
    Files.writeString(file("plane-fge.points"), cut(points, 12));
    assertThat(surface(options).err()).contains("interrupted: go on with --resume");
    Cli resumed = surface(options + " --resume --workers 1");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(Files.readString(file("plane-fge.csv"))).isEqualTo(csv);
    assertThat(Files.readString(file("plane-fge.points"))).isEqualTo(points);
    assertThat(resumed.out()).contains("FGE mean", "plane-fge-test-error.svg");
  }

  /** The file with its first points alone, and the checksum of these. */
  private static String cut(String points, int kept) {
    StringBuilder text = new StringBuilder();
    int[] seen = new int[1];
    points
        .lines()
        .filter(line -> !line.startsWith("checksum"))
        .filter(line -> !line.startsWith("point\t") || seen[0]++ < kept)
        .forEach(line -> text.append(line).append('\n'));
    CRC32C crc = new CRC32C();
    crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return text + String.format(Locale.ROOT, "checksum\t%08x\n", crc.getValue());
  }

  @Test
  void thePosteriorsPlaneTheLineAndFlatnessAreWritten() throws IOException {
    Cli made = surface("--plane swag --line sgd,swa --flatness --grid 5 --directions 2");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).contains("plane-swag: 27 points", "line-sgd-swa: 7 points");
    assertThat(made.out()).contains("flatness: 10 points");
    JsonObject swag = RunDirectory.readJson(file("plane-swag.json"), JsonObject.class);
    JsonArray covariance = swag.getAsJsonArray("covariance");
    assertThat(covariance.get(0).getAsJsonArray().get(0).getAsDouble()).isPositive();
    assertThat(swag.get("command").getAsString()).contains("surface", "--plane swag");
    assertThat(Files.readString(file("plane-swag-log-posterior.svg"))).contains("1σ", "3σ");
    assertThat(Files.readString(file("plane-swag.csv"))).startsWith("x,y,train_loss,");
    assertThat(Files.readString(file("flatness.csv")).lines()).hasSize(1 + 2 * 2 * 3);
    // Both ends of the line, and the radius 0 of both, are the same networks.
    List<String> line = Files.readString(file("line-sgd-swa.csv")).lines().toList();
    List<String> flat = Files.readString(file("flatness.csv")).lines().toList();
    JsonObject described = RunDirectory.readJson(file("line-sgd-swa.json"), JsonObject.class);
    double sgd =
        described.getAsJsonArray("marked").get(0).getAsJsonObject().get("trainLoss").getAsDouble();
    assertThat(line.get(2).split(",", -1)[0]).isEqualTo("0.0");
    assertThat(Double.parseDouble(line.get(2).split(",", -1)[2])).isCloseTo(sgd, within(1e-6));
    assertThat(flat)
        .filteredOn(row -> row.startsWith("SGD,0,0.0,"))
        .singleElement()
        .satisfies(row -> assertThat(Double.parseDouble(row.split(",", -1)[3])).isEqualTo(sgd));
  }

  @Test
  void whatTheRunHasNotIsRefusedWithTheCommandThatMakesIt() {
    Path plain = train("plain", "4", "sgd");
    assertThat(Cli.run("surface", plain.toString(), "--plane", "fge").err())
        .contains("no weights of fge", "train --data", "--method sgd,fge");
    assertThat(Cli.run("surface", plain.toString(), "--line", "sgd,swa").err())
        .contains("no weights of swa");
    Path few = train("few", "5", "fge");
    assertThat(Cli.run("surface", few.toString(), "--plane", "fge").err())
        .contains("a plane takes three snapshots, the run has 2", "--epochs 7 or more");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(surface("--grid 5").err()).contains("a surface must be named: --plane fge");
    assertThat(surface("--plane pca").err()).contains("--plane must be fge or swag, got 'pca'");
    assertThat(surface("--line sgd").err()).contains("two solutions with a comma between");
    assertThat(surface("--flatness --radius 0").err()).contains("--radius must be above 0");
    assertThat(surface("--flatness --resume --overwrite").err()).contains("excludes");
    assertThat(Cli.run("surface", "--help").out()).contains("Examples", "--plane fge");
  }
}
