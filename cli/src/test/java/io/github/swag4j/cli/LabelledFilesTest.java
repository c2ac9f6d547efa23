package io.github.swag4j.cli;

import static io.github.swag4j.cli.AnalysisCommandsTest.assertFailed;
import static io.github.swag4j.cli.AnalysisCommandsTest.assertUsage;
import static io.github.swag4j.cli.AnalysisCommandsTest.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels in a file of their own, for evaluate and compare. */
class LabelledFilesTest {
  private static final String ROWS =
      "image,site,cat,dog\na,x,0.75,0.25\nb,x,0.125,0.875\nc,y,0.5,0.5\nd,y,0.875,0.125\n";
  private static final String LABELS = "image,gold\nd,dog\nc,cat\nb,dog\na,cat\nz,cat\n";

  @TempDir private Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static JsonObject json(Cli cli) {
    return JsonParser.parseString(done(cli).out()).getAsJsonObject();
  }

  @Test
  void calibrateAbstainConformalAndOodFindThemToo() throws IOException {
    StringBuilder fit = new StringBuilder("image,cat,dog\n");
    StringBuilder apply = new StringBuilder("image,cat,dog\n");
    StringBuilder gold = new StringBuilder("image,gold\n");
    java.util.Random random = new java.util.Random(3);
    for (int r = 0; r < 120; r++) {
      double p = (1 + random.nextInt(999)) / 1000.0;
      (r < 80 ? fit : apply).append("i" + r + "," + p + "," + (1 - p) + "\n");
      gold.append("i" + r + "," + (random.nextDouble() < p ? "cat" : "dog") + "\n");
    }
    String from = file("fit.csv", fit.toString());
    String to = file("apply.csv", apply.toString());
    String other = file("other.csv", apply.toString().replace("i", "z").replace("zmage", "image"));
    String labels = file("labels.csv", gold.toString());
    List<String> by = List.of("--labels", labels, "--id-column", "image");
    String out = folder.resolve("out.csv").toString();
    Cli calibrated = run(by, "calibrate", "--fit", from, "--apply", to, "-o", out);
    assertThat(calibrated.out()).contains("before", "after");
    assertThat(calibrated.err()).contains("labels: gold of " + labels + " by image (names)");
    assertThat(Files.readString(Path.of(out))).startsWith("image,cat,dog\ni80,");
    Cli unjudged = run(by, "calibrate", "--fit", from, "--apply", other, "-o", out, "--overwrite");
    assertThat(unjudged.out()).contains("Not judged");
    assertThat(unjudged.err()).contains("were not looked up: none of the file's ids is there");
    assertThat(run(by, "abstain", "--fit", from, "--apply", to, "--error", "0.6").out())
        .contains("wrong: error");
    assertThat(run(by, "conformal", "--fit", from, "--apply", to).out()).contains("coverage");
    assertThat(run(by, "ood", "--in", from, "--out", to).err())
        .contains("labels: gold of " + labels + " by image");
    assertUsage(
        Cli.run("calibrate", "--fit", from, "--apply", to, "-o", out, "--id-column", "image"),
        "--id-column goes with --labels");
    assertUsage(
        Cli.run("evaluate", from, "--labels", labels, "--id-column", ""),
        "must name the column of ids that both files have, got an empty name");
  }

  @Test
  void labelsThatArraysCannotUseAreRefusedAndNotLeftAside() throws IOException {
    String whole =
        file("whole.csv", "cat,dog,label\n.75,.25,cat\n.125,.875,dog\n.6,.4,dog\n.3,.7,cat\n");
    String fit = file("whole-fit.csv", "cat,dog,label\n.7,.3,cat\n.2,.8,dog\n.4,.6,cat\n");
    String map = folder.resolve("map.json").toString();
    String out = folder.resolve("out.csv").toString();
    done(Cli.run("calibrate", "--fit", fit, "--apply", whole, "-o", out, "--save", map));
    Path arrays = folder.resolve("p.npz");
    PredictionFiles.write(arrays, PredictionFiles.read(Path.of(whole)));
    String[] load = {"calibrate", "--load", map, "--apply", arrays.toString(), "-o"};
    String next = folder.resolve("next.npz").toString();
    assertUsage(
        Cli.run(load[0], load[1], load[2], load[3], load[4], load[5], next, "--labels", whole),
        "--labels must be a table with ids for a table, and a .npy file for a .npy file");
    assertThat(Path.of(next)).doesNotExist();
  }

  private static Cli run(List<String> more, String... command) {
    List<String> all = new java.util.ArrayList<>(List.of(command));
    all.addAll(more);
    return done(Cli.run(all.toArray(String[]::new)));
  }

  @Test
  void rowsFindTheirLabelsByIdInMemoryAndStreamed() throws IOException {
    String rows = file("rows.csv", ROWS);
    String labels = file("labels.csv", LABELS);
    String[] command = {"evaluate", rows, "--labels", labels, "--id-column", "image", "--json"};
    Cli cli = Cli.run(command);
    JsonObject apart = json(cli);
    assertThat(cli.err())
        .contains("classes cat, dog · labels: ", "(names)")
        .contains("1 of 5 labels of " + labels + " have no row here and were left out");
    assertThat(apart.get("accuracy").getAsDouble()).isEqualTo(0.75);
    String whole =
        file(
            "whole.csv",
            "cat,dog,label\n0.75,0.25,cat\n0.125,0.875,dog\n0.5,0.5,cat\n0.875,0.125,dog\n");
    JsonObject together = json(Cli.run("evaluate", whole, "--json"));
    for (JsonObject each : List.of(apart, together)) {
      each.remove("file");
      each.remove("read");
    }
    assertThat(apart).isEqualTo(together);
    JsonObject streamed =
        json(
            Cli.run(
                "evaluate", rows, "--labels", labels, "--id-column=image", "--stream", "--json"));
    assertThat(streamed.get("nll").getAsDouble())
        .isCloseTo(together.get("nll").getAsDouble(), within(1e-12));
  }

  @Test
  void theColumnsOfIdsAndLabelsHaveUsualNamesOrAreNamed() throws IOException {
    String rows = file("rows.csv", ROWS);
    String usual = file("usual.csv", ROWS.replace("image", "id"));
    String labels = file("labels.csv", LABELS.replace("image,gold", "id,label"));
    assertThat(json(Cli.run("evaluate", usual, "--labels", labels, "--json")).get("n").getAsInt())
        .isEqualTo(4);
    assertFailed(
        Cli.run("evaluate", rows, "--labels", labels),
        "must have the column 'id' of ids, got image, site, cat, dog: name the column that both"
            + " files have with --id-column");
    String more = file("more.csv", "image,by,gold\na,k,cat\nb,k,dog\nc,k,cat\nd,k,dog\n");
    String[] call = {"evaluate", rows, "--labels", more, "--id-column", "image"};
    assertFailed(Cli.run(call), "or name it with --label-column");
    done(Cli.run(call[0], call[1], call[2], call[3], call[4], call[5], "--label-column", "gold"));
  }

  @Test
  void groupsAndMethodsAreJudgedWithThem() throws IOException {
    String rows = file("rows.csv", ROWS);
    String labels = file("labels.csv", LABELS);
    String other = file("other.csv", ROWS.replace("c,y,0.5,0.5", "c,y,0.25,0.75"));
    String[] apart = {"--labels", labels, "--id-column", "image"};
    assertThat(
            done(Cli.run("evaluate", rows, "--by=site", apart[0], apart[1], apart[2], apart[3]))
                .out())
        .containsPattern("\nx +2 ")
        .containsPattern("\ny +2 ");
    assertThat(done(Cli.run("compare", rows, other, apart[0], apart[1], apart[2], apart[3])).out())
        .contains("other.csv against rows.csv: ", "4 rows");
    assertThat(done(Cli.run("evaluate", rows, other, apart[0], apart[1], apart[2], apart[3])).out())
        .contains("other.csv");
    assertUsage(
        Cli.run(
            "evaluate",
            rows,
            apart[0],
            apart[1],
            apart[2],
            apart[3],
            "--by=site",
            "--ignore-label=z"),
        "--ignore-label, --labels and --by do not go together");
  }

  @Test
  void whatCannotBeJoinedIsRefusedWithAWayOut() throws IOException {
    String rows = file("rows.csv", ROWS);
    String few = file("few.csv", "image,gold\na,cat\nb,dog\n");
    assertFailed(
        Cli.run("evaluate", rows, "--labels", few, "--id-column", "image"),
        "got none for 2 of 4 ids, such as 'c' (line 4), 'd' (line 5)");
    assertUsage(
        Cli.run("evaluate", rows, "--id-column", "image"), "--id-column goes with --labels");
    String labels = file("labels.csv", LABELS);
    String own = file("own.csv", "image,cat,dog,label\na,0.75,0.25,dog\n");
    Cli two = Cli.run("evaluate", own, "--labels", labels, "--id-column", "image");
    assertFailed(two, "leave the column out with --ignore-columns label");
    JsonObject read =
        json(
            Cli.run(
                "evaluate",
                own,
                "--labels",
                labels,
                "--id-column",
                "image",
                "--ignore-columns",
                "label",
                "--json"));
    assertThat(read.get("accuracy").getAsDouble()).isOne();
    Path npz = folder.resolve("p.npz");
    PredictionFiles.write(npz, Predictions.of(new double[][] {{1, 0}}, new int[1]));
    assertUsage(
        Cli.run("evaluate", npz.toString(), "--labels", labels),
        "must be a table with ids for a table, and a .npy file for a .npy file");
    assertFailed(Cli.run("evaluate", rows, "--labels", rows + "x"), "no such file");
  }
}
